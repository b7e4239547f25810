/** Moves, finds and keeps refs of ours. */
import { SignalboxError } from "../../core/errors.ts";
import type { CommitId } from "../../core/vocabulary.ts";
import type { AdvanceResult } from "../../ports/repository.ts";
import type { RepositoryContext } from "./context.ts";
import { blockedNameError, blockingBranch } from "./discover.ts";
import type { Git } from "./git.ts";
import { integrationBranches } from "./integration-branches.ts";
import { resolveCommit } from "./reads.ts";
import { withRepositoryLock } from "./repo-lock.ts";
import { checkoutOf } from "./worktree-list.ts";

/**
 * Compare-and-swap of a branch. A branch that already stands at `commit` counts as moved: the same step twice is the same
 * work. Throws `branch-name-blocked` when another branch stands in the way of the name, `branch-checked-out` when somebody
 * has it checked out: moved under a checkout, it would look there as if everything new had been deleted.
 */
export async function advance(
  context: RepositoryContext,
  branch: string,
  commit: CommitId,
  expected: CommitId | null,
): Promise<AdvanceResult> {
  const ref = `refs/heads/${branch}`;
  if ((await checkoutOf(context, branch)) !== null) throw checkedOut(branch);
  const zero = "0".repeat(commit.length);
  const args = ["update-ref", "--create-reflog", "-m", "signalbox", ref, commit, expected ?? zero];
  const result = await context.git.run(args, { accept: [1, 128] });
  if (result.code === 0) return { ok: true };
  const found = await resolveCommit(context.git, ref);
  if (found === commit) return { ok: true };
  if (found !== expected) return { ok: false, found };
  const blocking = await blockingBranch(context.git, parentName(branch));
  if (blocking !== null) throw blockedNameError(blocking);
  throw new SignalboxError(
    "environment",
    "git-failed",
    `${branch} could not be moved to ${commit}: ${result.stderr.trim()}`,
  );
}

/** Without the path: the message gets into documents that other machines read. */
function checkedOut(branch: string): SignalboxError {
  return new SignalboxError(
    "user",
    "branch-checked-out",
    `${branch} is checked out in a working folder, where it cannot be moved; switch that folder to another branch`,
    ["To see where it is checked out, run: git worktree list"],
  );
}

/** Keeps a commit reachable under `refs/signalbox/preserved/<workflow>/<name>`; a taken name gets a number. Returns the ref. */
export async function preserve(git: Git, workflow: string, name: string, commit: CommitId): Promise<string> {
  for (;;) {
    const { ref, found } = await preservePlace(git, workflow, name, commit);
    if (found === null) {
      const created = await git.run(["update-ref", ref, commit, "0".repeat(commit.length)], {
        accept: [128],
      });
      if (created.code !== 0 && (await resolveCommit(git, ref)) === null)
        throw new SignalboxError(
          "environment",
          "git-failed",
          `${ref} could not be written: ${created.stderr.trim()}`,
        );
    }
    if ((await readBack(git, ref)) === commit) return ref;
  }
}

/**
 * The ref under which `preserve` keeps a commit, free or at that commit already; null for a commit that is yet to be made.
 * `taken` are refs that are about to be written.
 */
export async function preservePlace(
  git: Git,
  workflow: string,
  name: string,
  commit: CommitId | null,
  taken: ReadonlySet<string> = new Set(),
): Promise<{ readonly ref: string; readonly found: CommitId | null }> {
  const wanted = `refs/signalbox/preserved/${refPart(workflow)}/${refPart(name)}`;
  for (let number = 1; ; number += 1) {
    const ref = number === 1 ? wanted : `${wanted}-${number}`;
    const found = taken.has(ref) ? undefined : await resolveCommit(git, ref);
    if (found === null || (found !== undefined && found === commit)) return { ref, found };
  }
}

/** Refs that hold for good. A stash or a bisection may be dropped any time. */
const HOLDING = ["refs/heads", "refs/tags", "refs/remotes", "refs/signalbox"];

