/**
 * What a confined session sees of git: everything for reading, and an index and a store of objects of its own, so that it can look and
 * stage. Refs, settings, hooks and the objects of the repository stay as they are; the coordinator commits.
 */
import { cp, mkdir, readFile, realpath, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import type { Mount } from "./bubblewrap.ts";

export interface GitView {
  readonly mounts: readonly Mount[];
  /** Folder of the repository's own files, which must be seen. */
  readonly commonDir: string;
}

/** Files of the admin folder that are ours: of no use to the session. */
const OURS = /^signalbox/;

/**
 * Mounts for the worktree at `worktree`; null where it is none that git knows. `own` is a folder of ours that ends with the session,
 * `store` a path inside at which the repository's objects can be read.
 */
export async function gitView(worktree: string, own: string, store: string): Promise<GitView | null> {
  const found = await findAdmin(worktree);
  if (found === null) return null;
  const { admin, commonDir } = found;
  const objects = join(commonDir, "objects");
  const [ownAdmin, ownObjects] = [join(own, "admin"), join(own, "objects")];
  await cp(admin, ownAdmin, {
    recursive: true,
    filter: (from) => dirname(from) !== admin || !(OURS.test(basename(from)) || from.endsWith(".lock")),
  });
  await mkdir(join(ownObjects, "info"), { recursive: true });
  const alternates = [store, ...(await alternatesOf(objects))];
  await writeFile(join(ownObjects, "info", "alternates"), `${alternates.join("\n")}\n`);
  return {
    commonDir,
    mounts: [
      { from: objects, at: store, mode: "read" },
      { from: ownObjects, at: objects, mode: "write" },
      { from: ownAdmin, at: admin, mode: "write" },
      // Whoever could write it could name another repository, with settings and hooks of its own.
      { from: join(worktree, ".git"), at: join(worktree, ".git"), mode: "read" },
    ],
  };
}

/** Common folder of the repository that a worktree belongs to; null where it is none. */
export async function repositoryOf(worktree: string): Promise<string | null> {
  return (await findAdmin(await realpath(worktree).catch(() => worktree)))?.commonDir ?? null;
}

/** By the tree's own `.git`, which an earlier session may have changed: believed only where the admin folder points back. */
async function findAdmin(
  worktree: string,
): Promise<{ readonly admin: string; readonly commonDir: string } | null> {
  try {
    const pointer = /^gitdir: (.+)$/m.exec(await readFile(join(worktree, ".git"), "utf8"))?.[1];
    if (pointer === undefined) return null;
    const admin = await realpath(resolve(worktree, pointer));
    const back = (await readFile(join(admin, "gitdir"), "utf8")).trim();
    if ((await realpath(dirname(resolve(admin, back)))) !== worktree) return null;
    const common = await realpath(resolve(admin, (await readFile(join(admin, "commondir"), "utf8")).trim()));
    return dirname(dirname(admin)) === common ? { admin, commonDir: common } : null;
  } catch {
    return null;
  }
}

/** Stores that the repository itself borrows from; relative ones count from its own folder. */
async function alternatesOf(objects: string): Promise<readonly string[]> {
  const text = await readFile(join(objects, "info", "alternates"), "utf8").catch(() => "");
  return text
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => resolve(objects, line));
}
