/**
 * Dependencies of a worktree by its lockfiles: from a warm tree with the same lockfile, else installed.
 *
 * A warm tree is one that a worktree gave back unchanged, the user's checkout (when its tree is exactly what the lockfile says), or
 * the copy that was kept after an install of ours. Never one in which somebody works, and never by a link.
 */
import { lstat, readFile } from "node:fs/promises";
import { join, posix } from "node:path";
import { readFileIfThere } from "../fs/read-file.ts";
import { refuseLinkedParents } from "./bring.ts";
import type { DependencyJob, Task } from "./dependency-job.ts";
import { installFacts, lifecycleScripts } from "./install-facts.ts";
import { installCommands, installsItself, programOf } from "./managers.ts";
import type { BroughtTree } from "./marker.ts";
import { npmPackageCount } from "./npm-tree.ts";
import type { Place, Places } from "./places.ts";
import { copyFromCheckout, copyFromStore, moveFromPool } from "./warm-sources.ts";
import { treeName, type WarmKey } from "./warm-store.ts";

/** What was brought, or why it failed. */
export type Brought =
  | { readonly ok: true; readonly trees: readonly BroughtTree[] }
  | { readonly ok: false; readonly message: string };

/** Prepares every place in turn; the first that fails ends it. */
export async function bringDependencies(
  job: DependencyJob,
  { used, left, packages }: Places,
): Promise<Brought> {
  for (const { lockfile, why } of left) await job.log(`${lockfile}: nothing to do, ${why}`);
  const trees: BroughtTree[] = [];
  for (const place of used) {
    const result = await bringOne(job, place, membersOf(place, packages));
    if (!result.ok) return result;
    trees.push(...result.trees);
  }
  return { ok: true, trees };
}

/** `node_modules` of workspace members, which may or may not come into being. */
function membersOf(place: Place, packages: readonly string[]): readonly string[] {
  if (place.manager.family !== "node") return [];
  const inside = packages.filter((folder) => folder !== place.folder && isWithin(folder, place.folder));
  return inside.map((folder) => posix.join(folder, "node_modules"));
}

function isWithin(folder: string, outer: string): boolean {
  return outer === "" || folder.startsWith(`${outer}/`);
}

async function bringOne(job: DependencyJob, place: Place, members: readonly string[]): Promise<Brought> {
  const reason = await reasonToLeave(job, place);
  if (reason !== null) {
    await job.log(`${place.lockfile}: ${reason}`);
    return { ok: true, trees: [] };
  }
  const possible = await absent(job.worktree, [place.home ?? "", ...members]);
  for (const home of possible) await refuseLinkedParents({ root: job.root, worktree: job.worktree }, home);
  await job.announce(possible);
  const project = join(job.worktree, place.folder);
  const task: Task = { job, place, project, key: await keyOf(project, place), possible };
  const there = (await moveFromPool(task)) ?? (await copyFromCheckout(task)) ?? (await copyFromStore(task));
  if (there !== null) return finish(task, there);
  return job.alone(async () => {
    // Another worktree with the same lockfile may have been installed while this one waited.
    const since = await copyFromStore(task);
    return since === null ? install(task) : finish(task, since);
  });
}

async function reasonToLeave(
  job: DependencyJob,
  { manager, home, lockfile, warm }: Place,
): Promise<string | null> {
  const own = job.ownCommands.find((command) => installsItself(manager.id, command));
  if (own !== undefined) return `left to ${JSON.stringify(own)}`;
  if (home !== null && (await isThere(join(job.worktree, home))))
    return `left alone, ${home} is there already`;
  if (manager.id === "npm" && npmPackageCount(await readFile(join(job.worktree, lockfile), "utf8")) === 0)
    return "nothing to do, it names no packages";
  if (!warm && !(await job.has(programOf(manager.id))))
    return `left alone, ${programOf(manager.id)} is not on the PATH and nothing is installed in the checkout`;
  return null;
}

async function absent(worktree: string, homes: readonly string[]): Promise<readonly string[]> {
  const there = await Promise.all(homes.map((home) => isThere(join(worktree, home))));
  return homes.filter((home, index) => home !== "" && there[index] === false);
}

async function isThere(path: string): Promise<boolean> {
  return (await lstat(path).catch(() => null)) !== null;
}

async function keyOf(project: string, { manager, folder, lockfile }: Place): Promise<WarmKey> {
  return {
    manager: manager.id,
    folder,
    lockfile: await readFile(join(project, posix.basename(lockfile))),
    packageFile: await readFileIfThere(join(project, "package.json")),
  };
}

/** An install would have run the project's own scripts too. */
async function finish(task: Task, homes: readonly string[]): Promise<Brought> {
  const { job, place, project } = task;
  const scripts = await lifecycleScripts(project, place.manager.id, job.userConfig);
  const message = await job.run(scripts, place.folder);
  return message === null ? treeOf(task, homes, true) : { ok: false, message };
}

function treeOf({ place, key }: Task, homes: readonly string[], movable: boolean): Brought {
  return { ok: true, trees: [{ folder: place.folder, homes, name: movable ? treeName(key) : null }] };
}

async function install(task: Task): Promise<Brought> {
  const { job, place, project, key, possible } = task;
  const { manager, lockfile, folder } = place;
  if (!(await job.has(programOf(manager.id))))
    return { ok: false, message: `${lockfile} needs ${programOf(manager.id)}, which is not on the PATH` };
  const facts = await installFacts(job.root, job.worktree, place);
  const message = await job.run(installCommands(manager.id, facts), folder);
  if (message !== null) return { ok: false, message };
  const missing = await absent(job.worktree, possible);
  const homes = possible
    .filter((home) => !missing.includes(home))
    .map((home) => posix.relative(folder, home));
  await job.log(`${lockfile}: installed with ${manager.id}`);
  const movable = manager.copyable && !facts.modernYarn && homes.includes("node_modules");
  if (movable) await job.store.keep(key, project, homes, job.mark);
  return treeOf(task, homes, movable);
}
