/** Content-addressed files, trees and commits in memory, with git's ideas of ancestry and three-way merging by file. */
import { hash } from "node:crypto";
import type { CommitId, Instant } from "../../../src/core/vocabulary.ts";
import type { CommitText } from "../../../src/ports/repository.ts";

/** Path to the id of its content. */
export type Files = ReadonlyMap<string, string>;

export interface Tree {
  readonly id: string;
  readonly files: Files;
}

export interface Commit {
  readonly id: CommitId;
  readonly tree: Tree;
  readonly parents: readonly CommitId[];
  readonly text: CommitText;
  readonly at: Instant;
  /** Longest way to a commit without parents. */
  readonly depth: number;
}

export class Objects {
  readonly #contents = new Map<string, string>();
  readonly #trees = new Map<string, Tree>();
  readonly #commits = new Map<CommitId, Commit>();

  write(content: string): string {
    const id = sha(`blob\0${content}`);
    this.#contents.set(id, content);
    return id;
  }

  read(id: string): string {
    const content = this.#contents.get(id);
    if (content === undefined) throw new Error(`no content ${id}`);
    return content;
  }

  tree(files: Files): Tree {
    const names = [...files.keys()].sort();
    const id = sha(`tree\0${names.map((name) => `${name}\0${files.get(name)}`).join("\0")}`);
    const known = this.#trees.get(id) ?? { id, files: new Map(files) };
    this.#trees.set(id, known);
    return known;
  }

  commit(tree: Tree, parents: readonly CommitId[], text: CommitText, at: Instant): CommitId {
    const words = [
      text.subject,
      text.body ?? "",
      ...Object.entries(text.trailers).flat(),
      ...(text.resolved ?? []),
    ];
    const id = sha(["commit", tree.id, ...parents, ...words, at].join("\0"));
    const depth = 1 + Math.max(0, ...parents.map((parent) => this.require(parent).depth));
    this.#commits.set(id, { id, tree, parents, text, at, depth });
    return id;
  }

  find(id: CommitId): Commit | undefined {
    return this.#commits.get(id);
  }

  require(id: CommitId): Commit {
    const commit = this.#commits.get(id);
    if (commit === undefined) throw new Error(`fatal: bad object ${id}`);
    return commit;
  }

  /** A commit counts as its own ancestor. */
  isAncestor(ancestor: CommitId, of: CommitId): boolean {
    const { depth } = this.require(ancestor);
    const seen = new Set<CommitId>([of]);
    const open = [of];
    for (let id = open.pop(); id !== undefined; id = open.pop()) {
      if (id === ancestor) return true;
      for (const parent of this.require(id).parents) {
        if (seen.has(parent) || this.require(parent).depth < depth) continue;
        seen.add(parent);
        open.push(parent);
      }
    }
    return false;
  }

  /** First parents, newest first, from `tip` until `until` (left out) or the first commit. */
  *line(tip: CommitId, until?: CommitId | null): Generator<Commit> {
    for (let id: CommitId | undefined = tip; id !== undefined && id !== until; ) {
      const commit: Commit = this.require(id);
      yield commit;
      id = commit.parents[0];
    }
  }

  /** The merged tree; with conflicts those paths in it as `into` has them, and the commit that both come from. */
  merge(
    into: CommitId,
    commit: CommitId,
  ):
    | { readonly tree: Tree }
    | { readonly tree: Tree; readonly conflicts: readonly string[]; readonly base: CommitId | null } {
    const common = this.mergeBase(into, commit);
    const { merged, conflicts } = this.#threeWay(common, into, commit);
    const tree = this.tree(merged);
    return conflicts.length > 0 ? { tree, conflicts, base: common?.id ?? null } : { tree };
  }

  /** The merged tree; what conflicts stands in it with both sides between marks. */
  join(into: CommitId, commit: CommitId): { readonly tree: Tree; readonly conflicts: readonly string[] } {
    const { merged, conflicts } = this.#threeWay(this.mergeBase(into, commit), into, commit);
    const [ours, theirs] = [this.require(into).tree.files, this.require(commit).tree.files];
    for (const path of conflicts) merged.set(path, this.#marked(ours.get(path), theirs.get(path)));
    return { tree: this.tree(merged), conflicts };
  }

  /** What conflicts stays as `into` has it. */
  #threeWay(
    common: Commit | undefined,
    into: CommitId,
    commit: CommitId,
  ): { readonly merged: Map<string, string>; readonly conflicts: readonly string[] } {
    const base = common?.tree.files ?? new Map<string, string>();
    const ours = this.require(into).tree.files;
    const theirs = this.require(commit).tree.files;
    const merged = new Map(ours);
    const conflicts: string[] = [];
    for (const path of new Set([...base.keys(), ...theirs.keys()])) {
      const [was, own, other] = [base.get(path), ours.get(path), theirs.get(path)];
      if (other === was || other === own) continue;
      if (own !== was) conflicts.push(path);
      else if (other === undefined) merged.delete(path);
      else merged.set(path, other);
    }
    return { merged, conflicts: conflicts.sort() };
  }

  #marked(own: string | undefined, other: string | undefined): string {
    const [one, two] = [own, other].map((id) => (id === undefined ? "" : this.read(id)));
    return this.write(`<<<<<<< ours\n${one}=======\n${two}>>>>>>> theirs\n`);
  }

  /** A common ancestor that no other common ancestor comes after. */
  mergeBase(one: CommitId, other: CommitId): Commit | undefined {
    const others = this.ancestors([other]);
    const common = [...this.ancestors([one])].filter((id) => others.has(id));
    return common.map((id) => this.require(id)).toSorted((a, b) => b.depth - a.depth)[0];
  }

  /** Those of all of them, and they themselves. */
  ancestors(of: Iterable<CommitId>): ReadonlySet<CommitId> {
    const seen = new Set<CommitId>(of);
    for (const id of seen) for (const parent of this.require(id).parents) seen.add(parent);
    return seen;
  }
}

function sha(text: string): string {
  return hash("sha1", text);
}
