/** Refs in memory. Whoever watches sees every change. */
import type { CommitId } from "../../../src/core/vocabulary.ts";
import type { Objects } from "./objects.ts";

export interface RefChange {
  readonly ref: string;
  readonly from: CommitId | null;
  readonly to: CommitId | null;
}

export class Refs {
  readonly #objects: Objects;
  readonly #refs = new Map<string, CommitId>();
  readonly #watchers: ((change: RefChange) => void)[] = [];

  constructor(objects: Objects) {
    this.#objects = objects;
  }

  get(ref: string): CommitId | null {
    return this.#refs.get(ref) ?? null;
  }

  set(ref: string, to: CommitId | null): void {
    const from = this.get(ref);
    if (from === to) return;
    if (to === null) this.#refs.delete(ref);
    else this.#refs.set(ref, to);
    for (const watch of this.#watchers) watch({ ref, from, to });
  }

  watch(watcher: (change: RefChange) => void): void {
    this.#watchers.push(watcher);
  }

  below(prefix: string): readonly (readonly [string, CommitId])[] {
    return [...this.#refs].filter(([ref]) => ref.startsWith(prefix)).sort(([a], [b]) => (a < b ? -1 : 1));
  }

  /** Everything that a ref reaches. */
  reachable(): ReadonlySet<CommitId> {
    return this.#objects.ancestors(this.#refs.values());
  }

  /** True when a ref other than `except` reaches the commit. */
  isReachable(commit: CommitId, except?: string): boolean {
    for (const [ref, tip] of this.#refs)
      if (ref !== except && this.#objects.isAncestor(commit, tip)) return true;
    return false;
  }
}
