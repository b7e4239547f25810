/**
 * Dependencies that a worktree has given back, to be moved into the next one with the same lockfile: nothing is copied, and
 * nothing is deleted that would have to be made again.
 *
 * Owns: one folder below the git common dir. Everything in it can be made again, so it may be deleted at any time.
 *
 * Invariants:
 * - P1: a tree is handed on only when nothing in it has changed since it was brought: the kernel keeps that time (ctime), and no
 *   program can set it back.
 * - P2: a tree is handed to one worktree at a time.
 */
import { randomUUID } from "node:crypto";
import { lstat, mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { readJsonIfThere } from "../fs/read-file.ts";
import { replaceFile } from "../fs/replace-file.ts";
import { runProgram } from "../process/spawn.ts";
import { isCache, TreeRefusal } from "./copy-tree.ts";

/** What was brought, and by its file's own time when. */
interface Stamp {
  readonly version: 1;
  /** Name of the tree; trees of one name are the same. */
  readonly name: string;
  readonly homes: readonly { readonly home: string; readonly names: readonly string[] }[];
}

export interface TreePool {
  /** Folders of a tree that can be taken, relative to its project, without taking it; null when there is none. */
  homes(name: string): Promise<readonly string[] | null>;
  /** Moves a tree into a project folder. Throws `TreeRefusal` when none was left or none was as it had been. */
  take(name: string, project: string): Promise<void>;
  /** Takes folders out of a project folder. `stamp` is the file that `stampTree` wrote; without it they are deleted. */
  put(project: string, homes: readonly string[], stamp: string | null): Promise<void>;
  /** Deletes what a process left under way that nobody has touched for `restingMs` (default a minute). Never rejects. */
  sweep(restingMs?: number): Promise<void>;
}

/** Trees of one name, and of all names together. */
const KEPT = { alike: 2, all: 4 };

/** Records a tree that has just been brought, in `file`. Nothing may be written into it afterwards, or it is not handed on. */
export async function stampTree(
  file: string,
  name: string,
  project: string,
  homes: readonly string[],
): Promise<void> {
  const listed = await Promise.all(
    homes.map(async (home) => ({ home, names: await namesIn(join(project, home)) })),
  );
  const stamp: Stamp = { version: 1, name, homes: listed };
  await replaceFile(file, `${JSON.stringify(stamp)}\n`);
  await tickAfter(file);
}

/** File times move in steps of some milliseconds: a change in the same step as the stamp could not be told from none. */
async function tickAfter(stamp: string): Promise<void> {
  const { mtimeNs } = await lstat(stamp, { bigint: true });
  const probe = `${stamp}.tick`;
  for (let tries = 0; tries < 200; tries += 1) {
    await writeFile(probe, "");
    const now = (await lstat(probe, { bigint: true })).ctimeNs;
    await rm(probe, { force: true });
    if (now > mtimeNs) return;
    await sleep(2);
  }
  await rm(stamp, { force: true }); // on a file system without such times nothing is handed on
}

/** The pool of a repository, at `folder`. Touches nothing until it is used. */
export function openTreePool(folder: string): TreePool {
  return {
    homes: async (name) => {
      const [first] = await entriesOf(folder, name);
      const stamp = first === undefined ? null : await readStamp(join(folder, name, first));
      return stamp?.homes.map(({ home }) => home) ?? null;
    },
    take: (name, project) => take(folder, name, project),
    put: (project, homes, stamp) => put(folder, project, homes, stamp),
    sweep: (restingMs = 60_000) => sweep(folder, restingMs),
  };
}

async function sweep(folder: string, restingMs: number): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    const path = join(folder, name);
    const stats = await lstat(path).catch(() => null);
    if (!name.startsWith(".") || stats === null || Date.now() - stats.ctimeMs < restingMs) continue;
    await rm(path, { recursive: true, force: true }).catch(() => {});
  }
}

async function entriesOf(folder: string, name: string): Promise<readonly string[]> {
  return (await readdir(join(folder, name)).catch(() => [])).toSorted();
}

