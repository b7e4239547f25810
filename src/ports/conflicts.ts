import type { Matrix } from "../core/conflicts/matrix.ts";

/** A line of work to compare with others. */
export interface Line {
  /** Unique in one matrix. */
  readonly name: string;
  /** Branch or commit. */
  readonly revision: string;
  /** Its worktree where somebody works in it: the line is then at a snapshot of everything in it, committed or not. */
  readonly worktree?: string;
}

/**
 * Predicts merges. One implementation asks git.
 *
 * Contract:
 * - Equal to what `git merge` with its default strategy would do for every pair: whether it stops, at which files, and the tree of a
 *   clean one.
 * - Touches no ref, index or file of a checkout, and leaves no object in the repository.
 * - Asked again, computes only pairs of which a side has other content than before.
 * - A line whose revision does not exist is left out. Throws `SignalboxError` kind `environment` when git cannot answer.
 */
export interface Conflicts {
  matrix(lines: readonly Line[]): Promise<Matrix>;
}
