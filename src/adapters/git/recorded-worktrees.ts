import { readdir } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { readFileIfThere } from "../fs/read-file.ts";
import { readRecord } from "./admin.ts";

/** Folders of the worktrees that were made for workflows, by workflow. Reads our records alone and starts no git. */
export async function recordedWorktrees(commonDir: string): Promise<ReadonlyMap<string, readonly string[]>> {
  const root = join(commonDir, "worktrees");
  const ids = await readdir(root).catch(() => []);
  const found = new Map<string, string[]>();
  for (const id of ids) {
    const admin = join(root, id);
    const [record, pointer] = await Promise.all([readRecord(admin), readFileIfThere(join(admin, "gitdir"))]);
    if (record === null || pointer === null) continue;
    const folder = dirname(resolve(admin, pointer.toString("utf8").trim()));
    found.set(record.workflow, [...(found.get(record.workflow) ?? []), folder]);
  }
  return found;
}
