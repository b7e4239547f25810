/**
 * Merges a commit into the worktree of an attempt, as one commit with both parents. What conflicts stands in it with marks, so that the
 * worktree is clean and whatever an agent makes of the marks can be told from the merge.
 *
 * Invariants:
 * - JW1: the branch moves by compare-and-swap, and before the files: a kill between the two leaves a worktree that the same effect sets right.
 * - JW2: a worktree with changes of its own is left as it is.
 */
import { join } from "node:path";
import { SignalboxError } from "../../core/errors.ts";
import type { CommitId } from "../../core/vocabulary.ts";
import type { CommitText, Joined } from "../../ports/repository.ts";
import { writeRecord } from "./admin.ts";
import { commitTree, mergeTree } from "./build-commit.ts";
import type { RepositoryContext } from "./context.ts";
import { commitsWithTrailer } from "./find-commit.ts";
import { type LinkedWorktree, openWorktree, readHeads } from "./linked-worktree.ts";
import { EFFECT_TRAILER, withEffect } from "./message.ts";
import { withWorktreeLock } from "./repo-lock.ts";
import { clearStaleLock } from "./stale-lock.ts";

/** Errors: `worktree-changed`, `not-our-worktree`. */
export async function joinWorktree(
  context: RepositoryContext,
  path: string,
  commit: CommitId,
  text: CommitText,
  effectId: string,
): Promise<Joined> {
  const worktree = await openWorktree(context, path);
  const { record } = worktree;
  const { tip, branch } = await readHeads(worktree);
  if (tip === null || branch !== record.branch) throw changed(path);
  const [earlier] = await commitsWithTrailer(context.git, tip, EFFECT_TRAILER, effectId, record.base);
  const [from = tip] = earlier?.parents ?? [];
  const merged = await mergeTree(context.git, from, commit);
  if (earlier === undefined) await requireClean(worktree, path);
  const made =
    earlier?.commit ??
    (await commitTree(context.git, merged.tree, [from, commit], withEffect(text, effectId)));
  if (tip === from) await move(context, record.branch ?? "", made, from);
  // An agent that has gone on from there would lose what it made.
  if (tip === from || tip === made) await show(worktree, made);
  return { commit: made, conflicts: merged.conflicts };
}

async function requireClean({ git }: LinkedWorktree, path: string): Promise<void> {
  const status = await git.text([
    "status",
    "--porcelain",
    "--untracked-files=normal",
    "--ignore-submodules=none",
  ]);
  if (status !== "") throw changed(path);
}

async function move(
  { git }: RepositoryContext,
  branch: string,
  commit: CommitId,
  expected: CommitId,
): Promise<void> {
  await git.run([
    "update-ref",
    "--create-reflog",
    "-m",
    "signalbox",
    `refs/heads/${branch}`,
    commit,
    expected,
  ]);
}

async function show(worktree: LinkedWorktree, tip: CommitId): Promise<void> {
  const { admin, git, record } = worktree;
  await withWorktreeLock(admin, async () => {
    await clearStaleLock(join(admin, "index.lock"));
    await git.run(["reset", "--hard", "--quiet"]);
    await writeRecord(admin, { ...record, tip });
  });
}

function changed(path: string): SignalboxError {
  return new SignalboxError(
    "user",
    "worktree-changed",
    `What is merged cannot be put into ${path}: it has changes that no commit has`,
    [`To see them, run: git -C ${path} status`],
  );
}
