/** Lines as git has them: what a change added and took away, and what stands at a commit. Blank lines do not count. */
import type { Scratch } from "../support/scratch-repository.ts";

export interface Line {
  readonly path: string;
  readonly text: string;
}

export interface Change {
  readonly added: readonly Line[];
  readonly taken: readonly Line[];
  /** Old and new path of each file that was moved. */
  readonly moves: readonly (readonly [string, string])[];
}

/** Where each path was moved to. */
export type Moves = Map<string, readonly string[]>;

/** The documents of the workflow are made anew by every step. */
const OURS = ":!*ORCHESTRATION*";

/** Of work that an earlier version was accepted of, `base` is newer than the commit: what it began with counts. */
export async function addedBetween(scratch: Scratch, onto: string, commit: string): Promise<Change> {
  const base = await scratch.git("merge-base", onto, commit);
  const text = await scratch.git("diff", "-M", "-U0", "--no-color", base, commit, "--", ".", OURS);
  const added: Line[] = [];
  const taken: Line[] = [];
  const moves: [string, string][] = [];
  let [from, to] = ["", ""];
  for (const row of text.split("\n")) {
    if (row.startsWith("rename from ")) from = row.slice(12);
    else if (row.startsWith("rename to ")) moves.push([from, row.slice(10)]);
    else if (row.startsWith("--- ")) from = row.slice(6);
    else if (row.startsWith("+++ ")) to = row.slice(6);
    else if (row.startsWith("+") && row.trim() !== "+") added.push({ path: to, text: row.slice(1) });
    else if (row.startsWith("-") && row.trim() !== "-") taken.push({ path: from, text: row.slice(1) });
  }
  return { added, taken, moves };
}

const known = new Map<string, readonly Line[]>();

export async function linesAt(scratch: Scratch, commit: string): Promise<readonly Line[]> {
  const key = `${scratch.root} ${commit}`;
  const before = known.get(key);
  if (before !== undefined) return before;
  const text = await scratch.git("grep", "-I", "--full-name", "-e", ".", commit, "--", ".", OURS);
  const lines = text.split("\n").map((row) => {
    const [path = "", ...rest] = row.slice(commit.length + 1).split(":");
    return { path, text: rest.join(":") };
  });
  known.set(key, lines);
  return lines;
}
