import type { CommitId, Instant } from "../core/vocabulary.ts";
import type { Landing } from "../core/workflow/deliverable.ts";
import type { CommitText, MergeResult } from "./repository.ts";

/** A local branch that work can be put on. */
export interface LocalTarget {
  readonly tip: CommitId;
  /** Where it is checked out; null = nowhere. */
  readonly checkout: TargetCheckout | null;
}

export interface TargetCheckout {
  readonly path: string;
  /** Tracked files that have uncommitted changes. */
  readonly changed: readonly string[];
  /** False for a linked worktree in which the person does not stand: somebody else may work there. */
  readonly own: boolean;
  /** Git's word for what its folder is in the middle of (`rebase`, `merge`, `bisect`), which holds the branch; null = nothing. */
  readonly operation: string | null;
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
 *   ours and nothing of other slots comes along. `without` names a folder of which nothing comes along: it stays as it is on `onto`.
 * - `moveLocal` is the one call that touches the user's checkout (P6): compare-and-swap, forward only; with uncommitted
 *   changes in tracked files it must not be called, and untracked files in the way make git refuse with nothing changed. A branch that
 *   is not where it was is `moved`, whatever git said.
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
    without?: string,
  ): Promise<MergeResult>;
  /** Both histories joined: a commit with the parents `onto` and `commit`. */
  join(onto: CommitId, commit: CommitId, text: CommitText, without?: string): Promise<MergeResult>;
  /** A commit on `commit` in which `folder` is as on `onto`, all else as in `commit`. */
  leaveOut(commit: CommitId, folder: string, onto: CommitId, text: CommitText): Promise<CommitId>;
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

/** What somebody asks to land, and where. */
export interface AskedLanding {
  /** Local branch name, also where the branch that it follows on a remote is to move. Whoever names the same one waits. */
  readonly target: string;
  readonly workflow: string;
  /** Slots in the order in which they land; empty for the workflow as a whole. */
  readonly slots: readonly string[];
  readonly way: Landing["way"];
  /** When it was asked. */
  readonly since: Instant;
}

/** A landing that is under way or waits, with its process. */
export interface QueuedLanding extends AskedLanding {
  readonly pid: number;
  readonly host: string;
}

/**
 * Landings of all processes and workflows of a repository, one behind the other on each target.
 *
 * Contract:
 * - One turn at a time on a target, in the order of asking; targets do not wait for each other.
 * - A place ends with its process, however that ends; one that may still live is never passed.
 * - Only order comes from here: that nothing is overwritten is the work of compare-and-swap, whoever else moves the target.
 */
export interface LandingQueue {
  /**
   * Runs `work` when everybody who asked before has left. `ahead` hears who is before, first to last, whenever that changes; if it
   * throws, the place is given up.
   */
  turn<T>(
    asked: AskedLanding,
    ahead: (others: readonly QueuedLanding[]) => void,
    work: () => Promise<T>,
  ): Promise<T>;
  /** Who lands and who waits, in the order of asking. */
  list(): Promise<readonly QueuedLanding[]>;
}
