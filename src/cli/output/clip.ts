/** Fitting text into columns: cutting and wrapping by what a terminal shows, not by characters. */
import { textWidth } from "../../core/text-width.ts";

const ESC = String.fromCharCode(27);
const RESET = `${ESC}[0m`;
/** One colour code or one character as people see it. */
const PIECES = new RegExp(`${ESC}\\[[0-9;]*m|[\\s\\S]`, "gu");

/** Cuts text to `width` columns, the last of them an ellipsis; colours stay and are closed behind the cut. */
export function clip(text: string, width: number, ellipsis = "…"): string {
  if (textWidth(text) <= width) return text;
  const room = Math.max(0, width - ellipsis.length);
  let result = "";
  let used = 0;
  for (const piece of text.match(PIECES) ?? []) {
    const columns = textWidth(piece);
    if (used + columns > room) break;
    result += piece;
    used += columns;
  }
  return `${result}${ellipsis.slice(0, Math.max(0, width))}${text.includes(ESC) ? RESET : ""}`;
}

/** Text with spaces behind it up to `width` columns. */
export function padded(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - textWidth(text)));
}

/** Lines of at most `width` columns, broken between words; a word that is longer has a line of its own. At least one line. */
export function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (line !== "" && textWidth(longer) > width) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return [...lines, line];
}
