/** Operations that an agent left in the middle: merge, rebase, cherry-pick, revert, bisect. */
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { readFileIfThere } from "../fs/read-file.ts";
import { clearStaleLock } from "./stale-lock.ts";

const STATE = [
  /^(MERGE|CHERRY_PICK|REVERT|REBASE)_HEAD$/,
  /^(MERGE|SQUASH)_(MSG|MODE|RR)$/,
  /^(AUTO_MERGE|MERGE_AUTOSTASH)$/,
  /^BISECT_/,
  /^(rebase-merge|rebase-apply|sequencer)$/,
];

const OPERATIONS: Readonly<Record<string, string>> = {
  MERGE_HEAD: "merge",
  CHERRY_PICK_HEAD: "cherry-pick",
  REVERT_HEAD: "revert",
  "rebase-merge": "rebase",
  "rebase-apply": "rebase",
};

/** Git's word for the operation that a checkout is in the middle of, by its git folder; null where there is none. */
export async function unfinishedOperation(gitDir: string): Promise<string | null> {
  const names = await readdir(gitDir).catch(() => []);
  return names.map((name) => OPERATIONS[name]).find((word) => word !== undefined) ?? null;
}

/** Commits that git set aside for the operation (autostash); they are in no ref. */
export async function setAsideCommits(admin: string): Promise<readonly string[]> {
  const files = ["MERGE_AUTOSTASH", "rebase-merge/autostash", "rebase-apply/autostash"];
  const found = await Promise.all(files.map((file) => readFileIfThere(join(admin, file))));
  return found.flatMap((content) => {
    const id = content?.toString("utf8").trim() ?? "";
    return /^[0-9a-f]{40,64}$/.test(id) ? [id] : [];
  });
}

/** Forgets the operation without touching a file of the tree: the next commit would otherwise become part of it. */
export async function forgetUnfinished(admin: string): Promise<void> {
  await clearStaleLock(join(admin, "index.lock"));
  await clearStaleLock(join(admin, "HEAD.lock"));
  const names = await readdir(admin);
  const state = names.filter((name) => STATE.some((pattern) => pattern.test(name)));
  for (const name of state) await rm(join(admin, name), { recursive: true, force: true });
}
