/** Measures the engine's ports from outside: how often each group is called and how long at least one call of it is under way. */
import type { EngineDependencies } from "../src/engine/dependencies.ts";
import type { Journal, JournalStore } from "../src/ports/journal.ts";

export interface PortTotal {
  readonly name: string;
  readonly calls: number;
  /** Sum over all calls. */
  readonly totalMs: number;
  /** Time in which at least one call was under way. */
  readonly busyMs: number;
}

export interface PortClock {
  around(dependencies: EngineDependencies): EngineDependencies;
  /** Longest first. */
  totals(): readonly PortTotal[];
}

class Group {
  readonly name: string;
  calls = 0;
  totalMs = 0;
  busyMs = 0;
  #underWay = 0;
  #since = 0;

  constructor(name: string) {
    this.name = name;
  }

  measure<T>(work: () => T): T {
    const start = performance.now();
    this.calls += 1;
    if (this.#underWay === 0) this.#since = start;
    this.#underWay += 1;
    const end = (): void => {
      const now = performance.now();
      this.totalMs += now - start;
      this.#underWay -= 1;
      if (this.#underWay === 0) this.busyMs += now - this.#since;
    };
    const result = work();
    if (result instanceof Promise) result.then(end, end);
    else end();
    return result;
  }
}

export function createPortClock(): PortClock {
  const groups = new Map<string, Group>();
  const group = (name: string): Group => {
    const known = groups.get(name) ?? new Group(name);
    groups.set(name, known);
    return known;
  };
  const observed = <T extends object>(port: T, name: string, by = false): T =>
    new Proxy(port, {
      get: (target, key, receiver) => {
        const value: unknown = Reflect.get(target, key, receiver);
        if (typeof value !== "function") return value;
        const own = by ? `${name} ${String(key)}` : name;
        return (...args: unknown[]) => group(own).measure(() => Reflect.apply(value, target, args));
      },
    });
  const store = (inner: JournalStore): JournalStore => ({
    ...inner,
    open: async (workflow, lease): Promise<Journal> => observed(await inner.open(workflow, lease), "journal"),
  });
  return {
    around: (dependencies) => ({
      ...dependencies,
      store: store(dependencies.store),
      repository: observed(observed(dependencies.repository, "git"), "git", true),
      host: observed(dependencies.host, "sessions"),
      provisioner: observed(dependencies.provisioner, "provisioning"),
      files: observed(dependencies.files, "files of the worktrees"),
      documents: observed(dependencies.documents, "rendering"),
    }),
    totals: () =>
      [...groups.values()]
        .map(({ name, calls, totalMs, busyMs }) => ({ name, calls, totalMs, busyMs }))
        .sort((a, b) => b.busyMs - a.busyMs),
  };
}
