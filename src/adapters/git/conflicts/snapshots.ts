/** A line at a moment: its last commit, or a commit of everything in its worktree that exists only while it is compared. */
import type { Tip } from "../../../core/conflicts/matrix.ts";
import type { CommitId } from "../../../core/vocabulary.ts";
import type { Line } from "../../../ports/conflicts.ts";
import { commitTree } from "../build-commit.ts";
import type { RepositoryContext } from "../context.ts";
import type { Git } from "../git.ts";
import { headCommit, openWorktree } from "../linked-worktree.ts";
import { resolveAll } from "../reads.ts";
import { takeSnapshot } from "../snapshot.ts";
import { createTurns } from "../turns.ts";

/** A tip, and the commit that stands for it in a merge. */
export interface Stand {
  readonly tip: Tip;
  readonly commit: CommitId;
}

/** Lines whose revision does not exist are left out. `git` is the quarantined one, `folder` is removed after the look, or by others after a kill. */
export async function readLines(
  context: RepositoryContext,
  git: Git,
  folder: string,
  lines: readonly Line[],
): Promise<readonly Stand[]> {
  const ids = await resolveAll(
    git,
    lines.flatMap(({ revision }) => [`${nameOf(revision)}^{commit}`, `${nameOf(revision)}^{tree}`]),
  );
  const turns = createTurns(2);
  const stands = lines.map(async (line, index): Promise<readonly Stand[]> => {
    const commit = ids[2 * index] ?? null;
    const tree = ids[2 * index + 1] ?? null;
    if (commit === null || tree === null) return [];
    const committed = { tip: { name: line.name, commit, tree, uncommitted: false }, commit };
    const { worktree } = line;
    if (worktree === undefined) return [committed];
    return [(await turns(() => snapshotOf(context, git, folder, worktree, committed))) ?? committed];
  });
  return (await Promise.all(stands)).flat();
}

/** A commit id is itself; anything else is a branch. */
function nameOf(revision: string): string {
  return /^([0-9a-f]{40}|[0-9a-f]{64})$/.test(revision) || revision.startsWith("refs/")
    ? revision
    : `refs/heads/${revision}`;
}

/** Null where the worktree cannot be read now: it is gone, or files went while they were read. The last commit counts then. */
async function snapshotOf(
  context: RepositoryContext,
  git: Git,
  folder: string,
  path: string,
  { tip }: Stand,
): Promise<Stand | null> {
  try {
    const worktree = await openWorktree({ ...context, git }, path);
    const head = (await headCommit(worktree)) ?? tip.commit;
    const { admin } = worktree;
    const snapshot = await takeSnapshot({ git: worktree.git, admin, start: head, force: [], folder });
    await snapshot.dispose();
    const [headTree] = await resolveAll(git, [`${head}^{tree}`]);
    const uncommitted = snapshot.tree !== headTree;
    const commit = uncommitted
      ? await commitTree(git, snapshot.tree, [head], { subject: "as it is now", trailers: {} })
      : head;
    return { tip: { ...tip, commit: head, tree: snapshot.tree, uncommitted }, commit };
  } catch {
    return null;
  }
}
