/** HEAD of a checkout, read from its file: asked for so often that starting git for it takes longer than the rest. */
import { lstat, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { CommitId } from "../../core/vocabulary.ts";

/** What HEAD names. */
export type Head =
  | { readonly branch: string; readonly commit: null }
  | { readonly branch: null; readonly commit: CommitId };

/**
 * Reads `HEAD` in a git folder (of the repository or of a linked worktree). Null where only git can tell: a file that is missing or
 * unusual, as with a storage of refs that is no files.
 */
export async function readHead(gitFolder: string): Promise<Head | null> {
  const path = join(gitFolder, "HEAD");
  // The worktree may be removed between the two looks.
  const text = await lstat(path)
    .then((stats) => (stats.isFile() ? readFile(path, "utf8") : ""))
    .catch(() => "");
  if (/^([0-9a-f]{40}|[0-9a-f]{64})\n?$/.test(text)) return { branch: null, commit: text.trim() };
  const [, branch] = /^ref: refs\/heads\/([^\n]+)\n?$/.exec(text) ?? [];
  return branch === undefined || branch === ".invalid" ? null : { branch, commit: null };
}
