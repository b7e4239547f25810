/** Talks to the remotes of the user, with the user's own credentials and never by force. */
import type { CommitId } from "../../core/vocabulary.ts";
import type { MoveResult, RemoteTarget } from "../../ports/landing.ts";
import type { Git } from "./git.ts";
import { resolveCommit } from "./reads.ts";

/** What the branch follows; else the same name on the only remote, or on `origin`. Null without any. */
export async function remoteFor(git: Git, branch: string): Promise<RemoteTarget | null> {
  const [remote, merge] = await Promise.all([
    configured(git, `branch.${branch}.remote`),
    configured(git, `branch.${branch}.merge`),
  ]);
  const names = (await git.text(["remote"])).split("\n").filter((name) => name !== "");
  if (remote !== null && names.includes(remote))
    return { remote, branch: merge?.replace(/^refs\/heads\//, "") ?? branch };
  const name = names.length === 1 ? names[0] : names.find((it) => it === "origin");
  return name === undefined ? null : { remote: name, branch };
}

async function configured(git: Git, key: string): Promise<string | null> {
  const result = await git.run(["config", "--get", key], { accept: [1] });
  return result.code === 0 ? result.stdout.toString("utf8").trim() : null;
}

/** Into a ref of ours, so that the user's remote-tracking branches stay as they are. */
export async function fetchTip(git: Git, { remote, branch }: RemoteTarget): Promise<CommitId | null> {
  const ref = `refs/signalbox/remote/${remote}/${branch}`;
  // Without the empty map git would move the remote-tracking branch as well.
  const args = ["fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--refmap=", remote];
  const { code, stderr } = await git.run([...args, `+refs/heads/${branch}:${ref}`], { accept: [128] });
  if (code === 0) return resolveCommit(git, ref);
  if (/couldn't find remote ref/.test(stderr)) return null;
  // Nothing else is an answer: the same call again tells it as an error, with git's own words.
  await git.run([...args, `+refs/heads/${branch}:${ref}`]);
  return resolveCommit(git, ref);
}

/** `refs/heads/<branch>` of the remote to a commit that follows it. The remote's own words where it refuses. */
export async function push(
  git: Git,
  { remote, branch }: RemoteTarget,
  commit: CommitId,
): Promise<MoveResult> {
  const args = ["push", "--porcelain", "--no-verify", remote, `${commit}:refs/heads/${branch}`];
  const { code, stdout, stderr } = await git.run(args, { accept: [1, 128] });
  if (code === 0) return { ok: true };
  const line = stdout
    .toString("utf8")
    .split("\n")
    .find((it) => it.startsWith("!"));
  const why = line?.split("\t").at(-1)?.trim() ?? "";
  const moved = /\((fetch first|non-fast-forward|stale info)\)/.test(why);
  const words = [why, ...stderr.split("\n").filter((it) => it.startsWith("remote:"))].filter(
    (it) => it !== "",
  );
  return {
    ok: false,
    reason: moved ? "moved" : "refused",
    message: words.length > 0 ? words.join("\n") : stderr.trim(),
  };
}
