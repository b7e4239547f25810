/** Tables of a Markdown document, line by line and with every byte of it. */

export interface Table {
  /** Heading above it, columns with their alignment, and how many such tables stand before it: the same table of two versions has the same key. */
  readonly key: string;
  readonly columns: readonly string[];
  /** The two lines above the rows. */
  readonly head: readonly string[];
  readonly rows: readonly string[];
}

/** Lines between two tables, or a table. */
export type Part = { readonly text: string } | { readonly table: Table };

const HEADING = /^ {0,3}#{1,6}\s+(.*?)\s*#*\s*$/;
const FENCE = /^ {0,3}(`{3,}|~{3,})/;

/** Every line of the document in order, those of a table together. What stands in a code block is text. */
export function partsOf(lines: readonly string[]): readonly Part[] {
  const parts: Part[] = [];
  const seen = new Map<string, number>();
  let heading = "";
  let fence: string | null = null;
  for (let at = 0; at < lines.length; ) {
    const line = lines[at] ?? "";
    fence = fenceAfter(fence, line);
    if (fence === null && isRule(line, lines[at + 1])) {
      const table = readTable(lines, at, heading, seen);
      parts.push({ table });
      at += table.head.length + table.rows.length;
      continue;
    }
    if (fence === null) heading = HEADING.exec(line)?.[1] ?? heading;
    parts.push({ text: line });
    at += 1;
  }
  return parts;
}

/** Cells without the blanks around them; `\|` stays inside its cell. */
export function cellsOf(line: string): readonly string[] {
  const inner = line
    .trim()
    .replace(/^\|/, "")
    .replace(/(?<!\\)\|$/, "");
  return inner.split(/(?<!\\)\|/).map((cell) => cell.trim());
}

/** A row without what only makes columns equally wide. */
export function plainRow(line: string): string {
  return `| ${cellsOf(line).join(" | ")} |`;
}

/** The document with every row in its plain form. */
export function plainLines(lines: readonly string[]): readonly string[] {
  return partsOf(lines).flatMap((part) =>
    "text" in part
      ? [part.text]
      : [
          plainRow(part.table.head[0] ?? ""),
          alignments(part.table.head[1] ?? ""),
          ...part.table.rows.map(plainRow),
        ],
  );
}

function readTable(lines: readonly string[], at: number, heading: string, seen: Map<string, number>): Table {
  const head = lines.slice(at, at + 2);
  const columns = cellsOf(head[0] ?? "");
  let end = at + 2;
  while ((lines[end] ?? "").includes("|") && !FENCE.test(lines[end] ?? "")) end += 1;
  const kind = JSON.stringify([heading, columns, alignments(head[1] ?? "")]);
  const number = seen.get(kind) ?? 0;
  seen.set(kind, number + 1);
  return { key: `${kind} ${number}`, columns, head, rows: lines.slice(at + 2, end) };
}

/** True where `next` is the line of dashes below a header with as many cells. */
function isRule(line: string, next: string | undefined): boolean {
  if (next === undefined || !line.includes("|") || !next.includes("-")) return false;
  const cells = cellsOf(next);
  return cells.every((cell) => /^:?-+:?$/.test(cell)) && cells.length === cellsOf(line).length;
}

/** `:---:` and `:-----:` say the same. */
function alignments(rule: string): string {
  return plainRow(
    cellsOf(rule)
      .map((cell) => cell.replace(/-+/, "-"))
      .join("|"),
  );
}

function fenceAfter(open: string | null, line: string): string | null {
  const mark = FENCE.exec(line)?.[1];
  if (mark === undefined) return open;
  if (open === null) return mark;
  return mark[0] === open[0] && mark.length >= open.length && line.trim() === mark ? null : open;
}
