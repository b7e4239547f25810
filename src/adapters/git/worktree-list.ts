/** The worktrees that git knows (`git worktree list --porcelain -z`). */
import type { CommitId } from "../../core/vocabulary.ts";
import type { Git } from "./git.ts";

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
