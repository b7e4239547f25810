import { readdir, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { readFileIfThere } from "../fs/read-file.ts";
import { readRecord } from "./admin.ts";
import { pointsTo } from "./move-worktree.ts";

/** A worktree that our own record in git's administration names. */
export interface RecordedPlace {
  readonly workflow: string;
  /** Null for a detached one. */
  readonly branch: string | null;
  readonly path: string;
  /** Git's folder of administration for it. */
  readonly admin: string;
  /** Where it stands while a move of it is not ended. */
  readonly from: string | null;
}

/** Worktrees that were made for workflows. Reads our records alone and starts no git. */
export async function recordedPlaces(commonDir: string): Promise<readonly RecordedPlace[]> {
  const root = join(commonDir, "worktrees");
  const ids = await readdir(root).catch(() => []);
  const found: RecordedPlace[] = [];
  for (const id of ids) {
    const admin = join(root, id);
    const [record, pointer] = await Promise.all([readRecord(admin), readFileIfThere(join(admin, "gitdir"))]);
    if (record === null || pointer === null) continue;
    const path = dirname(resolve(admin, pointer.toString("utf8").trim()));
    const { workflow, branch, from = null } = record;
    found.push({ workflow, branch, path, admin, from });
  }
  return found;
}

/** Their folders, by workflow. */
export async function recordedWorktrees(commonDir: string): Promise<ReadonlyMap<string, readonly string[]>> {
  const found = new Map<string, string[]>();
  for (const { workflow, path } of await recordedPlaces(commonDir))
    found.set(workflow, [...(found.get(workflow) ?? []), path]);
  return found;
}

/** True while the folder of a recorded worktree is there. */
export async function isStanding({ path, admin, from }: RecordedPlace): Promise<boolean> {
  if ((await stat(path).catch(() => null)) !== null) return true;
  return from !== null && (await pointsTo(from, admin));
}
