/**
 * Which pairs must be computed again after something moved. A merge follows from the content of base and sides, so a tip that moved to
 * content which is known already costs nothing.
 */
import type { CommitId } from "../vocabulary.ts";
import type { Prediction } from "./matrix.ts";

/** A pair with everything that its prediction follows from. */
export interface PairInput {
  readonly first: Side;
  readonly second: Side;
  /** Their merge bases; several where the history crosses. */
  readonly bases: readonly Side[];
  /** Whatever else the merge follows from, such as the attributes in force. */
  readonly rules: string;
}

/** One end of a merge. */
export interface Side {
  readonly commit: CommitId;
  readonly tree: string;
}

/** Same key, same prediction. With several bases git merges those first, which depends on their history. */
export function predictionKey({ first, second, bases, rules }: PairInput): string {
  const [base, ...more] = bases;
  if (base !== undefined && more.length === 0) return `${rules} ${base.tree} ${first.tree} ${second.tree}`;
  return [rules, first.commit, second.commit, ...bases.map((one) => one.commit)].join(" ");
}

/** What needs no git: no history in common, a side that changed nothing, or two sides with the same content; null for all others. */
export function evident({ first, second, bases }: PairInput): Prediction | null {
  const [base, ...more] = bases;
  if (base === undefined) return { result: "unrelated" };
  if (more.length > 0) return null;
  if (first.tree === second.tree || second.tree === base.tree) return { result: "clean", tree: first.tree };
  return first.tree === base.tree ? { result: "clean", tree: second.tree } : null;
}

/** Pairs whose prediction is there, and the others. */
export interface Due<T> {
  readonly known: ReadonlyMap<T, Prediction>;
  readonly due: readonly T[];
}

/** Splits pairs into those whose prediction is known already and those that must be computed. */
export function splitDue<T extends PairInput>(
  pairs: readonly T[],
  cache: ReadonlyMap<string, Prediction>,
): Due<T> {
  const known = new Map<T, Prediction>();
  const due: T[] = [];
  for (const pair of pairs) {
    const prediction = evident(pair) ?? cache.get(predictionKey(pair));
    if (prediction === undefined) due.push(pair);
    else known.set(pair, prediction);
  }
  return { known, due };
}
