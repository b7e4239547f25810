/** Repositories inside a worktree: clones that an agent made, and submodules. */
import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";
import { SignalboxError } from "../../core/errors.ts";
import { provisionedPaths } from "./admin.ts";
import type { RepositoryContext } from "./context.ts";
import type { Git } from "./git.ts";
import { openWorktree } from "./linked-worktree.ts";
import { withoutPrograms } from "./programs.ts";
import { isBelow, type Snapshot, splitPaths, submodulesIn } from "./snapshot.ts";

/**
 * Folders of a committed worktree that are no part of the commit: repositories that somebody made there, and submodules
 * with content that is not committed in them. Ignored and provisioned ones are left out on purpose.
 */
export async function nestedRepositories(
  context: RepositoryContext,
  path: string,
): Promise<readonly string[]> {
  const { git, admin, path: folder } = await openWorktree(context, path);
  // With --stage what is in the index is listed too, which is where the submodules are.
  const { stdout } = await git.run(["ls-files", "-z", "--stage", "--others", "--exclude-standard"]);
  const brought = (await provisionedPaths(admin)).map((it) => Buffer.from(it).toString("latin1"));
  const made = splitPaths(stdout).filter((it) => it.endsWith("/") && !it.includes("\t"));
  const found = made
    .filter((it) => !isBelow(it, brought))
    .map((it) => Buffer.from(it, "latin1").toString("utf8"));
  for (const inner of submodulesIn(stdout)) {
    const name = Buffer.from(inner, "latin1").toString("utf8");
    if (!(await isAsCommitted(git, join(folder, name)))) found.push(`${name}/`);
  }
  return found.toSorted();
}

/** Throws `nested-repository` when removing the worktree would remove history that is nowhere else. */
export async function refuseNested(
  context: RepositoryContext,
  worktree: { readonly path: string; readonly git: Git },
  snapshot: Snapshot,
): Promise<void> {
  const own = await lstat(join(worktree.path, ".git")).catch(() => null);
  const found = own?.isDirectory() ? ["./", ...snapshot.nested] : [...snapshot.nested];
  for (const path of await submodulesOf(worktree.git, snapshot.tree)) {
    const folder = join(worktree.path, path);
    const kept = (await isCheckedOut(folder))
      ? await isElsewhere(context.git, folder)
      : await isEmpty(folder);
    if (!kept) found.push(path);
  }
  const [first] = found;
  if (first === undefined) return;
  const place = join(worktree.path, first);
  throw new SignalboxError(
    "user",
    "nested-repository",
    `${place} is a repository of its own, so ${worktree.path} is kept`,
    [`To keep its history, run: mv ${place} SOMEWHERE-ELSE`],
  );
}

async function isCheckedOut(folder: string): Promise<boolean> {
  return (await lstat(join(folder, ".git")).catch(() => null)) !== null;
}

/** True for a folder without entries and for one that is not there. */
async function isEmpty(folder: string): Promise<boolean> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) =>
    error.code === "ENOENT" ? [] : ["?"],
  );
  return names.length === 0;
}

/** Paths of the submodules in a tree. */
export async function submodulesOf(git: Git, tree: string): Promise<readonly string[]> {
  const { stdout } = await git.run(["ls-tree", "-r", "-z", "--full-tree", tree]);
  return submodulesIn(stdout).map((path) => Buffer.from(path, "latin1").toString("utf8"));
}

/** True when a submodule has no change and no commit that its remotes do not have. */
async function isElsewhere(git: Git, folder: string): Promise<boolean> {
  if (!(await isAsCommitted(git, folder))) return false;
  const inner = await withoutPrograms(git.within(folder, OWN_FOLDER));
  const own = await inner.run(["rev-list", "-n", "1", "HEAD", "--all", "--not", "--remotes", "--tags"], {
    accept: [128],
  });
  return own.code === 0 && own.stdout.length === 0;
}

/** Git looks for the repository of the folder, whatever the caller's git stands in. */
const OWN_FOLDER = { GIT_DIR: ".git", GIT_WORK_TREE: "." };

/**
 * True when everything in a submodule's folder is committed there. What cannot be read is not. Git's own look into
 * submodules would run the programs of their settings, so this looks by itself, one inside the other.
 */
async function isAsCommitted(git: Git, folder: string): Promise<boolean> {
  if (!(await isCheckedOut(folder))) return isEmpty(folder);
  const inner = await withoutPrograms(git.within(folder, OWN_FOLDER));
  const status = await inner.run(["status", "--porcelain", "-z", "--ignore-submodules=dirty"], {
    accept: [128],
  });
  if (status.code !== 0 || status.stdout.length > 0) return false;
  for (const path of submodulesIn((await inner.run(["ls-files", "--stage", "-z"])).stdout)) {
    if (!(await isAsCommitted(git, join(folder, Buffer.from(path, "latin1").toString("utf8"))))) return false;
  }
  return true;
}
