/** Lock files that a killed git left behind in a worktree of ours. */
import { stat, unlink } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";

const PATIENCE_MS = 1000;

/** Waits a second for a lock file to go away, then removes it. Only for worktrees whose session has ended. */
export async function clearStaleLock(path: string): Promise<void> {
  for (let waitedMs = 0; waitedMs < PATIENCE_MS; waitedMs += 50) {
    if ((await stat(path).catch(() => null)) === null) return;
    await sleep(50);
  }
  await unlink(path).catch(() => {});
}
