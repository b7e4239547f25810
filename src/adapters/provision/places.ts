/** Where a worktree needs dependencies: its lockfiles, and what the user's checkout says about them. */
import { lstat, readFile } from "node:fs/promises";
import { join, posix } from "node:path";
import { readFileIfThere } from "../fs/read-file.ts";
import type { Git } from "../git/git.ts";
import { MANAGERS, type Manager, type ManagerId } from "./managers.ts";

/** A lockfile of the worktree's commit and where its dependencies go. Paths are repository-relative; `""` is the root. */
export interface Place {
  readonly manager: Manager;
  readonly folder: string;
  readonly lockfile: string;
  /** Folder that holds what is installed, such as `client/node_modules`; null where nothing is put into the project. */
  readonly home: string | null;
  /** True where the checkout has an installed tree at `home`. */
  readonly warm: boolean;
}

export interface Places {
  /** To be prepared, outer folders first. */
  readonly used: readonly Place[];
  /** Lockfiles for which nothing is done, each with a sentence that says why. */
  readonly left: readonly { readonly lockfile: string; readonly why: string }[];
  /** Folders with a `package.json`: members of a workspace have a `node_modules` of their own. */
  readonly packages: readonly string[];
}

export interface PlaceQuery {
  /** Git of the worktree. */
  readonly git: Git;
  /** Main worktree of the user. */
  readonly root: string;
  readonly worktree: string;
}

const DEPTH = 3;
const EXAMPLE =
  /(?:^|\/)(?:fixtures?|__fixtures__|test-?data|templates?|examples?|vendor|third_party|node_modules)(?:\/|$)/;

/**
 * Lockfiles that git tracks, at most three folders deep. The checkout decides which of them matter: what is installed
 * there, and what it does not have at all. Where nothing is installed in it, all count but those of examples.
 */
export async function findPlaces(query: PlaceQuery): Promise<Places> {
  const tracked = await trackedFiles(query.git);
  const found = await Promise.all(
    onePerFolder(tracked, await preferences(query.worktree, tracked)).map((it) => look(query, it)),
  );
  const installed = found.some((it) => it.place.warm);
  const judged = found.map((it) => ({ ...it, why: whyNot(it, installed) }));
  return {
    used: judged.flatMap(({ place, why }) => (why === null ? [place] : [])),
    left: judged.flatMap(({ place, why }) => (why === null ? [] : [{ lockfile: place.lockfile, why }])),
    packages: tracked.filter((path) => posix.basename(path) === "package.json").map(folderOf),
  };
}

async function trackedFiles(git: Git): Promise<readonly string[]> {
  const names = [...MANAGERS.flatMap((manager) => manager.lockfiles), "package.json"];
  const patterns = names.map((name) => `:(glob)**/${name}`);
  const { stdout } = await git.run(["ls-files", "-z", "--", ...patterns], {
    env: { GIT_LITERAL_PATHSPECS: "0" },
  });
  return stdout
    .toString("utf8")
    .split("\0")
    .filter((path) => path !== "" && path.split("/").length <= DEPTH + 1)
    .toSorted((a, b) => a.split("/").length - b.split("/").length || (a < b ? -1 : 1));
}

interface Candidate {
  readonly manager: Manager;
  readonly lockfile: string;
}

/** One lockfile per family and folder: the one of the preferred manager, else the first known. */
function onePerFolder(
  tracked: readonly string[],
  preferred: ReadonlyMap<string, ManagerId>,
): readonly Candidate[] {
  const chosen = new Map<string, Candidate>();
  for (const lockfile of tracked) {
    const name = posix.basename(lockfile);
    const manager = MANAGERS.find((it) => it.lockfiles.includes(name));
    if (manager === undefined) continue;
    const folder = folderOf(lockfile);
    const key = `${folder}\0${manager.family === "shared" ? manager.id : manager.family}`;
    const before = chosen.get(key);
    if (
      before === undefined ||
      rank(manager, name, preferred.get(folder)) <
        rank(before.manager, posix.basename(before.lockfile), preferred.get(folder))
    )
      chosen.set(key, { manager, lockfile });
  }
  return [...chosen.values()];
}

function rank(manager: Manager, name: string, preferred: ManagerId | undefined): number {
  return (
    (manager.id === preferred ? 0 : 100) + MANAGERS.indexOf(manager) * 10 + manager.lockfiles.indexOf(name)
  );
}

/** `packageManager` of the `package.json` beside a lockfile, by folder. */
async function preferences(
  worktree: string,
  tracked: readonly string[],
): Promise<ReadonlyMap<string, ManagerId>> {
  const named = new Map<string, ManagerId>();
  for (const path of tracked.filter((it) => posix.basename(it) === "package.json")) {
    const text = await readFile(join(worktree, path), "utf8").catch(() => "");
    const name = /"packageManager"\s*:\s*"(npm|pnpm|yarn|bun)@/.exec(text)?.[1];
    if (name !== undefined) named.set(folderOf(path), name as ManagerId); // one of the four of the pattern
  }
  return named;
}

interface Seen {
  readonly place: Place;
  /** The checkout has a lockfile of this name, whatever is in it. */
  readonly known: boolean;
}

async function look({ root }: PlaceQuery, { manager, lockfile }: Candidate): Promise<Seen> {
  const folder = folderOf(lockfile);
  const homes = manager.homes.map((name) => posix.join(folder, name));
  const present = await Promise.all(homes.map((home) => isInstalled(join(root, home), manager)));
  const home = homes[Math.max(0, present.indexOf(true))] ?? null;
  const known = (await readFileIfThere(join(root, lockfile)).catch(() => null)) !== null;
  return { place: { manager, folder, lockfile, home, warm: present.includes(true) }, known };
}

async function isInstalled(home: string, manager: Manager): Promise<boolean> {
  const stats = await lstat(home).catch(() => null);
  if (stats?.isDirectory() !== true) return false;
  return manager.family !== "python" || (await lstat(join(home, "pyvenv.cfg")).catch(() => null)) !== null;
}

/** Null for a place that is prepared. */
function whyNot({ place, known }: Seen, anyInstalled: boolean): string | null {
  if (place.manager.remark !== undefined) return place.manager.remark;
  if (place.warm) return null;
  if (place.manager.id === "pip" && known) return "the checkout has no virtual environment beside it";
  if (EXAMPLE.test(place.folder)) return "it belongs to an example or a fixture";
  return known && anyInstalled ? "nothing is installed beside it in the checkout" : null;
}

function folderOf(path: string): string {
  const folder = posix.dirname(path);
  return folder === "." ? "" : folder;
}
