/**
 * A git repository in memory behind the port: commits by content, refs by compare-and-swap, worktrees as maps of files.
 * Beside the port there are hands of others: what agents and people do to files and refs.
 */
import { SignalboxError } from "../../../src/core/errors.ts";
import type { CommitId, Instant } from "../../../src/core/vocabulary.ts";
import type { AddWorktree, CommitText, FileContent, Repository } from "../../../src/ports/repository.ts";
import type { Direct } from "./direct.ts";
import { type Files, Objects, type Tree } from "./objects.ts";
import { Refs } from "./refs.ts";

interface Worktree {
  readonly workflow: string;
  readonly branch: string | null;
  readonly base: CommitId;
  tip: CommitId;
  readonly files: Map<string, string>;
}

const EFFECT = "Signalbox-Effect";
const CHECKPOINT = "Signalbox-Checkpoint";
const RENDERED = /(^|\/)ORCHESTRATION(\.yaml|_PLAN\.md|_WORKTRACKER\.md)$/;

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
  | "worktreePath"
  | "worktrees"
  | "commitWorktree"
  | "nestedRepositories"
  | "buildMerge"
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

export class MemoryRepository implements Direct<EngineRepository> {
  readonly root = "/memory/repo";
  readonly commonDir = "/memory/repo/.git";
  readonly name = "repo";
  readonly objects = new Objects();
  readonly refs = new Refs(this.objects);
  readonly #worktrees = new Map<string, Worktree>();
  readonly #now: () => Instant;

