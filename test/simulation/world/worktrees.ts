/** Worktrees of a repository in memory as maps of files, and the hands of agents and people in them. */
import { SignalboxError } from "../../../src/core/errors.ts";
import type { CommitId } from "../../../src/core/vocabulary.ts";
import type { AddWorktree, CommitText } from "../../../src/ports/repository.ts";
import { EFFECT, MemoryCommits } from "./commits.ts";
import type { Files } from "./objects.ts";

interface Worktree {
  readonly workflow: string;
  readonly branch: string | null;
  readonly base: CommitId;
  tip: CommitId;
  readonly files: Map<string, string>;
}

const RENDERED = /(^|\/)ORCHESTRATION(\.yaml|_PLAN\.md|_WORKTRACKER\.md)$/;

export class MemoryWorktrees extends MemoryCommits {
  readonly #worktrees = new Map<string, Worktree>();

  addWorktree({ workflow, branch, base }: AddWorktree): { readonly path: string } {
    const path = this.worktreePath(branch);
    const known = this.#worktrees.get(path);
    const ref = `refs/heads/${branch}`;
    if (known !== undefined && known.branch === branch && this.refs.get(ref) !== null) return { path };
    const tip = this.refs.get(ref);
    if (tip !== null && tip !== base)
      throw new SignalboxError("user", "branch-exists", `${branch} is there already, at ${tip}`);
    this.filesOf(base);
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

  /** Nothing of a worktree can be used again here: its files are a map. */
  recycleWorktree(workflow: string, path: string): { readonly preserved: string | null } {
    return this.removeWorktree(workflow, path);
  }

  removeSpareWorktrees(): void {}

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

  joinWorktree(path: string, commit: CommitId, text: CommitText, effectId: string) {
    const worktree = this.#require(path);
    const ref = `refs/heads/${worktree.branch}`;
    const tip = this.refs.get(ref) ?? worktree.tip;
    const earlier = [...this.objects.line(tip, worktree.base)].find(
      (one) => one.text.trailers[EFFECT] === effectId,
    );
    const from = earlier?.parents[0] ?? tip;
    const merged = this.objects.join(from, commit);
    if (earlier !== undefined) return { commit: earlier.id, conflicts: merged.conflicts };
    if (this.objects.tree(worktree.files).id !== this.objects.require(tip).tree.id)
      throw new SignalboxError("user", "worktree-changed", `${path} has changes of its own`);
    const marked = { ...text, trailers: { ...text.trailers, [EFFECT]: effectId } };
    const made = this.commit(merged.tree, [tip, commit], marked);
    this.refs.set(ref, made);
    worktree.tip = made;
    worktree.files.clear();
    for (const [file, id] of merged.tree.files) worktree.files.set(file, id);
    return { commit: made, conflicts: merged.conflicts };
  }

  commitWorktree(path: string, text: CommitText, effectId: string): CommitId | null {
    const worktree = this.#require(path);
    const ref = `refs/heads/${worktree.branch}`;
    const tip = this.refs.get(ref) ?? worktree.tip;
    for (const commit of this.objects.line(tip, worktree.base))
      if (commit.text.trailers[EFFECT] === effectId) return commit.id;
    const tree = this.objects.tree(worktree.files);
    if (tree.id === this.objects.require(tip).tree.id && tip === worktree.tip) return null;
    const made = this.commit(tree, [tip], { ...text, trailers: { ...text.trailers, [EFFECT]: effectId } });
    this.refs.set(ref, made);
    worktree.tip = made;
    return made;
  }

  nestedRepositories(): readonly string[] {
    return [];
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

  /** What a person does who merges `commit` into the branch of a worktree and takes their own side of what conflicts. */
  mergeByHand(path: string, commit: CommitId): void {
    const worktree = this.#require(path);
    const ref = `refs/heads/${worktree.branch}`;
    const tip = this.refs.get(ref) ?? worktree.tip;
    const files = new Map(this.filesOf(commit));
    for (const { path: file } of this.changedFiles(worktree.base, tip)) {
      const own = this.filesOf(tip).get(file);
      if (own === undefined) files.delete(file);
      else files.set(file, own);
    }
    const made = this.commit(this.objects.tree(files), [tip, commit], { subject: "resolved", trailers: {} });
    this.refs.set(ref, made);
    worktree.files.clear();
    for (const [file, id] of files) worktree.files.set(file, id);
  }

  #show(path: string, workflow: string, branch: string | null, commit: CommitId): void {
    const files = new Map(this.filesOf(commit));
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
    const kept = isNew ? this.commit(tree, [tip], { subject: `Kept from ${name}`, trailers: {} }) : tip;
    return this.preserve(workflow, name, kept);
  }

  #changedByHand({ tip, files }: Worktree): boolean {
    const shown = this.filesOf(tip);
    return [...new Set([...shown.keys(), ...files.keys()])].some(
      (path) => !RENDERED.test(path) && shown.get(path) !== files.get(path),
    );
  }

  #require(path: string): Worktree {
    const worktree = this.#worktrees.get(path);
    if (worktree !== undefined) return worktree;
    throw new SignalboxError("environment", "git-failed", `${path} is no worktree of this repository`);
  }

  /** True while a worktree shows the branch. */
  protected isCheckedOut(branch: string): boolean {
    return [...this.#worktrees.values()].some((worktree) => worktree.branch === branch);
  }
}
