/** How far a commit is behind the branch that it follows elsewhere, from what was fetched so far. Asks no remote. */
import { stat } from "node:fs/promises";
import { join } from "node:path";
import type { Upstream } from "../../core/plan/plan.ts";
import type { CommitId } from "../../core/vocabulary.ts";
import type { RepositoryContext } from "./context.ts";
import type { Git } from "./git.ts";
import { isAncestor, resolveCommit } from "./reads.ts";
import { remoteFor } from "./remote.ts";

/** Null for a branch without a remote, and where nothing of it was fetched yet. */
export async function upstreamOf(
  { git, commonDir }: RepositoryContext,
  branch: string,
  commit: CommitId,
): Promise<Upstream | null> {
  const target = await remoteFor(git, branch);
  if (target === null) return null;
  const name = `${target.remote}/${target.branch}`;
  const tip = await newest(git, [`refs/remotes/${name}`, `refs/signalbox/remote/${name}`]);
  if (tip === null) return null;
  const counts = await git.text(["rev-list", "--left-right", "--count", `${commit}...${tip}`]);
  const [ahead = 0, behind = 0] = counts.split("\t").map(Number);
  const fetchedAt = await lastFetch(commonDir);
  return { name, commit: tip, behind, ahead, ...(fetchedAt === null ? {} : { fetchedAt }) };
}

/** What we fetched ourselves is in a ref of ours; the user's own fetch may be newer or older. */
async function newest(git: Git, refs: readonly string[]): Promise<CommitId | null> {
  const [theirs = null, ours = null] = await Promise.all(refs.map((ref) => resolveCommit(git, ref)));
  if (theirs === null || ours === null) return theirs ?? ours;
  return (await isAncestor(git, theirs, ours)) ? ours : theirs;
}

async function lastFetch(commonDir: string): Promise<string | null> {
  const stats = await stat(join(commonDir, "FETCH_HEAD")).catch(() => null);
  return stats === null ? null : stats.mtime.toISOString();
}
