/**
 * A process that can be killed between any two steps, without a process: every port call is a step. At the chosen step the world of this
 * "process" stops answering for ever; what had been carried out stays carried out, nothing later happens.
 */
import type { EngineDependencies } from "../../src/engine/dependencies.ts";
import type { Journal, JournalStore, Lease } from "../../src/ports/journal.ts";

export interface Life {
  /** Steps so far, each counted before and after its call. */
  readonly steps: () => number;
  /** Names of the steps, for messages. */
  readonly names: readonly string[];
  /** Resolves when the process has died. */
  readonly death: Promise<string>;
  /** Resolves when calls that were under way have come to an end, as what a dead process had started does. */
  readonly settled: () => Promise<unknown>;
}

const SYNC: ReadonlySet<string> = new Set([
  "worktreePath",
  "folder",
  "now",
  "uuid",
  "render",
  "renderHandoff",
]);

async function* nothing(): AsyncGenerator<never> {}

/**
 * Wraps all ports; dies at half-step `dieAt` (even = before a call, odd = after it), or at the first one of that name. Infinity =
 * immortal. With `instead` that happens there and the process lives on; what it throws is what the call throws.
 */
export function mortal(
  dependencies: EngineDependencies,
  dieAt: number | string,
  instead?: (name: string) => Promise<void> | void,
): { readonly dependencies: EngineDependencies; readonly life: Life } {
  const names: string[] = [];
  let dead = false;
  let announce: (name: string) => void = () => {};
  const death = new Promise<string>((resolve) => {
    announce = resolve;
  });
  const never = (): Promise<never> => new Promise(() => {});
  const opened: Journal[] = [];
  const underWay = new Set<Promise<unknown>>();
  const watched = <T>(call: Promise<T>): Promise<T> => {
    underWay.add(call);
    const over = (): void => void underWay.delete(call);
    call.then(over, over);
    return call;
  };
  // What a system does for a process that has died: the files of this one would otherwise stay open in the test's.
  void death.then(() => Promise.all(opened.map((journal) => journal.close())));
  const step = async (name: string): Promise<boolean> => {
    if (dead) return false;
    names.push(name);
    if (names.length - 1 !== dieAt && name !== dieAt) return true;
    if (instead !== undefined) {
      await instead(name);
      return true;
    }
    dead = true;
    announce(name);
    return false;
  };
  const wrap = <T extends object>(port: string, target: T): T =>
    new Proxy(target, {
      get(object, key) {
        const value: unknown = Reflect.get(object, key);
        if (typeof value !== "function" || typeof key !== "string") return value;
        if (SYNC.has(key)) return value.bind(object);
        // What sessions say on the way is not followed: whoever is dead would read on.
        if (key === "follow") return nothing;
        return async (...args: unknown[]) => {
          if (!(await step(`before ${port}.${key}`))) return never();
          const result: unknown = await watched(Promise.resolve(value.apply(object, args)));
          return (await step(`after ${port}.${key}`)) ? result : never();
        };
      },
    });
  const store: JournalStore = {
    ...wrap("store", dependencies.store),
    folder: (workflow) => dependencies.store.folder(workflow),
    list: () => dependencies.store.list(),
    load: (workflow) => dependencies.store.load(workflow),
    acquire: (workflow) => dependencies.store.acquire(workflow, { steal: true }),
    open: async (workflow: string, lease: Lease): Promise<Journal> => {
      const journal = await dependencies.store.open(workflow, lease);
      opened.push(journal);
      return wrap("journal", journal);
    },
  };
  const { openConflicts } = dependencies;
  const conflicts = openConflicts === undefined ? null : wrap("conflicts", { open: openConflicts });
  return {
    dependencies: {
      ...dependencies,
      store,
      ...(conflicts === null ? {} : { openConflicts: () => conflicts.open() }),
      repository: wrap("repository", dependencies.repository),
      provisioner: wrap("provisioner", dependencies.provisioner),
      checks: wrap("checks", dependencies.checks),
      files: wrap("files", dependencies.files),
      host: wrap("host", dependencies.host),
    },
    life: { steps: () => names.length, names, death, settled: () => Promise.allSettled(underWay) },
  };
}
