/**
 * What merging any two lines of work would do, known before anybody merges them (domain §20 no. 1 and 4).
 * Words: docs/glossary.md. A line is a branch, or the worktree of a session as it is now.
 */
import type { CommitId } from "../vocabulary.ts";

/**
 * `content`: the same lines changed; `both-added`: the same new file with other content; `rename`: renamed twice, or renamed and
 * deleted; `directory-rename`: a file came into a folder that the other one renamed; `delete-modify`: deleted here, changed there;
 * `mode`: another mode or type on both sides; `binary`: no lines to merge; `directory-file`: a file where the other one has a folder;
 * `submodule`: two commits of a submodule.
 */
export type ConflictKind =
  | "content"
  | "both-added"
  | "rename"
  | "directory-rename"
  | "delete-modify"
  | "mode"
  | "binary"
  | "directory-file"
  | "submodule";

export interface ConflictFile {
  /** Repository-relative. */
  readonly path: string;
  readonly kind: ConflictKind;
}

/**
 * What `git merge` would do with a pair. `clean`: they touch nothing in common. `overlaps`: both changed these paths, and it merges all
 * the same. `unrelated`: no history in common, which git refuses to merge. `tree` is the merged tree where git was asked; null where
 * both sides simply come together.
 */
export type Prediction =
  | { readonly result: "clean"; readonly tree: string | null }
  | { readonly result: "overlaps"; readonly files: readonly string[]; readonly tree: string | null }
  | { readonly result: "conflicts"; readonly files: readonly ConflictFile[] }
  | { readonly result: "unrelated" };

/** A line of work at one moment. */
export interface Tip {
  /** Unique in its matrix: slot id, or `integration` and `target`. */
  readonly name: string;
  /** Last commit of the line. */
  readonly commit: CommitId;
  /** Its content: that of the commit, or of the worktree where `uncommitted`. */
  readonly tree: string;
  /** True where the worktree had changes that are in no commit. */
  readonly uncommitted: boolean;
}

/** Merging `second` into `first`. */
export interface Pair {
  readonly first: string;
  readonly second: string;
  readonly prediction: Prediction;
}

/** Every pair once, in the order of `tips`. */
export interface Matrix {
  readonly tips: readonly Tip[];
  readonly pairs: readonly Pair[];
}

/** True where git would stop and ask. */
export function isConflict({ prediction }: Pair): boolean {
  return prediction.result === "conflicts" || prediction.result === "unrelated";
}

/** The pairs of one line. */
export function pairsOf(matrix: Matrix, name: string): readonly Pair[] {
  return matrix.pairs.filter((pair) => pair.first === name || pair.second === name);
}

/** The other line of a pair. */
export function otherOf({ first, second }: Pick<Pair, "first" | "second">, name: string): string {
  return first === name ? second : first;
}

/** Worst first: no common history, then conflicts by their number of files, then overlaps by theirs. Clean pairs are left out. */
export function worstFirst(matrix: Matrix): readonly Pair[] {
  return matrix.pairs
    .filter(({ prediction }) => prediction.result !== "clean")
    .toSorted((a, b) => weight(b.prediction) - weight(a.prediction));
}

/** Overlaps count less than any conflict. */
const CONFLICT = 1_000_000;

function weight(prediction: Prediction): number {
  switch (prediction.result) {
    case "unrelated":
      return 2 * CONFLICT;
    case "conflicts":
      return CONFLICT + prediction.files.length;
    case "overlaps":
      return prediction.files.length;
    case "clean":
      return 0;
    default:
      return prediction satisfies never;
  }
}
