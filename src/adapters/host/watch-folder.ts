/** Waits for changes in a folder: told by the system, and looked at now and then because it may forget to tell. */
import { type FSWatcher, watch } from "node:fs";

export interface FolderWatch {
  /**
   * Resolves at the next change with the names of what changed, or with null after `maxMs`, when the signal aborts, or where
   * the system does not tell names: anything may have changed then. A change since the last call counts.
   */
  changed(maxMs: number, signal: AbortSignal): Promise<ReadonlySet<string> | null>;
  close(): void;
}

export function watchFolder(path: string): FolderWatch {
  let names = new Set<string | null>();
  let wake = noWaiter;
  const watcher = tryWatch(path, (name) => {
    names.add(name);
    wake();
  });
  return {
    changed: (maxMs, signal) =>
      new Promise((resolve) => {
        const finish = (): void => {
          const told = known(names);
          names = new Set();
          // What changes from here on counts for the next call.
          wake = noWaiter;
          clearTimeout(timer);
          signal.removeEventListener("abort", finish);
          resolve(told);
        };
        const timer = setTimeout(finish, maxMs);
        signal.addEventListener("abort", finish, { once: true });
        wake = finish;
        if (names.size > 0 || signal.aborted) finish();
      }),
    close: () => watcher?.close(),
  };
}

function known(names: ReadonlySet<string | null>): ReadonlySet<string> | null {
  const told = [...names].filter((name) => name !== null);
  return told.length === 0 || told.length < names.size ? null : new Set(told);
}

function noWaiter(): void {}

/** Null where the system has no watchers left: looking now and then is enough. */
function tryWatch(path: string, onChange: (name: string | null) => void): FSWatcher | null {
  try {
    const watcher = watch(path, { persistent: false }, (_, name) => onChange(name));
    watcher.on("error", () => watcher.close());
    return watcher;
  } catch {
    return null;
  }
}
