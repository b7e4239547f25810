/**
 * Where a tree can come from without an install. Each gives the folders that it brought, relative to the project, or null when it
 * cannot be used, which is logged; nothing is left behind then.
 */
import { rm } from "node:fs/promises";
import { join, posix } from "node:path";
import { readFileIfThere } from "../fs/read-file.ts";
import {
  copyHomes,
  evidenceOf,
  refuseForeign,
  refuseIncomplete,
  refuseLinksOut,
  TreeRefusal,
} from "./copy-tree.ts";
import type { Task } from "./dependency-job.ts";
import { type InstalledTree, npmTree, yarnTree } from "./npm-tree.ts";
import { treeName } from "./warm-store.ts";

/** The tree of a worktree that is done with; nothing is copied then. */
export async function moveFromPool(task: Task): Promise<readonly string[] | null> {
  const { job, place, project, key } = task;
  const homes = place.manager.copyable ? await job.pool.homes(treeName(key)) : null;
  if (homes === null) return null;
  return orRefused(task, "moved from a worktree that is done with", async () => {
    requirePossible(task, homes);
    await job.pool.take(treeName(key), project);
    return homes;
  });
}

/** Folders that were copied, relative to the project; null when the checkout's tree cannot be used, which is logged. */
export function copyFromCheckout(task: Task): Promise<readonly string[] | null> {
  const { job, place, project } = task;
  if (!place.manager.copyable || !place.warm) return Promise.resolve(null);
  return orRefused(task, "copied from the checkout", async () => {
    const source = join(job.root, place.folder);
    const { tree, evidence } = await requireWarm(source, task);
    await refuseForeign(source, tree);
    requirePossible(task, tree.homes);
    await copyHomes(source, project, tree.homes, job.mark);
    if ((await requireWarm(source, task)).evidence !== evidence)
      throw new TreeRefusal("it was changed while it was copied");
    await refuseIncomplete(project, tree);
    return tree.homes;
  });
}

/** The checkout's tree, when it is what the worktree's lockfile asks for. */
async function requireWarm(
  source: string,
  { place, key }: Task,
): Promise<{ readonly tree: InstalledTree; readonly evidence: string }> {
  const isNpm = place.manager.id === "npm";
  const name = posix.basename(place.lockfile);
  const lockfile = await readFileIfThere(join(source, name));
  if (lockfile?.equals(key.lockfile) !== true) throw new TreeRefusal("its lockfile is another one");
  const record = isNpm ? "node_modules/.package-lock.json" : "node_modules/.yarn-integrity";
  const text = (await readFileIfThere(join(source, record)))?.toString("utf8");
  if (text === undefined) throw new TreeRefusal(`${record} is not there`);
  const tree = (isNpm ? npmTree : yarnTree)(lockfile.toString("utf8"), text);
  if (tree === null) throw new TreeRefusal("what is installed is not what the lockfile says");
  return { tree, evidence: await evidenceOf(source, [name, record], tree.homes) };
}

/** The tree that was kept after an install with the same lockfile. */
export async function copyFromStore(task: Task): Promise<readonly string[] | null> {
  const { job, place, project, key } = task;
  const homes = place.manager.copyable ? await job.store.homes(key) : null;
  if (homes === null) return null;
  return orRefused(task, "copied from an earlier install", async () => {
    requirePossible(task, homes);
    await job.store.take(key, project, job.mark);
    return homes;
  });
}

/** Nothing that is there already is written into. */
function requirePossible({ place, possible }: Task, homes: readonly string[]): void {
  const other = homes.find((home) => !possible.includes(posix.join(place.folder, home)));
  if (other !== undefined) throw new TreeRefusal(`${posix.join(place.folder, other)} has another place here`);
}

/** Folders of a good tree, relative to the project; a bad one is cleared, and null. */
async function orRefused(
  { job, place, possible }: Task,
  how: string,
  copy: () => Promise<readonly string[]>,
): Promise<readonly string[] | null> {
  try {
    const homes = await copy();
    const paths = homes.map((home) => posix.join(place.folder, home));
    await refuseLinksOut(job.worktree, paths);
    await job.log(`${place.lockfile}: ${paths.join(", ")} ${how}`);
    return homes;
  } catch (error) {
    if (!(error instanceof TreeRefusal) && !(error instanceof Error && "code" in error)) throw error;
    await job.log(`${place.lockfile}: not ${how}: ${error.message.replaceAll(job.worktree, ".")}`);
    for (const home of possible) await rm(join(job.worktree, home), { recursive: true, force: true });
    return null;
  }
}
