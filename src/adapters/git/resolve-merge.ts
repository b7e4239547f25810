/** Merges whose conflicts were resolved by rules: what each side has, and a commit with what was made of it. Objects alone. */

import type { ConflictedFile } from "../../core/conflicts/resolve-conflicts.ts";
import { SignalboxError } from "../../core/errors.ts";
import type { CommitId } from "../../core/vocabulary.ts";
import type { CommitText, FileContent } from "../../ports/repository.ts";
import { readBlobs } from "./blobs.ts";
import { buildTreeWith, commitTree } from "./build-commit.ts";
import { conflictFiles } from "./conflicts/kinds.ts";
import { parseMerges, type Stage } from "./conflicts/merge-trees.ts";
import { underRulesOf } from "./conflicts/rules.ts";
import type { Git } from "./git.ts";

const REGULAR: ReadonlySet<string> = new Set(["100644", "100755"]);

/**
 * The files in which a merge of `commit` into `into` conflicts, sorted; empty for a clean one. For those of `union` the lines of both
 * sides as git's own `merge=union` joins them.
 */
export async function conflictedFiles(
  git: Git,
  into: CommitId,
  commit: CommitId,
  union: readonly string[],
): Promise<readonly ConflictedFile[]> {
  const plain = await mergeTree(git, into, commit, []);
  if (plain.clean) return [];
  const joined = union.length === 0 ? new Map<string, string>() : await joinedIds(git, into, commit, union);
  const contents = await readBlobs(git, [...plain.stages.map(({ id }) => id), ...joined.values()]);
  const textOf = (id: string | undefined): string | null => asText(contents.get(id ?? ""));
  return conflictFiles(plain.stages, plain.messages).map((file) => {
    const stages = plain.stages.filter(({ path }) => asPath(path) === file.path);
    const regular = stages.every(({ mode }) => REGULAR.has(mode));
    const version = (stage: string): string | null =>
      regular ? textOf(stages.find((one) => one.stage === stage)?.id) : null;
    const [base, ours, theirs] = [version("1"), version("2"), version("3")];
    return { ...file, base, ours, theirs, union: regular ? textOf(joined.get(file.path)) : null };
  });
}

/** The merge with `files` in place of its conflicts; throws `git-failed` where another file conflicts. */
export async function buildResolvedMerge(
  git: Git,
  into: CommitId,
  commit: CommitId,
  files: readonly FileContent[],
  text: CommitText,
): Promise<CommitId> {
  const merge = await mergeTree(git, into, commit, []);
  const known = new Set(files.map(({ path }) => path));
  const open = merge.clean
    ? []
    : conflictFiles(merge.stages, merge.messages).filter(({ path }) => !known.has(path));
  if (open.length > 0)
    throw new SignalboxError(
      "environment",
      "git-failed",
      `${commit} cannot be merged into ${into}: ${open.map(({ path }) => path).join(", ")} conflicts`,
    );
  const modes = new Map(
    [...(await entriesOf(git, merge.tree, [...known]))].map(([path, it]) => [path, it.mode]),
  );
  return commitTree(git, await buildTreeWith(git, merge.tree, files, modes), [into, commit], text);
}

type Merge = ReturnType<typeof parseMerges>[number] & { readonly tree: string };

/** As `buildMerge` merges, with some paths joined line by line. */
async function mergeTree(
  git: Git,
  into: CommitId,
  commit: CommitId,
  union: readonly string[],
): Promise<Merge> {
  const args = ["merge-tree", "--write-tree", "-z", into, commit];
  const rules = union.map(unionRule).join("");
  const result = await underRulesOf(git, into, (ruled) => ruled.run(args, { accept: [1] }), rules);
  const tree = result.stdout.toString("latin1").split("\0", 1)[0] ?? "";
  if (!/^[0-9a-f]{40,64}$/.test(tree))
    throw new SignalboxError(
      "environment",
      "git-failed",
      `${commit} cannot be merged into ${into}: ${result.stderr.trim()}`,
    );
  if (result.code === 0) return { clean: true, tree };
  // With --stdin git says how it ended in front, and that form is read already.
  const [answer] = parseMerges(Buffer.concat([Buffer.from("0\0"), result.stdout]));
  if (answer === undefined) throw new Error("git merge-tree said nothing of its conflicts");
  return { ...answer, tree };
}

/** Blobs of the paths that git could join, by path. */
async function joinedIds(
  git: Git,
  into: CommitId,
  commit: CommitId,
  union: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const merge = await mergeTree(git, into, commit, union);
  const open = new Set(merge.clean ? [] : merge.stages.map(({ path }) => asPath(path)));
  const entries = await entriesOf(
    git,
    merge.tree,
    union.filter((path) => !open.has(path)),
  );
  return new Map([...entries].map(([path, { id }]) => [path, id]));
}

interface TreeEntry {
  readonly mode: string;
  readonly id: string;
}

/** Files of a tree by path. */
async function entriesOf(
  git: Git,
  tree: string,
  paths: readonly string[],
): Promise<ReadonlyMap<string, TreeEntry>> {
  if (paths.length === 0) return new Map();
  const { stdout } = await git.run(["ls-tree", "-z", tree, "--", ...paths]);
  const lines = stdout.toString("utf8").split("\0");
  return new Map(
    lines.flatMap((line) => {
      const [, mode = "", id = "", path = ""] = /^(\d+) blob ([0-9a-f]+)\t(.*)$/s.exec(line) ?? [];
      return id === "" ? [] : [[path, { mode, id }] as const];
    }),
  );
}

/** A line of `.gitattributes` for exactly this path. */
function unionRule(path: string): string {
  const literal = path.replace(/[\\*?[\]]/g, (char) => `\\${char}`);
  const quoted = literal.replace(/["\\]/g, (char) => `\\${char}`).replace(/\p{Cc}/gu, octal);
  return `"/${quoted}" merge=union\n`;
}

function octal(char: string): string {
  return `\\${char.charCodeAt(0).toString(8).padStart(3, "0")}`;
}

function asPath(raw: Stage["path"]): string {
  return Buffer.from(raw, "latin1").toString("utf8");
}

/** Null for bytes that are no text: written again, they would not be the same. */
function asText(content: Buffer | undefined): string | null {
  if (content === undefined || content.includes(0)) return null;
  const text = content.toString("utf8");
  return Buffer.from(text, "utf8").equals(content) ? text : null;
}
