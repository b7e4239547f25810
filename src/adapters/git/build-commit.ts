/**
 * Makes commits without a checkout and without moving a ref: candidates for the integration branch.
 * Repeating a call only makes another object.
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { SignalboxError } from "../../core/errors.ts";
import type { CommitId } from "../../core/vocabulary.ts";
import type { CommitText, FileContent, MergeResult } from "../../ports/repository.ts";
import { temporaryPrefix } from "../fs/temporary.ts";
import { underRulesOf } from "./conflicts/rules.ts";
import type { Git } from "./git.ts";
import { SIGNALBOX } from "./identity.ts";
import { renderMessage } from "./message.ts";
import { treeOf } from "./reads.ts";

/** A file to set, or with null content to remove. */
export type FileChange = FileContent | { readonly path: string; readonly content: null };

/** A commit object over a tree; author and committer are the user, or Signalbox where git knows no user (design §11 no. 2). */
export async function commitTree(
  git: Git,
  tree: string,
  parents: readonly CommitId[],
  text: CommitText,
): Promise<CommitId> {
  const args = ["commit-tree", tree, ...parents.flatMap((parent) => ["-p", parent]), "-F", "-"];
  const input = renderMessage(text);
  // Git knows the person best; it may not make one up from the names of host and login.
  const own = await git.run(["-c", "user.useConfigOnly=true", ...args], { input, accept: [128] });
  if (own.code === 0) return own.stdout.toString("utf8").trim();
  return git.text(args, { input, env: SIGNALBOX });
}

/** Merges `commit` into `into`: two parents, or one with style `squash`. Conflicting paths instead when there are any. */
export async function buildMerge(
  git: Git,
  into: CommitId,
  commit: CommitId,
  text: CommitText,
  style: "merge" | "squash",
): Promise<MergeResult> {
  const { tree, conflicts, clean } = await mergeTree(git, into, commit);
  if (!clean) return { ok: false, conflicts };
  return { ok: true, commit: await commitTree(git, tree, style === "merge" ? [into, commit] : [into], text) };
}

/** The merged tree, in which conflicts stand with their marks, and their paths. Git can refuse without naming one: `clean` decides. */
export async function mergeTree(
  git: Git,
  into: CommitId,
  commit: CommitId,
): Promise<{ readonly tree: string; readonly conflicts: readonly string[]; readonly clean: boolean }> {
  const args = ["merge-tree", "--write-tree", "-z", "--name-only", "--no-messages", into, commit];
  const result = await underRulesOf(git, into, (ruled) => ruled.run(args, { accept: [1] }));
  const [tree = "", ...conflicts] = result.stdout
    .toString("utf8")
    .split("\0")
    .filter((part) => part !== "");
  // An unknown revision exits with 1 like a conflict; only a conflict has a tree in front.
  if (!/^[0-9a-f]{40,64}$/.test(tree))
    throw new SignalboxError(
      "environment",
      "git-failed",
      `${commit} cannot be merged into ${into}: ${result.stderr.trim()}`,
    );
  return { tree, conflicts, clean: result.code === 0 };
}

/** A commit on `parent` with some files set or removed and everything else as it is there. */
export async function buildFilesCommit(
  git: Git,
  parent: CommitId,
  files: readonly FileChange[],
  text: CommitText,
): Promise<CommitId> {
  return commitTree(git, await buildTreeWith(git, parent, files), [parent], text);
}

/** The tree of a commit or tree with some files set or removed. `modes` by path; default a plain file. */
export async function buildTreeWith(
  git: Git,
  treeish: string,
  files: readonly FileChange[],
  modes: ReadonlyMap<string, string> = new Map(),
): Promise<string> {
  for (const file of files) requireInnerPath(file.path);
  const folder = await mkdtemp(temporaryPrefix("index"));
  try {
    const env = { GIT_INDEX_FILE: join(folder, "index") };
    const [entries] = await Promise.all([
      indexEntries(git, folder, files, modes, "0".repeat(treeish.length)),
      git.run(["read-tree", treeish], { env }),
    ]);
    await git.run(["update-index", "-z", "--index-info"], { env, input: entries });
    return await git.text(["write-tree"], { env });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A commit on `parent` that shows the tree of another commit. */
export async function buildTreeCommit(
  git: Git,
  parent: CommitId,
  source: CommitId,
  text: CommitText,
): Promise<CommitId> {
  return commitTree(git, await treeOf(git, source), [parent], text);
}

async function indexEntries(
  git: Git,
  folder: string,
  files: readonly FileChange[],
  modes: ReadonlyMap<string, string>,
  nothing: string,
): Promise<string> {
  const contents = files.flatMap((file) => (file.content === null ? [] : [file.content]));
  const ids = await writeBlobs(git, folder, contents);
  let next = 0;
  return files
    .map((file) => {
      if (file.content === null) return `0 ${nothing}\t${file.path}\0`;
      const id = ids[next];
      next += 1;
      return `${modes.get(file.path) ?? "100644"} ${id} 0\t${file.path}\0`;
    })
    .join("");
}

/** One process for all contents; filters are off, so that a commit holds exactly the bytes that were given. */
async function writeBlobs(git: Git, folder: string, contents: readonly string[]): Promise<readonly string[]> {
  if (contents.length === 0) return [];
  const paths = contents.map((_, index) => join(folder, `blob-${index}`));
  for (const [index, content] of contents.entries()) await writeFile(join(folder, `blob-${index}`), content);
  const output = await git.text(["hash-object", "-w", "--no-filters", "--stdin-paths"], {
    input: `${paths.join("\n")}\n`,
  });
  return output.split("\n");
}

function requireInnerPath(path: string): void {
  const parts = path.split("/");
  const bad =
    path.includes("\0") ||
    parts.some((part) => part === "" || part === "." || part === ".." || /^\.git$/i.test(part));
  if (bad)
    throw new SignalboxError(
      "internal",
      "bad-path",
      `${JSON.stringify(path)} is not a path inside a repository`,
    );
}
