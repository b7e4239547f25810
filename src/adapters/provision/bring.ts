/**
 * Copies and links files from the main worktree into a worktree.
 *
 * Invariants:
 * - B1: nothing is read through a link that leads outside the repository, and nothing is written through a link at all.
 * - B2: a file that the commit brought is never replaced.
 * - B3: a file with secrets is brought only where `mayBring` says so, also out of a folder.
 * - B4: a copied link stays relative, so that it leads to the worktree's own file and never into the main checkout.
 */
import { constants, copyFile, lstat, mkdir, readdir, readlink, rm, symlink } from "node:fs/promises";
import { dirname, isAbsolute, join, relative, resolve } from "node:path";
import { isBelow, isInside, matchPaths, ProvisionRefusal } from "./match.ts";
import { isSecretFile } from "./secrets.ts";

/** One thing to bring; `path` is repository-relative. */
export interface Bringing {
  readonly kind: "copy" | "link";
  readonly path: string;
}

export interface Places {
  /** Main worktree. */
  readonly root: string;
  readonly worktree: string;
}

/** What the patterns ask for and the worktree does not have yet. Throws `ProvisionRefusal` for what must not be brought. */
export async function planBringing(
  places: Places,
  copy: readonly string[],
  link: readonly string[],
): Promise<readonly Bringing[]> {
  const plan: Bringing[] = [];
  for (const pattern of copy) {
    for (const path of await matchPaths(places.root, pattern)) plan.push(...(await planCopy(places, path)));
  }
  for (const pattern of link) {
    for (const path of await matchPaths(places.root, pattern)) plan.push(...(await planLink(places, path)));
  }
  return plan;
}

/** Says whether a file with secrets may be brought; asked for such files only. */
export type MayBring = (path: string) => Promise<boolean>;

/** Carries the plan out. The files with secrets that were brought. */
export async function bring(
  places: Places,
  plan: readonly Bringing[],
  mayBring: MayBring,
): Promise<readonly string[]> {
  const run: Run = { ...places, mayBring, secrets: [] };
  for (const { kind, path } of plan) {
    await mkdir(dirname(join(places.worktree, path)), { recursive: true });
    if (kind === "copy") await copyTree(run, path);
    else if (await isAllowed(run, path)) await symlink(join(places.root, path), join(places.worktree, path));
  }
  return run.secrets;
}

interface Run extends Places {
  readonly mayBring: MayBring;
  readonly secrets: string[];
}

async function isAllowed({ mayBring, secrets }: Run, path: string): Promise<boolean> {
  if (!isSecretFile(path)) return true;
  const allowed = await mayBring(path);
  if (allowed) secrets.push(path);
  return allowed;
}

/** Takes back what an interrupted run brought, before it is brought again. */
export async function takeBack(places: Places, paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    await refuseLinkedParents(places, path);
    await rm(join(places.worktree, path), { recursive: true, force: true });
  }
}

/** A folder that the commit has too is filled up file by file. */
async function planCopy(places: Places, path: string): Promise<readonly Bringing[]> {
  await refuseLinkedParents(places, path);
  await refuseEscape(places, path);
  const target = await lstat(join(places.worktree, path)).catch(() => null);
  if (target === null) return [{ kind: "copy", path }];
  const source = await lstat(join(places.root, path));
  if (!source.isDirectory() || !target.isDirectory()) return [];
  const plan: Bringing[] = [];
  for (const name of await readdir(join(places.root, path))) {
    if (name !== ".git") plan.push(...(await planCopy(places, `${path}/${name}`)));
  }
  return plan;
}

async function planLink(places: Places, path: string): Promise<readonly Bringing[]> {
  await refuseLinkedParents(places, path);
  await refuseEscape(places, path);
  const target = join(places.worktree, path);
  if ((await lstat(target).catch(() => null)) === null) return [{ kind: "link", path }];
  if ((await readlink(target).catch(() => null)) === join(places.root, path)) return [];
  throw new ProvisionRefusal(
    `provision: ${path} cannot be linked, the commit has a file or folder of that name`,
  );
}

async function copyTree(places: Run, path: string): Promise<void> {
  if (!(await isAllowed(places, path))) return;
  const source = join(places.root, path);
  const target = join(places.worktree, path);
  const stats = await lstat(source).catch(() => null);
  if (stats?.isSymbolicLink()) return copyLink(places, path);
  if (stats?.isFile()) return copyFile(source, target, constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL);
  if (!stats?.isDirectory()) return; // sockets, pipes, and what vanished meanwhile
  await mkdir(target, { mode: stats.mode });
  for (const name of await readdir(source)) {
    if (name !== ".git") await copyTree(places, `${path}/${name}`);
  }
}

async function copyLink(places: Places, path: string): Promise<void> {
  await refuseEscape(places, path);
  const source = join(places.root, path);
  const text = await readlink(source);
  await symlink(
    isAbsolute(text) ? relative(dirname(source), text) || "." : text,
    join(places.worktree, path),
  );
}

/** B1. A link must lead inside by its text and in fact; one that leads nowhere is judged by its text. */
async function refuseEscape(places: Places, path: string): Promise<void> {
  const source = join(places.root, path);
  const text = await readlink(source).catch(() => null);
  const named = text === null ? source : resolve(dirname(source), text);
  const dangling = text !== null && (await lstat(named).catch(() => null)) === null;
  if (isBelow(places.root, named) && (dangling || (await isInside(places.root, source)))) return;
  throw new ProvisionRefusal(`provision: ${path} leads outside the repository through a link`);
}

/** Throws `ProvisionRefusal` when the way to a path in the worktree leads through a link. */
export async function refuseLinkedParents(places: Places, path: string): Promise<void> {
  for (let folder = dirname(path); folder !== "."; folder = dirname(folder)) {
    const stats = await lstat(join(places.worktree, folder)).catch(() => null);
    if (stats?.isSymbolicLink())
      throw new ProvisionRefusal(`provision: ${path} is not written, ${folder} is a link in the worktree`);
  }
}
