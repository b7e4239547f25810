/** Worktrees that show a commit and belong to no branch: the integration worktree and the review worktrees. */
import { join } from "node:path";
import type { CommitId } from "../../core/vocabulary.ts";
import { addDetached } from "./add-worktree.ts";
import { writeRecord } from "./admin.ts";
import type { RepositoryContext } from "./context.ts";
import { headCommit, openWorktree } from "./linked-worktree.ts";
import { dirtyFiles } from "./reads.ts";
import { keepContent } from "./remove-worktree.ts";
import { withWorktreeLock } from "./repo-lock.ts";
import { clearStaleLock } from "./stale-lock.ts";
import { integrationPlace, isRendered, reviewPlace } from "./worktree-places.ts";

/**
 * Worktree of the workflow that shows the integration branch, made to show `commit`. What a person left in it is preserved
 * when the commit changes; while it stays the same, nothing in the folder is touched.
 */
export async function showIntegration(
  context: RepositoryContext,
  workflow: string,
  commit: CommitId,
): Promise<{ readonly path: string }> {
  const place = await addDetached(context, workflow, integrationPlace(context, workflow), commit);
  await showCommit(context, workflow, place.path, commit);
  return place;
}

/** Worktree that shows `commit`, shared by all who read that commit. */
export async function addReviewWorktree(
  context: RepositoryContext,
  workflow: string,
  commit: CommitId,
): Promise<{ readonly path: string }> {
  const place = await addDetached(context, workflow, reviewPlace(context, workflow, commit), commit);
  const worktree = await openWorktree(context, place.path);
  // Checks leave caches and reports here; only a tree that shows another commit is wrong.
  if ((await headCommit(worktree)) !== commit) await showCommit(context, workflow, place.path, commit);
  return place;
}

async function showCommit(
  context: RepositoryContext,
  workflow: string,
  path: string,
  commit: CommitId,
): Promise<void> {
  const { admin } = await openWorktree(context, path);
  await withWorktreeLock(admin, () => checkOutCommit(context, workflow, path, commit));
}

async function checkOutCommit(
  context: RepositoryContext,
  workflow: string,
  path: string,
  commit: CommitId,
): Promise<void> {
  const worktree = await openWorktree(context, path);
  const { git, admin, record } = worktree;
  const head = await headCommit(worktree);
  if (head === commit && record.tip === commit) return;
  const dirty = await dirtyFiles(git);
  if (head !== record.tip || dirty.some((file) => !isRendered(file)))
    await keepContent(context, { workflow, path, admin, git });
  await clearStaleLock(join(admin, "index.lock"));
  await git.run(["checkout", "--quiet", "--force", "--detach", commit]);
  if (dirty.length > 0) {
    await git.run(["reset", "--hard", "--quiet", commit]);
    await git.run(["clean", "-f", "-d", "-q"]);
  }
  await writeRecord(admin, { ...record, tip: commit });
}
