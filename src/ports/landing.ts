import type { CommitId } from "../core/vocabulary.ts";
import type { CommitText, MergeResult } from "./repository.ts";

/** A local branch that work can be put on. */
export interface LocalTarget {
  readonly tip: CommitId;
  /** Folder where it is checked out, with the tracked files that have uncommitted changes; null = nowhere. */
  readonly checkout: { readonly path: string; readonly changed: readonly string[] } | null;
}

/** A branch of a remote, as the local one is set up to follow it; else the same name on the only remote or `origin`. */
export interface RemoteTarget {
  readonly remote: string;
  readonly branch: string;
}

/** `moved`: the branch is not where it was; `refused`: git or the remote said no, in its own words. */
export type MoveResult =
  | { readonly ok: true }
  | { readonly ok: false; readonly reason: "moved" | "refused"; readonly message: string };

/**
 * Puts accepted work on the branches of the user. Called only after a person said so.
 *
 * Contract:
 * - `build` and `join` change no ref, index or file; `build` takes exactly the difference between `base` and `commit`, so that nothing of
 *   ours and nothing of other slots comes along.
 * - `moveLocal` is the one call that touches the user's checkout (P6): compare-and-swap, forward only; with uncommitted
 *   changes in tracked files it must not be called, and untracked files in the way make git refuse with nothing changed.
 * - `push` never forces. `fetch` writes only below `refs/signalbox/`.
 */
export interface LandingSite {
  local(branch: string): Promise<LocalTarget | null>;
  remote(branch: string): Promise<RemoteTarget | null>;
  /** Tip of the branch on the remote, its objects present; null when the remote has no such branch. */
  fetch(target: RemoteTarget): Promise<CommitId | null>;
  build(
    onto: CommitId,
    work: { readonly base: CommitId; readonly commit: CommitId },
    text: CommitText,
  ): Promise<MergeResult>;
  /** Both histories joined: a commit with the parents `onto` and `commit`. */
  join(onto: CommitId, commit: CommitId, text: CommitText): Promise<MergeResult>;
  /** True when two commits differ at most below `folder`. */
  sameApartFrom(folder: string, one: CommitId, other: CommitId): Promise<boolean>;
  /** The commit on the first-parent line of `tip` that landed this work before; null when there is none. */
  findLanded(tip: CommitId, landingId: string): Promise<CommitId | null>;
  moveLocal(branch: string, commit: CommitId, expected: CommitId): Promise<MoveResult>;
  push(target: RemoteTarget, commit: CommitId): Promise<MoveResult>;
}

/** Opens pull requests at the place where the repository is hosted. */
export interface PullRequests {
  /** Null when it can be used here, else why not and what to do. */
  available(): Promise<{ readonly reason: string; readonly hint: string } | null>;
  /** Opens one, or finds the one that is open for `head` already. Throws `environment` errors with the tool's words. */
  open(request: PullRequest): Promise<{ readonly url: string }>;
}

export interface PullRequest {
  readonly title: string;
  readonly body: string;
  /** Branches on the remote. */
  readonly base: string;
  readonly head: string;
}
