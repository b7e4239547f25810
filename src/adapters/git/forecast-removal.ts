/** What a removal would keep and where, said before it is done. The removal itself looks again. */
import { lstat } from "node:fs/promises";
import { SignalboxError } from "../../core/errors.ts";
import type { CommitId } from "../../core/vocabulary.ts";
import type { RemovalForecast } from "../../ports/repository.ts";
import { findAdmin, provisionedPaths, worktreeGit } from "./admin.ts";
import type { RepositoryContext } from "./context.ts";
import { resolveAll, resolveCommit } from "./reads.ts";
import { isReachable, keptAs, preservedTree, preservePlace } from "./refs.ts";
import { contentTree, ignoredArtifacts, nameOf, type Subject } from "./remove-worktree.ts";
import { isBelow, splitPaths } from "./snapshot.ts";
import { listWorktrees } from "./worktree-list.ts";
import { requireOurs } from "./worktree-places.ts";

/** Forecast of `removeWorktree` and then `deleteBranch`. Makes objects and changes no ref. */
export async function forecastRemoval(
  context: RepositoryContext,
  workflow: string,
  { path, branch }: { readonly path: string | null; readonly branch: string | null },
): Promise<RemovalForecast> {
  const tree = path === null ? NO_TREE : await forecastWorktree(context, workflow, path);
  const tip = branch === null ? null : await resolveCommit(context.git, `refs/heads/${branch}`);
  const kept = tree.preserved === null ? [] : [tree.preserved];
  if (branch !== null && tip !== null && !(await staysReachable(context, branch, tip, tree))) {
    const [owner, name] = keptAs(context, branch);
    kept.push((await preservePlace(context.git, owner, name, tip, new Set(kept))).ref);
  }
  return {
    uncommitted: tree.uncommitted,
    preserved: kept,
    revision: kept[0] ?? tree.head ?? tip,
    ignored: tree.ignored,
  };
}

interface TreeForecast {
  readonly head: CommitId | null;
  readonly uncommitted: number;
  /** Ref for the content; null where a ref has all of it. */
  readonly preserved: string | null;
  readonly ignored: readonly string[];
}

const NO_TREE: TreeForecast = { head: null, uncommitted: 0, preserved: null, ignored: [] };

async function forecastWorktree(
  context: RepositoryContext,
  workflow: string,
  path: string,
): Promise<TreeForecast> {
  const real = await requireOurs(context, path);
  const admin = await findAdmin(context.commonDir, real);
  if (admin === null) return NO_TREE;
  await refuseLocked(context, path);
  const subject = { workflow, path: real, admin, git: worktreeGit(context.git, real, admin) };
  if ((await lstat(real).catch(() => null)) === null) return forecastMissing(context, subject);
  const [head = null, headTree = null] = await resolveAll(subject.git, ["HEAD^{commit}", "HEAD^{tree}"]);
  const tree = await contentTree(context, subject, head);
  const changed = tree === headTree ? [] : await changedPaths(context, headTree, tree);
  const preserved = await keptContent(context, subject, head, tree === headTree ? null : tree);
  return { head, uncommitted: changed.length, preserved, ignored: await ignoredPaths(subject) };
}

/** Somebody who locks a worktree wants it to stay. */
async function refuseLocked(context: RepositoryContext, path: string): Promise<void> {
  const found = (await listWorktrees(context)).find((it) => it.path === path);
  if (found === undefined || found.locked === null) return;
  const why = found.locked === "" ? "" : ` (${found.locked})`;
  throw new SignalboxError("user", "worktree-locked", `${path} is locked${why}, so it is kept`, [
    `To let it go, run: git worktree unlock ${path}`,
  ]);
}

/** The folder is gone; git still knows its commit. */
async function forecastMissing(context: RepositoryContext, subject: Subject): Promise<TreeForecast> {
  const git = context.git.within(subject.admin, { GIT_DIR: subject.admin });
  const head = await resolveCommit(git, "HEAD");
  return { ...NO_TREE, head, preserved: await keptContent(context, subject, head, null) };
}

/** The ref that will hold the content: `tree` where it differs from the commit, else the commit itself. */
async function keptContent(
  context: RepositoryContext,
  subject: Subject,
  head: CommitId | null,
  tree: string | null,
): Promise<string | null> {
  const { git } = context;
  const covered = head === null || (await isReachable(git, head));
  if (tree === null && covered) return null;
  const same = tree !== null && covered ? await preservedTree(git, subject.workflow, tree) : null;
  if (same !== null) return same;
  const commit = tree === null ? head : null;
  return (await preservePlace(git, subject.workflow, nameOf(context, subject), commit)).ref;
}

/** True when something reaches the tip once the branch is gone: another ref, or what is kept of the worktree. */
async function staysReachable(
  { git }: RepositoryContext,
  branch: string,
  tip: CommitId,
  { preserved, head }: TreeForecast,
): Promise<boolean> {
  if (await isReachable(git, tip, `refs/heads/${branch}`)) return true;
  const keepsHead = preserved !== null && (await resolveCommit(git, preserved)) === null;
  return keepsHead && head !== null && (await git.test(["merge-base", "--is-ancestor", tip, head]));
}

async function changedPaths(
  { git }: RepositoryContext,
  before: string | null,
  after: string,
): Promise<readonly string[]> {
  const args =
    before === null
      ? ["ls-tree", "-r", "--name-only", "-z", after]
      : ["diff-tree", "-r", "--no-renames", "--name-only", "-z", before, after];
  return splitPaths((await git.run(args)).stdout);
}

/** Whole folders where all in them is ignored and nothing of it is kept. A damaged index names none. */
async function ignoredPaths(subject: Subject): Promise<readonly string[]> {
  const { git, admin } = subject;
  const listed = await git.run([...IGNORED, "--directory"], { accept: [128] });
  if (listed.code !== 0) return [];
  const names = splitPaths(listed.stdout);
  const kept = new Set((await ignoredArtifacts(subject)).map(bytes));
  const mixed = names.filter((name) =>
    [...kept].some((path) => path !== name && isBelow(path, [folder(name)])),
  );
  const inside =
    mixed.length === 0
      ? []
      : splitPaths((await git.run([...IGNORED, "--", ...mixed.map(text)], { accept: [128] })).stdout);
  const brought = (await provisionedPaths(admin)).map(bytes);
  return outermost([...names.filter((name) => !mixed.includes(name)), ...inside])
    .filter((path) => !isBelow(path, brought) && !kept.has(path))
    .map(text);
}

const IGNORED = ["ls-files", "-z", "--others", "--ignored", "--exclude-standard"] as const;

/** Git names some files beside the folder that they are in. */
function outermost(paths: readonly string[]): readonly string[] {
  const folders = paths.filter((path) => path.endsWith("/"));
  return paths.filter((path) => !folders.some((one) => one !== path && path.startsWith(one))).toSorted();
}

function folder(path: string): string {
  return path.replace(/\/$/, "");
}

/** Paths are compared as bytes, as git gives them. */
function bytes(path: string): string {
  return Buffer.from(path).toString("latin1");
}

function text(path: string): string {
  return Buffer.from(path, "latin1").toString("utf8");
}
