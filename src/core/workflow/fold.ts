/**
 * Records that grow with the history (one entry per session) while many events are folded in one go. Copying such a record for every event
 * makes a replay quadratic: the hundred thousandth event would copy fifteen thousand sessions.
 *
 * Invariant F1: only a copy that this fold made itself is changed in place, so events and states from outside stay as they are.
 */
export interface Fold {
  /** The record with one entry set. What was passed must not be used any more when it came from this fold. */
  put<T>(record: Readonly<Record<string, T>>, key: string, value: T): Readonly<Record<string, T>>;
}

export function createFold(): Fold {
  const own = new WeakSet<object>();
  return {
    put: <T>(record: Readonly<Record<string, T>>, key: string, value: T) => {
      const copy: Record<string, T> = own.has(record) ? record : { ...record };
      own.add(copy);
      copy[key] = value;
      return copy;
    },
  };
}