function readStamp(entry: string): Promise<Stamp | null> {
  return readJsonIfThere<Stamp>(join(entry, "stamp.json"));
}

async function namesIn(home: string): Promise<readonly string[]> {
  return (await readdir(home).catch(() => [])).filter((name) => !isCache(name)).toSorted();
}

async function take(folder: string, name: string, project: string): Promise<void> {
  for (const entry of await entriesOf(folder, name)) {
    const mine = join(folder, `.taken-${randomUUID()}`);
    if (!(await moved(join(folder, name, entry), mine))) continue; // somebody else was quicker
    const stamp = await readStamp(mine);
    const good = stamp !== null && (await isUnchanged(mine, stamp));
    if (good) for (const { home } of stamp.homes) await place(join(mine, "tree", home), join(project, home));
    discard(mine);
    if (good) return;
  }
  throw new TreeRefusal("what was there has been changed");
}

async function place(from: string, to: string): Promise<void> {
  for (const name of await readdir(from))
    if (isCache(name)) await rm(join(from, name), { recursive: true, force: true });
  await mkdir(dirname(to), { recursive: true });
  await rename(from, to);
}

/** P1. Names are compared as well, because a cache that was written or deleted changes the time of the folder around it. */
async function isUnchanged(entry: string, stamp: Stamp): Promise<boolean> {
  for (const { home, names } of stamp.homes) {
    const folder = join(entry, "tree", home);
    if ((await lstat(folder).catch(() => null))?.isDirectory() !== true) return false;
    if ((await namesIn(folder)).join("\0") !== names.join("\0")) return false;
    const paths = names.map((name) => `./${name}`);
    if (paths.length === 0) continue;
    const args = [...paths, "-cnewer", join(entry, "stamp.json"), "-print"];
    const env = { PATH: process.env.PATH ?? "/usr/bin:/bin", LC_ALL: "C" };
    const { code, stdout } = await runProgram("find", args, { cwd: folder, env });
    if (code !== 0 || stdout.length > 0) return false;
  }
  return true;
}

/** The stamp goes last: an entry without one is nothing. */
async function put(
  folder: string,
  project: string,
  homes: readonly string[],
  stamp: string | null,
): Promise<void> {
  const draft = join(folder, `.draft-${randomUUID()}`);
  const name = stamp === null ? null : ((await readJsonIfThere<Stamp>(stamp))?.name ?? null);
  for (const home of homes) {
    await mkdir(dirname(join(draft, "tree", home)), { recursive: true });
    // On another file system there is nothing to move; the folder must be gone before anybody else looks.
    if (!(await moved(join(project, home), join(draft, "tree", home))))
      await rm(join(project, home), { recursive: true, force: true });
  }
  const whole = stamp !== null && name !== null && (await moved(stamp, join(draft, "stamp.json")));
  if (!whole || (await entriesOf(folder, name)).length >= KEPT.alike) return discard(draft);
  await mkdir(join(folder, name), { recursive: true });
  if (!(await moved(draft, join(folder, name, randomUUID())))) return discard(draft);
  await prune(folder);
}

async function moved(from: string, to: string): Promise<boolean> {
  return rename(from, to).then(
    () => true,
    () => false,
  );
}

/** In the background: what is deleted is out of everybody's way already. */
function discard(path: string): void {
  void rm(path, { recursive: true, force: true }).catch(() => {});
}

async function prune(folder: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => !name.startsWith("."));
  const entries = await Promise.all(
    names.map(async (name) => (await entriesOf(folder, name)).map((entry) => join(folder, name, entry))),
  );
  const dated = await Promise.all(
    entries.flat().map(async (path) => ({ path, at: (await lstat(path).catch(() => null))?.mtimeMs ?? 0 })),
  );
  for (const { path } of dated.toSorted((a, b) => b.at - a.at).slice(KEPT.all)) {
    const doomed = join(folder, `.old-${randomUUID()}`);
    if (await moved(path, doomed)) discard(doomed);
  }
}
