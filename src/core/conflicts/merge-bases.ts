/** Merge bases of every pair of tips from one walk of the history. */
import type { CommitId } from "../vocabulary.ts";

export interface HistoryCommit {
  readonly id: CommitId;
  readonly tree: string;
  readonly parents: readonly CommitId[];
}

/** Answers for tips by their place in the list. Empty = no history in common; more than one = the history crosses. */
export type MergeBases = (first: number, second: number) => readonly CommitId[];

/**
 * `commits` are all that any tip reaches, children before parents, down to one common ancestor of all tips, which is the last; what lies
 * below that cannot be a better base. Without a common ancestor they are the whole history. Null where the last one is no common
 * ancestor although `floor` says so.
 */
export function mergeBases(
  commits: readonly HistoryCommit[],
  tips: readonly CommitId[],
  floor: boolean,
): MergeBases | null {
  const reach = new Map<CommitId, bigint>();
  for (const [index, tip] of tips.entries()) reach.set(tip, (reach.get(tip) ?? 0n) | (1n << BigInt(index)));
  /** What the children of a commit are reached by. */
  const above = new Map<CommitId, bigint[]>();
  const found = new Map<string, CommitId[]>();
  for (const { id, parents } of commits) {
    const mask = reach.get(id) ?? 0n;
    for (const { key } of newPairs(mask, above.get(id) ?? []))
      found.set(key, [...(found.get(key) ?? []), id]);
    above.delete(id);
    for (const parent of parents) {
      reach.set(parent, (reach.get(parent) ?? 0n) | mask);
      const masks = above.get(parent);
      if (masks === undefined) above.set(parent, [mask]);
      else if (!masks.includes(mask)) masks.push(mask);
    }
  }
  const lowest = commits.at(-1)?.id;
  const all = (1n << BigInt(tips.length)) - 1n;
  if (floor && (lowest === undefined || reach.get(lowest) !== all)) return null;
  return (first, second) => found.get(pairKey(first, second)) ?? [];
}

/** Pairs that reach a commit both, and none of its children both: for them it is a best common ancestor. */
function newPairs(mask: bigint, above: readonly bigint[]): readonly { readonly key: string }[] {
  if (above.includes(mask)) return [];
  const tips = indexesOf(mask);
  return tips.flatMap((first, at) =>
    tips.slice(at + 1).flatMap((second) => {
      const both = (1n << BigInt(first)) | (1n << BigInt(second));
      return above.some((child) => (child & both) === both) ? [] : [{ key: pairKey(first, second) }];
    }),
  );
}

function indexesOf(mask: bigint): readonly number[] {
  const found: number[] = [];
  for (let at = 0, rest = mask; rest > 0n; at += 1, rest >>= 1n) if ((rest & 1n) === 1n) found.push(at);
  return found;
}

function pairKey(first: number, second: number): string {
  return first < second ? `${first} ${second}` : `${second} ${first}`;
}
