/** The port `LandingSite`: the only code that moves a branch or a checkout of the user, after a person said so (P6). */
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import type { CommitId } from "../../core/vocabulary.ts";
import type { LandingSite } from "../../ports/landing.ts";
import type { CommitText, MergeResult } from "../../ports/repository.ts";
import { temporaryPrefix } from "../fs/temporary.ts";
import { buildMerge, commitTree } from "./build-commit.ts";
import { discover, type OpenOptions } from "./discover.ts";
import { commitsWithTrailer } from "./find-commit.ts";
import type { Git } from "./git.ts";
import { localTarget, moveLocal } from "./local-target.ts";
import { EFFECT_TRAILER } from "./message.ts";
import { treeOf } from "./reads.ts";
import { fetchTip, push, remoteFor } from "./remote.ts";

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
    build: (onto, work, text, without) => buildOnto(git, onto, work, text, without),
    join: (onto, commit, text, without) => joinOnto(git, onto, commit, text, without),
    leaveOut: async (commit, folder, onto, text) =>
      commitTree(git, await treeWithout(git, commit, folder, onto), [commit], text),
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

/** Text of commits that nobody sees. */
const PLAIN: CommitText = { subject: "landing", trailers: {} };

/**
 * Puts the difference `base`..`commit` on `onto` as one commit. Both sides get a stand-in with `base` as only parent, so that
 * git takes it as the merge base whatever the history between them is.
 */
async function buildOnto(
  git: Git,
  onto: CommitId,
  work: { readonly base: CommitId; readonly commit: CommitId },
  text: CommitText,
  without: string | undefined,
): Promise<MergeResult> {
  const stand = async (tree: string): Promise<CommitId> => commitTree(git, tree, [work.base], PLAIN);
  const taken = await treeWithout(git, work.commit, without, onto);
  const target = await stand(await treeOf(git, onto));
  const merged = await buildMerge(git, target, await stand(taken), PLAIN, "squash");
  if (!merged.ok) return merged;
  return { ok: true, commit: await commitTree(git, await treeOf(git, merged.commit), [onto], text) };
}

/** A folder that stays out is taken from a stand-in on top of `commit`: git finds the same merge base, and the parents stay the real ones. */
async function joinOnto(
  git: Git,
  onto: CommitId,
  commit: CommitId,
  text: CommitText,
  without: string | undefined,
): Promise<MergeResult> {
  if (without === undefined) return buildMerge(git, onto, commit, text, "merge");
  const taken = await commitTree(git, await treeWithout(git, commit, without, onto), [commit], PLAIN);
  const merged = await buildMerge(git, onto, taken, PLAIN, "squash");
  if (!merged.ok) return merged;
  return { ok: true, commit: await commitTree(git, await treeOf(git, merged.commit), [onto, commit], text) };
}

/** Tree of `commit` with `folder` as it is on `onto`; without a folder simply its tree. */
async function treeWithout(
  git: Git,
  commit: CommitId,
  folder: string | undefined,
  onto: CommitId,
): Promise<string> {
  if (folder === undefined) return treeOf(git, commit);
  const place = await mkdtemp(temporaryPrefix("index"));
  const env = { GIT_INDEX_FILE: join(place, "index") };
  try {
    await git.run(["read-tree", commit], { env });
    const list = (from: CommitId, ...how: string[]): Promise<string> =>
      git.text(["ls-tree", "-r", "-z", "--full-tree", ...how, from, "--", folder]);
    const gone = (await list(commit, "--name-only")).split("\0").filter((path) => path !== "");
    const removals = gone.map((path) => `0 ${"0".repeat(commit.length)}\t${path}\0`).join("");
    // What the target has there follows as git lists it: that is a form which it reads here.
    await git.run(["update-index", "-z", "--index-info"], { env, input: removals + (await list(onto)) });
    return await git.text(["write-tree"], { env });
  } finally {
    await rm(place, { recursive: true, force: true });
  }
}
