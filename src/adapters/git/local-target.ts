/** A branch of the user as a place to land on: where it stands and is checked out, and moving it (P6). */
import { stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { CommitId } from "../../core/vocabulary.ts";
import type { LocalTarget, MoveResult, TargetCheckout } from "../../ports/landing.ts";
import { readFileIfThere } from "../fs/read-file.ts";
import { findAdmin } from "./admin.ts";
import type { RepositoryContext } from "./context.ts";
import type { Git } from "./git.ts";
import { stoppedWriting, undoHalfMove } from "./half-moved.ts";
import { resolveCommit } from "./reads.ts";
import { unfinishedOperation } from "./unfinished.ts";
import { listWorktrees } from "./worktree-list.ts";

/** Null where there is no such branch. */
export async function localTarget(context: RepositoryContext, branch: string): Promise<LocalTarget | null> {
  const tip = await resolveCommit(context.git, `refs/heads/${branch}`);
  return tip === null ? null : { tip, checkout: await checkoutOfTarget(context, branch) };
}

/** A branch that is being rebased or bisected is on no HEAD, and yet git comes back to it: it counts as checked out there. */
async function checkoutOfTarget(context: RepositoryContext, branch: string): Promise<TargetCheckout | null> {
  for (const { path, branch: shown } of await listWorktrees(context)) {
    if (shown !== branch && shown !== null) continue;
    const gitDir = await gitDirOf(context, path);
    const holding = shown === null ? await heldBy(gitDir, branch) : await unfinishedOperation(gitDir);
    if (shown === null && holding === null) continue;
    return {
      path,
      own: path === context.root || path === context.checkout,
      operation: holding,
      changed: (await isFolder(path)) ? await changedFiles(context.git.within(path)) : [],
    };
  }
  return null;
}

async function gitDirOf({ root, commonDir }: RepositoryContext, path: string): Promise<string> {
  return path === root ? commonDir : ((await findAdmin(commonDir, path)) ?? resolve(path, ".git"));
}

async function heldBy(gitDir: string, branch: string): Promise<string | null> {
  const names = async (file: string): Promise<boolean> =>
    (await readFileIfThere(join(gitDir, file)))?.toString("utf8").trim().replace("refs/heads/", "") ===
    branch;
  if ((await names("rebase-merge/head-name")) || (await names("rebase-apply/head-name"))) return "rebase";
  return (await names("BISECT_START")) ? "bisect" : null;
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null))?.isDirectory() === true;
}

/** Tracked files with uncommitted changes, staged or not, and files with conflicts. */
async function changedFiles(git: Git): Promise<readonly string[]> {
  const args = ["status", "--porcelain=v1", "-z", "--untracked-files=no", "--no-renames"];
  const { stdout } = await git.run(args);
  return stdout
    .toString("utf8")
    .split("\0")
    .filter((line) => line !== "")
    .map((line) => line.slice(3));
}

/** Forward only. Where the branch is checked out, files and branch move together or nothing does. */
export async function moveLocal(
  context: RepositoryContext,
  branch: string,
  commit: CommitId,
  expected: CommitId,
): Promise<MoveResult> {
  const target = await localTarget(context, branch);
  if (target?.tip === commit) return { ok: true };
  if (target?.tip !== expected) return moved(branch, target?.tip ?? null);
  const { checkout } = target;
  const place = checkout === null ? null : context.git.within(checkout.path);
  const { code, said } = await (place === null
    ? moveBranch(context.git, branch, commit, expected)
    : moveCheckout(place, commit));
  const now = await resolveCommit(context.git, `refs/heads/${branch}`);
  if (now === commit) return { ok: true };
  const half = checkout?.changed.length === 0 && stoppedWriting({ code, said });
  const left = place !== null && half ? await undoHalfMove(place, { from: expected, to: commit }) : null;
  if (now !== expected) return moved(branch, now);
  const words = said === "" ? "it is not checked out there any more, or git was ended" : said;
  const rest = left === null ? "" : `\nfiles in ${checkout?.path} are left half moved: ${left}`;
  return { ok: false, reason: "refused", message: `${words}${rest}` };
}

/** How git ended, and its words. */
interface Said {
  readonly code: number;
  readonly said: string;
}

async function moveBranch(git: Git, branch: string, commit: CommitId, expected: CommitId): Promise<Said> {
  const args = ["update-ref", "-m", "signalbox land", `refs/heads/${branch}`, commit, expected];
  const { code, stderr } = await git.run(args, { accept: [1, 128] });
  return { code, said: stderr.trim() };
}

/** Codes of a git that was ended from outside: what it has written so far is put back. */
const ENDED = [129, 130, 137, 143];

/** Ignored files in the way are the user's as well, and git would overwrite them without a word. */
async function moveCheckout(git: Git, commit: CommitId): Promise<Said> {
  const args = ["merge", "--ff-only", "--no-autostash", "--no-overwrite-ignore", "--quiet", commit];
  const { code, stderr } = await git.run(args, { accept: [1, 128, ...ENDED] });
  return { code, said: stderr.trim() };
}

function moved(branch: string, tip: CommitId | null): MoveResult {
  return { ok: false, reason: "moved", message: `${branch} stands at ${tip ?? "nothing"} now` };
}
