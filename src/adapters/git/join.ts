/** A person joins two sides of a conflict in the worktree of a slot: the merge with its marks, and its commit. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { SignalboxError } from "../../core/errors.ts";
import type { CommitId } from "../../core/vocabulary.ts";
import { discover, type OpenOptions } from "./discover.ts";
import type { Environment, Git } from "./git.ts";
import { SIGNALBOX } from "./identity.ts";
import { type LinkedWorktree, openWorktree } from "./linked-worktree.ts";
import { isAncestor } from "./reads.ts";
import { unfinishedOperation } from "./unfinished.ts";

export interface Join {
  /**
   * Merges `commit` into what is checked out, without committing; what cannot be joined stands there with marks. A merge that is
   * under way goes on as it is. Resolves with the files that are still in conflict for git. Throws `worktree-changed`.
   */
  begin(worktree: string, commit: CommitId): Promise<readonly string[]>;
  /**
   * Commits the merge that is under way with both parents; one that the person has committed is left as it is. False where
   * `commit` has not been joined at all. Throws `still-conflicting` with the marks that are left.
   */
  end(worktree: string, commit: CommitId, subject: string): Promise<boolean>;
  /** Files that differ between two commits. */
  changed(from: CommitId, to: CommitId): Promise<readonly string[]>;
}

/** Errors: see `discover`. */
export async function openJoin(cwd: string, options: OpenOptions = {}): Promise<Join> {
  const context = await discover(cwd, options);
  return {
    begin: async (path, commit) => begin(await openWorktree(context, path), commit),
    end: async (path, commit, subject) => {
      const worktree = await openWorktree(context, path);
      await end(worktree, subject);
      return isAncestor(worktree.git, commit, "HEAD");
    },
    changed: async (from, to) =>
      splitZero((await context.git.run(["diff", "--name-only", "-z", from, to, "--"])).stdout),
  };
}

async function begin(worktree: LinkedWorktree, commit: CommitId): Promise<readonly string[]> {
  const { git, admin, path } = worktree;
  if ((await unfinishedOperation(admin)) !== "merge") {
    const args = ["merge", "--no-commit", "--no-ff", "--quiet", commit];
    const merged = await git.run(args, { accept: [1, 2, 128], env: await identityFor(git) });
    if (merged.code !== 0 && (await unfinishedOperation(admin)) !== "merge")
      throw new SignalboxError(
        "user",
        "worktree-changed",
        `Both sides cannot be put into ${path}: ${merged.stderr.trim()}`,
        [`To see what is in the way: git -C ${path} status`],
      );
  }
  return inConflict(worktree);
}

async function inConflict({ git }: LinkedWorktree): Promise<readonly string[]> {
  const args = ["diff", "--name-only", "-z", "--diff-filter=U"];
  return [...new Set(splitZero((await git.run(args)).stdout))];
}

async function end(worktree: LinkedWorktree, subject: string): Promise<void> {
  const { git, admin, path } = worktree;
  if ((await unfinishedOperation(admin)) !== "merge") return;
  const files = await inConflict(worktree);
  const marks = (await Promise.all(files.map((file) => marksIn(path, file)))).flat();
  if (marks.length > 0)
    throw new SignalboxError(
      "user",
      "still-conflicting",
      `Marks of the conflict are left: ${marks.join(", ")}`,
      [`Join both sides there: ${path}`],
    );
  if (files.length > 0) await git.run(["add", "--force", "--all", "--", ...files]);
  await git.run(["commit", "--quiet", "--message", subject], { env: await identityFor(git) });
}

/** Git knows the person best; it may not make one up from the names of host and login. */
async function identityFor(git: Git): Promise<Environment> {
  const known = await git.run(["-c", "user.useConfigOnly=true", "var", "GIT_COMMITTER_IDENT"], {
    accept: [128],
  });
  return known.code === 0 ? {} : SIGNALBOX;
}

function splitZero(output: Buffer): readonly string[] {
  return output
    .toString("utf8")
    .split("\0")
    .filter((part) => part !== "");
}

/** `src/app.ts:3` for each start and end mark; a file that was removed has none. */
async function marksIn(path: string, file: string): Promise<readonly string[]> {
  const text = await readFile(join(path, file), "utf8").catch(() => "");
  return text
    .split("\n")
    .flatMap((line, index) => (/^(<{7}|>{7})( |$)/.test(line) ? [`${file}:${index + 1}`] : []));
}
