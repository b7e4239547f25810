/** Borderless tables for people, tab-separated lines for programs (convention of gh). */
import { textWidth } from "../../core/text-width.ts";
import { clip, padded } from "./clip.ts";

export interface Column {
  readonly title: string;
  /** Shrunk first when the terminal is too narrow. At most one column per table. */
  readonly flexible?: boolean;
  readonly align?: "right";
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
  const cells = [columns.map((column) => column.title.toUpperCase()), ...rows.map((row) => row.map(oneLine))];
  const widths = fitted(columns, cells, options.width);
  const lines = cells.map((row) =>
    columns
      .map((column, i) => aligned(clip(row[i] ?? "", widths[i] ?? 0), widths[i] ?? 0, column))
      .join("  ")
      .trimEnd(),
  );
  const [header = "", ...body] = lines;
  return `${[options.header(header), ...body].join("\n")}\n`;
}

function fitted(
  columns: readonly Column[],
  cells: readonly (readonly string[])[],
  width: number,
): readonly number[] {
  const widths = columns.map((_, i) => Math.max(...cells.map((row) => textWidth(row[i] ?? ""))));
  const total = widths.reduce((sum, w) => sum + w, 0) + 2 * (columns.length - 1);
  const flexible = columns.findIndex((column) => column.flexible === true);
  const current = widths[flexible];
  if (total > width && current !== undefined) widths[flexible] = Math.max(8, current - (total - width));
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
