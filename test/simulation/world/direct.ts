/** A port without its promises: what it does happens at once, and the schedule decides when anybody hears of it. */
export type Direct<T> = {
  [K in keyof T]: T[K] extends (...args: infer A) => Promise<infer R> ? (...args: A) => R | Promise<R> : T[K];
};

/** The same port as the engine knows it, answering at once: for contract suites. */
export function promising<T extends object>(direct: Direct<T>): T {
  return new Proxy(direct, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key);
      if (typeof value !== "function" || IMMEDIATE.has(String(key)))
        return typeof value === "function" ? value.bind(target) : value;
      return async (...args: readonly unknown[]) => value.apply(target, args);
    },
  }) as unknown as T;
}

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
