import { lstat, opendir } from "node:fs/promises";
import { join } from "node:path";

/** Space on disk. */
export interface FolderSize {
  readonly bytes: number;
  /** False where the time was up or something could not be read: `bytes` is then a floor. */
  readonly complete: boolean;
}

interface Walk {
  bytes: number;
  complete: boolean;
  /** Files with several names, counted once. */
  readonly linked: Set<string>;
  readonly signal: AbortSignal;
}

/** Folders read at one time. */
const WIDTH = 8;

/**
 * Space that a folder takes up, links not followed, as far as `signal` lets it look. Null for one that is not there. Never
 * rejects for what it meets: folders come and go while it looks.
 */
export async function folderSize(path: string, signal: AbortSignal): Promise<FolderSize | null> {
  const stats = await lstat(path).catch(() => null);
  if (stats === null) return null;
  const walk: Walk = { bytes: stats.blocks * 512, complete: true, linked: new Set(), signal };
  const queue = stats.isDirectory() ? [path] : [];
  while (queue.length > 0 && !signal.aborted) {
    const found = await Promise.all(queue.splice(-WIDTH).map((folder) => measure(walk, folder)));
    for (const folders of found) queue.push(...folders);
  }
  return { bytes: walk.bytes, complete: walk.complete && !signal.aborted };
}

/** Adds what is directly in a folder; the folders in it. */
async function measure(walk: Walk, folder: string): Promise<readonly string[]> {
  const inner: string[] = [];
  try {
    for await (const entry of await opendir(folder)) {
      if (walk.signal.aborted) return [];
      const path = join(folder, entry.name);
      if (await add(walk, path)) inner.push(path);
    }
  } catch {
    walk.complete = false;
  }
  return inner;
}

/** True for a folder. */
async function add(walk: Walk, path: string): Promise<boolean> {
  const stats = await lstat(path).catch(() => null);
  if (stats === null) return false; // gone between listing and looking
  const key = `${stats.dev}:${stats.ino}`;
  if (!stats.isDirectory() && stats.nlink > 1) {
    if (walk.linked.has(key)) return false;
    walk.linked.add(key);
  }
  walk.bytes += stats.blocks * 512;
  return stats.isDirectory();
}
