import type { ConflictedFile } from "../core/conflicts/resolve-conflicts.ts";
import type { Upstream } from "../core/plan/plan.ts";
import type { CommitId } from "../core/vocabulary.ts";
import type { ChangedFile } from "../core/workflow/outcome.ts";

/** A file to put into a commit, repository-relative. */
export interface FileContent {
  readonly path: string;
  readonly content: string;
}

export type MergeResult =
  | { readonly ok: true; readonly commit: CommitId }
  | { readonly ok: false; readonly conflicts: readonly string[] };

/** A merge in a worktree. */
export interface Joined {
  readonly commit: CommitId;
  /** Files that hold marks, or otherwise need somebody to join them. */
  readonly conflicts: readonly string[];
}

export type AdvanceResult = { readonly ok: true } | { readonly ok: false; readonly found: CommitId | null };

export interface RemovalForecast {
  /** Files whose content is in no commit yet. */
  readonly uncommitted: number;
  /** Refs that will hold what no lasting ref holds now. */
  readonly preserved: readonly string[];
  /** Revision that has everything after the removal: the first of `preserved`, else the commit; null where there is none. */
  readonly revision: string | null;
  /** Ignored files and folders, which go for good: `node_modules/`. Without what provisioning brought. */
  readonly ignored: readonly string[];
}

/** One ref below `refs/signalbox/preserved/`. */
export interface PreservedWork {
  readonly ref: string;
  readonly workflow: string;
  /** Last part of the ref: `login.1.1`, `uncommitted`. */
  readonly name: string;
  readonly commit: CommitId;
  /** When the commit was made. */
  readonly at: string;
  /** First line of its message. */
  readonly subject: string;
  /** Commits that no branch, tag or remote has, and the files that they change. */
  readonly commits: number;
  readonly files: number;
}

export interface CommitText {
  readonly subject: string;
  readonly body?: string;
  readonly trailers: Readonly<Record<string, string>>;
  /** Values of the trailer `Signalbox-Resolved`, one for each. */
  readonly resolved?: readonly string[];
}

export interface FoundMerge {
  readonly commit: CommitId;
  /** What was merged. */
  readonly merged: CommitId;
  /** Values of its trailer `Signalbox-Resolved`; absent for none. */
  readonly resolved?: readonly string[];
}

/** A change that was carried out: its newest commit, the merges among its commits, oldest first, and its time. */
export interface FoundEffect {
  readonly commit: CommitId;
  readonly merges: readonly FoundMerge[];
  readonly at: string;
}

/**
 * All that the engine does with git. One implementation runs the git program; it is the only place that does.
 *
 * Contract:
 * - Never touches the user's checkout, index, stash, config or branches (P6). Hooks, fsmonitor and signing are off and
 *   the environment is scrubbed of `GIT_*`.
 * - Object-making calls (`buildMerge`, `buildResolvedMerge`, `buildTreeCommit`, `buildFilesCommit`) change no ref: repeating them is harmless.
 * - `advance` is the only call that moves the integration branch, by compare-and-swap.
 * - Worktree add, remove and prune are serialised per repository (lock in the common dir) and retried on git's own race
 *   messages; other calls are retried on exactly those messages.
 * - Throws `SignalboxError` (kind `environment` or `user`) with the command's stderr when git refuses.
 */
export interface Repository {
  /** Absolute path of the main worktree and of the common git dir. */
  readonly root: string;
  readonly commonDir: string;
  /** Name of the repository's folder. */
  readonly name: string;

  head(): Promise<{ readonly branch: string | null; readonly commit: CommitId | null }>;
  /** Commit of a ref, branch or revision; null when it does not exist. */
  resolve(revision: string): Promise<CommitId | null>;
  /** Paths with uncommitted changes in the main worktree (for the note "not in the base"). */
  dirtyFiles(): Promise<readonly string[]>;
  branchExists(branch: string): Promise<boolean>;
  readFile(commit: CommitId, path: string): Promise<string | null>;
  /** Paths below `prefix` in a commit. */
  listFiles(commit: CommitId, prefix: string): Promise<readonly string[]>;
  /** Unified diff between two commits, at most `maxBytes`; generated and binary files named only. */
  diff(base: CommitId, commit: CommitId, maxBytes: number): Promise<string>;
  changedFiles(base: CommitId, commit: CommitId): Promise<readonly ChangedFile[]>;
  isAncestor(ancestor: CommitId, commit: CommitId): Promise<boolean>;
  /** The newest commit that both have in their history; null where they share none. */
  mergeBase(one: CommitId, other: CommitId): Promise<CommitId | null>;

  /** How far a commit of a branch is from what the branch follows, as last fetched; asks no remote. Null where that is not known. */
  upstreamOf(branch: string, commit: CommitId): Promise<Upstream | null>;

  /** Author identity: the user's, else `Signalbox <signalbox@localhost>`. */
  addWorktree(request: AddWorktree): Promise<{ readonly path: string }>;
  /** Detached worktree at a commit, read-only use; the same commit again returns the same folder. */
  addReviewWorktree(workflow: string, commit: CommitId): Promise<{ readonly path: string }>;
  removeReviewWorktrees(workflow: string): Promise<void>;
  /** Refuses (throws) unless everything in it is reachable from a ref; uncommitted and untracked content is committed to a preserve ref first and read back. */
  removeWorktree(workflow: string, path: string): Promise<{ readonly preserved: string | null }>;
  /**
   * Like `removeWorktree`, but one of which nothing had to be kept may be put aside as a spare worktree of the workflow: under another
   * path, on no branch, without any file that its commit does not have. `addWorktree` takes it where `reuse` is asked for.
   */
  recycleWorktree(workflow: string, path: string): Promise<{ readonly preserved: string | null }>;
  /** Removes the spare worktrees of a workflow, each as `removeWorktree` does. */
  removeSpareWorktrees(workflow: string): Promise<void>;
  worktreePath(branch: string): string;
  worktrees(): Promise<
    readonly { readonly path: string; readonly branch: string | null; readonly commit: CommitId | null }[]
  >;

