/** Conflicts that the coordinator has seen coming, as they are recorded: only what is there now, never what was. */
import { type ConflictFile, isConflict, type Matrix } from "./matrix.ts";

/** Two lines of the workflow that git would not merge as they are. */
export interface PredictedConflict {
  readonly first: string;
  readonly second: string;
  /** At most 20; none where they have no history in common. */
  readonly files: readonly ConflictFile[];
  /** Files beyond those. */
  readonly more?: number;
}

/** So many files of one conflict are recorded. */
export const NAMED = 20;

/** The conflicts of a matrix in its order. */
export function predictedConflicts(matrix: Matrix): readonly PredictedConflict[] {
  return matrix.pairs.filter(isConflict).map(({ first, second, prediction }) => {
    const files = prediction.result === "conflicts" ? prediction.files : [];
    const more = files.length - NAMED;
    return { first, second, files: files.slice(0, NAMED), ...(more > 0 ? { more } : {}) };
  });
}

/** True for the same two lines. */
export function samePair(
  one: Pick<PredictedConflict, "first" | "second">,
  other: Pick<PredictedConflict, "first" | "second">,
): boolean {
  return one.first === other.first && one.second === other.second;
}

/** True where nothing about it is different. */
export function sameConflict(one: PredictedConflict, other: PredictedConflict): boolean {
  const files = (of: PredictedConflict): string =>
    of.files.map(({ path, kind }) => `${kind} ${path}`).join("\0");
  return samePair(one, other) && one.more === other.more && files(one) === files(other);
}

/** Files of `now` that were not there before. */
export function newFiles(
  now: PredictedConflict,
  before: PredictedConflict | undefined,
): readonly ConflictFile[] {
  const known = new Set(before?.files.map(({ path }) => path));
  return now.files.filter(({ path }) => !known.has(path));
}
