/**
 * A git repository in memory behind the port: commits by content, refs by compare-and-swap, worktrees as maps of files.
 * Beside the port there are hands of others: what agents and people do to files and refs.
 */
import { SignalboxError } from "../../../src/core/errors.ts";
import type { CommitId, Instant } from "../../../src/core/vocabulary.ts";
import type { Repository } from "../../../src/ports/repository.ts";
import type { Direct } from "./direct.ts";
import { MemoryWorktrees } from "./worktrees.ts";

/** What the loop of the engine calls; the rest of the port is for the command line. */
export type EngineRepository = Pick<
  Repository,
  | "root"
  | "commonDir"
  | "name"
  | "head"
  | "resolve"
  | "readFile"
  | "listFiles"
  | "diff"
  | "changedFiles"
  | "isAncestor"
  | "addWorktree"
  | "addReviewWorktree"
  | "removeReviewWorktrees"
  | "removeWorktree"
  | "recycleWorktree"
  | "removeSpareWorktrees"
  | "worktreePath"
  | "worktrees"
  | "commitWorktree"
  | "joinWorktree"
  | "nestedRepositories"
  | "buildMerge"
  | "conflictedFiles"
  | "buildResolvedMerge"
  | "buildFilesCommit"
  | "buildTreeCommit"
  | "advance"
  | "findEffect"
  | "findCheckpoint"
  | "preserve"
  | "deleteBranch"
  | "integrationBranches"
  | "branches"
  | "showIntegration"
>;

export class MemoryRepository extends MemoryWorktrees implements Direct<EngineRepository> {
  readonly root = "/memory/repo";
  readonly commonDir = "/memory/repo/.git";
  readonly name = "repo";

  /** One commit with `files` on the branch `main`, which is checked out. */
  constructor(now: () => Instant, files: Readonly<Record<string, string>>) {
    super(now);
    const tree = this.treeWith(new Map(), Object.entries(files));
    this.refs.set("refs/heads/main", this.commit(tree, [], { subject: "first", trailers: {} }));
  }

  head() {
    return { branch: "main", commit: this.refs.get("refs/heads/main") };
  }

  advance(branch: string, commit: CommitId, expected: CommitId | null) {
    const ref = `refs/heads/${branch}`;
    const found = this.refs.get(ref);
    if (found === commit) return { ok: true as const };
    if (found !== expected) return { ok: false as const, found };
    this.filesOf(commit);
    this.refs.set(ref, commit);
    return { ok: true as const };
  }

  deleteBranch(branch: string, expected: CommitId): { readonly preserved: string | null } {
    const ref = `refs/heads/${branch}`;
    const found = this.refs.get(ref);
    if (found === null) return { preserved: null };
    if (found !== expected)
      throw new SignalboxError(
        "user",
        "branch-moved",
        `${branch} stands at ${found}, not at ${expected}; it stays`,
      );
    if (this.isCheckedOut(branch))
      throw new SignalboxError("user", "branch-checked-out", `${branch} is checked out; it stays`);
    const [workflow = "", ...rest] = branch.replace(/^[^/]*\//, "").split("/");
    const preserved = this.refs.isReachable(found, ref)
      ? null
      : this.preserve(workflow, rest.join("-"), found);
    this.refs.set(ref, null);
    return { preserved };
  }

  integrationBranches() {
    return this.refs.below("refs/heads/").flatMap(([ref, commit]) => {
      const [, branch = "", workflow = ""] = /^refs\/heads\/(signalbox\/([^/]+)\/main)$/.exec(ref) ?? [];
      return branch === "" ? [] : [{ workflow, branch, remote: null, commit }];
    });
  }

  branches(prefix: string) {
    return this.refs
      .below(`refs/heads/${prefix}`)
      .map(([ref, commit]) => ({ branch: ref.slice("refs/heads/".length), commit }));
  }

  /** A commit of somebody else on top of a ref. */
  commitOnto(ref: string, path: string, content: string): CommitId {
    const parent = this.resolve(ref) ?? "";
    const commit = this.buildFilesCommit(parent, [{ path, content }], { subject: "by hand", trailers: {} });
    this.refs.set(ref, commit);
    return commit;
  }
}
