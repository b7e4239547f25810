/**
 * Makes worktrees.
 *
 * Invariants:
 * - A1: the administrative part (a few milliseconds) runs under the repository lock; the checkout, which is long, does not.
 * - A2: the same request again returns the same worktree, also after a kill between any two steps.
 * - A3: a branch or folder that is there already and is not the result of this request is an error, never adopted or changed.
 */
import { lstat, mkdir, readdir, rmdir, stat, unlink } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { SignalboxError } from "../../core/errors.ts";
import type { CommitId } from "../../core/vocabulary.ts";
import type { AddWorktree } from "../../ports/repository.ts";
import { findAdmin, readRecord, type WorktreeRecord, worktreeGit, writeRecord } from "./admin.ts";
import type { RepositoryContext } from "./context.ts";
import { readHead } from "./head-file.ts";
import { endMove } from "./move-worktree.ts";
import { isAncestor, resolveCommit } from "./reads.ts";
import { advance } from "./refs.ts";
import { withRepositoryLock, withWorktreeLock } from "./repo-lock.ts";
import { STRICT } from "./spare-proof.ts";
import { findSpare, rememberMade, takeSpare } from "./spare-worktrees.ts";
import { clearStaleLock } from "./stale-lock.ts";
import { createTurns } from "./turns.ts";
import { type ListedWorktree, listWorktrees } from "./worktree-list.ts";
import { branchPlace } from "./worktree-places.ts";

/** More checkouts than cores take longer in all than one after another. */
const checkOutTurns = createTurns(Math.max(2, availableParallelism()));

/** Worktree of an attempt: branch `request.branch` at its start, checked out in its own folder. */
export async function addWorktree(
  context: RepositoryContext,
  request: AddWorktree,
): Promise<{ readonly path: string }> {
  const path = branchPlace(context, request.branch);
  const { workflow, branch, base, start = base } = request;
  const record = { version: 1, workflow, branch, base, tip: start, ready: false } as const;
  const reuse = request.reuse === true;
  // One that is just being put aside can be had a moment later: whoever does that holds the lock.
  if (reuse) await withRepositoryLock(context.commonDir, async () => {});
  const spare = reuse ? await findSpare(context, workflow, start) : null;
  try {
    await withRepositoryLock(context.commonDir, async () => {
      if (await adopt(context, path, record)) return;
      await requireFreePath(path);
      await createBranch(context, request);
      if (spare !== null && (await takeSpare(context, spare, path, record))) return;
      await register(context, path, record, [path, request.branch]);
    });
    await checkOutTurns(() => checkOut(context, path, reuse));
  } finally {
    spare?.release();
  }
  return { path };
}

/** Detached worktree at a commit. One that is there already is returned as it is. */
export async function addDetached(
  context: RepositoryContext,
  workflow: string,
  path: string,
  commit: CommitId,
): Promise<{ readonly path: string }> {
  const record = { version: 1, workflow, branch: null, base: commit, tip: commit, ready: false } as const;
  await withRepositoryLock(context.commonDir, async () => {
    if (await adopt(context, path, record)) return;
    await requireFreePath(path);
    await register(context, path, record, ["--detach", path, commit]);
  });
  await checkOutTurns(() => checkOut(context, path, false));
  return { path };
}

/** True when the worktree of this very request is there (A2). What a kill left half-made is cleared first. */
async function adopt(context: RepositoryContext, path: string, wanted: WorktreeRecord): Promise<boolean> {
  const admin = await findAdmin(context.commonDir, path);
  if (admin === null) return false;
  const record = await readRecord(admin);
  if (record === null && (await isHalfMade(admin, path))) {
    await clearHalfMade(context, path);
    return false;
  }
  if (record === null) {
    const entry = (await listWorktrees(context)).find((it) => it.path === path);
    return adoptUnrecorded(context, admin, path, wanted, entry);
  }
  if (record.branch !== wanted.branch) throw taken(path, record.branch);
  await requireDescendant(context, wanted, record.branch === null ? wanted.base : undefined);
  await endMove(admin, path);
  if (!(await isThere(path))) await restoreMissing(context, path, record);
  return true;
}

/** Killed between git's registration and our record. With an index somebody may have worked there: only the branch can tell. */
async function adoptUnrecorded(
  context: RepositoryContext,
  admin: string,
  path: string,
  wanted: WorktreeRecord,
  entry: ListedWorktree | undefined,
): Promise<boolean> {
  if ((entry?.branch ?? null) !== wanted.branch) throw taken(path, entry?.branch ?? null);
  await requireDescendant(context, wanted, entry?.commit ?? undefined);
  await writeRecord(admin, { ...wanted, ready: await isThere(join(admin, "index")) });
  return true;
}

