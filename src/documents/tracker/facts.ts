/** Boxes of facts that the author declared, such as the places of a version number. Source: documents B2. */
import type { Source } from "../section.ts";
import { ASCII, frame, padTo, widest } from "../text/frame.ts";
import { oneLine } from "../text/markdown.ts";

/** A titled text that becomes a box. */
export interface TitledLines {
  readonly title: string;
  readonly lines: readonly string[];
}

/** Declared facts as aligned columns. */
export function facts({ state }: Source): readonly TitledLines[] {
  return state.plan.facts.map(({ title, rows }) => ({ title: oneLine(title), lines: aligned(rows) }));
}

/** Titles with boxes of one width, an empty line after each. */
export function titledBoxes(all: readonly TitledLines[], columns: number): readonly string[] {
  return all.flatMap(({ title, lines }) => [`${title}:`, ...frame(lines, ASCII, columns), ""]);
}

function aligned(rows: readonly (readonly string[])[]): readonly string[] {
  const cells = rows.map((row) => row.map(oneLine));
  const count = Math.max(0, ...cells.map((row) => row.length));
  const widths = Array.from({ length: count }, (_, column) => widest(cells.map((row) => row[column] ?? "")));
  return cells.map((row) =>
    row
      .map((text, column) => padTo(text, widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}
