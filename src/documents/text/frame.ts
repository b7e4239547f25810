/** Boxes whose borders line up on the screen: padding counts display columns, not characters. */
import { textWidth } from "../../core/text-width.ts";

/** Characters of a border. */
export interface Glyphs {
  readonly corners: readonly [topLeft: string, topRight: string, bottomLeft: string, bottomRight: string];
  readonly horizontal: string;
  readonly vertical: string;
  readonly divider: readonly [left: string, right: string];
}

export const ASCII: Glyphs = {
  corners: ["+", "+", "+", "+"],
  horizontal: "-",
  vertical: "|",
  divider: ["+", "+"],
};
export const ASCII_DOUBLE: Glyphs = { ...ASCII, horizontal: "=" };
export const SINGLE: Glyphs = {
  corners: ["┌", "┐", "└", "┘"],
  horizontal: "─",
  vertical: "│",
  divider: ["├", "┤"],
};
export const DOUBLE: Glyphs = {
  corners: ["╔", "╗", "╚", "╝"],
  horizontal: "═",
  vertical: "║",
  divider: ["╠", "╣"],
};

/** A line that becomes a divider across the box. */
export const DIVIDER = "\u0000divider";

/** Widest line in columns. */
export function widest(lines: readonly string[]): number {
  return Math.max(0, ...lines.map(textWidth));
}

/** The text filled up with spaces to `columns`. */
export function padTo(text: string, columns: number): string {
  return text + " ".repeat(Math.max(0, columns - textWidth(text)));
}

/** The text in the middle of `columns`; the odd space goes to the right. */
export function centre(text: string, columns: number): string {
  const space = Math.max(0, columns - textWidth(text));
  const left = Math.floor(space / 2);
  return " ".repeat(left) + text + " ".repeat(space - left);
}

/** At most `columns` wide; a longer text ends in `…`. */
export function cut(text: string, columns: number): string {
  if (textWidth(text) <= columns) return text;
  let short = "";
  for (const { segment } of new Intl.Segmenter("en").segment(text)) {
    if (textWidth(short + segment) > columns - 1) break;
    short += segment;
  }
  return `${short.trimEnd()}…`;
}

/**
 * Lines in a box, one space of padding left and right. It grows to its widest line; `columns` is the least inner width.
 * `DIVIDER` among the lines draws a rule.
 */
export function frame(lines: readonly string[], glyphs: Glyphs, columns = 0): readonly string[] {
  const inner = Math.max(columns, ...lines.filter((line) => line !== DIVIDER).map(widthInside));
  const rule = glyphs.horizontal.repeat(inner + 2);
  const [topLeft, topRight, bottomLeft, bottomRight] = glyphs.corners;
  const body = lines.map((line) =>
    line === DIVIDER
      ? glyphs.divider[0] + rule + glyphs.divider[1]
      : `${glyphs.vertical} ${line}${" ".repeat(Math.max(0, inner - widthInside(line)))} ${glyphs.vertical}`,
  );
  return [topLeft + rule + topRight, ...body, bottomLeft + rule + bottomRight];
}

/** Columns between the blanks of a frame: a mark at the start of a text joins the blank before it and may widen it. */
function widthInside(line: string): number {
  return textWidth(` ${line} `) - 2;
}

/** Blocks side by side, `gap` columns apart, filled up at the bottom with empty lines. */
export function beside(columns: readonly (readonly string[])[], gap: number): readonly string[] {
  const height = Math.max(0, ...columns.map((column) => column.length));
  const widths = columns.map(widest);
  return Array.from({ length: height }, (_, row) =>
    columns.map((column, index) => padTo(column[row] ?? "", widths[index] ?? 0)).join(" ".repeat(gap)),
  );
}
