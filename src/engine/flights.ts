/**
 * The effects of one workflow that are under way.
 *
 * Owns: which effects are in flight and which are given up. Does not own: how one is carried out (`perform`), what its outcome means (`core`).
 * Invariants: L2 an effect id is in flight at most once; L3 an effect whose outcome changed nothing is not started again before the state
 * has changed.
 */
import type { CommandBody } from "../core/workflow/command.ts";
import type { Effect, EffectId } from "../core/workflow/effect.ts";
import { allEffects, nextEffects } from "../core/workflow/next-effects.ts";
import type { WorkflowState } from "../core/workflow/state.ts";
import type { EngineDependencies } from "./dependencies.ts";
import { effectFailure } from "./effect-failure.ts";
import type { PerformedOutcome } from "./flight.ts";
import { perform } from "./perform.ts";
import type { SubmitResult } from "./updates.ts";

interface InFlight {
  readonly kind: Effect["kind"];
  readonly controller: AbortController;
  /** Resolves when it has ended and its outcome was delivered; never rejects. */
  readonly settled: Promise<void>;
}

/** What flights need of the loop that they belong to. */
export interface FlightControl {
  readonly state: () => WorkflowState;
  /** True once nothing may be started or delivered any more. */
  readonly closed: () => boolean;
  /** A command in its order, from an effect that asks or tells something on its way. */
  readonly submit: (command: CommandBody) => Promise<SubmitResult>;
  /** The outcome of an effect, in its order. */
  readonly deliver: (outcome: PerformedOutcome) => Promise<SubmitResult>;
  /** A session has done something that may have changed its files. */
  readonly changed: () => void;
  /** Called after each end. */
  readonly landed: () => void;
}

/** How long closing waits for effects under way. */
const LANDING_MS = 10_000;

export class Flights {
  readonly #deps: EngineDependencies;
  readonly #control: FlightControl;
  readonly #flights = new Map<EffectId, InFlight>();
  /** Those that have been carried out and only tell their outcome: nothing of them is left to give up. */
  readonly #telling = new Set<EffectId>();
  /** Effect id to the state's seq at which its outcome was refused. */
  readonly #refused = new Map<EffectId, number>();

  constructor(deps: EngineDependencies, control: FlightControl) {
    this.#deps = deps;
    this.#control = control;
  }

  get size(): number {
    return this.#flights.size;
  }

  /** Starts what is outstanding and not in flight, aborts what is no longer wanted. `holdChanges`: no change of the branch starts. */
  launch(holdChanges: boolean): void {
    const state = this.#control.state();
    const wanted = nextEffects(state);
    this.#abortUnwanted(state, wanted);
    for (const effect of wanted) {
      if (effect.kind === "integrate" && holdChanges) continue;
      if (this.#flights.has(effect.id) || this.#refused.get(effect.id) === state.seq) continue;
      this.#start(effect);
    }
  }

  abort(): void {
    for (const flight of this.#flights.values()) flight.controller.abort();
  }

  /** Gives up the change of the branch that is under way; resolves when it has ended. */
  async abortChanges(): Promise<void> {
    const changes = [...this.#flights.values()].filter((flight) => flight.kind === "integrate");
    for (const { controller } of changes) controller.abort();
    await Promise.all(changes.map((flight) => flight.settled));
  }

  /** Lets what is under way come to an end, so that nothing of it happens after the lease is given back. Not for ever. */
  async settle(): Promise<void> {
    const settled = Promise.all([...this.#flights.values()].map((flight) => flight.settled));
    const patience = new AbortController();
    await Promise.race([settled, this.#deps.clock.pause(LANDING_MS, patience.signal)]);
    patience.abort();
  }

  /** A pause lets steps end that are under way: their outcomes still count, and what they did must not go unrecorded. */
  #abortUnwanted(state: WorkflowState, wanted: readonly Effect[]): void {
    const ids = new Set(wanted.map((effect) => effect.id));
    const counting = new Set(allEffects(state).map((effect) => effect.id));
    for (const [id, { kind, controller }] of this.#flights) {
      if (this.#telling.has(id)) continue;
      const endsByItself = kind !== "session" && kind !== "timer";
      if (!ids.has(id) && !(endsByItself && counting.has(id))) controller.abort();
    }
  }

  #start(effect: Effect): void {
    const controller = new AbortController();
    const settled = this.#fly(effect, controller.signal);
    this.#flights.set(effect.id, { kind: effect.kind, controller, settled });
    void settled.then(() => {
      this.#flights.delete(effect.id);
      this.#telling.delete(effect.id);
      this.#control.landed();
    });
  }

  /** Never rejects. */
  async #fly(effect: Effect, signal: AbortSignal): Promise<void> {
    try {
      const outcome = await this.#carryOut(effect, signal);
      if (this.#control.closed() || signal.aborted) return;
      if (outcome !== null) await this.#deliver(effect, outcome);
      else this.#refused.set(effect.id, this.#control.state().seq);
    } catch (error) {
      this.#deps.narrate(`${effect.id}: ${String(error)}`);
    }
  }

  async #carryOut(effect: Effect, signal: AbortSignal): Promise<PerformedOutcome | null> {
    const { state, submit, closed, changed } = this.#control;
    try {
      return await perform(this.#deps, { effect, signal, state, submit, changed });
    } catch (error) {
      if (signal.aborted || closed()) return null;
      const failure = effectFailure(error, this.#deps.repository.root);
      this.#deps.narrate(`${effect.id} failed: ${error instanceof Error ? error.stack : failure.message}`);
      return { command: { type: "effect-failed", effect: effect.id, unknown: false, ...failure } };
    }
  }

  async #deliver(effect: Effect, outcome: PerformedOutcome): Promise<void> {
    this.#telling.add(effect.id);
    const before = this.#control.state().seq;
    const result = await this.#control.deliver(outcome);
    const { seq } = this.#control.state();
    if (!result.ok || seq === before) this.#refused.set(effect.id, seq);
    else this.#refused.delete(effect.id);
  }
}
