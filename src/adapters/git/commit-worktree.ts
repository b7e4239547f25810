/**
 * Commits what a session left in its worktree.
 *
 * Owns: the branch, HEAD, index and unfinished operations of one worktree of ours. Does not own: any other ref.
 *
 * Invariants:
 * - C1: the content of the tree becomes the tip of the attempt's branch, wherever the agent left HEAD.
 * - C2: no commit is lost: what the new tip does not reach is put under a preserve ref before a ref moves.
 * - C3: the same effect again returns the same commit, also after a kill between any two steps (trailer first, then record).
 */
import { rename } from "node:fs/promises";
import { join } from "node:path";
import type { CommitId } from "../../core/vocabulary.ts";
import type { CommitText } from "../../ports/repository.ts";
import { readFileIfThere } from "../fs/read-file.ts";
import { writeRecord } from "./admin.ts";
import { commitTree } from "./build-commit.ts";
import type { RepositoryContext } from "./context.ts";
import { commitsWithTrailer } from "./find-commit.ts";
import { type Heads, type LinkedWorktree, openWorktree, readHeads } from "./linked-worktree.ts";
import { EFFECT_TRAILER, withEffect } from "./message.ts";
import { isAncestor, treeOf } from "./reads.ts";
import { isReachable, preserve } from "./refs.ts";
import { type Snapshot, takeSnapshot } from "./snapshot.ts";
import { clearStaleLock } from "./stale-lock.ts";
import { forgetUnfinished, setAsideCommits } from "./unfinished.ts";

/** What the next commit is made of. */
interface Choice {
  readonly parent: CommitId;
  readonly tree: string;
  /** True when the tree on disk is only something that the agent looked at: the branch's own content comes back. */
  readonly lookedAway: boolean;
}

/** The new commit, an earlier one of the same effect, or null when neither files nor commits are new. */
export async function commitWorktree(
  context: RepositoryContext,
  path: string,
  text: CommitText,
  effectId: string,
  force: readonly string[],
): Promise<CommitId | null> {
  const worktree = await openWorktree(context, path);
  const heads = await readHeads(worktree);
  const earlier = await earlierCommit(worktree, heads, effectId);
  if (earlier !== null) {
    if (worktree.record.tip !== earlier && heads.tip === earlier)
      await settle(worktree, heads, earlier, null);
    return earlier;
  }
  const { git, admin, record } = worktree;
  const snapshot = await takeSnapshot({ git, admin, start: heads.head ?? heads.tip ?? record.tip, force });
  try {
    const choice = await choose(worktree, heads, snapshot.tree);
    const isNew =
      choice.parent !== record.tip || choice.tree !== (await treeAt(worktree, heads, choice.parent));
    const tip = isNew
      ? await commitTree(git, choice.tree, [choice.parent], withEffect(text, effectId))
      : record.tip;
    await keepLeftBehind(worktree, heads, tip, choice.parent);
    await moveBranch(worktree, heads, tip);
    await settle(worktree, heads, tip, choice.lookedAway ? null : snapshot);
    return isNew ? tip : null;
  } finally {
    await snapshot.dispose();
  }
}

async function earlierCommit(
  worktree: LinkedWorktree,
  heads: Heads,
  effectId: string,
): Promise<CommitId | null> {
  const { git, record } = worktree;
  if (heads.tip === null || heads.tip === record.base) return null;
  return (await commitsWithTrailer(git, heads.tip, EFFECT_TRAILER, effectId, record.base))[0]?.commit ?? null;
}

/**
 * On the branch: its tip. Ahead of it (detached or on a branch of the agent's) with commits made here: they are kept as
 * they are. Elsewhere with a clean tree, when that commit was not made here, is old, or the branch has new commits: the
 * agent only looked there. Elsewhere with changes: the tree counts.
 */
async function choose(worktree: LinkedWorktree, heads: Heads, tree: string): Promise<Choice> {
  const { git, record, admin } = worktree;
  const rooted =
    heads.tip !== null && (heads.tip === record.tip || (await isAncestor(git, record.base, heads.tip)));
  const own = rooted && heads.tip !== null ? heads.tip : record.tip;
  const here = { parent: own, tree, lookedAway: false };
  const { head } = heads;
  if (heads.branch === record.branch || head === null) return here;
  const made = await wasMadeHere(admin, head);
  if (made && (await isAncestor(git, own, head))) return { ...here, parent: head };
  const clean = tree === (await treeOf(git, head));
  const lookedAway = clean && (!made || own !== record.tip || (await isAncestor(git, head, own)));
  return lookedAway ? { parent: own, tree: await treeOf(git, own), lookedAway } : here;
}

/** Tree of a commit, which mostly is the tip that was read already. */
async function treeAt({ git }: LinkedWorktree, heads: Heads, commit: CommitId): Promise<string> {
  return commit === heads.tip && heads.tipTree !== null ? heads.tipTree : treeOf(git, commit);
}

/** False when the worktree's HEAD only ever moved to the commit. Without a log of HEAD, true. */
async function wasMadeHere(admin: string, commit: CommitId): Promise<boolean> {
  const log = await readFileIfThere(join(admin, "logs", "HEAD"));
  if (log === null) return true;
  const entries = log
    .toString("utf8")
    .split("\n")
    .filter((line) => line.split(" ")[1] === commit);
  return entries.some((line) => !/^(checkout: |reset: |signalbox|$)/.test(line.split("\t")[1] ?? ""));
}

/** C2. Commits on another branch of the agent's stay where they are; only what nothing else holds gets a ref. */
async function keepLeftBehind(
  worktree: LinkedWorktree,
  heads: Heads,
  tip: CommitId,
  parent: CommitId,
): Promise<void> {
  const { git, record, admin } = worktree;
  const ref = `refs/heads/${record.branch}`;
  const commits = new Set([heads.tip, heads.head, record.tip, ...(await setAsideCommits(admin))]);
  for (const commit of commits) {
    if (
      commit === null ||
      commit === parent ||
      (await isAncestor(git, commit, tip)) ||
      (await isReachable(git, commit, ref))
    )
      continue;
    await preserve(git, record.workflow, `${leaf(record.branch)}-left-${commit.slice(0, 12)}`, commit);
  }
}

async function moveBranch(worktree: LinkedWorktree, heads: Heads, tip: CommitId): Promise<void> {
  if (heads.tip === tip) return;
  const ref = `refs/heads/${worktree.record.branch}`;
  // A git that was killed with the session may have left this lock.
  await clearStaleLock(join(worktree.admin, "..", "..", `${ref}.lock`));
  const expected = heads.tip ?? "0".repeat(tip.length);
  await worktree.git.run(["update-ref", "--create-reflog", "-m", "signalbox", ref, tip, expected]);
}

/** Puts HEAD, index and record where the branch is. Without a snapshot the files come from the commit or stay as they are. */
async function settle(
  worktree: LinkedWorktree,
  heads: Heads,
  tip: CommitId,
  snapshot: Snapshot | null,
): Promise<void> {
  const { git, admin, record } = worktree;
  const away = heads.branch !== record.branch;
  await forgetUnfinished(admin);
  if (away) await git.run(["symbolic-ref", "-m", "signalbox", "HEAD", `refs/heads/${record.branch}`]);
  if (snapshot !== null) await rename(snapshot.index, join(admin, "index"));
  else await git.run(["reset", away ? "--hard" : "--mixed", "--quiet"]);
  await writeRecord(admin, { ...record, tip });
}

function leaf(branch: string | null): string {
  return branch?.split("/").at(-1) ?? "detached";
}
