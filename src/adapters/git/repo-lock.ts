/**
 * One lock per repository for the operations that git itself cannot run side by side: adding, removing and pruning
 * worktrees, deleting branches, fetching (a reader of `.git/worktrees` fails on a half-made entry of somebody else).
 * One lock per worktree for making it show a commit: worktrees to read a commit are shared by all who read it.
 */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { isDeadLock, withLock } from "./lock.ts";

/** Runs `work` while this process alone holds the lock of the repository: {@link withLock}. */
export function withRepositoryLock<T>(
  commonDir: string,
  work: () => Promise<T>,
  waitMs?: number,
): Promise<T> {
  return withLock(join(commonDir, "signalbox.lock"), work, waitMs);
}

/** Runs `work` while this process alone changes index and files of the worktree with this admin folder: {@link withLock}. */
export function withWorktreeLock<T>(admin: string, work: () => Promise<T>): Promise<T> {
  return withLock(join(admin, "signalbox.lock"), work);
}

/** Lock files of the repository whose owners are proven dead. */
export async function deadRepositoryLocks(commonDir: string): Promise<readonly string[]> {
  const names = await readdir(commonDir).catch(() => []);
  const found: string[] = [];
  for (const name of names.filter((it) => /^signalbox\.lock(\.[0-9a-f-]{36})?$/.test(it)))
    if (await isDeadLock(join(commonDir, name))) found.push(join(commonDir, name));
  return found;
}
