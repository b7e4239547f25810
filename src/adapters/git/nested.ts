/** Repositories inside a worktree: clones that an agent made, and submodules. */
import { lstat } from "node:fs/promises";
import { join } from "node:path";
import { SignalboxError } from "../../core/errors.ts";
import type { RepositoryContext } from "./context.ts";
import type { Git } from "./git.ts";
import type { Snapshot } from "./snapshot.ts";

/** Throws `nested-repository` when removing the worktree would remove history that is nowhere else. */
export async function refuseNested(
  context: RepositoryContext,
  worktree: { readonly path: string; readonly git: Git },
  snapshot: Snapshot,
): Promise<void> {
  const own = await lstat(join(worktree.path, ".git")).catch(() => null);
  const found = own?.isDirectory() ? ["./", ...snapshot.nested] : [...snapshot.nested];
  for (const path of await submodules(worktree.git, snapshot.tree)) {
    const folder = join(worktree.path, path);
    const checkedOut = (await lstat(join(folder, ".git")).catch(() => null)) !== null;
    if (checkedOut && !(await isElsewhere(context.git.within(folder)))) found.push(path);
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

async function submodules(git: Git, tree: string): Promise<readonly string[]> {
  const { stdout } = await git.run(["ls-tree", "-r", "-z", "--full-tree", tree]);
  return stdout
    .toString("utf8")
    .split("\0")
    .flatMap((line) => (line.startsWith("160000 ") ? [line.slice(line.indexOf("\t") + 1)] : []));
}

/** True when a submodule has no change and no commit that its remotes do not have. */
async function isElsewhere(git: Git): Promise<boolean> {
  const status = await git.run(["status", "--porcelain", "-z"], { accept: [128] });
  if (status.code !== 0 || status.stdout.length > 0) return false;
  const own = await git.run(["rev-list", "-n", "1", "HEAD", "--all", "--not", "--remotes", "--tags"], {
    accept: [128],
  });
  return own.code === 0 && own.stdout.length === 0;
}
