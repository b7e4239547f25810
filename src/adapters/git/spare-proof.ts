/**
 * What a finished worktree must be like before another attempt may have it: exactly what a new one would be. Everything that cannot
 * be proven is a no, and costs no more than making a new one.
 */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { CommitId } from "../../core/vocabulary.ts";
import { runByShell } from "../process/shell-runner.ts";
import { standingIn } from "../process/standing-in.ts";
import type { Git } from "./git.ts";
import { pointsTo } from "./move-worktree.ts";
import { submodulesIn } from "./snapshot.ts";

export interface Place {
  /** Real path. */
  readonly path: string;
  readonly admin: string;
  /** Git of the worktree (`worktreeGit`). */
  readonly git: Git;
}

/**
 * Index as our own checkout left it, with what the system said about each file then. The worktree's own index is of no use for
 * that: an agent may have hidden entries in it, and a commit writes it anew.
 */
export const MADE_INDEX = "signalbox-made-index";

/** Files are compared by everything that the system says about them, whatever the user's settings are. */
export const STRICT = [
  ...["-c", "core.trustctime=true", "-c", "core.checkStat=default", "-c", "core.ignoreStat=false"],
  ...["-c", "core.untrackedCache=false"],
] as const;

/** What a worktree's administration consists of while nothing is under way in it and nothing is particular about it. */
const ORDINARY =
  /^(HEAD|commondir|gitdir|index|logs|refs|ORIG_HEAD|FETCH_HEAD|COMMIT_EDITMSG|signalbox\.json|signalbox-made-index|signalbox-provisioned\.json|signalbox-tree-\d+\.json)$/;

/** Of those, what is an earlier attempt's alone. */
export const EARLIER = /^(logs|ORIG_HEAD|FETCH_HEAD|COMMIT_EDITMSG|signalbox-.+)$/;

/**
 * False where an operation is under way, a lock is there, somebody locked it, it is sparse, has settings, refs or submodules of
 * its own, its `.git` is not ours, or a process stands in it.
 */
export async function isOrdinary({ path, admin, git }: Place): Promise<boolean> {
  const names = await readdir(admin);
  if (!names.every((name) => ORDINARY.test(name))) return false;
  const refs = await readdir(join(admin, "refs"), { recursive: true }).catch(() => []);
  if (refs.length > 0 || !(await pointsTo(path, admin))) return false;
  if ((standingIn(path) ?? []).length > 0) return false;
  return submodulesIn((await git.run(["ls-files", "--stage", "-z"])).stdout).length === 0;
}

/** True when it has the files of its index and nothing else: no ignored file, no empty folder, no mode or link that git does not know. */
export async function isPristine({ path, git }: Place): Promise<boolean> {
  const looks = await Promise.all([
    git.run([...STRICT, "diff-files", "-z", "--name-only"]),
    git.run([...STRICT, "ls-files", "-z", "--others", "--directory"]),
    find(path, ["!", ...plain(), "-print"]),
  ]);
  return looks.every(({ code, stdout }) => code === 0 && stdout.length === 0);
}

/** Takes away what has another name elsewhere, permissions that git does not know, or is neither file, folder nor link. */
export async function removeOdd({ path }: Place): Promise<void> {
  await find(path, ["!", "-type", "d", "!", "-path", "./.git", "!", ...plain(), "-delete"]);
}

/** What a new worktree consists of. */
function plain(): readonly string[] {
  const mask = process.umask();
  const mode = (full: number): string => (full & ~mask).toString(8).padStart(4, "0");
  const file = ["-type", "f", "-links", "1", "(", "-perm", mode(0o666), "-o", "-perm", mode(0o777), ")"];
  return ["(", "-type", "l", "-o", "-type", "d", "-perm", mode(0o777), "-o", ...file, ")"];
}

function find(path: string, expression: readonly string[]): ReturnType<typeof runByShell> {
  const env = { PATH: process.env.PATH ?? "/usr/bin:/bin", LC_ALL: "C" };
  return runByShell("find", [".", ...expression], { cwd: path, env });
}

/** Git leaves a file alone whose content is the same, also where another `.gitattributes` would write it differently. */
export async function hasSameAttributes({ git }: Place, one: CommitId, other: CommitId): Promise<boolean> {
  const args = ["diff-tree", "-r", "--quiet", "--no-renames", one, other, "--", ":(glob)**/.gitattributes"];
  return (await git.run(args, { accept: [1], env: { GIT_LITERAL_PATHSPECS: "0" } })).code === 0;
}
