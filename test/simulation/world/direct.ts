/** A port without its promises: what it does happens at once, and the schedule decides when anybody hears of it. */
export type Direct<T> = {
  [K in keyof T]: T[K] extends (...args: infer A) => Promise<infer R> ? (...args: A) => R | Promise<R> : T[K];
};

/** Calls of ports that give no promise. */
export const IMMEDIATE: ReadonlySet<string> = new Set([
  "worktreePath",
  "folder",
  "now",
  "uuid",
  "render",
  "renderHandoff",
  "follow",
]);
