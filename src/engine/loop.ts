/**
 * The loop of one workflow: commands in order through the core, durable before anything acts on them, then whatever is outstanding.
 *
 * Owns: the order of commands, the journal head, which effects are in flight.
 * Does not own: rules (`core`), how an effect is carried out (`perform`).
 * Invariants: L1 a command's events are durable before subscribers see them or effects start; L2 an effect id is in flight at most once;
 * L3 an effect whose outcome changed nothing is not started again before the state has changed; L4 a writer that was fenced, or that cannot
 * write, stops at once and for good: only a new one that reads the journal from the disk knows what it holds;
 * L5 a person's command that may drop queued changes of the branch waits for the one under way, and no other starts before it, so that no
 * change happens unrecorded.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { SignalboxError } from "../core/errors.ts";
import type { Plan } from "../core/plan/plan.ts";
import { answerCommand } from "../core/view/waiting.ts";
import type { Command, CommandBody } from "../core/workflow/command.ts";
import { decide } from "../core/workflow/decide.ts";
import type { Effect, EffectId } from "../core/workflow/effect.ts";
import type { WorkflowEvent } from "../core/workflow/event.ts";
import { evolve } from "../core/workflow/evolve.ts";
import { allEffects, nextEffects } from "../core/workflow/next-effects.ts";
import type { WorkflowState } from "../core/workflow/state.ts";
import type { Journal, Lease } from "../ports/journal.ts";
import type { EngineDependencies } from "./dependencies.ts";
import { createRefresher, type Refresher } from "./documents.ts";
import { effectFailure } from "./effect-failure.ts";
import { existsAlready } from "./exists-already.ts";
import { perform } from "./perform.ts";
import { unrecordedChange } from "./perform-integrate.ts";
import { restoreFromBranch } from "./restore.ts";
import type { LoopListener, SubmitResult } from "./updates.ts";

interface Waiting {
  readonly command: CommandBody;
  readonly at: string | undefined;
  readonly resolve: (result: SubmitResult) => void;
  readonly reject: (error: unknown) => void;
}

interface InFlight {
  readonly kind: Effect["kind"];
  readonly controller: AbortController;
  /** Resolves when it has ended and its outcome was delivered; never rejects. */
  readonly settled: Promise<void>;
}

const MAY_DROP_CHANGES: ReadonlySet<CommandBody["type"]> = new Set(["cancel", "rewind", "reject", "decide"]);

/** How long closing waits for effects under way. */
const LANDING_MS = 10_000;

export interface WorkflowLoop {
  readonly state: WorkflowState;
  submit(command: CommandBody, at?: string): Promise<SubmitResult>;
  busy(): boolean;
  idle(): Promise<void>;
  close(): Promise<void>;
}

export class Loop implements WorkflowLoop {
  readonly #deps: EngineDependencies;
  readonly #workflow: string;
  readonly #listener: LoopListener;
  readonly #lease: Lease;
  readonly #journal: Journal;
  readonly #refresher: Refresher;
  readonly #inbox: Waiting[] = [];
  readonly #flights = new Map<EffectId, InFlight>();
  /** Effect id to the state's seq at which its outcome was refused. */
  readonly #refused = new Map<EffectId, number>();
  readonly #idle: (() => void)[] = [];
  #state: WorkflowState | null;
  #head: number;
  #pumping: Promise<void> | null = null;
  /** Commands of people that wait for the change of the branch under way; no other one starts before them. */
  #holds = 0;
  #closed = false;

  constructor(
    deps: EngineDependencies,
    workflow: string,
    listener: LoopListener,
    lease: Lease,
    journal: Journal,
    state: WorkflowState | null,
    head: number,
  ) {
    this.#deps = deps;
    this.#workflow = workflow;
    this.#listener = listener;
    this.#lease = lease;
    this.#journal = journal;
    this.#state = state;
    this.#head = head;
    this.#refresher = createRefresher(deps);
  }

