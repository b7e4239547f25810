/**
 * Removes a worktree and its branch without keeping what only they have, for a person who has seen it: the token names exactly
 * that commit and that content, so that nothing which came later goes with it.
 */
import { createHash } from "node:crypto";
import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";
import { SignalboxError } from "../../core/errors.ts";
import { findAdmin, worktreeGit } from "./admin.ts";
import type { RepositoryContext } from "./context.ts";
import { endMove } from "./move-worktree.ts";
import { resolveCommit } from "./reads.ts";
import { removeFolderOf, type Subject, snapshotOf } from "./remove-worktree.ts";
import { withRepositoryLock } from "./repo-lock.ts";
import { checkoutOf } from "./worktree-list.ts";
import { requireOurs } from "./worktree-places.ts";

/** A worktree (null = there is none) and a branch (null = there is none), as `forecastRemoval` takes them. */
export interface Place {
  readonly path: string | null;
  readonly branch: string | null;
}

/** Twelve hexadecimal digits that change with the commit, the branch and everything in the worktree that git does not ignore. */
export async function discardToken(
  context: RepositoryContext,
  workflow: string,
  { path, branch }: Place,
): Promise<string> {
  const tip = branch === null ? null : await resolveCommit(context.git, `refs/heads/${branch}`);
  const content = path === null ? [] : await contentParts(context, workflow, path);
  const parts = [workflow, path ?? "", branch ?? "", tip ?? "", ...content];
  return createHash("sha256").update(parts.join("\0")).digest("hex").slice(0, 12);
}

/**
 * Discards under the lock, after the token was made once more. Throws `token-stale` where commit or content are others by
 * now, and `branch-checked-out`.
 */
export function discardPlace(
  context: RepositoryContext,
  workflow: string,
  place: Place,
  token: string,
): Promise<void> {
  return withRepositoryLock(context.commonDir, async () => {
    const { path, branch } = place;
    const admin = path === null ? null : await findAdmin(context.commonDir, path);
    // What a kill left where nobody looked is seen by the token first.
    if (path !== null && admin !== null) await endMove(admin, path);
    if ((await discardToken(context, workflow, place)) !== token)
      throw stale(path ?? branch ?? workflow, token);
    const elsewhere = branch === null ? null : await checkoutOf(context, branch);
    if (elsewhere !== null && elsewhere !== path)
      throw new SignalboxError(
        "user",
        "branch-checked-out",
        `${branch} is checked out in ${elsewhere}; it stays`,
      );
    if (path !== null) await removeFolderOf(context, path);
    const tip = branch === null ? null : await resolveCommit(context.git, `refs/heads/${branch}`);
    if (tip !== null) await context.git.run(["update-ref", "-d", `refs/heads/${branch}`, tip]);
  });
}

async function contentParts(
  context: RepositoryContext,
  workflow: string,
  path: string,
): Promise<readonly string[]> {
  const real = await requireOurs(context, path);
  const admin = await findAdmin(context.commonDir, real);
  if (admin === null) return [];
  if ((await lstat(real).catch(() => null)) === null)
    return [(await resolveCommit(context.git.within(admin, { GIT_DIR: admin }), "HEAD")) ?? ""];
  const subject: Subject = { workflow, path: real, admin, git: worktreeGit(context.git, real, admin) };
  const head = await resolveCommit(subject.git, "HEAD");
  const { tree, inner } = await snapshotOf(subject, head);
  const pointer = await lstat(join(real, ".git")).catch(() => null);
  const folders = [
    ...inner.map((name) => join(real, name)),
    ...(pointer?.isDirectory() ? [join(real, ".git")] : []),
    ...(inner.length > 0 ? [join(admin, "modules")] : []),
  ];
  return [head ?? "", tree, ...(await Promise.all(folders.map(fingerprint)))];
}

/** Of repositories inside, whose content no tree of ours has: names, sizes and times of all their files. */
async function fingerprint(folder: string): Promise<string> {
  const hash = createHash("sha256");
  const walk = async (at: string): Promise<void> => {
    for (const name of (await readdir(at).catch(() => [])).toSorted()) {
      const path = join(at, name);
      const stats = await lstat(path);
      hash.update(`${path}\0${stats.mode}\0${stats.size}\0${stats.isDirectory() ? "" : stats.mtimeMs}\n`);
      if (stats.isDirectory()) await walk(path);
    }
  };
  await walk(folder);
  return hash.digest("hex");
}

function stale(what: string, token: string): SignalboxError {
  return new SignalboxError(
    "user",
    "token-stale",
    `${token} does not stand for ${what} as it is now: its commit or content has changed, so it stays`,
    ["To see it with its present token: signalbox clean --dry-run"],
  );
}
