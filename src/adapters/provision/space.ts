/** How much room a plan needs on the disk, and how much there is, before anything starts. */
import { lstat, statfs } from "node:fs/promises";
import { dirname, join, posix } from "node:path";
import type { CommitId } from "../../core/vocabulary.ts";
import { readFileIfThere } from "../fs/read-file.ts";
import { createGit, type Git, gitEnvironment } from "../git/git.ts";
import { folderBytes } from "./bytes.ts";
import { npmPackageCount } from "./npm-tree.ts";
import { findPlaces, type Place } from "./places.ts";
import { openWarmStore, type WarmStore } from "./warm-store.ts";

export interface SpaceQuery {
  /** The user's checkout. */
  readonly root: string;
  readonly commonDir: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly base: CommitId;
  /** Folder that holds the worktrees, which may not be there yet. */
  readonly worktreesFolder: string;
  /** False where no worktree gets dependencies: they are not looked for then. */
  readonly withDependencies: boolean;
}

export interface Space {
  /** Of the files of one worktree. */
  readonly treeBytes: number;
  /** Of its dependencies as the checkout has them; null where nobody can know before they are installed. */
  readonly dependencyBytes: number | null;
  /** Free for this user where the worktrees will be. */
  readonly freeBytes: number;
  /** Of the whole file system. */
  readonly totalBytes: number;
}

const BLOCK = 4096;
/** Of a package on average, where none is installed yet. */
const PACKAGE_BYTES = 270_000;

export async function measureSpace(query: SpaceQuery): Promise<Space> {
  const git = createGit(query.root, gitEnvironment(query.env));
  const [treeBytes, dependencyBytes, room] = await Promise.all([
    treeSize(git, query.base),
    query.withDependencies ? dependencySize(git, query) : 0,
    roomAt(query.worktreesFolder),
  ]);
  return { treeBytes, dependencyBytes, ...room };
}

/** Files of a commit in whole blocks, as a checkout takes them. */
async function treeSize(git: Git, commit: CommitId): Promise<number> {
  const { stdout } = await git.run(["ls-tree", "-r", "-l", "-z", "--full-tree", commit]);
  let bytes = 0;
  for (const [, size] of stdout.toString("latin1").matchAll(/(?:^|\0)\d+ blob [0-9a-f]+ +(\d+)\t/g))
    bytes += Math.ceil(Number(size) / BLOCK) * BLOCK;
  return bytes;
}

async function dependencySize(git: Git, { root, commonDir }: SpaceQuery): Promise<number | null> {
  const { used } = await findPlaces({ git, root, worktree: root });
  const store = openWarmStore(join(commonDir, "signalbox", ".warm"));
  const sizes = await Promise.all(used.map((place) => placeSize(root, place, store)));
  return sizes.reduce((sum, size) => (sum === null || size === null ? null : sum + size), 0);
}

async function placeSize(root: string, place: Place, store: WarmStore): Promise<number | null> {
  if (place.home === null) return 0;
  if (place.warm) return folderBytes(join(root, place.home));
  const lockfile = await readFileIfThere(join(root, place.lockfile));
  if (lockfile === null) return 0;
  const packageFile = await readFileIfThere(join(root, place.folder, "package.json"));
  const kept = await store.size({ manager: place.manager.id, folder: place.folder, lockfile, packageFile });
  if (kept !== null || posix.basename(place.lockfile) !== "package-lock.json") return kept;
  const packages = npmPackageCount(lockfile.toString("utf8"));
  return packages === null ? null : packages * PACKAGE_BYTES;
}

async function roomAt(folder: string): Promise<Pick<Space, "freeBytes" | "totalBytes">> {
  let at = folder;
  while ((await lstat(at).catch(() => null)) === null && dirname(at) !== at) at = dirname(at);
  const { bavail, blocks, bsize } = await statfs(at);
  return { freeBytes: bavail * bsize, totalBytes: blocks * bsize };
}
