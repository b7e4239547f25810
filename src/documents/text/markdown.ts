/** Pieces of Markdown from free text. Agents' words are data: they can neither break a table nor open a section or a comment. */

/** Longest text of a table cell in characters; longer ones end in `…`. */
const CELL_LIMIT = 220;

/** One line of printable text: white space collapsed, ends trimmed. */
export function oneLine(text: string): string {
  return printable(text.replace(/[\s\u0085]+/g, " ")).trim();
}

/** Without what could steer a terminal, turn the direction of writing, or not survive being written as UTF-8. */
function printable(text: string): string {
  return text
    .replace(/\p{Surrogate}/gu, "\ufffd")
    .replace(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu, "");
}

/** Free text inside a paragraph or list item: one line, no HTML outside code spans. */
export function inline(text: string): string {
  const line = oneLine(text);
  const parts = line.split("`");
  const hasSpans = parts.length % 2 === 1 && !/``|\\`/.test(line);
  if (!hasSpans) return escapedBefore(line, "[<`]");
  return parts.map((part, index) => (index % 2 === 1 ? `\`${part}\`` : escapedBefore(part, "<"))).join("");
}

/** Free text inside a table cell: as `inline`, pipes escaped, at most 220 characters. */
export function cell(text: string): string {
  const line = oneLine(text);
  const short =
    [...line].length > CELL_LIMIT
      ? `${[...line]
          .slice(0, CELL_LIMIT - 1)
          .join("")
          .trimEnd()}…`
      : line;
  return escapedBefore(inline(short), "\\|");
}

/** A backslash before each match; backslashes that stand there are doubled, or they would take the new one away. */
function escapedBefore(text: string, characters: string): string {
  return text.replace(new RegExp(`(\\\\*)(${characters})`, "g"), "$1$1\\$2");
}

/** A path, id or command in back-ticks. */
export function code(text: string): string {
  const line = oneLine(text);
  const ticks = "`".repeat(1 + longestRun(line));
  return line === "" ? "``" : ticks === "`" ? `\`${line}\`` : `${ticks} ${line} ${ticks}`;
}

function longestRun(text: string): number {
  return Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
}

/** A path or id in back-ticks for a table cell: GitHub reads a pipe inside back-ticks as a border unless it is escaped. */
export function codeCell(text: string): string {
  return escapedBefore(code(text), "\\|");
}

/** A table. Cells must have been made safe with `cell` or `codeCell`. */
export function table(headers: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(headers), line(headers.map(() => "---")), ...rows.map(line)];
}

/** A fenced block; the fence is longer than any run of back-ticks inside. */
export function fence(lines: readonly string[], language = ""): readonly string[] {
  const longest = Math.max(2, ...lines.map(longestRun));
  const ticks = "`".repeat(longest + 1);
  return [`${ticks}${language}`, ...lines.map((line) => printable(line).trimEnd()), ticks];
}

/** `- item` lines. */
export function bullets(items: readonly string[]): readonly string[] {
  return items.map((item) => `- ${item}`);
}

/** `- [x] item`. */
export function box(ticked: boolean, text: string): string {
  return `- [${ticked ? "x" : " "}] ${text}`;
}

/** `**Label:** text`. */
export function labelled(label: string, text: string): string {
  return `**${label}:** ${text}`;
}

/** Blocks with one empty line between them; empty blocks vanish. */
export function blocks(...parts: readonly (readonly string[])[]): readonly string[] {
  const filled = parts.filter((part) => part.length > 0);
  return filled.flatMap((part, index) => (index === 0 ? part : ["", ...part]));
}

/** The anchor that GitHub gives a heading: lower case, punctuation gone, each space a hyphen. */
export function anchor(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, "")
    .replace(/ /g, "-");
}
