/** Predictions in words, the same everywhere. */
import type { ConflictFile, ConflictKind, Matrix } from "./matrix.ts";
import { isConflict } from "./matrix.ts";
import type { PredictedConflict } from "./predicted.ts";

const WORDS: Readonly<Record<ConflictKind, string>> = {
  content: "the same lines changed",
  "both-added": "new in both, with other content",
  rename: "renamed twice, or renamed and deleted",
  "directory-rename": "its folder was renamed by the other one",
  "delete-modify": "deleted in one, changed in the other",
  mode: "another mode or type in both",
  binary: "binary, or marked as not to be merged",
  "directory-file": "a file in one, a folder in the other",
  submodule: "two commits of a submodule",
};

/** Half a sentence behind a path. */
export function kindText(kind: ConflictKind): string {
  return WORDS[kind];
}

/** `src/a.ts, src/b.ts and 3 more`; `more` are files beyond those given. */
export function filesText(files: readonly Pick<ConflictFile, "path">[], more = 0, most = 3): string {
  const named = files.slice(0, most).map(({ path }) => path);
  const rest = files.length + more - named.length;
  return rest === 0 ? named.join(", ") : `${named.join(", ")} and ${rest} more`;
}

/** How many pairs of a matrix end how. */
export function tally({ pairs }: Matrix): { readonly conflicts: number; readonly overlaps: number } {
  return {
    conflicts: pairs.filter(isConflict).length,
    overlaps: pairs.filter(({ prediction }) => prediction.result === "overlaps").length,
  };
}

/** What is behind the names of two lines: `would conflict in src/form.ts`. */
export function conflictText({ files, more }: PredictedConflict): string {
  return files.length === 0 ? "have no history in common" : `would conflict in ${filesText(files, more)}`;
}
