/** What differs from the last commit in a worktree right now, for whoever watches a session. Nothing is written, not even the index. */
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { createGit, gitEnvironment } from "./git.ts";
import { withoutPrograms } from "./programs.ts";

export interface DirtyFile {
  /** Repository-relative, `/` separators. */
  readonly path: string;
  /** Milliseconds since 1970; null for a file that is gone. */
  readonly changedMs: number | null;
}

/** Changed and new files that no ignore rule names; null where that cannot be known, such as outside a repository. */
export async function dirtyFiles(
  cwd: string,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<readonly DirtyFile[] | null> {
  try {
    // A session may have made another repository of its worktree, with settings of its own.
    const git = await withoutPrograms(createGit(cwd, gitEnvironment(env)));
    const { stdout } = await git.run([
      "status",
      "--porcelain=v1",
      "-z",
      "--untracked-files=all",
      "--no-renames",
    ]);
    const paths = stdout
      .toString("utf8")
      .split("\0")
      .filter((entry) => entry !== "")
      .map((entry) => entry.slice(3));
    return await Promise.all(
      paths.map(async (path) => ({ path, changedMs: await changedMs(join(cwd, path)) })),
    );
  } catch {
    return null; // somebody removes the worktree, or it is none
  }
}

function changedMs(file: string): Promise<number | null> {
  return stat(file).then(
    ({ mtimeMs }) => mtimeMs,
    () => null,
  );
}
