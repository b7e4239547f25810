/**
 * Changes while many events are folded in one go. Copying a record that grows with the history for every event makes a replay quadratic:
 * the hundred thousandth event would copy fifteen thousand sessions. Copying one that does not grow still costs more than reading the
 * event from disk.
 *
 * Invariant F1: only a copy that this fold made itself is changed in place, so events and states from outside stay as they are.
 *
 * What is passed to one of these must not be used any more when it came from this fold.
 */
export interface Fold {
  /** The object with some properties changed. */
  patch<T extends object>(before: T, changes: Partial<T>): T;
  /** The record with one entry set. */
  put<T>(record: Readonly<Record<string, T>>, key: string, value: T): Readonly<Record<string, T>>;
  /** The list with more at its end. */
  append<T>(list: readonly T[], more: readonly T[]): readonly T[];
  /** The list with another item at an index. */
  replace<T>(list: readonly T[], index: number, item: T): readonly T[];
}

/** For a single event: everything is copied, and nothing needs to be remembered. */
export const COPYING: Fold = {
  patch: (before, changes) => ({ ...before, ...changes }),
  put: (record, key, value) => ({ ...record, [key]: value }),
  append: (list, more) => [...list, ...more],
  replace: (list, index, item) => list.map((before, at) => (at === index ? item : before)),
};

export function createFold(): Fold {
  const own = new WeakSet<object>();
  const owned = <T extends object>(copy: T): T => {
    own.add(copy);
    return copy;
  };
  /** The list itself when this fold made it, else a copy. */
  const writable = <T>(list: readonly T[]): T[] => (own.has(list) ? (list as T[]) : owned([...list]));
  return {
    patch: (before, changes) =>
      own.has(before) ? Object.assign(before, changes) : owned({ ...before, ...changes }),
    put: <T>(record: Readonly<Record<string, T>>, key: string, value: T) => {
      const copy: Record<string, T> = own.has(record) ? record : owned({ ...record });
      copy[key] = value;
      return copy;
    },
    append: (list, more) => {
      const copy = writable(list);
      for (const item of more) copy.push(item);
      return copy;
    },
    replace: (list, index, item) => {
      const copy = writable(list);
      copy[index] = item;
      return copy;
    },
  };
}
