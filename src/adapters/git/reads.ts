/** Questions to the repository that change nothing. */
import type { CommitId } from "../../core/vocabulary.ts";
import type { Repository } from "../../ports/repository.ts";
import { readBlob } from "./blobs.ts";
import type { RepositoryContext } from "./context.ts";
import type { Git } from "./git.ts";
import { createRecent } from "./recent.ts";

type Reads = Pick<
  Repository,
  | "head"
  | "resolve"
  | "dirtyFiles"
  | "branchExists"
  | "readFile"
  | "listFiles"
  | "isAncestor"
  | "mergeBase"
  | "branches"
>;

/** Room for answers that are kept (`recent.ts`). */
const RECENT_CHARACTERS = 4_000_000;
const RECENT_PATHS = 50_000;

/** A full id, and no name that may mean another commit tomorrow. */
function isCommitId(revision: string): boolean {
  return /^([0-9a-f]{40}|[0-9a-f]{64})$/.test(revision);
}

/** Read operations of the port. `head` and `dirtyFiles` look at the checkout that the caller stands in. */
export function createReads(context: RepositoryContext): Reads {
  const { git } = context;
  const checkout = git.within(context.checkout);
  const files = createRecent<string | null>(64, RECENT_CHARACTERS, (text) => text?.length ?? 0);
  const lists = createRecent<readonly string[]>(8, RECENT_PATHS, (paths) => paths.length);
  return {
    head: async () => ({
      branch: await currentBranch(checkout),
      commit: await resolveCommit(checkout, "HEAD"),
    }),
    resolve: (revision) => resolveCommit(checkout, revision),
    dirtyFiles: () => dirtyFiles(checkout),
    branchExists: (branch) => git.test(["show-ref", "--verify", "--quiet", `refs/heads/${branch}`]),
    readFile: (commit, path) => {
      const read = (): Promise<string | null> => readRegularFile(git, commit, path);
      return isCommitId(commit) ? files.get(`${commit}:${path}`, read) : read();
    },
    listFiles: (commit, prefix) => {
      const list = (): Promise<readonly string[]> => listFiles(git, commit, prefix);
      return isCommitId(commit) ? lists.get(`${commit}:${prefix}`, list) : list();
    },
    isAncestor: (ancestor, commit) => isAncestor(git, ancestor, commit),
    mergeBase: async (one, other) => {
      const result = await git.run(["merge-base", one, other], { accept: [1] });
      return result.code === 0 ? result.stdout.toString("utf8").trim() : null;
    },
    branches: (prefix) => branchesBelow(git, prefix),
  };
}

/** Commit of a revision; null when it does not exist. */
export async function resolveCommit(git: Git, revision: string): Promise<CommitId | null> {
  const args = ["rev-parse", "--verify", "--quiet", "--end-of-options", `${revision}^{commit}`];
  const result = await git.run(args, { accept: [1, 128] });
  return result.code === 0 ? result.stdout.toString("utf8").trim() : null;
}

/** Object ids of several revisions in one question, such as `HEAD^{commit}` or `HEAD^{tree}`; null where there is none. */
export async function resolveAll(
  git: Git,
  revisions: readonly string[],
): Promise<readonly (string | null)[]> {
  const input = `${revisions.join("\n")}\n`;
  const lines = (await git.text(["cat-file", "--batch-check=%(objectname)"], { input })).split("\n");
  return revisions.map((_, index) =>
    /^[0-9a-f]{40,64}$/.test(lines[index] ?? "") ? (lines[index] ?? null) : null,
  );
}

/** Short name of the branch that HEAD names; null when detached. */
export async function currentBranch(git: Git): Promise<string | null> {
  const result = await git.run(["symbolic-ref", "--quiet", "HEAD"], { accept: [1] });
  return result.code === 0
    ? result.stdout
        .toString("utf8")
        .trim()
        .replace(/^refs\/heads\//, "")
    : null;
}

/** True when `ancestor` is `commit` or reachable from it. */
export async function isAncestor(git: Git, ancestor: CommitId, commit: CommitId): Promise<boolean> {
  return ancestor === commit || git.test(["merge-base", "--is-ancestor", ancestor, commit]);
}

/** Id of the tree of a commit. */
export function treeOf(git: Git, commit: CommitId): Promise<string> {
  return git.text(["rev-parse", "--verify", "--end-of-options", `${commit}^{tree}`]);
}

/** Changed, staged, unmerged and untracked files of a checkout. */
export async function dirtyFiles(git: Git): Promise<readonly string[]> {
  const args = [
    "status",
    "--porcelain=v2",
    "-z",
    "--untracked-files=all",
    "--no-renames",
    "--ignore-submodules=none",
  ];
  const { stdout } = await git.run(args);
  return stdout
    .toString("utf8")
    .split("\0")
    .filter((line) => line !== "")
    .map((line) =>
      line
        .split(" ")
        .slice(FIELDS_BEFORE_PATH[line[0] ?? ""] ?? 1)
        .join(" "),
    );
}

/** Of porcelain v2 without renames: ordinary, unmerged, untracked. */
const FIELDS_BEFORE_PATH: Readonly<Record<string, number>> = { "1": 8, u: 10, "?": 1 };

/** A symlink counts as missing: its content would be the name of a file that is not in the commit. */
async function readRegularFile(git: Git, commit: CommitId, path: string): Promise<string | null> {
  const { stdout } = await git.run(["ls-tree", "-z", "--full-tree", commit, "--", path]);
  const entry = /^(\d+) blob ([0-9a-f]+)\t/.exec(stdout.toString("utf8"));
  if (entry?.[1] === undefined || entry[2] === undefined || !entry[1].startsWith("100")) return null;
  return (await readBlob(git, entry[2])).toString("utf8");
}

async function listFiles(git: Git, commit: CommitId, prefix: string): Promise<readonly string[]> {
  const folder = prefix.replace(/\/+$/, "");
  const below = folder === "" || folder === "." ? [] : ["--", `${folder}/`];
  const { stdout } = await git.run(["ls-tree", "-r", "-z", "--name-only", "--full-tree", commit, ...below]);
  return stdout
    .toString("utf8")
    .split("\0")
    .filter((path) => path !== "");
}

async function branchesBelow(
  git: Git,
  prefix: string,
): Promise<readonly { readonly branch: string; readonly commit: CommitId }[]> {
  const format = "--format=%(objectname) %(refname)";
  const lines = (await git.text(["for-each-ref", format, `refs/heads/${prefix}`])).split("\n");
  return lines.flatMap((line) => {
    const [commit, ref] = line.split(" ");
    if (commit === undefined || ref === undefined) return [];
    return [{ branch: ref.replace(/^refs\/heads\//, ""), commit }];
  });
}
