/** The worktrees that git knows (`git worktree list --porcelain -z`). */

import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { CommitId } from "../../core/vocabulary.ts";
import { isMissing } from "../fs/read-file.ts";
import type { Git } from "./git.ts";
import { readHead } from "./head-file.ts";

export interface ListedWorktree {
  readonly path: string;
  /** Short branch name; null when detached. */
  readonly branch: string | null;
  readonly commit: CommitId | null;
  readonly bare: boolean;
  /** Reason of the lock, empty text for a lock without reason; null = not locked. */
  readonly locked: string | null;
}

/** All worktrees of the repository, the main one first. */
export async function listWorktrees(context: { readonly git: Git }): Promise<readonly ListedWorktree[]> {
  return parseWorktreeList((await context.git.run(["worktree", "list", "--porcelain", "-z"])).stdout);
}

/** Folder in which a branch is checked out; null when it is nowhere. Git is asked only when it may be. */
export async function checkoutOf(
  context: { readonly git: Git; readonly commonDir: string },
  branch: string,
): Promise<string | null> {
  const { commonDir } = context;
  const linked = await readdir(join(commonDir, "worktrees")).catch((error: unknown) =>
    isMissing(error) ? [] : null,
  );
  const folders = linked?.map((id) => join(commonDir, "worktrees", id));
  const heads = folders === undefined ? [null] : await Promise.all([commonDir, ...folders].map(readHead));
  if (heads.every((head) => head !== null && head.branch !== branch)) return null;
  return (await listWorktrees(context)).find((it) => it.branch === branch)?.path ?? null;
}

/** Entries in git's order: the main worktree first. */
function parseWorktreeList(output: Buffer): readonly ListedWorktree[] {
  return output
    .toString("utf8")
    .split("\0\0")
    .filter((block) => block.startsWith("worktree "))
    .map(parseBlock);
}

function parseBlock(block: string): ListedWorktree {
  const fields = new Map(
    block.split("\0").map((line) => {
      const blank = line.indexOf(" ");
      return blank < 0 ? ([line, ""] as const) : ([line.slice(0, blank), line.slice(blank + 1)] as const);
    }),
  );
  const commit = fields.get("HEAD");
  return {
    path: fields.get("worktree") ?? "",
    branch: fields.get("branch")?.replace(/^refs\/heads\//, "") ?? null,
    commit: commit === undefined || /^0+$/.test(commit) ? null : commit,
    bare: fields.has("bare"),
    locked: fields.get("locked") ?? null,
  };
}
