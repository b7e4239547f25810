/**
 * The content of a worktree as a tree, through a private index: neither the worktree's own index (which an agent may have
 * left half-merged, locked or with hidden entries) nor any ref is involved.
 */
import { randomUUID } from "node:crypto";
import { copyFile, lstat, rm } from "node:fs/promises";
import { join } from "node:path";
import type { CommitId } from "../../core/vocabulary.ts";
import { provisionedPaths } from "./admin.ts";
import type { Git } from "./git.ts";

export interface Snapshot {
  readonly tree: string;
  /** File of the private index, on the worktree's own file system so that it can be renamed into place. */
  readonly index: string;
  /** Folders that are repositories of their own and therefore not part of the tree, with a `/` at the end. */
  readonly nested: readonly string[];
  dispose(): Promise<void>;
}

export interface SnapshotRequest {
  /** Git of the worktree (`worktreeGit`). */
  readonly git: Git;
  readonly admin: string;
  /** Commit that says which files are tracked, even where ignore rules name them; null = none. */
  readonly start: CommitId | null;
  /** Paths taken in although ignore rules name them. */
  readonly force: readonly string[];
  /** Where the private index goes; default `admin`, from where it can be renamed into place. */
  readonly folder?: string;
}

/** Everything in the worktree except ignored files, provisioned files and nested repositories. Paths are raw bytes throughout. */
export async function takeSnapshot(request: SnapshotRequest): Promise<Snapshot> {
  const { git, admin, start } = request;
  const index = join(request.folder ?? admin, `signalbox-index-${randomUUID()}`);
  const env = { GIT_INDEX_FILE: index };
  const dispose = (): Promise<void> => rm(index, { force: true });
  try {
    const links = await startIndex(git, admin, index, start);
    await updateTracked(git, index, links);
    const [untracked, forced, staged, provisioned] = await Promise.all([
      listPaths(git, ["--others", "--exclude-standard"], index),
      request.force.length === 0 ? [] : listPaths(git, ["--others", "--", ...request.force], index),
      start === null ? [] : stagedByHand(git, start),
      provisionedPaths(admin),
    ]);
    const nested = untracked.filter((path) => path.endsWith("/"));
    const brought = provisioned.map((path) => Buffer.from(path).toString("latin1"));
    const wanted = new Set([...untracked, ...staged].filter((path) => !isBelow(path, brought)));
    for (const path of links) wanted.add(path);
    for (const path of forced) wanted.add(path);
    const files = [...wanted].filter((path) => !path.endsWith("/"));
    const input = Buffer.from(files.map((path) => `${path}\0`).join(""), "latin1");
    if (files.length > 0)
      await git.run(["update-index", "--add", "--remove", "--replace", "-z", "--stdin"], { env, input });
    return { tree: await git.text(["write-tree"], { env }), index, nested, dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}

/** Answers with the submodules that it has. In a sparse checkout only the worktree's own index knows which files are absent on purpose. */
async function startIndex(
  git: Git,
  admin: string,
  index: string,
  start: CommitId | null,
): Promise<readonly string[]> {
  if (await isSparse(git, admin)) {
    await copyFile(join(admin, "index"), index);
    return submodulesIn(
      (await git.run(["ls-files", "--stage", "-z"], { env: { GIT_INDEX_FILE: index } })).stdout,
    );
  }
  const [listed] = await Promise.all([
    start === null ? null : git.run(["ls-tree", "-r", "-z", "--full-tree", start]),
    git.run(["read-tree", start ?? "--empty"], { env: { GIT_INDEX_FILE: index } }),
  ]);
  return listed === null ? [] : submodulesIn(listed.stdout);
}

/** Submodules are left to `update-index`, which looks at their HEAD; `add` would run git inside them, with their settings. */
async function updateTracked(git: Git, index: string, submodules: readonly string[]): Promise<void> {
  const args = ["add", "--update", "--sparse"];
  if (submodules.length === 0) {
    await git.run(args, { env: { GIT_INDEX_FILE: index } });
    return;
  }
  const without = submodules.map((path) => `:(top,exclude,literal)${path}\0`).join("");
  await git.run([...args, "--pathspec-from-file=-", "--pathspec-file-nul"], {
    env: { GIT_INDEX_FILE: index, GIT_LITERAL_PATHSPECS: "0" },
    input: Buffer.from(`:(top)\0${without}`, "latin1"),
  });
}

/** Paths of mode 160000 in the output of `ls-tree -z` or `ls-files --stage -z`, raw bytes as latin1. */
export function submodulesIn(output: Buffer): readonly string[] {
  return splitPaths(output).flatMap((line) =>
    line.startsWith("160000 ") ? [line.slice(line.indexOf("\t") + 1)] : [],
  );
}

/** Without a list of patterns there is no sparse checkout, whatever the configuration says. */
async function isSparse(git: Git, admin: string): Promise<boolean> {
  if ((await lstat(join(admin, "info", "sparse-checkout")).catch(() => null)) === null) return false;
  return (
    (await git.text(["config", "--type=bool", "--get", "core.sparseCheckout"], { accept: [1] })) === "true"
  );
}

async function listPaths(git: Git, args: readonly string[], index: string): Promise<readonly string[]> {
  const { stdout } = await git.run(["ls-files", "-z", ...args], { env: { GIT_INDEX_FILE: index } });
  return splitPaths(stdout);
}

/**
 * New entries in the worktree's own index: an agent may have added an ignored file or a submodule on purpose. A damaged
 * index has none.
 */
async function stagedByHand(git: Git, start: CommitId): Promise<readonly string[]> {
  const args = ["diff-index", "--cached", "-z", "--name-only", "--no-renames", "--diff-filter=A", start];
  const result = await git.run(args, { accept: [1, 128] });
  if (result.code !== 0) return [];
  const found: string[] = [];
  for (const path of splitPaths(result.stdout)) {
    if (await belongsToTree(git.cwd, path)) found.push(path);
  }
  return found;
}

/** Files, links, and submodules, whose `.git` is a file; a folder with a `.git` folder is a repository of its own. */
async function belongsToTree(folder: string, path: string): Promise<boolean> {
  const place = Buffer.concat([Buffer.from(`${folder}/`), Buffer.from(path, "latin1")]);
  const stats = await lstat(place).catch(() => null);
  if (!stats?.isDirectory()) return stats !== null;
  const pointer = await lstat(Buffer.concat([place, Buffer.from("/.git")])).catch(() => null);
  return pointer?.isFile() === true;
}

/** Paths of a `-z` output, raw bytes as latin1. */
export function splitPaths(output: Buffer): readonly string[] {
  return output
    .toString("latin1")
    .split("\0")
    .filter((path) => path !== "");
}

/** True for a path that is one of the folders or inside one. */
export function isBelow(path: string, folders: readonly string[]): boolean {
  return folders.some((folder) => path === folder || path === `${folder}/` || path.startsWith(`${folder}/`));
}
