/**
 * A checkout in which git stopped between the first file and the branch: a full disk, a filter such as `git-lfs` that failed. Git leaves
 * it half moved, and whoever works there would take the new files for changes of their own.
 */
import { rm, rmdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { CommitId } from "../../core/vocabulary.ts";
import type { Git } from "./git.ts";

/** What git says of a file that it could not write. Before the first one it looks whether files of the user are in the way, in other words. */
const WRITING =
  /unable to (write|create|unlink|append|checkout)|cannot (create|stat)|(smudge|external) filter|no space left|quota exceeded|input\/output error/i;
const LOOKING = /would be (overwritten|removed)|would lose untracked|not uptodate|index\.lock/i;

/** True where git had begun to write files. One that was killed says nothing. */
export function stoppedWriting({ code, said }: { readonly code: number; readonly said: string }): boolean {
  return code !== 0 && !LOOKING.test(said) && (said === "" || WRITING.test(said));
}

/**
 * Puts the files that differ between two commits back as they are in `from`, in the checkout of `git`, which still shows `from` and was clean.
 * Other files are not looked at. Resolves to what could not be put back, in git's words; null = all is as before.
 */
export async function undoHalfMove(
  git: Git,
  { from, to }: { readonly from: CommitId; readonly to: CommitId },
): Promise<string | null> {
  const differing = async (filter: string): Promise<readonly string[]> => {
    const args = ["diff", "--name-only", "--no-renames", "-z", `--diff-filter=${filter}`, from, to];
    return (await git.text(args)).split("\0").filter((path) => path !== "");
  };
  // First what only the new commit has: on a full disk that makes room for the rest.
  for (const path of await differing("A")) await removeAdded(git.cwd, path);
  const before = await differing("a");
  if (before.length === 0) return null;
  const args = ["restore", "--worktree", `--source=${from}`, "--pathspec-from-file=-", "--pathspec-file-nul"];
  const restored = await git.run(args, { input: `${before.join("\0")}\0`, accept: [1, 128] });
  return restored.code === 0 ? null : restored.stderr.trim();
}

async function removeAdded(root: string, path: string): Promise<void> {
  await rm(join(root, path), { force: true });
  for (let folder = dirname(path); folder !== "."; folder = dirname(folder)) {
    const removed = await rmdir(join(root, folder)).then(
      () => true,
      () => false, // others have files there
    );
    if (!removed) return;
  }
}
