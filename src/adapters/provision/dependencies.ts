/**
 * Dependencies of a worktree by its lockfiles: copied from a warm tree with the same lockfile, else installed.
 *
 * A warm tree is the user's checkout (when its tree is exactly what the lockfile says), or the copy that was kept after an install of
 * ours. Never a worktree in which somebody has worked, and never by a link.
 */
import { lstat, readFile, rm } from "node:fs/promises";
import { join, posix } from "node:path";
import { readFileIfThere } from "../fs/read-file.ts";
import type { Git } from "../git/git.ts";
import { refuseLinkedParents } from "./bring.ts";
import {
  copyHomes,
  evidenceOf,
  refuseForeign,
  refuseIncomplete,
  refuseLinksOut,
  TreeRefusal,
} from "./copy-tree.ts";
import { installFacts, lifecycleScripts } from "./install-facts.ts";
import { installCommands, installsItself, programOf } from "./managers.ts";
import type { BroughtTree } from "./marker.ts";
import { type InstalledTree, npmPackageCount, npmTree, yarnTree } from "./npm-tree.ts";
import { findPlaces, type Place } from "./places.ts";
import type { TreePool } from "./tree-pool.ts";
import { treeName, type WarmKey, type WarmStore } from "./warm-store.ts";

export interface DependencyJob {
  /** The user's checkout. */
  readonly root: string;
  readonly worktree: string;
  /** Git of the worktree. */
  readonly git: Git;
  readonly store: WarmStore;
  readonly pool: TreePool;
  /** Commands of the author's own that run afterwards. */
  readonly ownCommands: readonly string[];
  /** Runs commands in a folder of the worktree; null, or what failed. Installs run one after another. */
  readonly run: (commands: readonly string[], folder: string) => Promise<string | null>;
  /** One install at a time in this process: they share caches and all cores. */
  readonly alone: <T>(work: () => Promise<T>) => Promise<T>;
  /** True where a program of this name is on the PATH. */
  readonly has: (program: string) => Promise<boolean>;
  /** The user's own configuration of npm; null where there is no home. */
  readonly userConfig: string | null;
  /** Records paths before anything is put there. */
  readonly announce: (paths: readonly string[]) => Promise<void>;
  readonly log: (line: string) => Promise<void>;
}

/** What was brought, or why it failed. */
export type Brought =
  | { readonly ok: true; readonly trees: readonly BroughtTree[] }
  | { readonly ok: false; readonly message: string };

export async function bringDependencies(job: DependencyJob): Promise<Brought> {
  const { used, left, packages } = await findPlaces(job);
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

/** One lockfile under way. */
interface Task {
  readonly job: DependencyJob;
  readonly place: Place;
  /** Folder of the lockfile in the worktree. */
  readonly project: string;
  readonly key: WarmKey;
  /** Folders that may come into being; none of them was there before, so all of them may be cleared. */
  readonly possible: readonly string[];
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

/** The tree of a worktree that is done with; nothing is copied then. */
async function moveFromPool(task: Task): Promise<readonly string[] | null> {
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
function copyFromCheckout(task: Task): Promise<readonly string[] | null> {
  const { job, place, project } = task;
  if (!place.manager.copyable || !place.warm) return Promise.resolve(null);
  return orRefused(task, "copied from the checkout", async () => {
    const source = join(job.root, place.folder);
    const { tree, evidence } = await requireWarm(source, task);
    await refuseForeign(source, tree);
    requirePossible(task, tree.homes);
    await copyHomes(source, project, tree.homes);
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

async function copyFromStore(task: Task): Promise<readonly string[] | null> {
  const { job, place, project, key } = task;
  const homes = place.manager.copyable ? await job.store.homes(key) : null;
  if (homes === null) return null;
  return orRefused(task, "copied from an earlier install", async () => {
    requirePossible(task, homes);
    await job.store.take(key, project);
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
  if (movable) await job.store.keep(key, project, homes);
  return treeOf(task, homes, movable);
}
