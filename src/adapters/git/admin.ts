/**
 * The administrative folder of a linked worktree (`<common dir>/worktrees/<id>`) and our record in it. It is found from
 * git's side, never through the `.git` file in the tree: an agent can change or delete that one.
 */
import { readdir, realpath } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import type { CommitId } from "../../core/vocabulary.ts";
import { readFileIfThere, readJsonIfThere } from "../fs/read-file.ts";
import { replaceFile } from "../fs/replace-file.ts";
import type { Git } from "./git.ts";

/** What we know about a worktree that we made. */
export interface WorktreeRecord {
  readonly version: 1;
  readonly workflow: string;
  /** Null for a detached one (integration, review). */
  readonly branch: string | null;
  /** Commit it started from. */
  readonly base: CommitId;
  /** Tip of the branch as we left it. What is different later was done by somebody else. */
  readonly tip: CommitId;
  /** False while the first checkout is under way. */
  readonly ready: boolean;
  /** Folder that it was moved from last: where it still stands when a kill came between (`moveWorktree`). */
  readonly from?: string;
}

const RECORD = "signalbox.json";

/** Written by the provisioner: paths that it brought in, relative to the worktree. They are never committed as an attempt's work. */
export const PROVISIONED = "signalbox-provisioned.json";

/** Admin folder of the worktree at `path`; null when git knows none there. */
export async function findAdmin(commonDir: string, path: string): Promise<string | null> {
  const wanted = await realpath(path).catch(() => resolve(path));
  const root = join(commonDir, "worktrees");
  // Git names it after the folder where it can, and reading them all takes longer with every worktree.
  const likely = join(root, basename(wanted));
  if ((await placeOf(likely)) === wanted) return likely;
  for (const id of await readdir(root).catch(() => [])) {
    const admin = join(root, id);
    const place = await placeOf(admin);
    if (place === null) continue;
    if (place === wanted || (await realpath(place).catch(() => place)) === wanted) return admin;
  }
  return null;
}

/** Where its worktree is by git's own list; null where there is no such admin folder. */
async function placeOf(admin: string): Promise<string | null> {
  const pointer = await readFileIfThere(join(admin, "gitdir"));
  return pointer === null ? null : dirname(resolve(admin, pointer.toString("utf8").trim()));
}

/** Our record; null when the worktree is not ours or was made half. */
export function readRecord(admin: string): Promise<WorktreeRecord | null> {
  return readJsonIfThere<WorktreeRecord>(join(admin, RECORD));
}

/** Replaces our record atomically. */
export function writeRecord(admin: string, record: WorktreeRecord): Promise<void> {
  return replaceFile(join(admin, RECORD), `${JSON.stringify(record)}\n`);
}

/** Git for one worktree by its admin folder, whatever stands in the tree's own `.git`. */
export function worktreeGit(git: Git, path: string, admin: string): Git {
  return git.within(path, { GIT_DIR: admin, GIT_WORK_TREE: path });
}

/** Paths that the provisioner brought in. */
export async function provisionedPaths(admin: string): Promise<readonly string[]> {
  return (
    (await readJsonIfThere<{ readonly paths?: readonly string[] }>(join(admin, PROVISIONED)))?.paths ?? []
  );
}
