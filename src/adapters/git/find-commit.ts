/** Finds commits of ours by their trailers on the first-parent line of a branch. */
import { SignalboxError } from "../../core/errors.ts";
import type { CommitId } from "../../core/vocabulary.ts";
import type { FoundEffect, FoundMerge } from "../../ports/repository.ts";
import type { Git } from "./git.ts";
import { CHECKPOINT_TRAILER, EFFECT_TRAILER, RESOLVED_TRAILER } from "./message.ts";
import { resolveCommit } from "./reads.ts";

export interface FoundCommit {
  readonly commit: CommitId;
  readonly parents: readonly CommitId[];
  /** Committer time, UTC without fractions. */
  readonly at: string;
}

/** What an effect left on a branch: its newest commit, and the merges among its commits. */
export async function findEffect(git: Git, branch: string, effectId: string): Promise<FoundEffect | null> {
  const found = await commitsWithTrailer(git, `refs/heads/${branch}`, EFFECT_TRAILER, effectId);
  const newest = found[0];
  if (newest === undefined) return null;
  const merges = found
    .toReversed()
    .flatMap(({ commit, parents: [, merged] }) => (merged === undefined ? [] : [{ commit, merged }]));
  return {
    commit: newest.commit,
    at: newest.at,
    merges: await Promise.all(merges.map((merge) => withResolved(git, merge))),
  };
}

async function withResolved(git: Git, merge: FoundMerge): Promise<FoundMerge> {
  const format = `--format=%(trailers:key=${RESOLVED_TRAILER},valueonly,separator=%x1e)`;
  const values = await git.text(["log", "-1", format, merge.commit, "--"]);
  const resolved = values.split("\x1e").flatMap((value) => (value.trim() === "" ? [] : [value.trim()]));
  return resolved.length === 0 ? merge : { ...merge, resolved };
}

/** Newest commit of a checkpoint. */
export async function findCheckpoint(git: Git, branch: string, checkpoint: string): Promise<CommitId | null> {
  return (
    (await commitsWithTrailer(git, `refs/heads/${branch}`, CHECKPOINT_TRAILER, checkpoint))[0]?.commit ?? null
  );
}

/** Commits whose trailer `key` has exactly `value`, newest first; `since` leaves out what is reachable from it. */
export async function commitsWithTrailer(
  git: Git,
  revision: string,
  key: string,
  value: string,
  since?: CommitId,
): Promise<readonly FoundCommit[]> {
  const format = `--format=%H%x1f%P%x1f%ct%x1f%(trailers:key=${key},valueonly,separator=%x1e)`;
  // The pattern only narrows down: a body may quote a trailer, the format reads real ones.
  const narrow = ["--fixed-strings", `--grep=${key}: ${value}`];
  const range = since === undefined ? [revision] : [revision, `^${since}`];
  const args = ["log", "--first-parent", "-z", ...narrow, format, ...range, "--"];
  const { code, stdout, stderr } = await git.run(args, { accept: [128] });
  if (code !== 0) {
    if ((await resolveCommit(git, revision)) === null) return [];
    throw new SignalboxError("environment", "git-failed", `${revision} cannot be read: ${stderr.trim()}`);
  }
  return stdout
    .toString("utf8")
    .split("\0")
    .flatMap((record) => {
      const [commit = "", parents = "", seconds = "", values = ""] = record.split("\x1f");
      if (!values.split("\x1e").some((it) => it.trim() === value)) return [];
      return [
        {
          commit,
          parents: parents.split(" ").filter((it) => it !== ""),
          at: toInstant(Number(seconds)),
        },
      ];
    });
}

function toInstant(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace(/\.\d+Z$/, "Z");
}
