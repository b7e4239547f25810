/**
 * Finished worktrees that wait for the next attempt of their workflow: in place of removing one and making another, the files that
 * both have stay where they are.
 *
 * Owns: `<worktrees>/<prefix>/<workflow>/spare-…`, detached, without a file that its commit does not have.
 *
 * Invariants:
 * - U1: only a worktree of which a removal would have kept nothing is used again, and whoever gets it finds what a new one has.
 * - U2: the proof is made twice: when it is put aside, and again when it is taken.
 * - U3: one is taken by one attempt.
 * - U4: what cannot be proven or done is removed as carefully as any other, and the attempt gets a new one.
 */
import { copyFile, lstat, readdir, realpath, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { CommitId } from "../../core/vocabulary.ts";
import { findAdmin, readRecord, type WorktreeRecord, worktreeGit } from "./admin.ts";
import type { RepositoryContext } from "./context.ts";
import { readHead } from "./head-file.ts";
import { endMove, moveWorktree } from "./move-worktree.ts";
import { resolveCommit } from "./reads.ts";
import { type RecordedPlace, recordedPlaces } from "./recorded-worktrees.ts";
import { keepContent, removeLocked, removeWorktree } from "./remove-worktree.ts";
import { withRepositoryLock } from "./repo-lock.ts";
import {
  EARLIER,
  hasSameAttributes,
  isOrdinary,
  isPristine,
  MADE_INDEX,
  type Place,
  removeOdd,
  STRICT,
} from "./spare-proof.ts";
import { isSparePlace, requireOurs, sparePlace } from "./worktree-places.ts";

/** Each is a whole checkout on the disk. */
const MOST = 4;

/** Puts a worktree aside, or removes it as `removeWorktree` does where that cannot be. */
export function recycleWorktree(
  context: RepositoryContext,
  workflow: string,
  path: string,
): Promise<{ readonly preserved: string | null }> {
  return withRepositoryLock(context.commonDir, async () => {
    if (await putAside(context, workflow, await requireOurs(context, path))) return { preserved: null };
    return removeLocked(context, workflow, path);
  });
}

/** Removes all spare worktrees of a workflow. */
export async function removeSpareWorktrees(context: RepositoryContext, workflow: string): Promise<void> {
  for (const { path } of await spares(context, workflow)) await removeWorktree(context, workflow, path);
}

async function spares(context: RepositoryContext, workflow: string): Promise<readonly RecordedPlace[]> {
  const places = await recordedPlaces(context.commonDir);
  return places.filter((it) => it.workflow === workflow && isSparePlace(context, workflow, it.path));
}

async function putAside(context: RepositoryContext, workflow: string, path: string): Promise<boolean> {
  const admin = await findAdmin(context.commonDir, path);
  if (admin === null) return false;
  await endMove(admin, path);
  const record = await readRecord(admin);
  const there = (await lstat(path).catch(() => null)) !== null;
  if (!there || record?.ready !== true || (await spares(context, workflow)).length >= MOST) return false;
  const place: Place = { path, admin, git: worktreeGit(context.git, path, admin) };
  const head = await resolveCommit(place.git, "HEAD");
  if (head === null || head !== record.tip) return false;
  try {
    if ((await keepContent(context, { workflow, ...place })) !== null) return false;
    if (!(await isOrdinary(place)) || !(await sweep(place)) || !(await isPristine(place))) return false;
    await place.git.run(["update-ref", "--no-deref", "-m", "signalbox", "HEAD", head]);
    await forgetEarlier(admin);
    const spare = { version: 1, workflow, branch: null, base: head, tip: head, ready: true } as const;
    await moveWorktree(admin, path, sparePlace(context, workflow), spare);
    return true;
  } catch {
    return false; // whatever is wrong with it, the removal says so
  }
}

/** Everything is written again that has been touched since our checkout, and everything goes that the commit does not have. */
async function sweep(place: Place): Promise<boolean> {
  const { admin, git } = place;
  const made = await lstat(join(admin, MADE_INDEX)).catch(() => null);
  if (made === null) return false;
  await rename(join(admin, MADE_INDEX), join(admin, "index"));
  await removeOdd(place);
  await git.run([...STRICT, "reset", "--hard", "--quiet"]);
  await git.run([...STRICT, "clean", "-ffdxq"]);
  return true;
}

async function forgetEarlier(admin: string): Promise<void> {
  const names = (await readdir(admin)).filter((name) => EARLIER.test(name));
  await Promise.all(names.map((name) => rm(join(admin, name), { recursive: true, force: true })));
}

/** Keeps what the system says about each file of a checkout that has just been made, for `sweep`. */
export async function rememberMade(admin: string): Promise<void> {
  const draft = join(admin, `${MADE_INDEX}.${crypto.randomUUID()}`);
  await copyFile(join(admin, "index"), draft);
  await rename(draft, join(admin, MADE_INDEX));
}

/** A spare worktree that was proven fit. Nobody else of this process takes it before `release`. */
export interface Spare extends Place {
  readonly head: CommitId;
  release(): void;
}

const claimed = new Set<string>();

/** One that can show `start`; null when there is none. Those that are not as they were left are removed. */
export async function findSpare(
  context: RepositoryContext,
  workflow: string,
  start: CommitId,
): Promise<Spare | null> {
  for (const { path, admin } of await spares(context, workflow)) {
    if (claimed.has(admin)) continue;
    claimed.add(admin);
    const release = (): void => void claimed.delete(admin);
    const place: Place = { path, admin, git: worktreeGit(context.git, path, admin) };
    const head = await provenHead(place, start).catch(() => null);
    if (head !== null) return { ...place, head, release };
    release();
    // What stays is told by `clean` and `doctor`; it must not keep anybody from working.
    await removeWorktree(context, workflow, path).catch(() => {});
  }
  return null;
}

async function provenHead(place: Place, start: CommitId): Promise<CommitId | null> {
  const [record, head] = await Promise.all([readRecord(place.admin), readHead(place.admin)]);
  if (head?.commit == null || record?.tip !== head.commit || !record.ready) return null;
  if ((await realpath(place.path).catch(() => null)) !== place.path) return null;
  // In this order: a git of ours would be a process that stands in it.
  if (!(await isOrdinary(place)) || !(await isPristine(place))) return null;
  return (await hasSameAttributes(place, head.commit, start)) ? head.commit : null;
}

/** Makes it the worktree of `record`, at `path`, which is free; the checkout is still to be made. False when that cannot be. For callers that hold the lock. */
export async function takeSpare(
  context: RepositoryContext,
  { path, admin, head }: Spare,
  to: string,
  record: WorktreeRecord,
): Promise<boolean> {
  const [now, at] = await Promise.all([readRecord(admin), findAdmin(context.commonDir, path)]);
  if (at !== admin || now?.tip !== head || now.branch !== null) return false; // another process was quicker
  return moveWorktree(admin, path, to, record).then(
    () => true,
    () => false,
  );
}
