/**
 * Which approved work is tried together. A batch that fails is halved until one piece of work fails alone: that one is guilty. What
 * passes on the way is merged.
 */

/**
 * The next to be tried, in their order. `suspects` = what failed together last, as far as it still waits: its first half is tried,
 * because one of all of them must fail.
 */
export function nextBatch(
  order: readonly string[],
  size: number,
  suspects: readonly string[],
): readonly string[] {
  const suspected = order.filter((subject) => suspects.includes(subject));
  if (suspected.length > 0) return suspected.slice(0, Math.ceil(suspected.length / 2));
  return order.slice(0, Math.max(1, size));
}

/** Suspects after a batch failed or was merged: one that failed alone is known, and nobody is suspected any more. */
export function suspectsAfter(
  suspects: readonly string[],
  tried: readonly string[],
  passed: boolean,
): readonly string[] {
  if (!passed) return tried.length > 1 ? tried : [];
  return suspects.filter((subject) => !tried.includes(subject));
}
