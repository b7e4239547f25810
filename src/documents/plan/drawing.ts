/** Rows of boxes stacked into one drawing, each row in the middle, joined by lines. */
import { connector } from "../text/connector.ts";
import { padTo, widest } from "../text/frame.ts";

/** One row of a drawing. */
export interface Row {
  readonly lines: readonly string[];
  /** Middle column of each box; null for a row that takes over the columns of its neighbours. */
  readonly centres: readonly number[] | null;
}

/** Texts of boxes that will stand side by side, filled up with empty lines before their last line to the same height. */
export function sameHeight(texts: readonly (readonly string[])[]): readonly (readonly string[])[] {
  const height = Math.max(0, ...texts.map((lines) => lines.length));
  return texts.map((lines) => {
    const fill = Array.from({ length: height - lines.length }, () => "");
    return [...lines.slice(0, -1), ...fill, ...lines.slice(-1)];
  });
}

/** Boxes side by side as a row. */
export function boxRow(boxes: readonly (readonly string[])[], gap: number): Row {
  const widths = boxes.map(widest);
  const height = Math.max(0, ...boxes.map((box) => box.length));
  const lines = Array.from({ length: height }, (_, line) =>
    boxes.map((box, index) => padTo(box[line] ?? "", widths[index] ?? 0)).join(" ".repeat(gap)),
  );
  const centres = widths.map((width, index) => {
    const before = widths.slice(0, index).reduce((sum, one) => sum + one + gap, 0);
    return before + Math.floor(width / 2);
  });
  return { lines, centres };
}

/** The rows below each other. */
export function stack(rows: readonly Row[]): readonly string[] {
  const width = Math.max(0, ...rows.map((row) => widest(row.lines)));
  const placed = rows.map((row) => shift(row, Math.floor((width - widest(row.lines)) / 2)));
  return placed.flatMap((row, index) => [...(index === 0 ? [] : link(placed, index, width)), ...row.lines]);
}

function shift(row: Row, columns: number): Row {
  const lines = row.lines.map((line) => (" ".repeat(columns) + line).trimEnd());
  return { lines, centres: row.centres?.map((centre) => centre + columns) ?? null };
}

function link(rows: readonly Row[], index: number, width: number): readonly string[] {
  const above = rows[index - 1]?.centres;
  const below = rows[index]?.centres;
  const middle = [Math.floor(width / 2)];
  return connector(above ?? below ?? middle, below ?? above ?? middle);
}
