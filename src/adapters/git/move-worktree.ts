/**
 * Moves worktrees of ours to another folder.
 *
 * Invariant V1: git's list is changed before the folder is renamed, and our record says where from. So after a kill at any step the
 * worktree stands at one of two places that are both known, and whoever needs it brings it to the listed one first.
 */
import { lstat, mkdir, rename } from "node:fs/promises";
import { dirname, join } from "node:path";
import { readFileIfThere } from "../fs/read-file.ts";
import { replaceFile } from "../fs/replace-file.ts";
import { readRecord, type WorktreeRecord, writeRecord } from "./admin.ts";

/**
 * From `from` to `to`, which must be free. `record` is what it is from now on; its `from` stays until it is written the next time.
 * A failure leaves the worktree where it was, as it was.
 */
export async function moveWorktree(
  admin: string,
  from: string,
  to: string,
  record: WorktreeRecord,
): Promise<void> {
  const before = await readRecord(admin);
  await mkdir(dirname(to), { recursive: true });
  await writeRecord(admin, { ...record, from });
  await list(admin, to);
  try {
    await rename(from, to);
  } catch (error) {
    await list(admin, from);
    if (before !== null) await writeRecord(admin, before);
    throw error;
  }
}

/** Ends a move that a kill interrupted: the folder comes to `path`, where git lists it. For callers that hold the lock. */
export async function endMove(admin: string, path: string): Promise<void> {
  const from = (await readRecord(admin))?.from;
  if (from === undefined || (await lstat(path).catch(() => null)) !== null) return;
  if (!(await pointsTo(from, admin))) return;
  await mkdir(dirname(path), { recursive: true });
  await rename(from, path);
}

/** True when the folder is the worktree of this folder of administration by its own word. */
export async function pointsTo(folder: string, admin: string): Promise<boolean> {
  const pointer = await readFileIfThere(join(folder, ".git")).catch(() => null);
  return pointer?.toString("utf8") === `gitdir: ${admin}\n`;
}

function list(admin: string, path: string): Promise<void> {
  return replaceFile(join(admin, "gitdir"), `${join(path, ".git")}\n`);
}
