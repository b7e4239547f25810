/** Holds a history against the invariants; the first that does not hold is its failure. */
import type { Facts, Hooks } from "./invariant.ts";
import { INVARIANTS } from "./invariants.ts";

export interface Failure {
  readonly invariant: string;
  readonly message: string;
  readonly step: number;
}

export interface WatchParts {
  readonly facts: Facts;
  /** Steps so far. */
  readonly step: () => number;
  readonly tell: (line: string) => void;
}

export class Watch {
  failure: Failure | null = null;
  readonly #parts: WatchParts;
  readonly #hooks: readonly (readonly [string, Hooks])[];

  constructor(parts: WatchParts) {
    this.#parts = parts;
    this.#hooks = INVARIANTS.map(({ id, watch }) => [id, watch(parts.facts)] as const);
  }

  check<K extends keyof Hooks>(hook: K, ...args: Parameters<NonNullable<Hooks[K]>>): void {
    if (this.failure !== null) return;
    for (const [id, hooks] of this.#hooks) {
      const look = hooks[hook] as ((...given: typeof args) => string | undefined) | undefined;
      const wrong = look?.(...args);
      if (wrong !== undefined) return this.fail(id, wrong);
    }
  }

  fail(invariant: string, message: string): void {
    this.failure ??= { invariant, message, step: this.#parts.step() };
    this.#parts.tell(`${invariant} does not hold: ${message}`);
  }
}
