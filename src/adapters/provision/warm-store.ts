/**
 * Copies of trees that Signalbox installed itself, by lockfile, so that the next worktree with the same lockfile needs no install.
 *
 * Owns: one folder below the git common dir. Everything in it can be made again, so it may be deleted at any time.
 */
import { createHash, randomUUID } from "node:crypto";
import { lstat, mkdir, readdir, rename, rm, statfs, utimes } from "node:fs/promises";
import { join } from "node:path";
import { readJsonIfThere } from "../fs/read-file.ts";
import { replaceFile } from "../fs/replace-file.ts";
import { folderBytes } from "./bytes.ts";
import { copyHomes, type Mark, TreeRefusal } from "./copy-tree.ts";

/** What a tree depends on beside the packages themselves. */
export interface WarmKey {
  readonly manager: string;
  readonly folder: string;
  readonly lockfile: Uint8Array;
  readonly packageFile: Uint8Array | null;
}

export interface WarmStore {
  /** Folders of the tree of this key, relative to the project's folder; null when there is none. */
  homes(key: WarmKey): Promise<readonly string[] | null>;
  /** Copies the tree of this key into a project folder. Throws `TreeRefusal` when it goes meanwhile. */
  take(key: WarmKey, project: string, mark?: Mark): Promise<void>;
  /** Keeps a copy of a tree that was just installed. What cannot be kept is only slower the next time. */
  keep(key: WarmKey, project: string, homes: readonly string[], mark?: Mark): Promise<void>;
  /** Size of the tree of this key in bytes; null when there is none. */
  size(key: WarmKey): Promise<number | null>;
}

interface About {
  readonly version: 1;
  readonly homes: readonly string[];
  readonly bytes: number;
}

const KEPT = 3;
/** A tree that was used a moment ago may be being copied. */
const RESTING_MS = 10 * 60_000;

/** The store of a repository, at `folder`. Touches nothing until it is used. */
export function openWarmStore(folder: string): WarmStore {
  const placeOf = (key: WarmKey): string => join(folder, treeName(key));
  return {
    homes: async (key) => (await readAbout(placeOf(key)))?.homes ?? null,
    take: (key, project, mark) => take(placeOf(key), project, mark),
    keep: (key, project, homes, mark) => keep(folder, placeOf(key), project, homes, mark),
    size: async (key) => (await readAbout(placeOf(key)))?.bytes ?? null,
  };
}

/** Name under which the tree of a key is kept: the same for everything that would be installed the same way. */
export function treeName(key: WarmKey): string {
  const runtime = `${process.platform}-${process.arch}-${process.versions.modules}`;
  const hash = createHash("sha256").update(JSON.stringify([key.manager, key.folder, runtime]));
  hash
    .update(key.lockfile)
    .update("\0")
    .update(key.packageFile ?? "");
  return hash.digest("hex").slice(0, 24);
}

function readAbout(place: string): Promise<About | null> {
  return readJsonIfThere<About>(join(place, "about.json"));
}

async function take(place: string, project: string, mark?: Mark): Promise<void> {
  const homes = (await readAbout(place))?.homes ?? [];
  const now = new Date();
  await utimes(join(place, "about.json"), now, now).catch(() => {});
  await copyHomes(join(place, "tree"), project, homes, mark);
  if ((await readAbout(place)) === null) throw new TreeRefusal("it was removed meanwhile");
}

/** `about.json` is written before the rename, so that a place is there with everything or not at all. */
async function keep(
  folder: string,
  place: string,
  project: string,
  homes: readonly string[],
  mark?: Mark,
): Promise<void> {
  const draft = join(folder, `.new-${randomUUID()}`);
  try {
    const sizes = await Promise.all(homes.map((home) => folderBytes(join(project, home))));
    const bytes = sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0);
    await mkdir(draft, { recursive: true });
    if (!(await hasRoom(draft, bytes))) return;
    await copyHomes(project, join(draft, "tree"), homes, mark);
    const about: About = { version: 1, homes, bytes };
    await replaceFile(join(draft, "about.json"), `${JSON.stringify(about)}\n`);
    await rename(draft, place);
    await prune(folder);
  } catch (error) {
    if (!(error instanceof TreeRefusal) && !(error instanceof Error && "code" in error)) throw error;
  } finally {
    await rm(draft, { recursive: true, force: true }).catch(() => {});
  }
}

/** A copy for later must not take the room that work needs now. */
async function hasRoom(folder: string, bytes: number): Promise<boolean> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize > 5 * bytes;
}

async function prune(folder: string): Promise<void> {
  const names = await readdir(folder);
  const used = await Promise.all(
    names
      .filter((name) => !name.startsWith("."))
      .map(async (name) => ({
        name,
        at: (await lstat(join(folder, name, "about.json")).catch(() => null))?.mtimeMs ?? 0,
      })),
  );
  const surplus = used.toSorted((a, b) => b.at - a.at).slice(KEPT);
  for (const { name, at } of surplus) {
    if (Date.now() - at < RESTING_MS) continue;
    const doomed = join(folder, `.old-${randomUUID()}`);
    await rename(join(folder, name), doomed).catch(() => {});
    await rm(doomed, { recursive: true, force: true });
  }
}