  get state(): WorkflowState {
    if (this.#state === null)
      throw new SignalboxError("internal", "no-state", `workflow ${this.#workflow} has no state yet`);
    return this.#state;
  }

  async create(plan: Plan, by: string): Promise<void> {
    const result = await this.#apply({ type: "create", plan, by }, undefined);
    if (!result.ok) throw existsAlready(this.#workflow);
  }

  /** A clone has the branch but no journal: its documents carry the state (design §4). */
  async restore(): Promise<void> {
    const { state, head } = await restoreFromBranch(this.#deps, this.#workflow);
    await this.#append([{ at: this.#deps.clock.now(), type: "workflow.restored", state, head }]);
  }

  /** A state that came from a branch may have work that only waits to be started; nothing else would start it. */
  async start(): Promise<void> {
    await this.#apply({ type: "opened" }, undefined);
    this.#launch();
  }

  async submit(command: CommandBody, at?: string): Promise<SubmitResult> {
    if (!MAY_DROP_CHANGES.has(command.type)) return this.#enqueue(command, at);
    this.#holds += 1;
    try {
      await this.#changeUnderWay();
      return await this.#enqueue(command, at);
    } finally {
      this.#holds -= 1;
      this.#launch();
    }
  }

  /**
   * Nothing of the branch is under way afterwards, and what was done to it is recorded, also by an earlier coordinator. A
   * change that is still being checked is given up: a person does not wait for that, and where it stays wanted it starts again.
   */
  async #changeUnderWay(): Promise<void> {
    const changes = [...this.#flights.values()].filter((flight) => flight.kind === "integrate");
    for (const { controller } of changes) controller.abort();
    await Promise.all(changes.map((flight) => flight.settled));
    const done = await unrecordedChange(this.#deps, this.state);
    if (done !== null) await this.#enqueue(done.command, done.at);
  }

  #enqueue(command: CommandBody, at: string | undefined): Promise<SubmitResult> {
    if (this.#closed)
      return Promise.reject(
        new SignalboxError("internal", "closed", `workflow ${this.#workflow} is closed here`),
      );
    return new Promise((resolve, reject) => {
      this.#inbox.push({ command, at, resolve, reject });
      this.#pumping ??= this.#pump();
    });
  }

  busy(): boolean {
    return this.#flights.size > 0 || this.#inbox.length > 0 || this.#pumping !== null;
  }

  idle(): Promise<void> {
    if (!this.busy()) return Promise.resolve();
    return new Promise((resolve) => this.#idle.push(resolve));
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    for (const flight of this.#flights.values()) flight.controller.abort();
    await this.#pumping;
    await this.#landing();
    await this.#refresher.close();
    await this.#journal.close();
    await this.#lease.release();
    this.#wakeIdle();
  }

  /** Lets what is under way come to an end, so that nothing of it happens after the lease is given back. */
  async #landing(): Promise<void> {
    const settled = Promise.all([...this.#flights.values()].map((flight) => flight.settled));
    const patience = new AbortController();
    await Promise.race([
      settled,
      sleep(LANDING_MS, undefined, { signal: patience.signal, ref: false }).catch(() => undefined),
    ]);
    patience.abort();
  }

  /** Takes commands one after the other; never two at once, so that rules need no locks. */
  async #pump(): Promise<void> {
    for (let next = this.#inbox.shift(); next !== undefined; next = this.#inbox.shift()) {
      try {
        next.resolve(await this.#apply(next.command, next.at));
      } catch (error) {
        next.reject(error);
      }
    }
    this.#pumping = null;
    if (!this.#closed) this.#launch();
    if (!this.busy()) this.#wakeIdle();
  }

  async #apply(body: CommandBody, at: string | undefined): Promise<SubmitResult> {
    const command: Command = { at: at ?? this.#deps.clock.now(), ...body };
    const decision = decide(this.#state, command);
    if (!decision.ok) return decision;
    if (decision.events.length > 0) await this.#append(decision.events);
    return { ok: true, seq: this.#head };
  }

  async #append(events: readonly WorkflowEvent[]): Promise<void> {
    const result = await this.#journal
      .append(this.#head, this.#deps.ids.uuid(), events)
      .catch((error: unknown) => this.#abandon(unwritable(this.#workflow, error)));
    if (!result.ok) return this.#abandon(takenOver(this.#workflow));
    this.#head = result.seq;
    let state = this.#state;
    for (const event of events) state = evolve(state, event);
    this.#state = state;
    if (state === null) return;
    this.#listener.updated({ workflow: this.#workflow, seq: this.#head, events, state });
    this.#refresher.touch(state);
    this.#tellPerson(events);
  }

  /** Stops acting without waiting for anything, and keeps the sessions for the coordinator that comes next. */
  async #abandon(error: SignalboxError): Promise<never> {
    this.#closed = true;
    for (const flight of this.#flights.values()) flight.controller.abort();
    for (const waiting of this.#inbox.splice(0)) waiting.reject(error);
    this.#wakeIdle();
    await this.#refresher.close();
    await this.#journal.close().catch(() => undefined);
    await this.#lease.release().catch(() => undefined);
    this.#listener.stopped(error);
    this.#deps.narrate(error.message);
    throw error;
  }

  #tellPerson(events: readonly WorkflowEvent[]): void {
    const state = this.#state;
    if (state === null) return;
    for (const event of events) {
      if (event.type !== "question.asked") continue;
      const { question } = event;
      const [first] = question.options;
      void this.#deps.notifier.notify({
        workflow: this.#workflow,
        subject: question.subject,
        kind: question.kind,
        reason: question.reason,
        command:
          first === undefined ? `signalbox show ${question.subject}` : answerCommand(state, question, first),
        at: question.askedAt,
        base: state.plan.base.commit,
      });
    }
  }

  /** Starts what is outstanding and not in flight; aborts flights that are no longer wanted. */
  #launch(): void {
    if (this.#state === null || this.#closed) return;
    const wanted = nextEffects(this.#state);
    this.#abortUnwanted(wanted);
    for (const effect of wanted) {
      if (effect.kind === "integrate" && this.#holds > 0) continue;
      if (this.#flights.has(effect.id) || this.#refused.get(effect.id) === this.#state.seq) continue;
      this.#start(effect);
    }
  }

  /** A pause lets steps end that are under way: their outcomes still count, and what they did must not go unrecorded. */
  #abortUnwanted(wanted: readonly Effect[]): void {
    const ids = new Set(wanted.map((effect) => effect.id));
    const counting = new Set(allEffects(this.state).map((effect) => effect.id));
    for (const [id, { kind, controller }] of this.#flights) {
      const endsByItself = kind !== "session" && kind !== "timer";
      if (!ids.has(id) && !(endsByItself && counting.has(id))) controller.abort();
    }
  }

  #start(effect: Effect): void {
    const controller = new AbortController();
    const settled = this.#fly(effect, controller.signal);
    this.#flights.set(effect.id, { kind: effect.kind, controller, settled });
    void settled.then(() => this.#landed(effect.id));
  }

  /** Never rejects. */
  async #fly(effect: Effect, signal: AbortSignal): Promise<void> {
    try {
      const outcome = await this.#carryOut(effect, signal);
      if (this.#closed || signal.aborted) return;
      if (outcome !== null) await this.#deliver(effect, outcome.command, outcome.at);
      else this.#refused.set(effect.id, this.state.seq);
    } catch (error) {
      this.#deps.narrate(`${effect.id}: ${String(error)}`);
    }
  }

  #landed(id: EffectId): void {
    this.#flights.delete(id);
    if (!this.#closed && this.#pumping === null) this.#launch();
    if (!this.busy()) this.#wakeIdle();
  }

  async #carryOut(
    effect: Effect,
    signal: AbortSignal,
  ): Promise<{ readonly command: CommandBody; readonly at?: string } | null> {
    try {
      return await perform(this.#deps, {
        effect,
        signal,
        state: () => this.state,
        submit: (command) => this.submit(command),
      });
    } catch (error) {
      if (signal.aborted || this.#closed) return null;
      const failure = effectFailure(error, this.#deps.repository.root);
      this.#deps.narrate(`${effect.id} failed: ${error instanceof Error ? error.stack : failure.message}`);
      return { command: { type: "effect-failed", effect: effect.id, unknown: false, ...failure } };
    }
  }

  async #deliver(effect: Effect, command: CommandBody, at: string | undefined): Promise<void> {
    const before = this.state.seq;
    const result = await this.#enqueue(command, at);
    if (!result.ok || this.state.seq === before) this.#refused.set(effect.id, this.state.seq);
    else this.#refused.delete(effect.id);
  }

  #wakeIdle(): void {
    for (const resolve of this.#idle.splice(0)) resolve();
  }
}

function takenOver(workflow: string): SignalboxError {
  return new SignalboxError("lease", "fenced", `another coordinator has taken over ${workflow}`, [
    "To see who holds it, run: signalbox ps",
  ]);
}

/** A journal that says itself what is wrong is not spoken over. */
function unwritable(workflow: string, error: unknown): SignalboxError {
  if (error instanceof SignalboxError) return error;
  const why = error instanceof Error ? error.message : String(error);
  return new SignalboxError(
    "environment",
    "journal-unwritable",
    `the journal of ${workflow} cannot be written: ${why}`,
    [`Running agents go on. When that is mended, run: signalbox resume ${workflow}`],
    error,
  );
}
