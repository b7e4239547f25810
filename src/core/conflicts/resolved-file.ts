/** What became of a file that was resolved without a person, as it is recorded and as a commit says it (`Signalbox-Resolved`). */
import type { Resolution } from "./file-rules.ts";

export interface ResolvedFile {
  readonly path: string;
  readonly by: Resolution;
  /** Ids of rows that gave way to a later one. */
  readonly superseded?: readonly string[];
}

const FORM = /^(".*"|[^"].*) \((union|tracker|regenerate)(?:, later: (.*))?\)$/;

/** `CHANGELOG.md (union)`, `docs/WORKTRACKER.md (tracker, later: TASK-3 TASK-7)`: the rows that gave way to later ones. */
export function resolvedText({ path, by, superseded = [] }: ResolvedFile): string {
  const later = superseded.length === 0 ? "" : `, later: ${superseded.map(plainOrQuoted).join(" ")}`;
  return `${plainOrQuoted(path)} (${by}${later})`;
}

/** Reads what `resolvedText` wrote; null for anything else. */
export function parseResolved(text: string): ResolvedFile | null {
  const match = FORM.exec(text.trim());
  if (match === null) return null;
  const [, path = "", by, ids] = match;
  const [read] = words(path);
  if (read === undefined || !isResolution(by)) return null;
  return { path: read, by, ...(ids === undefined ? {} : { superseded: words(ids) }) };
}

function isResolution(text: string | undefined): text is Resolution {
  return text === "union" || text === "tracker" || text === "regenerate";
}

/** Only what cannot be mistaken for something else stands as it is: a trailer is one line of words. */
function plainOrQuoted(text: string): string {
  return /^[\w./#@+~-]+$/.test(text) ? text : JSON.stringify(text);
}

function words(text: string): readonly string[] {
  return [...text.matchAll(/"(?:[^"\\]|\\.)*"|[^\s"]+/g)].flatMap(([word]) => {
    if (!word.startsWith('"')) return [word];
    const read = unquoted(word);
    return read === null ? [] : [read];
  });
}

function unquoted(word: string): string | null {
  try {
    const read: unknown = JSON.parse(word);
    return typeof read === "string" ? read : null;
  } catch {
    return null;
  }
}
