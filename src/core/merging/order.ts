/**
 * In which order approved work is merged: priority, then what merges cleanly, then what stands in the way of fewest others, then the
 * smallest change (domain §20 no. 2). What another one needs (`after`) is merged before that one has begun.
 */
import type { ConflictFile } from "../conflicts/matrix.ts";
import type { CommitId } from "../vocabulary.ts";

/** An approved commit that waits for its merge. */
export interface MergeCandidate {
  /** Slot id. */
  readonly subject: string;
  readonly commit: CommitId;
}

/** What merging a candidate would do. */
export interface MergeForecast extends MergeCandidate {
  /** Files in which it conflicts with what is merged so far, at most 20; empty = it merges cleanly. */
  readonly conflicts: readonly ConflictFile[];
  /** The other candidates that it conflicts with, in plan order. */
  readonly against: readonly string[];
  /** How many files it changes. */
  readonly changes: number;
}

/** The order as it is on one tip of the integration branch; another tip, another order. */
export interface MergeOrder {
  readonly head: CommitId;
  /** First first. */
  readonly candidates: readonly MergeForecast[];
}

/** `priority`: higher goes first. What nothing tells apart keeps its place, which is plan order. */
export function inMergeOrder(
  forecasts: readonly MergeForecast[],
  priority: (subject: string) => number,
): readonly MergeForecast[] {
  return forecasts.toSorted(
    (a, b) =>
      priority(b.subject) - priority(a.subject) ||
      Number(a.conflicts.length > 0) - Number(b.conflicts.length > 0) ||
      a.against.length - b.against.length ||
      a.changes - b.changes,
  );
}

/** True while the order is that of exactly these candidates on this tip. */
export function isCurrent(
  order: MergeOrder | undefined,
  head: CommitId,
  candidates: readonly MergeCandidate[],
): boolean {
  if (order === undefined || order.head !== head || order.candidates.length !== candidates.length)
    return false;
  const known = new Set(order.candidates.map(keyOf));
  return candidates.every((candidate) => known.has(keyOf(candidate)));
}

function keyOf({ subject, commit }: MergeCandidate): string {
  return `${subject} ${commit}`;
}

/** Why a candidate stands where it does, in a few words. */
export function placeText({ conflicts, against, changes }: MergeForecast, priority: number): string {
  const first = priority === 0 ? [] : [`priority ${priority}`];
  const merged =
    conflicts.length === 0 ? "merges cleanly" : `conflicts with what is merged in ${files(conflicts.length)}`;
  const others = against.length === 0 ? [] : [`in the way of ${against.join(", ")}`];
  return [...first, merged, ...others, `${files(changes)} changed`].join(", ");
}

function files(count: number): string {
  return `${count} ${count === 1 ? "file" : "files"}`;
}
