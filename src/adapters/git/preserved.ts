/** What is preserved under `refs/signalbox/preserved/`, and its way back as a branch. Nothing there is ever changed or deleted. */
import { SignalboxError } from "../../core/errors.ts";
import type { CommitId } from "../../core/vocabulary.ts";
import type { PreservedWork } from "../../ports/repository.ts";
import type { RepositoryContext } from "./context.ts";
import { blockedNameError, blockingBranch } from "./discover.ts";
import type { Git } from "./git.ts";
import { resolveCommit } from "./reads.ts";

const ROOT = "refs/signalbox/preserved/";
const FORMAT = "--format=%(refname)%00%(objectname)%00%(committerdate:unix)%00%(contents:subject)";

/** Everything that is preserved, by workflow and name. */
export async function preservedWork({ git }: RepositoryContext): Promise<readonly PreservedWork[]> {
  const lines = (await git.text(["for-each-ref", FORMAT, ROOT])).split("\n").filter((line) => line !== "");
  return Promise.all(lines.map((line) => describe(git, line)));
}

async function describe(git: Git, line: string): Promise<PreservedWork> {
  const [ref = "", commit = "", seconds = "0", subject = ""] = line.split("\0");
  const [workflow = "", ...name] = ref.slice(ROOT.length).split("/");
  const at = new Date(Number(seconds) * 1000).toISOString();
  return { ref, workflow, name: name.join("/"), commit, at, subject, ...(await ownPart(git, commit)) };
}

/** Commits that no branch, tag or remote has, and the files that they change. */
async function ownPart(
  git: Git,
  commit: CommitId,
): Promise<{ readonly commits: number; readonly files: number }> {
  const others = ["--not", "--branches", "--tags", "--remotes"];
  const args = ["log", "--first-parent", "-m", "--no-renames", "--name-only", "--format=%x01", commit];
  const lines = (await git.text([...args, ...others])).split("\n").filter((line) => line !== "");
  const paths = lines.filter((line) => line !== "\u0001");
  return { commits: lines.length - paths.length, files: new Set(paths).size };
}

/**
 * Makes a branch of the user's at `commit`; one that is at that commit already is fine. Throws `bad-branch-name`,
 * `branch-of-ours`, `branch-exists`, `branch-name-blocked`.
 */
export async function restoreBranch(
  { git, prefix }: RepositoryContext,
  branch: string,
  commit: CommitId,
): Promise<void> {
  await requireName(git, prefix, branch);
  const ref = `refs/heads/${branch}`;
  const args = ["update-ref", "--create-reflog", "-m", "signalbox restore", ref, commit];
  const made = await git.run([...args, "0".repeat(commit.length)], { accept: [1, 128] });
  if (made.code === 0) return;
  const found = await resolveCommit(git, ref);
  if (found === commit) return;
  if (found !== null)
    throw new SignalboxError(
      "user",
      "branch-exists",
      `The branch ${branch} is there already, at ${found.slice(0, 12)}; it stays as it is`,
      ["Give another name: --as BRANCH", `To see what is on it, run: git log ${branch}`],
    );
  const blocking = await blockingBranch(git, branch.split("/").slice(0, -1).join("/") || branch);
  if (blocking !== null) throw blockedNameError(blocking);
  throw new SignalboxError("environment", "git-failed", `${branch} could not be made: ${made.stderr.trim()}`);
}

/** Below our own prefix a branch would be taken for a workflow's. */
async function requireName(git: Git, prefix: string, branch: string): Promise<void> {
  if (branch === prefix || branch.startsWith(`${prefix}/`))
    throw new SignalboxError(
      "user",
      "branch-of-ours",
      `Branches below ${prefix}/ belong to workflows, so ${branch} cannot be made there`,
      ["Give another name: --as BRANCH"],
    );
  if (!branch.startsWith("-")) {
    const checked = await git.run(["check-ref-format", `refs/heads/${branch}`], { accept: [1] });
    if (checked.code === 0) return;
  }
  throw new SignalboxError("user", "bad-branch-name", `${branch} is no name that git takes for a branch`, [
    "For example: --as restored/login",
  ]);
}
