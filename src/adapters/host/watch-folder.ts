/** Waits for changes in a folder: told by the system, and looked at now and then because it may forget to tell. */
import { type FSWatcher, watch } from "node:fs";

export interface FolderWatch {
  /** Resolves at the next change, after `maxMs`, or when the signal aborts. A change since the last call counts. */
  changed(maxMs: number, signal: AbortSignal): Promise<void>;
  close(): void;
}

export function watchFolder(path: string): FolderWatch {
  let dirty = false;
  let wake = noWaiter;
  const watcher = tryWatch(path, () => {
    dirty = true;
    wake();
  });
  return {
    changed: (maxMs, signal) =>
      new Promise((resolve) => {
        const finish = (): void => {
          dirty = false;
          // What changes from here on counts for the next call.
          wake = noWaiter;
          clearTimeout(timer);
          signal.removeEventListener("abort", finish);
          resolve();
        };
        const timer = setTimeout(finish, maxMs);
        signal.addEventListener("abort", finish, { once: true });
        wake = finish;
        if (dirty || signal.aborted) finish();
      }),
    close: () => watcher?.close(),
  };
}

function noWaiter(): void {}

/** Null where the system has no watchers left: looking now and then is enough. */
function tryWatch(path: string, onChange: () => void): FSWatcher | null {
  try {
    const watcher = watch(path, { persistent: false }, onChange);
    watcher.on("error", () => watcher.close());
    return watcher;
  } catch {
    return null;
  }
}