/** True when a lasting ref, other than `except`, reaches the commit. */
export async function isReachable(git: Git, commit: CommitId, except?: string): Promise<boolean> {
  const count = except === undefined ? "1" : "2";
  const args = [
    "for-each-ref",
    `--count=${count}`,
    "--format=%(refname)",
    `--contains=${commit}`,
    ...HOLDING,
  ];
  const text = await git.text(args);
  return text.split("\n").some((ref) => ref !== "" && ref !== except);
}

/** A preserve ref of the workflow that holds exactly this tree already; null when there is none. */
export async function preservedTree(git: Git, workflow: string, tree: string): Promise<string | null> {
  const format = "--format=%(tree) %(refname)";
  const lines = (
    await git.text(["for-each-ref", format, `refs/signalbox/preserved/${refPart(workflow)}/`])
  ).split("\n");
  return lines.find((line) => line.startsWith(`${tree} `))?.slice(tree.length + 1) ?? null;
}

/**
 * Deletes a branch of ours that stands at `expected`; one that is gone is fine. Its commits stay reachable: when no other
 * ref reaches the tip, it is preserved first, and that ref is returned. Throws `not-our-branch`, `branch-moved`, `branch-checked-out`.
 */
export async function deleteBranch(
  context: RepositoryContext,
  branch: string,
  expected: CommitId,
): Promise<{ readonly preserved: string | null }> {
  const prefix = await ourPrefix(context, branch);
  return withRepositoryLock(context.commonDir, async () => {
    const ref = `refs/heads/${branch}`;
    const found = await resolveCommit(context.git, ref);
    if (found === null) return { preserved: null };
    if (found !== expected)
      throw new SignalboxError(
        "user",
        "branch-moved",
        `${branch} stands at ${found}, not at ${expected}; it stays`,
        [`To see what is new on it, run: git log ${expected}..${branch}`],
      );
    const place = await checkoutOf(context, branch);
    if (place !== null)
      throw new SignalboxError(
        "user",
        "branch-checked-out",
        `${branch} is checked out in ${place}; it stays`,
      );
    const preserved = (await isReachable(context.git, found, ref))
      ? null
      : await preserve(context.git, ...keptAs({ prefix }, branch), found);
    await context.git.run(["update-ref", "-d", ref, expected]);
    return { preserved };
  });
}

/** Workflow and name under which the tip of a branch of ours is preserved. */
export function keptAs({ prefix }: Pick<RepositoryContext, "prefix">, branch: string): [string, string] {
  const [workflow = "", ...rest] = branch.slice(prefix.length + 1).split("/");
  return [workflow, rest.join("-")];
}

/** The configured first part, or that of a workflow which came from where another one is configured. */
async function ourPrefix({ git, prefix }: RepositoryContext, branch: string): Promise<string> {
  if (branch.startsWith(`${prefix}/`)) return prefix;
  const folders = (await integrationBranches(git)).map((one) => parentName(one.branch));
  const folder = folders.find((it) => branch.startsWith(`${it}/`));
  if (folder !== undefined) return parentName(folder);
  throw new SignalboxError("internal", "not-our-branch", `${branch} is not below ${prefix}/, it stays`);
}

/** A name that git accepts as one part of a ref. */
function refPart(name: string): string {
  const safe = name
    .replace(/[^A-Za-z0-9._-]+/g, "-")
    .replace(/\.{2,}/g, ".")
    .replace(/^[.-]+|\.lock$|[.]+$/g, "");
  return safe === "" ? "unnamed" : safe;
}

/** The commit behind a ref, with proof that its tree is there and readable. */
async function readBack(git: Git, ref: string): Promise<CommitId | null> {
  const commit = await resolveCommit(git, ref);
  if (commit !== null) await git.run(["ls-tree", "-r", "--name-only", "-z", commit]);
  return commit;
}

function parentName(branch: string): string {
  return branch.split("/").slice(0, -1).join("/") || branch;
}
