/**
 * Copies installed trees.
 *
 * Invariants:
 * - T1: the source is only read.
 * - T2: a copy during which the source changed, or that is not complete, is not used.
 * - T3: no link in the copy leads out of the worktree.
 */
import { lstat, mkdir, readdir, readFile, readlink } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { readFileIfThere } from "../fs/read-file.ts";
import { createTurns } from "../git/turns.ts";
import { runProgram } from "../process/spawn.ts";
import { isBelow } from "./match.ts";
import type { InstalledTree } from "./npm-tree.ts";

/** A tree that cannot be used as it is; the message says why. */
export class TreeRefusal extends Error {}

/** Caches of tools, which belong to one folder and can be larger than everything that was installed. */
const CACHES = new Set([".cache", ".tmp", ".vite", ".vite-temp", ".vitest"]);
/** npm sets a package aside under such a name while it replaces it. */
const SET_ASIDE = /^\.[^/]+-[A-Za-z0-9_-]{8}$/;
const PER_CALL = 400;
const environment = () => ({ PATH: process.env.PATH ?? "/usr/bin:/bin", LC_ALL: "C" });

/** True for a name in `node_modules` under which tools keep what they can make again. */
export function isCache(name: string): boolean {
  return CACHES.has(name);
}

/** More at a time than cores take longer in all than one after another. */
const turns = createTurns(2);

/**
 * Copies folders `homes` from one project folder into another that has none of them. What is there afterwards is a copy of its own:
 * blocks are shared where the file system can (reflink), files never are. `mark` is added to the environment of the program
 * that copies. Throws `TreeRefusal`.
 */
export function copyHomes(
  from: string,
  to: string,
  homes: readonly string[],
  mark: Mark = {},
): Promise<void> {
  return turns(async () => {
    for (const home of homes) await copyHome(join(from, home), join(to, home), mark);
  });
}

/** Variables by which a program that outlives us is known as ours. */
export type Mark = Readonly<Record<string, string>>;

async function copyHome(source: string, target: string, mark: Mark): Promise<void> {
  const found = await readdir(source).catch(() => null);
  if (found === null) throw new TreeRefusal(`${basename(source)} is not there`);
  const names = found.filter((name) => !isCache(name));
  await mkdir(target, { recursive: true });
  for (let at = 0; at < names.length; at += PER_CALL) {
    const part = names.slice(at, at + PER_CALL).map((name) => `./${name}`);
    await copyFiles(source, target, part, mark);
  }
}

/** `cp` is several times as fast as copying from here. Systems without reflink fall back by themselves, old ones refuse the option. */
async function copyFiles(
  source: string,
  target: string,
  names: readonly string[],
  mark: Mark,
): Promise<void> {
  const clone = process.platform === "darwin" ? ["-c"] : ["--reflink=auto"];
  let said = "";
  for (const options of [["-a", ...clone], ["-a"]]) {
    const { code, stderr } = await runProgram("cp", [...options, ...names, target], {
      cwd: source,
      env: { ...environment(), ...mark },
    });
    if (code === 0) return;
    said = stderr.trim().split("\n")[0] ?? "";
  }
  throw new TreeRefusal(`it could not be copied: ${said}`);
}

/** What tells whether a tree was changed while it was copied. */
export async function evidenceOf(
  project: string,
  files: readonly string[],
  homes: readonly string[],
): Promise<string> {
  const contents = await Promise.all(files.map((file) => fileEvidence(join(project, file))));
  const folders = await Promise.all(homes.map((home) => folderEvidence(join(project, home))));
  return JSON.stringify([contents, folders]);
}

async function fileEvidence(path: string): Promise<unknown> {
  const stats = await lstat(path).catch(() => null);
  const content = await readFileIfThere(path);
  return [stats?.ino, stats?.mtimeMs, stats?.ctimeMs, content?.length, content?.toString("base64")];
}

/** Names in the folder and in its scopes, with the times of those folders: whoever adds or takes a package changes them. */
async function folderEvidence(home: string): Promise<unknown> {
  const names = await readdir(home).catch(() => []);
  const inner = names.filter((name) => name.startsWith("@") || name === ".bin");
  const within = await Promise.all(
    inner.map(async (name) => [
      name,
      await timeOf(join(home, name)),
      (await readdir(join(home, name)).catch(() => [])).sort(),
    ]),
  );
  return [await timeOf(home), names.sort(), within];
}

async function timeOf(path: string): Promise<number | undefined> {
  return (await lstat(path).catch(() => null))?.mtimeMs;
}

/** Refuses a tree with packages that the lockfile does not name, or that somebody is just installing. */
export async function refuseForeign(project: string, tree: InstalledTree): Promise<void> {
  if (tree.packages.size === 0) return;
  for (const home of tree.homes) {
    for (const name of await packageNames(join(project, home))) {
      if (SET_ASIDE.test(name.split("/").at(-1) ?? ""))
        throw new TreeRefusal("something is being installed there");
      if (!name.startsWith(".") && !tree.packages.has(`${home}/${name}`))
        throw new TreeRefusal(`${home}/${name} is not in the lockfile`);
    }
  }
}

async function packageNames(home: string): Promise<readonly string[]> {
  const entries = await readdir(home, { withFileTypes: true }).catch(() => []);
  const names = await Promise.all(
    entries
      .filter((entry) => entry.isDirectory() || entry.isSymbolicLink())
      .map(async ({ name }) =>
        name.startsWith("@")
          ? (await readdir(join(home, name)).catch(() => [])).map((inner) => `${name}/${inner}`)
          : [name],
      ),
  );
  return names.flat();
}

/** Refuses a copy in which a package is missing or has another version. */
export async function refuseIncomplete(project: string, tree: InstalledTree): Promise<void> {
  const versions = [...tree.packages].filter(([, version]) => version !== null);
  const found = await Promise.all(versions.map(([path]) => versionAt(join(project, path))));
  const wrong = versions.find(([, version], index) => found[index] !== version);
  if (wrong !== undefined) throw new TreeRefusal(`${wrong[0]} is not complete`);
}

async function versionAt(folder: string): Promise<string | null> {
  try {
    const text = await readFile(join(folder, "package.json"), "utf8");
    const { version } = JSON.parse(text) as { readonly version?: unknown };
    return typeof version === "string" ? version.trim().replace(/^[v=]+/, "") : null;
  } catch {
    return null;
  }
}

/** T3. Refuses links that are absolute or lead out of `worktree`. */
export async function refuseLinksOut(worktree: string, homes: readonly string[]): Promise<void> {
  for (const home of homes) {
    const args = [join(worktree, home), "-type", "l", "-print0"];
    const { stdout, code } = await runProgram("find", args, { cwd: worktree, env: environment() });
    if (code !== 0) throw new TreeRefusal(`${home} cannot be read`);
    const links = stdout
      .toString("utf8")
      .split("\0")
      .filter((path) => path !== "");
    for (const link of links) await refuseLinkOut(worktree, link);
  }
}

async function refuseLinkOut(worktree: string, link: string): Promise<void> {
  const text = await readlink(link);
  if (!text.startsWith("/") && isBelow(worktree, resolve(dirname(link), text))) return;
  throw new TreeRefusal(`${link} leads out of the worktree`);
}