  /** Stages everything in the worktree (our artifact paths with `add -f`) and commits on its branch; null when nothing changed. Re-uses a commit that already carries the trailer `Signalbox-Effect: <id>`. */
  commitWorktree(
    path: string,
    text: CommitText,
    effectId: string,
    force: readonly string[],
  ): Promise<CommitId | null>;
  /**
   * Folders in a worktree of ours whose content `commitWorktree` leaves out, because they are repositories of their own or
   * submodules with changes of their own. Relative, with a `/` at the end; ignored and provisioned ones are not told.
   */
  nestedRepositories(path: string): Promise<readonly string[]>;

  /**
   * Merges a commit into the clean worktree of an attempt: its branch moves to a commit with both parents, in which conflicts stand
   * with their marks. The same effect again returns the same commit, and leaves what was made after it. Throws `worktree-changed`.
   */
  joinWorktree(path: string, commit: CommitId, text: CommitText, effectId: string): Promise<Joined>;

  buildMerge(
    into: CommitId,
    commit: CommitId,
    text: CommitText,
    style: "merge" | "squash",
  ): Promise<MergeResult>;
  /**
   * The files in which a merge conflicts, with the versions of each; empty for a clean one. Those of `union` with the lines of both
   * sides, as git joins them.
   */
  conflictedFiles(
    into: CommitId,
    commit: CommitId,
    union: readonly string[],
  ): Promise<readonly ConflictedFile[]>;
  /** A merge with two parents and `files` in place of every conflict; throws `git-failed` where another file conflicts. */
  buildResolvedMerge(
    into: CommitId,
    commit: CommitId,
    files: readonly FileContent[],
    text: CommitText,
  ): Promise<CommitId>;
  /** A commit on top of `parent` with the given files set (null content = removed) and everything else unchanged. */
  buildFilesCommit(
    parent: CommitId,
    files: readonly (FileContent | { readonly path: string; readonly content: null })[],
    text: CommitText,
  ): Promise<CommitId>;
  /** A commit on top of `parent` whose tree is that of `treeOf`. */
  buildTreeCommit(parent: CommitId, treeOf: CommitId, text: CommitText): Promise<CommitId>;
  /** Moves a branch of ours from `expected` (null = must not exist) to `commit`. */
  advance(branch: string, commit: CommitId, expected: CommitId | null): Promise<AdvanceResult>;
  /** The commit on the first-parent line of `branch` that carries `Signalbox-Effect: <id>`, with its time; null when there is none. */
  findEffect(branch: string, effectId: string): Promise<FoundEffect | null>;
  /** Commit with trailer `Signalbox-Checkpoint: <id>`, newest first. */
  findCheckpoint(branch: string, checkpoint: string): Promise<CommitId | null>;
  /** Keeps a commit reachable under refs/signalbox/preserved/<workflow>/<name> and reads it back. */
  preserve(workflow: string, name: string, commit: CommitId): Promise<string>;
  /** Everything that is kept under refs/signalbox/preserved/, by workflow and name. */
  preservedWork(): Promise<readonly PreservedWork[]>;
  /**
   * Makes a branch of the user's at a commit, never over an existing one; one that stands there already is fine. Throws
   * `bad-branch-name`, `branch-of-ours`, `branch-exists`.
   */
  restoreBranch(branch: string, commit: CommitId): Promise<void>;
  /** The ref that keeps the tip where nothing else reaches it; null where something does, or the branch was gone. */
  deleteBranch(branch: string, expected: CommitId): Promise<{ readonly preserved: string | null }>;
  /**
   * What removing an attempt's worktree (null = there is none) and then its branch would keep, and where. Changes no ref and
   * no file. Throws what the removal would throw, such as `nested-repository`.
   */
  forecastRemoval(
    workflow: string,
    place: { readonly path: string | null; readonly branch: string | null },
  ): Promise<RemovalForecast>;
  /** Names exactly what a place has now: its branch, its commit and everything in it that git does not ignore. */
  discardToken(
    workflow: string,
    place: { readonly path: string | null; readonly branch: string | null },
  ): Promise<string>;
  /**
   * Removes a worktree and its branch without keeping what only they have. Only for a person who gave the token of what they
   * saw; throws `token-stale` where it is another by now.
   */
  discard(
    workflow: string,
    place: { readonly path: string | null; readonly branch: string | null },
    token: string,
  ): Promise<void>;
  /** Integration branches of workflows, here and on remotes as last fetched, whatever their first part is called. */
  integrationBranches(): Promise<readonly IntegrationBranch[]>;
  /** Branches below a prefix with their tips. */
  branches(prefix: string): Promise<readonly { readonly branch: string; readonly commit: CommitId }[]>;

  /** Makes the detached integration worktree show `commit`. */
  showIntegration(workflow: string, commit: CommitId): Promise<{ readonly path: string }>;
}

export interface IntegrationBranch {
  readonly workflow: string;
  /** `<prefix>/<workflow>/main`, without a remote's name. */
  readonly branch: string;
  /** Name of the remote; null for a branch that is here. */
  readonly remote: string | null;
  readonly commit: CommitId;
}

export interface AddWorktree {
  readonly workflow: string;
  readonly branch: string;
  readonly base: CommitId;
  /** Where the branch begins, a descendant of `base`; default `base`. */
  readonly start?: CommitId;
  /** Takes a spare worktree where one is proven to be like a new one, and makes it possible to use this one again. Default false. */
  readonly reuse?: boolean;
}
