/** One of our worktrees, opened by git's own knowledge of it. */
import { SignalboxError } from "../../core/errors.ts";
import type { CommitId } from "../../core/vocabulary.ts";
import { findAdmin, readRecord, type WorktreeRecord, worktreeGit } from "./admin.ts";
import type { RepositoryContext } from "./context.ts";
import type { Git } from "./git.ts";
import { readHead } from "./head-file.ts";
import { currentBranch, resolveAll, resolveCommit } from "./reads.ts";
import { requireOurs } from "./worktree-places.ts";

export interface LinkedWorktree {
  readonly path: string;
  readonly admin: string;
  readonly git: Git;
  readonly record: WorktreeRecord;
}

/** Where HEAD of a worktree is, and where the branch that it should be on is. */
export interface Heads {
  /** Commit of HEAD; null when HEAD names a branch without commits. */
  readonly head: CommitId | null;
  /** Branch that HEAD names; null when detached. */
  readonly branch: string | null;
  /** Tip of the recorded branch; null when it is gone or the worktree is a detached one. */
  readonly tip: CommitId | null;
  readonly tipTree: string | null;
}

/** Throws `not-our-worktree` for a folder outside our place, unknown to git or without our record. */
export async function openWorktree(context: RepositoryContext, path: string): Promise<LinkedWorktree> {
  const real = await requireOurs(context, path);
  const admin = await findAdmin(context.commonDir, real);
  const record = admin === null ? null : await readRecord(admin);
  if (admin === null || record === null)
    throw new SignalboxError(
      "user",
      "not-our-worktree",
      `${path} is no worktree that was made for a workflow`,
      [`To see all worktrees, run: git -C ${context.root} worktree list`],
    );
  return { path: real, admin, record, git: worktreeGit(context.git, real, admin) };
}

/** Reads both, whatever an agent did to them. */
export async function readHeads(worktree: LinkedWorktree): Promise<Heads> {
  const { git, record, admin } = worktree;
  const ref = `refs/heads/${record.branch}`;
  const own = record.branch === null ? [] : [`${ref}^{commit}`, `${ref}^{tree}`];
  const [branch, [head = null, tip = null, tipTree = null]] = await Promise.all([
    readHead(admin).then((found) => (found === null ? currentBranch(git) : found.branch)),
    resolveAll(git, ["HEAD^{commit}", ...own]),
  ]);
  return { head, branch, tip, tipTree };
}

/** Commit of HEAD; null when HEAD names a branch without commits. */
export async function headCommit({ git, admin }: LinkedWorktree): Promise<CommitId | null> {
  return (await readHead(admin))?.commit ?? resolveCommit(git, "HEAD");
}
