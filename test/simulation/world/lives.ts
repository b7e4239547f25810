/** The coordinators of a history, one after the other and beside each other: how they start and end, and who people speak to. */
import type { Plan } from "../../../src/core/plan/plan.ts";
import type { WorkflowState } from "../../../src/core/workflow/state.ts";
import { WORKFLOW } from "../story/plans.ts";
import { Life } from "./coordinator.ts";
import type { FateBook } from "./fate.ts";
import type { Stage } from "./stage.ts";

export interface LivesParts {
  readonly seed: number;
  readonly plan: Plan;
  readonly stage: Stage;
  readonly fates: FateBook;
  /** Folded from the journal; null before its first entry. */
  readonly state: () => WorkflowState | null;
  /** True once nobody starts any more. */
  readonly over: () => boolean;
  readonly tell: (line: string) => void;
}

/** Steps of the engine that leave a branch or a worktree behind when they fail. */
const REMOVING = /(cleanup|stop|integrate|finish|checkpoint|merge) failed:/;

export class Lives {
  /** Who people speak to. */
  current: Life | null = null;
  /** True when some removal failed, or a coordinator was fenced with something under way. */
  unremoved = false;
  readonly #parts: LivesParts;
  readonly #living = new Set<Life>();
  #count = 0;

  constructor(parts: LivesParts) {
    this.#parts = parts;
  }

  /** A coordinator starts: creates the workflow when nothing of it is durable, else takes it up. */
  start(steals: boolean): void {
    const { seed, stage, fates, plan, state, tell, over } = this.#parts;
    this.#count += 1;
    const life = new Life({
      number: this.#count,
      seed: String(seed),
      schedule: stage.schedule,
      ports: stage.ports,
      steals,
      fate: (call) => fates.of(call),
      takenOver: () => {
        tell(`coordinator ${life.number} is frozen and taken over`);
        if (this.current === life && !over()) this.start(true);
      },
      narrate: (line) => {
        if (REMOVING.test(line)) this.unremoved = true;
        tell(`log ${life.number}: ${line.split("\n")[0]}`);
      },
    });
    this.current = life;
    this.#living.add(life);
    tell(`coordinator ${life.number} starts`);
    const { engine } = life;
    engine.onStopped((_, error) => this.#gone(life, error));
    const opening = state() === null ? engine.create(plan, "ana") : engine.open(WORKFLOW);
    opening.then(undefined, (error: unknown) => this.#gone(life, error));
  }

  startLater(downMs: number): void {
    this.#parts.stage.schedule.after(downMs, () => {
      if (this.current === null && !this.#parts.over()) this.start(false);
    });
  }

  /** A new one takes the lease from one that is stopped, and knows nothing of it, for so long. */
  steal(frozenMs: number): void {
    this.current?.freeze(frozenMs);
    this.start(true);
  }

  kill(why: string, downMs: number): void {
    const life = this.current;
    if (life !== null) {
      this.#parts.tell(`coordinator ${life.number} is ${why}`);
      life.die();
      this.#parts.stage.store.expireLeases();
      this.#forget(life);
    }
    this.startLater(downMs);
  }

  close(downMs: number): void {
    const life = this.current;
    if (life === null) return;
    this.#forget(life);
    life.engine
      .close()
      .then(undefined, (error: unknown) => this.#parts.tell(`closing failed: ${String(error)}`));
    this.startLater(downMs);
  }

  /** Resolves when the one that people speak to has ended of its own accord, and nobody lives. */
  async end(): Promise<void> {
    const life = this.current;
    await life?.engine.close();
    if (life !== null) this.#living.delete(life);
    this.current = null;
  }

  #gone(life: Life, error: unknown): void {
    this.#parts.tell(`coordinator ${life.number} ends: ${String(error)}`);
    // What it had under way nobody knows any more.
    if (/taken over/.test(String(error))) this.unremoved = true;
    this.#forget(life);
  }

  /** Where a newer one holds the lease, people speak to that one. */
  #forget(life: Life): void {
    this.#living.delete(life);
    if (this.current !== life) return;
    const newer = [...this.#living].filter(({ generation }) => generation > life.generation);
    this.current = newer.toSorted((a, b) => b.generation - a.generation)[0] ?? null;
  }
}
