/** Finds what a provisioning pattern names in the main worktree. */
import { lstat, readdir, realpath } from "node:fs/promises";
import { isAbsolute, join, relative } from "node:path";
import picomatch from "picomatch";

/** A pattern or a file that provisioning must not follow; its message is for a person. */
export class ProvisionRefusal extends Error {}

/**
 * Repository-relative paths that a glob (dot files included) or a plain path names; a matching folder stands for all in
 * it. `.git` is never entered, symlinked folders are not followed, `node_modules` only where the pattern names it.
 */
export async function matchPaths(root: string, pattern: string): Promise<readonly string[]> {
  const clean = pattern.replace(/^\.\//, "").replace(/\/+$/, "");
  refuseOutside(pattern, clean);
  const { base, isGlob } = picomatch.scan(clean);
  if (!isGlob) return (await exists(join(root, clean))) ? [clean] : [];
  if (!(await isInside(root, join(root, base)))) return [];
  const walk: Walk = {
    root,
    matches: picomatch(clean, { dot: true }),
    depth: clean.includes("**") ? Number.POSITIVE_INFINITY : clean.split("/").length,
    modules: clean.includes("node_modules"),
  };
  return (await walkFolder(walk, base)).sort();
}

/** True when a path exists and, with all links resolved, is below (or is) the folder. */
export async function isInside(folder: string, path: string): Promise<boolean> {
  const real = await realpath(path).catch(() => null);
  if (real === null) return false;
  return isBelow(await realpath(folder), real);
}

/** True when `path` is `folder` or below it, by name only. */
export function isBelow(folder: string, path: string): boolean {
  const inside = relative(folder, path);
  return !(inside === ".." || inside.startsWith("../") || isAbsolute(inside));
}

interface Walk {
  readonly root: string;
  readonly matches: (path: string) => boolean;
  readonly depth: number;
  readonly modules: boolean;
}

async function walkFolder(walk: Walk, folder: string): Promise<string[]> {
  const entries = await readdir(join(walk.root, folder), { withFileTypes: true }).catch(() => []);
  const found: string[] = [];
  for (const entry of entries) {
    if (entry.name === ".git") continue;
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (walk.matches(path)) found.push(path);
    else if (entry.isDirectory() && mayEnter(walk, path, entry.name))
      found.push(...(await walkFolder(walk, path)));
  }
  return found;
}

function mayEnter(walk: Walk, path: string, name: string): boolean {
  return path.split("/").length < walk.depth && (walk.modules || name !== "node_modules");
}

function refuseOutside(pattern: string, clean: string): void {
  const parts = clean.split("/");
  if (
    clean === "" ||
    isAbsolute(clean) ||
    clean.startsWith("~") ||
    parts.includes("..") ||
    parts.includes(".git")
  )
    throw new ProvisionRefusal(`provision: ${JSON.stringify(pattern)} is not a path inside the repository`);
}

async function exists(path: string): Promise<boolean> {
  return (await lstat(path).catch(() => null)) !== null;
}
