/** Borderless tables for people, tab-separated lines for programs (convention of gh). */
import { textWidth } from "../../core/text-width.ts";
import { clip, padded } from "./clip.ts";

export interface Column {
  readonly title: string;
  /** Shrunk first when the terminal is too narrow. At most one column per table. */
  readonly flexible?: boolean;
  readonly align?: "right";
  /** Left out where even the flexible column at its least does not make room; the highest number goes first. */
  readonly optional?: number;
}

export interface TableOptions {
  /** Terminal width; undefined = not a terminal: tabs, no header, nothing cut. */
  readonly width: number | undefined;
  readonly header: (text: string) => string;
}

/** Cells may carry colours; widths ignore them. Ends with a newline unless empty. */
export function renderTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  options: TableOptions,
): string {
  if (options.width === undefined) return rows.map((row) => `${row.map(oneLine).join("\t")}\n`).join("");
  const all = [columns.map((column) => column.title.toUpperCase()), ...rows.map((row) => row.map(oneLine))];
  const kept = keptColumns(columns, all, options.width);
  const shown = kept.flatMap((i) => columns[i] ?? []);
  const cells = all.map((row) => kept.map((i) => row[i] ?? ""));
  const widths = fitted(shown, cells, options.width);
  const lines = cells.map((row) =>
    shown
      .map((column, i) => aligned(clip(row[i] ?? "", widths[i] ?? 0), widths[i] ?? 0, column))
      .join("  ")
      .trimEnd(),
  );
  const [header = "", ...body] = lines;
  return `${[options.header(header), ...body].join("\n")}\n`;
}

/** Indexes of the columns that there is room for. */
function keptColumns(
  columns: readonly Column[],
  cells: readonly (readonly string[])[],
  width: number,
): readonly number[] {
  const kept = columns.map((_, i) => i);
  const droppable = kept
    .filter((i) => columns[i]?.optional !== undefined)
    .sort((a, b) => (columns[b]?.optional ?? 0) - (columns[a]?.optional ?? 0));
  for (const drop of droppable) {
    const least = kept.reduce((sum, i) => sum + leastWidth(columns[i], i, cells) + 2, -2);
    if (least <= width) break;
    kept.splice(kept.indexOf(drop), 1);
  }
  return kept;
}

function leastWidth(
  column: Column | undefined,
  index: number,
  cells: readonly (readonly string[])[],
): number {
  const whole = widest(cells, index);
  return column?.flexible === true ? Math.min(LEAST_FLEXIBLE, whole) : whole;
}

function widest(cells: readonly (readonly string[])[], index: number): number {
  return Math.max(...cells.map((row) => textWidth(row[index] ?? "")));
}

/** Least columns of the flexible column. */
const LEAST_FLEXIBLE = 8;

function fitted(
  columns: readonly Column[],
  cells: readonly (readonly string[])[],
  width: number,
): readonly number[] {
  const widths = columns.map((_, i) => widest(cells, i));
  const total = widths.reduce((sum, w) => sum + w, 0) + 2 * (columns.length - 1);
  const flexible = columns.findIndex((column) => column.flexible === true);
  const current = widths[flexible];
  if (total > width && current !== undefined)
    widths[flexible] = Math.max(LEAST_FLEXIBLE, current - (total - width));
  return widths;
}

function aligned(text: string, width: number, column: Column): string {
  return column.align === "right"
    ? " ".repeat(Math.max(0, width - textWidth(text))) + text
    : padded(text, width);
}

function oneLine(text: string): string {
  return text.replace(/[\t\r\n]+/g, " ");
}
