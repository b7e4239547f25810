/** Resolves the conflicts of one merge, all of them or none. */
import { classify, type FilePolicy, type Resolution } from "./file-rules.ts";
import { type DroppedLines, droppedLines } from "./kept-lines.ts";
import { splitLines } from "./line-diff.ts";
import type { ConflictFile } from "./matrix.ts";
import type { ResolvedFile } from "./resolved-file.ts";
import type { SupersededRow } from "./tracker/merge-rows.ts";
import { mergeTracker } from "./tracker/merge-tracker.ts";
import { plainLines } from "./tracker/tables.ts";

/** A file that could not be merged, with its versions; null = not there, or no text. */
export interface ConflictedFile extends ConflictFile {
  readonly base: string | null;
  readonly ours: string | null;
  readonly theirs: string | null;
  /** The lines of both sides, as git joins them; null where it cannot, or was not asked to. */
  readonly union: string | null;
}

/** A file that is a person's, and why where a rule had something to say about it. */
export interface UnresolvedFile {
  readonly path: string;
  readonly because: string | null;
}

export interface ResolvedConflicts {
  /** What stands in each file afterwards. */
  readonly resolved: readonly (ResolvedFile & { readonly content: string })[];
  /** Empty = the merge goes on. */
  readonly unresolved: readonly UnresolvedFile[];
}

/** Each file by its rule. A result that lacks a line which a side added is none: that file is a person's. */
export function resolveConflicts(files: readonly ConflictedFile[], policy: FilePolicy): ResolvedConflicts {
  const results = files.map((file) => {
    const found = classify(file, policy);
    if (found.by === "person") return { path: file.path, because: found.because };
    return resolveFile(file, found.by);
  });
  return {
    resolved: results.flatMap((one) => ("content" in one ? [one] : [])),
    unresolved: results.flatMap((one) => ("because" in one ? [one] : [])),
  };
}

type Result = (ResolvedFile & { readonly content: string }) | UnresolvedFile;

function resolveFile(file: ConflictedFile, by: Resolution): Result {
  const { path, base, ours, theirs, kind } = file;
  if (by === "regenerate")
    return ours === null ? { path, because: "it is gone on our side" } : { path, by, content: ours };
  // Without the base nobody can tell what each side added.
  if (ours === null || theirs === null || (base === null && kind === "content"))
    return { path, because: "it is no text" };
  const sides = { path, base: base ?? "", ours, theirs };
  return by === "union" ? joinLines(sides, file.union) : mergeRowsOf(sides);
}

interface Sides {
  readonly path: string;
  readonly base: string;
  readonly ours: string;
  readonly theirs: string;
}

function joinLines(sides: Sides, content: string | null): Result {
  const { path } = sides;
  if (content === null) return { path, because: "git cannot join its lines" };
  const lost = lostText(dropped(sides, content, (text) => text));
  return lost === null ? { path, by: "union", content } : { path, because: lost };
}

function mergeRowsOf(sides: Sides): Result {
  const { path } = sides;
  const merged = mergeTracker(sides.base, sides.ours, sides.theirs);
  if (!merged.ok) return { path, because: merged.because };
  const { text: content, superseded } = merged;
  const missing = dropped(sides, content, (text) => plainLines(splitLines(text)).join("\n"));
  const lost = lostText(withoutSuperseded(missing, superseded));
  if (lost !== null) return { path, because: lost };
  const ids = superseded.map(({ id }) => id);
  return { path, by: "tracker", content, ...(ids.length === 0 ? {} : { superseded: ids }) };
}

function dropped(
  { path, base, ours, theirs }: Sides,
  result: string,
  form: (text: string) => string,
): DroppedLines {
  const [b, o, t, r] = [base, ours, theirs, result].map((text) => new Map([[path, form(text)]]));
  const none: ReadonlyMap<string, string> = new Map();
  return droppedLines(b ?? none, o ?? none, t ?? none, r ?? none);
}

/** A row that gave way to a later one of its id is not lost: it is named. */
function withoutSuperseded(missing: DroppedLines, rows: readonly SupersededRow[]): DroppedLines {
  const without = (side: "ours" | "theirs") => {
    const known = new Set(rows.flatMap((row) => (row.side === side ? [row.row] : [])));
    return missing[side].filter(({ text }) => !known.has(text));
  };
  return { ours: without("ours"), theirs: without("theirs") };
}

function lostText({ ours, theirs }: DroppedLines): string | null {
  const [first] = [...ours, ...theirs];
  if (first === undefined) return null;
  return `the result would lack a line that was added: ${JSON.stringify(first.text.trim().slice(0, 60))}`;
}
