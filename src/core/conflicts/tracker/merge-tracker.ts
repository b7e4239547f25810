/**
 * Merges a tracker of the worktracker: its tables by the ids of their rows, what stands around them line by line
 * (domain §20, table, `WORKTRACKER.md`). What is no change of rows is left to a person.
 */
import { splitLines } from "../line-diff.ts";
import { mergeLines } from "../merge-lines.ts";
import { mergeRows, type SupersededRow, sameRow } from "./merge-rows.ts";
import { type Part, partsOf, type Table } from "./tables.ts";

export type MergedTracker =
  | { readonly ok: true; readonly text: string; readonly superseded: readonly SupersededRow[] }
  /** Half a sentence: what nobody but a person can decide. */
  | { readonly ok: false; readonly because: string };

/** Stands for a table among the lines; no text has it. */
const MARK = "\0";

/**
 * Three versions of one file, `base` empty where both sides made it. A table is the same in two versions where it has the same heading
 * above it and the same columns. Equal sides give that text; a side that changed nothing gives the other one, byte by byte; which side
 * is called ours makes no difference.
 */
export function mergeTracker(base: string, ours: string, theirs: string): MergedTracker {
  if (ours === theirs || theirs === base) return { ok: true, text: ours, superseded: [] };
  if (ours === base) return { ok: true, text: theirs, superseded: [] };
  if ([base, ours, theirs].some((text) => text.includes(MARK)))
    return { ok: false, because: "it is no text" };
  const [b, o, t] = [read(base), read(ours), read(theirs)];
  const skeleton = mergeLines(b.lines, o.lines, t.lines);
  if (skeleton === null) return { ok: false, because: "both sides changed the text around its tables" };
  const moved = lostTable(b, o, t, skeleton);
  if (moved !== null) return { ok: false, because: moved };
  return assemble(skeleton, b, o, t, (lines) => joined(lines, [base, ours, theirs]));
}

interface Document {
  /** A table is one line of them. */
  readonly lines: readonly string[];
  readonly tables: ReadonlyMap<string, Table>;
}

function read(text: string): Document {
  const parts = partsOf(splitLines(text));
  const lineOf = (part: Part): string => ("text" in part ? part.text : `${MARK}${part.table.key}`);
  return {
    lines: parts.map(lineOf),
    tables: new Map(parts.flatMap((part) => ("text" in part ? [] : [[lineOf(part), part.table] as const]))),
  };
}

/** A table that is not where or what it was on one side while the other side has more to say about it. */
function lostTable(
  base: Document,
  ours: Document,
  theirs: Document,
  skeleton: readonly string[],
): string | null {
  for (const [line, table] of [...base.tables, ...ours.tables, ...theirs.tables]) {
    const [one, other] = [ours.tables.get(line), theirs.tables.get(line)];
    const name = `the table of ${table.columns.join(", ")}`;
    const times = skeleton.filter((it) => it === line).length;
    if (one !== undefined && other !== undefined) {
      if (times !== 1) return `${name} was put into two places`;
      continue;
    }
    const before = base.tables.get(line);
    const left = one ?? other;
    if (before === undefined || left === undefined || sameRows(left, before)) continue;
    return `${name} has other columns or another heading on one side, and other rows on the other`;
  }
  return null;
}

function sameRows(one: Table, other: Table): boolean {
  return one.rows.join("\n") === other.rows.join("\n");
}

function assemble(
  skeleton: readonly string[],
  base: Document,
  ours: Document,
  theirs: Document,
  finish: (lines: readonly string[]) => string,
): MergedTracker {
  const lines: string[] = [];
  const superseded: SupersededRow[] = [];
  for (const line of skeleton) {
    const [b, o, t] = [base, ours, theirs].map(({ tables }) => tables.get(line));
    if (o === undefined && t === undefined) lines.push(line);
    else if (o === undefined || t === undefined) lines.push(...linesOf(o ?? t));
    else {
      const merged = mergeRows(b, o, t);
      if (!merged.ok) return merged;
      superseded.push(...merged.superseded);
      lines.push(...headOf(b, o, t), ...merged.rows);
    }
  }
  return { ok: true, text: finish(lines), superseded };
}

function linesOf(table: Table | undefined): readonly string[] {
  return table === undefined ? [] : [...table.head, ...table.rows];
}

/** The columns are the same; how wide they are drawn may not be. */
function headOf(base: Table | undefined, ours: Table, theirs: Table): readonly string[] {
  return ours.head.map((line, at) => sameRow(base?.head[at], line, theirs.head[at]) ?? line);
}

/** A line feed at the end as the side has it that changed that. */
function joined(lines: readonly string[], [base, ours, theirs]: readonly [string, string, string]): string {
  const [b, o, t] = [base, ours, theirs].map((text) => text.endsWith("\n"));
  const ends = o === b ? t : o;
  return lines.length === 0 ? "" : `${lines.join("\n")}${ends === true ? "\n" : ""}`;
}
