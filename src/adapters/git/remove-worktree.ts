/**
 * Removes worktrees without losing anything.
 *
 * Invariants:
 * - R1: nothing outside the worktrees folder is removed, and nothing there that git does not know as a worktree of this repository.
 * - R2: before a removal every file that is not ignored is in a commit that a ref reaches, and that commit has been read back.
 * - R3: the content is looked at once more after it was kept; what changed meanwhile is kept too.
 * - R4: a repository of its own inside the tree is never removed: its history cannot be kept by a commit of ours.
 */
import { chmod, lstat, readdir, rm, rmdir, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { SignalboxError } from "../../core/errors.ts";
import type { CommitId } from "../../core/vocabulary.ts";
import { readFileIfThere } from "../fs/read-file.ts";
import { findAdmin, worktreeGit } from "./admin.ts";
import { commitTree } from "./build-commit.ts";
import type { RepositoryContext } from "./context.ts";
import type { Git } from "./git.ts";
import { endMove } from "./move-worktree.ts";
import { refuseNested, submodulesOf } from "./nested.ts";
import { resolveAll, resolveCommit, treeOf } from "./reads.ts";
import { isReachable, preserve, preservedTree } from "./refs.ts";
import { withRepositoryLock } from "./repo-lock.ts";
import { splitPaths, takeSnapshot } from "./snapshot.ts";
import { isUnchanged } from "./unchanged-worktree.ts";
import { listWorktrees } from "./worktree-list.ts";
import { isIntegrationPlace, isRendered, isReviewPlace, requireOurs } from "./worktree-places.ts";

/** A worktree of ours by git's own knowledge of it. */
export interface Subject {
  readonly workflow: string;
  readonly path: string;
  readonly admin: string;
  readonly git: Git;
}

/** Removes one worktree; the ref that keeps what was not committed, or null when there was nothing. A missing one is fine. */
export function removeWorktree(
  context: RepositoryContext,
  workflow: string,
  path: string,
): Promise<{ readonly preserved: string | null }> {
  return withRepositoryLock(context.commonDir, () => removeLocked(context, workflow, path));
}

/** Removes all review worktrees of a workflow in the same careful way. */
export async function removeReviewWorktrees(context: RepositoryContext, workflow: string): Promise<void> {
  for (const { path } of await listWorktrees(context)) {
    if (isReviewPlace(context, workflow, path)) await removeWorktree(context, workflow, path);
  }
}

/** Keeps everything in a worktree that no ref holds yet. The ref, or null when there was nothing to keep. */
export async function keepContent(context: RepositoryContext, subject: Subject): Promise<string | null> {
  const [head = null, headTree = null] = await resolveAll(subject.git, ["HEAD^{commit}", "HEAD^{tree}"]);
  if (head !== null && (await holdsNothingNew(context, subject, head))) return null;
  let held = headTree;
  let ref: string | null = null;
  for (;;) {
    const tree = await contentTree(context, subject, head);
    if (tree === held) break;
    ref = await keepTree(context, subject, tree, head);
    held = tree;
  }
  if (ref !== null) return ref;
  if (head === null || (await isReachable(context.git, head))) return null;
  return preserve(context.git, subject.workflow, nameOf(context, subject), head);
}

/** True when all of it is in its commit, and that commit in a lasting ref: one look instead of a snapshot. */
async function holdsNothingNew(
  context: RepositoryContext,
  subject: Subject,
  head: CommitId,
): Promise<boolean> {
  const [unchanged, artifacts, reachable] = await Promise.all([
    isUnchanged(subject, head),
    ignoredArtifacts(subject),
    isReachable(context.git, head),
  ]);
  return unchanged && artifacts.length === 0 && reachable;
}

/** Removes a worktree of ours as it is, with its parents where they are empty. For callers that hold the lock and the proof. */
export async function removeFolderOf(context: RepositoryContext, path: string): Promise<void> {
  const real = await requireOurs(context, path);
  const admin = await findAdmin(context.commonDir, real);
  if (admin === null) return;
  if ((await lstat(real).catch(() => null)) !== null) await repairPointer(real, admin);
  await removeFolder(context, real);
  await removeEmptyParents(context.worktreesFolder, dirname(real));
}

/** `removeWorktree` for callers that hold the lock. */
export async function removeLocked(
  context: RepositoryContext,
  workflow: string,
  path: string,
): Promise<{ readonly preserved: string | null }> {
  const real = await requireOurs(context, path);
  const admin = await findAdmin(context.commonDir, real);
  if (admin !== null) await endMove(admin, real);
  const there = (await lstat(real).catch(() => null)) !== null;
  if (admin === null) {
    if (!there) return { preserved: null };
    throw new SignalboxError(
      "user",
      "not-our-worktree",
      `${path} is no worktree of this repository, it stays`,
      [`To look at it, run: ls -la ${path}`],
    );
  }
  // Git refuses to run in a folder that is gone.
  const git = there ? worktreeGit(context.git, real, admin) : context.git.within(admin, { GIT_DIR: admin });
  const subject = { workflow, path: real, admin, git };
  const preserved = there ? await keepContent(context, subject) : await keepHead(context, subject);
  if (there) await repairPointer(real, admin);
  await removeFolder(context, real);
  await removeEmptyParents(context.worktreesFolder, dirname(real));
  return { preserved };
}

/**
 * Everything in a worktree that is not ignored, as a tree; changes no ref. An integration worktree in which nothing but
 * rendered documents differs has the tree of its commit. Throws `nested-repository` (R4).
 */
export async function contentTree(
  context: RepositoryContext,
  subject: Subject,
  head: CommitId | null,
): Promise<string> {
  const force = await ignoredArtifacts(subject);
  const snapshot = await takeSnapshot({ git: subject.git, admin: subject.admin, start: head, force });
  try {
    await refuseNested(context, subject, snapshot);
    return (await holdsOnlyRendered(context, subject, head, snapshot.tree))
      ? await treeOf(context.git, head ?? "HEAD")
      : snapshot.tree;
  } finally {
    await snapshot.dispose();
  }
}

/** Content as a tree, and the repositories inside that no tree has. Refuses nothing. */
export async function snapshotOf(
  subject: Subject,
  head: CommitId | null,
): Promise<{ readonly tree: string; readonly inner: readonly string[] }> {
  const force = await ignoredArtifacts(subject);
  const snapshot = await takeSnapshot({ git: subject.git, admin: subject.admin, start: head, force });
  try {
    const { tree, nested } = snapshot;
    return { tree, inner: [...nested, ...(await submodulesOf(subject.git, tree))] };
  } finally {
    await snapshot.dispose();
  }
}

/** The refresher writes documents of a newer state over those of the commit; they follow from the journal at any time. */
async function holdsOnlyRendered(
  context: RepositoryContext,
  subject: Subject,
  head: CommitId | null,
  tree: string,
): Promise<boolean> {
  if (head === null || !isIntegrationPlace(context, subject.workflow, subject.path)) return false;
  const args = ["diff-tree", "-r", "--no-renames", "--name-only", "-z", `${head}^{tree}`, tree];
  return splitPaths((await context.git.run(args)).stdout).every(isRendered);
}

/** Ignore rules of the repository may name the workflow's folder; what agents wrote there is work all the same. */
export async function ignoredArtifacts(subject: Subject): Promise<readonly string[]> {
  const args = [
    "ls-files",
    "-z",
    "--others",
    "--ignored",
    "--exclude-standard",
    "--",
    `:(glob)**/${subject.workflow}/**`,
  ];
  const { stdout } = await subject.git.run(args, { env: { GIT_LITERAL_PATHSPECS: "0" } });
  return stdout
    .toString("utf8")
    .split("\0")
    .filter((path) => path !== "");
}

async function keepTree(
  context: RepositoryContext,
  subject: Subject,
  tree: string,
  head: CommitId | null,
): Promise<string> {
  const { git } = context;
  const covered = head === null || (await isReachable(git, head));
  const same = covered ? await preservedTree(git, subject.workflow, tree) : null;
  if (same !== null) return same;
  const name = nameOf(context, subject);
  const text = { subject: `Kept from ${name}`, trailers: { "Signalbox-Workflow": subject.workflow } };
  const commit = await commitTree(git, tree, head === null ? [] : [head], text);
  const ref = await preserve(git, subject.workflow, name, commit);
  if ((await treeOf(git, ref)) === tree) return ref;
  throw new SignalboxError(
    "internal",
    "not-preserved",
    `${ref} does not hold the content of ${subject.path}`,
  );
}

async function keepHead(context: RepositoryContext, subject: Subject): Promise<string | null> {
  const head = await resolveCommit(subject.git, "HEAD");
  if (head === null || (await isReachable(context.git, head))) return null;
  return preserve(context.git, subject.workflow, nameOf(context, subject), head);
}

/** Git removes only a tree whose `.git` file points back to it; an agent may have changed or deleted that file. */
async function repairPointer(path: string, admin: string): Promise<void> {
  const pointer = join(path, ".git");
  const wanted = `gitdir: ${admin}\n`;
  const stats = await lstat(pointer).catch(() => null);
  if (stats?.isDirectory()) return;
  if (stats?.isFile() && (await readFileIfThere(pointer))?.toString("utf8") === wanted) return;
  await rm(pointer, { force: true });
  await writeFile(pointer, wanted);
}

async function removeFolder(context: RepositoryContext, path: string): Promise<void> {
  const args = ["worktree", "remove", "--force", "--force", path];
  const first = await context.git.run(args, { accept: [128, 255] });
  if (first.code === 0) return;
  // Tools make folders read-only (module caches); git gives up on them half-way.
  await makeWritable(path);
  await rm(path, { recursive: true, force: true });
  if ((await findAdmin(context.commonDir, path)) !== null) await context.git.run(args);
}

async function makeWritable(folder: string): Promise<void> {
  const stats = await lstat(folder).catch(() => null);
  if (stats === null || !stats.isDirectory()) return;
  await chmod(folder, stats.mode | 0o700);
  for (const name of await readdir(folder)) await makeWritable(join(folder, name));
}

async function removeEmptyParents(top: string, folder: string): Promise<void> {
  for (let at = folder; !relative(top, at).startsWith(".."); at = dirname(at)) {
    const removed = await rmdir(at).then(
      () => true,
      () => false,
    );
    if (!removed) return;
  }
}

/** Name under which the content of a worktree is preserved. */
export function nameOf(context: RepositoryContext, subject: Pick<Subject, "workflow" | "path">): string {
  const inside = relative(join(context.worktreesFolder, context.prefix, subject.workflow), subject.path);
  return inside.startsWith("..") ? relative(context.worktreesFolder, subject.path) : inside;
}
