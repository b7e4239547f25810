/** Commits and refs of a repository in memory: what reads them and what builds new ones. */

import { splitLines } from "../../../src/core/conflicts/line-diff.ts";
import { SignalboxError } from "../../../src/core/errors.ts";
import type { CommitId, Instant } from "../../../src/core/vocabulary.ts";
import type { CommitText, FileContent } from "../../../src/ports/repository.ts";
import { type Files, Objects, type Tree } from "./objects.ts";
import { Refs } from "./refs.ts";

/** Trailers by which changes are found again. */
export const EFFECT = "Signalbox-Effect";
const CHECKPOINT = "Signalbox-Checkpoint";

export class MemoryCommits {
  readonly objects = new Objects();
  readonly refs = new Refs(this.objects);
  readonly #now: () => Instant;

  constructor(now: () => Instant) {
    this.#now = now;
  }

  resolve(revision: string): CommitId | null {
    const direct = this.refs.get(revision) ?? this.refs.get(`refs/heads/${revision}`);
    if (direct !== null) return direct;
    if (revision === "HEAD") return this.refs.get("refs/heads/main");
    return this.objects.find(revision)?.id ?? null;
  }

  readFile(commit: CommitId, path: string): string | null {
    const id = this.filesOf(commit).get(path);
    return id === undefined ? null : this.objects.read(id);
  }

  listFiles(commit: CommitId, prefix: string): readonly string[] {
    return [...this.filesOf(commit).keys()].filter((path) => path.startsWith(prefix)).sort();
  }

  diff(base: CommitId, commit: CommitId, maxBytes: number): string {
    const parts = this.changedFiles(base, commit).map(
      ({ path }) => `--- ${path}\n${this.readFile(commit, path) ?? ""}`,
    );
    return parts.join("\n").slice(0, maxBytes);
  }

  changedFiles(base: CommitId, commit: CommitId) {
    const [before, after] = [this.filesOf(base), this.filesOf(commit)];
    const paths = [...new Set([...before.keys(), ...after.keys()])].sort();
    return paths
      .filter((path) => before.get(path) !== after.get(path))
      .map((path) => ({ path, change: changeOf(before.has(path), after.has(path)) }));
  }

  isAncestor(ancestor: CommitId, commit: CommitId): boolean {
    return this.git(() => this.objects.isAncestor(ancestor, commit));
  }

  buildMerge(into: CommitId, commit: CommitId, text: CommitText, style: "merge" | "squash") {
    const merged = this.git(() => this.objects.merge(into, commit));
    if ("conflicts" in merged) return { ok: false as const, conflicts: merged.conflicts };
    const parents = style === "merge" ? [into, commit] : [into];
    return { ok: true as const, commit: this.commit(merged.tree, parents, text) };
  }

  conflictedFiles(into: CommitId, commit: CommitId, union: readonly string[]) {
    const merged = this.git(() => this.objects.merge(into, commit));
    if (!("conflicts" in merged)) return [];
    return merged.conflicts.map((path) => {
      const [base, ours, theirs] = [merged.base, into, commit].map((id) =>
        id === null ? null : this.readFile(id, path),
      );
      const both = ours != null && theirs != null;
      return {
        path,
        kind: both
          ? base == null
            ? ("both-added" as const)
            : ("content" as const)
          : ("delete-modify" as const),
        base: base ?? null,
        ours: ours ?? null,
        theirs: theirs ?? null,
        union: both && union.includes(path) ? joinLines(ours, theirs) : null,
      };
    });
  }

  buildResolvedMerge(
    into: CommitId,
    commit: CommitId,
    files: readonly FileContent[],
    text: CommitText,
  ): CommitId {
    const merged = this.git(() => this.objects.merge(into, commit));
    const known = new Set(files.map(({ path }) => path));
    const open = "conflicts" in merged ? merged.conflicts.filter((path) => !known.has(path)) : [];
    if (open.length > 0)
      throw new SignalboxError("environment", "git-failed", `${open.join(", ")} conflicts`);
    const contents = files.map(({ path, content }) => [path, content] as const);
    return this.commit(this.treeWith(merged.tree.files, contents), [into, commit], text);
  }

  buildFilesCommit(
    parent: CommitId,
    files: readonly (FileContent | { readonly path: string; readonly content: null })[],
    text: CommitText,
  ): CommitId {
    const tree = this.treeWith(
      this.filesOf(parent),
      files.map(({ path, content }) => [path, content] as const),
    );
    return this.commit(tree, [parent], text);
  }

  buildTreeCommit(parent: CommitId, treeOf: CommitId, text: CommitText): CommitId {
    return this.git(() => this.commit(this.objects.require(treeOf).tree, [parent], text));
  }

  findEffect(branch: string, effectId: string) {
    const tip = this.refs.get(`refs/heads/${branch}`);
    if (tip === null) return null;
    const found = [...this.objects.line(tip)].filter((commit) => commit.text.trailers[EFFECT] === effectId);
    const [newest] = found;
    if (newest === undefined) return null;
    const merges = found.toReversed().flatMap(({ id, parents: [, merged], text: { resolved } }) => {
      if (merged === undefined) return [];
      return [{ commit: id, merged, ...(resolved === undefined ? {} : { resolved }) }];
    });
    return { commit: newest.id, merges, at: newest.at };
  }

  findCheckpoint(branch: string, checkpoint: string): CommitId | null {
    const tip = this.refs.get(`refs/heads/${branch}`);
    if (tip === null) return null;
    for (const commit of this.objects.line(tip))
      if (commit.text.trailers[CHECKPOINT] === checkpoint) return commit.id;
    return null;
  }

  preserve(workflow: string, name: string, commit: CommitId): string {
    this.filesOf(commit);
    const wanted = `refs/signalbox/preserved/${workflow}/${name}`;
    for (let number = 1; ; number += 1) {
      const ref = number === 1 ? wanted : `${wanted}-${number}`;
      const found = this.refs.get(ref);
      if (found !== null && found !== commit) continue;
      this.refs.set(ref, commit);
      return ref;
    }
  }

  protected treeWith(files: Files, changes: Iterable<readonly [string, string | null]>): Tree {
    const changed = new Map(files);
    for (const [path, content] of changes) {
      if (content === null) changed.delete(path);
      else changed.set(path, this.objects.write(content));
    }
    return this.objects.tree(changed);
  }

  protected filesOf(commit: CommitId): Files {
    return this.git(() => this.objects.require(commit).tree.files);
  }

  protected commit(tree: Tree, parents: readonly CommitId[], text: CommitText): CommitId {
    return this.objects.commit(tree, parents, text, this.#now());
  }

  protected git<T>(call: () => T): T {
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

/** Ours, then what only theirs has: simpler than git, and as complete. */
function joinLines(ours: string, theirs: string): string {
  const known = new Set(splitLines(ours));
  const added = splitLines(theirs).filter((line) => !known.has(line));
  return [...splitLines(ours), ...added].map((line) => `${line}\n`).join("");
}

function changeOf(before: boolean, after: boolean): "added" | "modified" | "deleted" {
  if (!before) return "added";
  return after ? "modified" : "deleted";
}
