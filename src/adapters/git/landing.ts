/** The port `LandingSite`: the only code that moves a branch or a checkout of the user, after a person said so (P6). */
import type { CommitId } from "../../core/vocabulary.ts";
import type { LandingSite, LocalTarget, MoveResult } from "../../ports/landing.ts";
import type { CommitText, MergeResult } from "../../ports/repository.ts";
import { buildMerge, commitTree } from "./build-commit.ts";
import type { RepositoryContext } from "./context.ts";
import { discover, type OpenOptions } from "./discover.ts";
import { commitsWithTrailer } from "./find-commit.ts";
import type { Git } from "./git.ts";
import { EFFECT_TRAILER } from "./message.ts";
import { resolveCommit, treeOf } from "./reads.ts";
import { fetchTip, push, remoteFor } from "./remote.ts";
import { listWorktrees } from "./worktree-list.ts";

/** Opens the branches of the repository around `cwd` for landing. Errors: see `discover`. */
export async function openLandingSite(cwd: string, options: OpenOptions = {}): Promise<LandingSite> {
  const found = await discover(cwd, options);
  const git = found.git.within(found.git.cwd, ofThePerson(options.env ?? process.env));
  const context = { ...found, git };
  // The address of a remote may be relative: git reads it from the folder that it runs in.
  const remotes = git.within(found.root);
  return {
    local: (branch) => localTarget(context, branch),
    remote: (branch) => remoteFor(git, branch),
    fetch: (target) => fetchTip(remotes, target),
    build: (onto, work, text) => buildOnto(git, onto, work, text),
    join: (onto, commit, text) => buildMerge(git, onto, commit, text, "merge"),
    sameApartFrom: (folder, one, other) =>
      git
        // Our environment switches pathspec magic off; here it is what is asked for.
        .within(git.cwd, { GIT_LITERAL_PATHSPECS: "0" })
        .test(["diff", "--quiet", one, other, "--", ":/", `:(top,exclude,literal)${folder}`]),
    findLanded: async (tip, landingId) =>
      (await commitsWithTrailer(git, tip, EFFECT_TRAILER, landingId))[0]?.commit ?? null,
    moveLocal: (branch, commit, expected) => moveLocal(context, branch, commit, expected),
    push: (target, commit) => push(remotes, target, commit),
  };
}

/** What says who commits and how a remote is reached: here the person acts, not the coordinator. None of it names a repository. */
const PERSONAL =
  /^GIT_((AUTHOR|COMMITTER)_(NAME|EMAIL)|SSH|SSH_COMMAND|SSH_VARIANT|ASKPASS|SSL_\w+|HTTP_\w+|PROXY_\w+)$/;

function ofThePerson(env: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) =>
      value !== undefined && PERSONAL.test(name) ? [[name, value] as const] : [],
    ),
  );
}

async function localTarget(context: RepositoryContext, branch: string): Promise<LocalTarget | null> {
  const tip = await resolveCommit(context.git, `refs/heads/${branch}`);
  if (tip === null) return null;
  const place = (await listWorktrees(context)).find((it) => it.branch === branch);
  if (place === undefined) return { tip, checkout: null };
  return { tip, checkout: { path: place.path, changed: await changedFiles(context.git.within(place.path)) } };
}

/** Tracked files with uncommitted changes, staged or not, and files with conflicts. */
async function changedFiles(git: Git): Promise<readonly string[]> {
  const args = ["status", "--porcelain=v1", "-z", "--untracked-files=no", "--no-renames"];
  const { stdout } = await git.run(args);
  return stdout
    .toString("utf8")
    .split("\0")
    .filter((line) => line !== "")
    .map((line) => line.slice(3));
}

/**
 * Puts the difference `base`..`commit` on `onto` as one commit. Both sides get a stand-in with `base` as only parent, so that
 * git takes it as the merge base whatever the history between them is.
 */
async function buildOnto(
  git: Git,
  onto: CommitId,
  work: { readonly base: CommitId; readonly commit: CommitId },
  text: CommitText,
): Promise<MergeResult> {
  const plain: CommitText = { subject: "landing", trailers: {} };
  const stand = async (commit: CommitId): Promise<CommitId> =>
    commitTree(git, await treeOf(git, commit), [work.base], plain);
  const merged = await buildMerge(git, await stand(onto), await stand(work.commit), plain, "squash");
  if (!merged.ok) return merged;
  return { ok: true, commit: await commitTree(git, await treeOf(git, merged.commit), [onto], text) };
}

/** Forward only. Where the branch is checked out, git itself moves files and branch together or nothing. */
async function moveLocal(
  context: RepositoryContext,
  branch: string,
  commit: CommitId,
  expected: CommitId,
): Promise<MoveResult> {
  const target = await localTarget(context, branch);
  if (target?.tip === commit) return { ok: true };
  if (target?.tip !== expected)
    return { ok: false, reason: "moved", message: `${branch} stands at ${target?.tip ?? "nothing"} now` };
  const moved =
    target.checkout === null
      ? await context.git.run(
          ["update-ref", "-m", "signalbox land", `refs/heads/${branch}`, commit, expected],
          { accept: [1, 128] },
        )
      : await context.git
          .within(target.checkout.path)
          .run(["merge", "--ff-only", "--no-autostash", "--quiet", commit], { accept: [1, 128] });
  if (moved.code === 0) return { ok: true };
  return { ok: false, reason: "refused", message: moved.stderr.trim() };
}
