/** The quick proof that a worktree holds its commit and nothing more, which is true of nearly every one that is removed. */
import { lstat, rm } from "node:fs/promises";
import { join } from "node:path";
import type { CommitId } from "../../core/vocabulary.ts";
import { provisionedPaths } from "./admin.ts";
import type { Git } from "./git.ts";
import { isBelow, splitPaths, submodulesIn } from "./snapshot.ts";

/**
 * True when everything that `takeSnapshot` would take is in `head` as it is. False decides nothing: a sparse checkout, a submodule,
 * an entry that somebody staged, or whatever else is unusual is left to the snapshot. The worktree's own index is asked only for
 * what was added to it: an agent may have hidden files in it.
 */
export async function isUnchanged(
  worktree: { readonly git: Git; readonly path: string; readonly admin: string },
  head: CommitId,
): Promise<boolean> {
  const { git, path, admin } = worktree;
  if (await isUnusual(path, admin)) return false;
  const index = join(admin, `signalbox-index-${crypto.randomUUID()}`);
  const env = { GIT_INDEX_FILE: index };
  try {
    await git.run(["read-tree", head], { env });
    const [changes, entries, added, provisioned] = await Promise.all([
      git.run([...STATUS], { env }),
      git.run(["ls-files", "--stage", "-z"], { env }),
      git.run([...ADDED, head], { accept: [1, 128] }),
      provisionedPaths(admin),
    ]);
    const brought = provisioned.map((it) => Buffer.from(it).toString("latin1"));
    const isBrought = (line: string): boolean => line.startsWith("? ") && isBelow(line.slice(2), brought);
    return (
      splitPaths(changes.stdout).every(isBrought) &&
      submodulesIn(entries.stdout).length === 0 &&
      added.code === 0 &&
      added.stdout.length === 0
    );
  } finally {
    await rm(index, { force: true });
  }
}

/** Programs that the settings of a submodule name must not run, so git may not look into one. */
const STATUS = [
  "status",
  "--porcelain=v2",
  "-z",
  "--untracked-files=all",
  "--no-renames",
  "--ignore-submodules=dirty",
];
const ADDED = ["diff-index", "--cached", "-z", "--name-only", "--no-renames", "--diff-filter=A"];

/** A list of sparse paths, or a repository in place of the pointer to ours. */
async function isUnusual(path: string, admin: string): Promise<boolean> {
  const [sparse, pointer] = await Promise.all([
    lstat(join(admin, "info", "sparse-checkout")).catch(() => null),
    lstat(join(path, ".git")).catch(() => null),
  ]);
  return sparse !== null || pointer?.isDirectory() === true;
}