  /** One commit with `files` on the branch `main`, which is checked out. */
  constructor(now: () => Instant, files: Readonly<Record<string, string>>) {
    this.#now = now;
    const tree = this.#treeWith(new Map(), Object.entries(files));
    this.refs.set("refs/heads/main", this.#commit(tree, [], { subject: "first", trailers: {} }));
  }

  head() {
    return { branch: "main", commit: this.refs.get("refs/heads/main") };
  }

  resolve(revision: string): CommitId | null {
    const direct = this.refs.get(revision) ?? this.refs.get(`refs/heads/${revision}`);
    if (direct !== null) return direct;
    if (revision === "HEAD") return this.head().commit;
    return this.objects.find(revision)?.id ?? null;
  }

  readFile(commit: CommitId, path: string): string | null {
    const id = this.#filesOf(commit).get(path);
    return id === undefined ? null : this.objects.read(id);
  }

  listFiles(commit: CommitId, prefix: string): readonly string[] {
    return [...this.#filesOf(commit).keys()].filter((path) => path.startsWith(prefix)).sort();
  }

  diff(base: CommitId, commit: CommitId, maxBytes: number): string {
    const parts = this.changedFiles(base, commit).map(
      ({ path }) => `--- ${path}\n${this.readFile(commit, path) ?? ""}`,
    );
    return parts.join("\n").slice(0, maxBytes);
  }

  changedFiles(base: CommitId, commit: CommitId) {
    const [before, after] = [this.#filesOf(base), this.#filesOf(commit)];
    const paths = [...new Set([...before.keys(), ...after.keys()])].sort();
    return paths
      .filter((path) => before.get(path) !== after.get(path))
      .map((path) => ({ path, change: changeOf(before.has(path), after.has(path)) }));
  }

  isAncestor(ancestor: CommitId, commit: CommitId): boolean {
    return this.#git(() => this.objects.isAncestor(ancestor, commit));
  }

  addWorktree({ workflow, branch, base }: AddWorktree): { readonly path: string } {
    const path = this.worktreePath(branch);
    const known = this.#worktrees.get(path);
    const ref = `refs/heads/${branch}`;
    if (known !== undefined && known.branch === branch && this.refs.get(ref) !== null) return { path };
    const tip = this.refs.get(ref);
    if (tip !== null && tip !== base)
      throw new SignalboxError("user", "branch-exists", `${branch} is there already, at ${tip}`);
    this.#filesOf(base);
    this.refs.set(ref, base);
    this.#show(path, workflow, branch, base);
    return { path };
  }

  addReviewWorktree(workflow: string, commit: CommitId): { readonly path: string } {
    const path = `/memory/repo-wt/signalbox/${workflow}/review-${commit.slice(0, 12)}`;
    if (!this.#worktrees.has(path)) this.#show(path, workflow, null, commit);
    return { path };
  }

  removeReviewWorktrees(workflow: string): void {
    for (const path of this.#worktrees.keys())
      if (path.startsWith(`/memory/repo-wt/signalbox/${workflow}/review-`))
        this.removeWorktree(workflow, path);
  }

  removeWorktree(workflow: string, path: string): { readonly preserved: string | null } {
    const worktree = this.#worktrees.get(path);
    if (worktree === undefined) return { preserved: null };
    const preserved = this.#keep(workflow, path, worktree);
    this.#worktrees.delete(path);
    return { preserved };
  }

  worktreePath(branch: string): string {
    return `/memory/repo-wt/${branch}`;
  }

  worktrees() {
    return [...this.#worktrees].map(([path, { branch, tip }]) => ({
      path,
      branch,
      commit: this.#tip(branch, tip),
    }));
  }

  commitWorktree(path: string, text: CommitText, effectId: string): CommitId | null {
    const worktree = this.#require(path);
    const ref = `refs/heads/${worktree.branch}`;
    const tip = this.refs.get(ref) ?? worktree.tip;
    for (const commit of this.objects.line(tip, worktree.base))
      if (commit.text.trailers[EFFECT] === effectId) return commit.id;
    const tree = this.objects.tree(worktree.files);
    if (tree.id === this.objects.require(tip).tree.id && tip === worktree.tip) return null;
    const made = this.#commit(tree, [tip], { ...text, trailers: { ...text.trailers, [EFFECT]: effectId } });
    this.refs.set(ref, made);
    worktree.tip = made;
    return made;
  }

  nestedRepositories(): readonly string[] {
    return [];
  }

  buildMerge(into: CommitId, commit: CommitId, text: CommitText, style: "merge" | "squash") {
    const merged = this.#git(() => this.objects.merge(into, commit));
    if ("conflicts" in merged) return { ok: false as const, conflicts: merged.conflicts };
    const parents = style === "merge" ? [into, commit] : [into];
    return { ok: true as const, commit: this.#commit(merged.tree, parents, text) };
  }

  buildFilesCommit(
    parent: CommitId,
    files: readonly (FileContent | { readonly path: string; readonly content: null })[],
    text: CommitText,
  ): CommitId {
    const tree = this.#treeWith(
      this.#filesOf(parent),
      files.map(({ path, content }) => [path, content] as const),
    );
    return this.#commit(tree, [parent], text);
  }

  buildTreeCommit(parent: CommitId, treeOf: CommitId, text: CommitText): CommitId {
    return this.#git(() => this.#commit(this.objects.require(treeOf).tree, [parent], text));
  }

  advance(branch: string, commit: CommitId, expected: CommitId | null) {
    const ref = `refs/heads/${branch}`;
    const found = this.refs.get(ref);
    if (found === commit) return { ok: true as const };
    if (found !== expected) return { ok: false as const, found };
    this.#filesOf(commit);
    this.refs.set(ref, commit);
    return { ok: true as const };
  }

  findEffect(branch: string, effectId: string) {
    const tip = this.refs.get(`refs/heads/${branch}`);
    if (tip === null) return null;
    const found = [...this.objects.line(tip)].filter((commit) => commit.text.trailers[EFFECT] === effectId);
    const [newest] = found;
    if (newest === undefined) return null;
    const merge = found.find(({ parents }) => parents.length > 1);
    return { commit: newest.id, mergeCommit: merge?.id ?? null, at: newest.at };
  }

  findCheckpoint(branch: string, checkpoint: string): CommitId | null {
    const tip = this.refs.get(`refs/heads/${branch}`);
    if (tip === null) return null;
    for (const commit of this.objects.line(tip))
      if (commit.text.trailers[CHECKPOINT] === checkpoint) return commit.id;
    return null;
  }

  preserve(workflow: string, name: string, commit: CommitId): string {
    this.#filesOf(commit);
    const wanted = `refs/signalbox/preserved/${workflow}/${name}`;
    for (let number = 1; ; number += 1) {
      const ref = number === 1 ? wanted : `${wanted}-${number}`;
      const found = this.refs.get(ref);
      if (found !== null && found !== commit) continue;
      this.refs.set(ref, commit);
      return ref;
    }
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
    if ([...this.#worktrees.values()].some((worktree) => worktree.branch === branch))
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

  showIntegration(workflow: string, commit: CommitId): { readonly path: string } {
    const path = `/memory/repo-wt/signalbox/${workflow}/integration`;
    const shown = this.#worktrees.get(path);
    if (shown?.tip === commit) return { path };
    if (shown !== undefined && this.#changedByHand(shown)) this.#keep(workflow, path, shown);
    this.#show(path, workflow, null, commit);
    return { path };
  }

  /** Files of a worktree as they are on disk; undefined when there is no such worktree. */
  filesAt(path: string): Files | undefined {
    return this.#worktrees.get(path)?.files;
  }

  /** Writes or (null) deletes a file as an agent, a person or the coordinator does. False when the worktree is gone. */
  put(path: string, file: string, content: string | null): boolean {
    const files = this.#worktrees.get(path)?.files;
    if (files === undefined) return false;
    if (content === null) files.delete(file);
    else files.set(file, this.objects.write(content));
    return true;
  }

  /** A commit of somebody else on top of a ref. */
  commitOnto(ref: string, path: string, content: string): CommitId {
    const parent = this.resolve(ref) ?? "";
    const commit = this.buildFilesCommit(parent, [{ path, content }], { subject: "by hand", trailers: {} });
    this.refs.set(ref, commit);
    return commit;
  }

  /** What a person does who merges `commit` into the branch of a worktree and takes their own side of what conflicts. */
  mergeByHand(path: string, commit: CommitId): void {
    const worktree = this.#require(path);
    const ref = `refs/heads/${worktree.branch}`;
    const tip = this.refs.get(ref) ?? worktree.tip;
    const files = new Map(this.#filesOf(commit));
    for (const { path: file } of this.changedFiles(worktree.base, tip)) {
      const own = this.#filesOf(tip).get(file);
      if (own === undefined) files.delete(file);
      else files.set(file, own);
    }
    const made = this.#commit(this.objects.tree(files), [tip, commit], { subject: "resolved", trailers: {} });
    this.refs.set(ref, made);
    worktree.files.clear();
    for (const [file, id] of files) worktree.files.set(file, id);
  }

  #show(path: string, workflow: string, branch: string | null, commit: CommitId): void {
    const files = new Map(this.#filesOf(commit));
    this.#worktrees.set(path, { workflow, branch, base: commit, tip: commit, files });
  }

  #tip(branch: string | null, tip: CommitId): CommitId {
    return branch === null ? tip : (this.refs.get(`refs/heads/${branch}`) ?? tip);
  }

  /** Everything that no lasting ref holds goes under a preserve ref, which is read back. */
  #keep(workflow: string, path: string, worktree: Worktree): string | null {
    const tip = this.#tip(worktree.branch, worktree.tip);
    const tree = this.objects.tree(worktree.files);
    const isNew = tree.id !== this.objects.require(tip).tree.id;
    if (!isNew && this.refs.isReachable(tip)) return null;
    const name = path.split("/").at(-1) ?? "";
    const kept = isNew ? this.#commit(tree, [tip], { subject: `Kept from ${name}`, trailers: {} }) : tip;
    return this.preserve(workflow, name, kept);
  }

  #changedByHand({ tip, files }: Worktree): boolean {
    const shown = this.#filesOf(tip);
    return [...new Set([...shown.keys(), ...files.keys()])].some(
      (path) => !RENDERED.test(path) && shown.get(path) !== files.get(path),
    );
  }

  #treeWith(files: Files, changes: Iterable<readonly [string, string | null]>): Tree {
    const changed = new Map(files);
    for (const [path, content] of changes) {
      if (content === null) changed.delete(path);
      else changed.set(path, this.objects.write(content));
    }
    return this.objects.tree(changed);
  }

  #filesOf(commit: CommitId): Files {
    return this.#git(() => this.objects.require(commit).tree.files);
  }

  #commit(tree: Tree, parents: readonly CommitId[], text: CommitText): CommitId {
    return this.objects.commit(tree, parents, text, this.#now());
  }

  #require(path: string): Worktree {
    const worktree = this.#worktrees.get(path);
    if (worktree !== undefined) return worktree;
    throw new SignalboxError("environment", "git-failed", `${path} is no worktree of this repository`);
  }

  #git<T>(call: () => T): T {
    try {
      return call();
    } catch (error) {
      throw new SignalboxError(
        "environment",
        "git-failed",
        error instanceof Error ? error.message : String(error),
      );
    }
  }
}

function changeOf(before: boolean, after: boolean): "added" | "modified" | "deleted" {
  if (!before) return "added";
  return after ? "modified" : "deleted";
}