/** Somebody deleted the folder: git still knows the worktree, so the branch is checked out there again. */
async function restoreMissing(
  context: RepositoryContext,
  path: string,
  record: WorktreeRecord,
): Promise<void> {
  const target = record.branch === null ? ["--detach", path, record.base] : [path, record.branch];
  await register(context, path, { ...record, ready: false }, ["--force", "--force", ...target]);
}

async function requireDescendant(
  context: RepositoryContext,
  wanted: WorktreeRecord,
  tip?: CommitId,
): Promise<void> {
  const found = tip ?? (await resolveCommit(context.git, `refs/heads/${wanted.branch}`));
  if (found === null || (await isAncestor(context.git, wanted.base, found))) return;
  throw branchExists(wanted.branch ?? "HEAD", found, wanted.base);
}

/** `git worktree add` marks what it is making; a second process that still makes it gets the time to end. */
async function isHalfMade(admin: string, path: string): Promise<boolean> {
  for (let waitedMs = 0; waitedMs < 2000; waitedMs += 50) {
    if (!(await isThere(join(admin, "locked")))) return !(await isThere(join(path, ".git")));
    await sleep(50);
  }
  return !(await isThere(join(admin, "index")));
}

/** Without a checkout there is at most the `.git` file. The folder goes only when it is empty. */
async function clearHalfMade(context: RepositoryContext, path: string): Promise<void> {
  await unlink(join(path, ".git")).catch(() => {});
  await requireFreePath(path);
  await rmdir(path).catch(() => {});
  await context.git.run(["worktree", "remove", "--force", "--force", path]);
}

async function createBranch(context: RepositoryContext, request: AddWorktree): Promise<void> {
  const { branch, base, start = base } = request;
  const result = await advance(context, branch, start, null);
  if (!result.ok) throw branchExists(branch, result.found, base);
}

async function register(
  context: RepositoryContext,
  path: string,
  record: WorktreeRecord,
  args: readonly string[],
): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await context.git.run(["worktree", "add", "--no-checkout", ...args]);
  const admin = await findAdmin(context.commonDir, path);
  if (admin === null)
    throw new SignalboxError("environment", "git-failed", `git made no worktree at ${path}`);
  await writeRecord(admin, record);
}

/**
 * First checkout, by one of all who want this worktree: a second `git reset` beside it fails on the lock of the index. One that was
 * used before has the files of its earlier commit and the index of them, so only what differs is written.
 */
async function checkOut(context: RepositoryContext, path: string, reuse: boolean): Promise<void> {
  const admin = await findAdmin(context.commonDir, path);
  if (admin === null || (await readRecord(admin))?.ready !== false) return;
  await withWorktreeLock(admin, async () => {
    const record = await readRecord(admin);
    if (record === null || record.ready) return;
    await clearStaleLock(join(admin, "index.lock"));
    const git = worktreeGit(context.git, path, admin);
    const { from: _, ...own } = record;
    if (own.branch !== null && (await readHead(admin))?.branch !== own.branch)
      await git.run(["symbolic-ref", "-m", "signalbox", "HEAD", `refs/heads/${own.branch}`]);
    await git.run([...STRICT, "reset", "--hard", "--quiet"]);
    if (reuse) await rememberMade(admin);
    await writeRecord(admin, { ...own, ready: true });
  });
}

/** An empty folder is free; a file, a link or a folder with something in it is somebody's, also in place of a parent. */
async function requireFreePath(path: string): Promise<void> {
  for (let at = path; at !== dirname(at); at = dirname(at)) {
    const stats = await lstat(at).catch(() => null);
    if (stats === null) continue;
    const free = at === path ? stats.isDirectory() && (await readdir(at)).length === 0 : await isFolder(at);
    if (free) return;
    throw inTheWay(at, path, stats.isDirectory() ? "folder" : "file");
  }
}

/** Of a parent, where a link to a folder is fine. */
async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null))?.isDirectory() === true;
}

function inTheWay(place: string, wanted: string, what: "folder" | "file"): SignalboxError {
  const where = place === wanted ? "where a worktree has to go" : `where the worktree ${wanted} has to go`;
  return new SignalboxError(
    "user",
    "worktree-path-exists",
    `The ${what} ${place} stands ${where}, and is no worktree of this repository`,
    [`To move it out of the way, run: mv ${place} ${place}.old`],
  );
}

async function isThere(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null)) !== null;
}

function taken(path: string, branch: string | null): SignalboxError {
  return new SignalboxError(
    "user",
    "worktree-path-exists",
    `${path} is the worktree of ${branch ?? "a detached commit"} already`,
    [`To see what is in it, run: git -C ${path} status`],
  );
}

function branchExists(branch: string, found: CommitId | null, base: CommitId): SignalboxError {
  const message = `The branch ${branch} exists already at ${found}, not at its base ${base}`;
  return new SignalboxError("user", "branch-exists", message, [
    `To keep its commits under another name, run: git branch -m ${branch} kept/${branch}`,
  ]);
}
