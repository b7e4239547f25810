/** Lock files that a killed git left behind in a worktree of ours. */
import { realpath, stat, unlink } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { isOpen } from "../process/open-files.ts";

const PATIENCE_MS = 1000;
const HELD_PATIENCE_MS = 60_000;

/**
 * Waits a second for a lock file to go away, then removes it; one that a living git has open gets a minute, and stays. Only
 * for worktrees whose session has ended: a git of a killed coordinator may still work there, and without its lock two would
 * write one index.
 */
export async function clearStaleLock(path: string): Promise<void> {
  for (let waitedMs = 0; waitedMs < HELD_PATIENCE_MS; waitedMs += 50) {
    if ((await stat(path).catch(() => null)) === null) return;
    if (waitedMs >= PATIENCE_MS && !isOpen(await realpath(path).catch(() => path))) {
      await unlink(path).catch(() => {});
      return;
    }
    await sleep(50);
  }
}
