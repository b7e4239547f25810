/** What a person's review needs to know of commits: files and their sizes, lines, and what became of a file since. Reads only. */
import { type FileFate, parseHunks } from "../../core/review/map-line.ts";
import type { CommitId } from "../../core/vocabulary.ts";
import type { ChangedFile } from "../../core/workflow/outcome.ts";
import { readBlob } from "./blobs.ts";
import { kindOf, parseRaw, type RawChange } from "./changed-files.ts";
import { discover, type OpenOptions } from "./discover.ts";
import type { Git } from "./git.ts";
import { resolveCommit } from "./reads.ts";

/** One file of a change. */
export interface ReviewedFile {
  readonly path: string;
  /** Name before, where it was renamed. */
  readonly from?: string;
  readonly change: ChangedFile["change"];
  /** Null for a binary file or a submodule. */
  readonly lines: { readonly added: number; readonly removed: number } | null;
}

/** A file at a commit. `lines` is null where it has none: binary, a submodule, a link. */
export interface FileAt {
  readonly lines: readonly string[] | null;
}

export interface ReviewedWork {
  /** Files that differ, renames found, sorted by path. */
  files(base: CommitId, commit: CommitId): Promise<readonly ReviewedFile[]>;
  /** Null where the commit has no such file. */
  fileAt(commit: CommitId, path: string): Promise<FileAt | null>;
  /** What became of `path` of `from` in `to`. The same pair of commits is compared once. */
  fate(from: CommitId, to: CommitId, path: string): Promise<FileFate>;
}

const FLAGS = ["--no-ext-diff", "--no-textconv", "--no-color", "-M"];

/** Errors: see `discover`. */
export async function openReviewedWork(cwd: string, options: OpenOptions = {}): Promise<ReviewedWork> {
  const { git } = await discover(cwd, options);
  const compared = new Map<string, Promise<readonly RawChange[] | null>>();
  return {
    files: (base, commit) => filesOf(git, base, commit),
    fileAt: (commit, path) => fileAt(git, commit, path),
    fate: async (from, to, path) => {
      const key = `${from} ${to}`;
      const changes = compared.get(key) ?? changesBetween(git, from, to);
      compared.set(key, changes);
      return fateOf(git, path, await changes);
    },
  };
}

async function filesOf(git: Git, base: CommitId, commit: CommitId): Promise<readonly ReviewedFile[]> {
  const diff = async (how: readonly string[]): Promise<Buffer> =>
    (await git.run(["diff", ...FLAGS, ...how, "-z", base, commit, "--"])).stdout;
  const [raw, sizes] = await Promise.all([diff(["--raw", "--no-abbrev"]), diff(["--numstat"])]);
  const lines = parseNumstat(sizes);
  return parseRaw(raw).map((change) => ({
    path: change.path,
    ...(change.from === undefined ? {} : { from: change.from }),
    change: kindOf(change),
    lines: lines.get(change.path) ?? null,
  }));
}

/** `3 TAB 1 TAB path NUL`; of a rename the path is empty and both names follow. Binary files have `-`. */
function parseNumstat(output: Buffer): ReadonlyMap<string, ReviewedFile["lines"]> {
  const fields = output.toString("utf8").split("\0");
  const found = new Map<string, ReviewedFile["lines"]>();
  for (let at = 0; (fields[at] ?? "") !== ""; ) {
    const [added = "-", removed = "-", ...rest] = (fields[at] ?? "").split("\t");
    const moved = rest.join("\t") === "";
    const path = moved ? (fields[at + 2] ?? "") : rest.join("\t");
    found.set(path, added === "-" ? null : { added: Number(added), removed: Number(removed) });
    at += moved ? 3 : 1;
  }
  return found;
}

async function fileAt(git: Git, commit: CommitId, path: string): Promise<FileAt | null> {
  const listed = await git.text(["ls-tree", "-z", "--full-tree", commit, "--", path]);
  const [head = "", name = ""] = (listed.split("\0")[0] ?? "").split(/\t(.*)/s);
  const [mode = "", kind = "", id = ""] = head.split(" ");
  if (name !== path || kind === "tree") return null;
  if (kind !== "blob" || mode === "120000") return { lines: null };
  const content = await readBlob(git, id);
  return { lines: content.subarray(0, 8000).includes(0) ? null : linesOf(content.toString("utf8")) };
}

/** A line end behind the last line begins no other one. */
function linesOf(text: string): readonly string[] {
  const lines = text.split("\n").map((line) => line.replace(/\r$/, ""));
  return lines.at(-1) === "" ? lines.slice(0, -1) : lines;
}

async function changesBetween(git: Git, from: CommitId, to: CommitId): Promise<readonly RawChange[] | null> {
  const known = await Promise.all([from, to].map((id) => resolveCommit(git, id)));
  if (known.includes(null)) return null;
  const args = ["diff", ...FLAGS, "--raw", "--no-abbrev", "-z", from, to, "--"];
  return parseRaw((await git.run(args)).stdout);
}

async function fateOf(git: Git, path: string, changes: readonly RawChange[] | null): Promise<FileFate> {
  if (changes === null) return { kind: "unknown" };
  const change = changes.find((one) => (one.from ?? one.path) === path && !one.status.startsWith("A"));
  if (change === undefined) return { kind: "same" };
  if (change.status.startsWith("D")) return { kind: "deleted" };
  if (change.oldId === change.newId) return { kind: "changed", path: change.path, hunks: [] };
  const args = ["diff", ...FLAGS, "--unified=0", change.oldId, change.newId, "--"];
  const { stdout } = await git.run(args);
  return { kind: "changed", path: change.path, hunks: parseHunks(stdout.toString("utf8")) };
}
