/**
 * Answers about commits that were asked for lately. A commit never changes, so an answer stays true; what is limited is only the room.
 * Several judges read the same work at the same time, and every session the same instructions: without this each starts git anew.
 */

export interface Recent<T> {
  /** The answer known for `key`, or that of `ask`, which is kept unless it fails. */
  get(key: string, ask: () => Promise<T>): Promise<T>;
}

/** Keeps the `count` answers that were used last, together at most `room` as `sizeOf` measures them. */
export function createRecent<T>(count: number, room: number, sizeOf: (answer: T) => number): Recent<T> {
  const known = new Map<string, { readonly answer: Promise<T>; size: number }>();
  let used = 0;
  const drop = (key: string): void => {
    used -= known.get(key)?.size ?? 0;
    known.delete(key);
  };
  const shrink = (): void => {
    for (const key of known.keys()) {
      if (known.size <= count && used <= room) return;
      drop(key);
    }
  };
  return {
    get: (key, ask) => {
      const before = known.get(key);
      if (before !== undefined) {
        known.delete(key);
        known.set(key, before); // the last in the order is the one used last
        return before.answer;
      }
      const entry = { answer: ask(), size: 0 };
      known.set(key, entry);
      entry.answer.then(
        (answer) => {
          if (known.get(key) !== entry) return;
          entry.size = sizeOf(answer);
          used += entry.size;
          shrink();
        },
        () => drop(key),
      );
      return entry.answer;
    },
  };
}
