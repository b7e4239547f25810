/** What bringing dependencies works with. */
import type { Place } from "./places.ts";
import type { TreePool } from "./tree-pool.ts";
import type { WarmKey, WarmStore } from "./warm-store.ts";

export interface DependencyJob {
  /** The user's checkout. */
  readonly root: string;
  readonly worktree: string;
  readonly store: WarmStore;
  readonly pool: TreePool;
  /** Variables that mark programs as ours, so that those of a killed coordinator can be ended. */
  readonly mark: Readonly<Record<string, string>>;
  /** Commands of the author's own that run afterwards. */
  readonly ownCommands: readonly string[];
  /** Runs commands in a folder of the worktree; null, or what failed. Installs run one after another. */
  readonly run: (commands: readonly string[], folder: string) => Promise<string | null>;
  /** One install at a time in this process: they share caches and all cores. */
  readonly alone: <T>(work: () => Promise<T>) => Promise<T>;
  /** True where a program of this name is on the PATH. */
  readonly has: (program: string) => Promise<boolean>;
  /** The user's own configuration of npm; null where there is no home. */
  readonly userConfig: string | null;
  /** Records paths before anything is put there. */
  readonly announce: (paths: readonly string[]) => Promise<void>;
  readonly log: (line: string) => Promise<void>;
}

/** One lockfile under way. */
export interface Task {
  readonly job: DependencyJob;
  readonly place: Place;
  /** Folder of the lockfile in the worktree. */
  readonly project: string;
  readonly key: WarmKey;
  /** Folders that may come into being; none of them was there before, so all of them may be cleared. */
  readonly possible: readonly string[];
}
