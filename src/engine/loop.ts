/**
 * The loop of one workflow: commands in order through the core, durable before anything acts on them, then whatever is outstanding.
 *
 * Owns: the order of commands, the journal head. Does not own: rules (`core`), which effects are under way (`Flights`).
 * Invariants: L1 a command's events are durable before subscribers see them or effects start; L4 a writer that was fenced (seen also where it only refuses), or that cannot
 * write, stops at once and for good: only a new one that reads the journal from the disk knows what it holds;
 * L5 a person's command that may drop queued changes of the branch waits for the one under way, and no other starts before it, so that no
 * change happens unrecorded.
 */
import { SignalboxError } from "../core/errors.ts";
import type { Plan } from "../core/plan/plan.ts";
import { redactAll } from "../core/redaction.ts";
import type { Command, CommandBody } from "../core/workflow/command.ts";
import { decide } from "../core/workflow/decide.ts";
import type { WorkflowEvent } from "../core/workflow/event.ts";
import { evolve } from "../core/workflow/evolve.ts";
import type { WorkflowState } from "../core/workflow/state.ts";
import type { Journal, Lease } from "../ports/journal.ts";
import type { EngineDependencies } from "./dependencies.ts";
import { createRefresher, type Refresher } from "./documents.ts";
import { existsAlready } from "./exists-already.ts";
import { Flights } from "./flights.ts";
import { unrecordedChange } from "./perform-integrate.ts";
import { restoreFromBranch } from "./restore.ts";
import { tellPerson } from "./tell-person.ts";
import type { LoopListener, SubmitResult } from "./updates.ts";
import { type ConflictWatch, createConflictWatch } from "./watch-conflicts.ts";

interface Waiting {
  readonly command: CommandBody;
  readonly at: string | undefined;
  readonly resolve: (result: SubmitResult) => void;
  readonly reject: (error: unknown) => void;
}

const MAY_DROP_CHANGES: ReadonlySet<CommandBody["type"]> = new Set(["cancel", "rewind", "reject", "decide"]);

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
  readonly #conflicts: ConflictWatch;
  readonly #inbox: Waiting[] = [];
  readonly #flights: Flights;
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
    this.#conflicts = createConflictWatch(deps, (command) => this.submit(command));
    this.#flights = new Flights(deps, {
      state: () => this.state,
      closed: () => this.#closed,
      submit: (command) => this.submit(command),
      deliver: ({ command, at }) => this.#enqueue(command, at),
      landed: () => this.#landed(),
      changed: () => this.#conflicts.changed(),
    });
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
    this.#conflicts.touch(this.state);
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
    await this.#flights.abortChanges();
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
    this.#flights.abort();
    await this.#pumping;
    await this.#flights.settle();
    await this.#conflicts.close();
    await this.#refresher.close();
    await this.#journal.close();
    await this.#lease.release();
    this.#wakeIdle();
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
    const command: Command = { at: at ?? this.#deps.clock.now(), ...this.#redacted(body) };
    const decision = decide(this.#state, command);
    if (decision.ok && decision.events.length > 0) await this.#append(decision.events);
    // Nothing is written, so nothing else tells that this state is of yesterday.
    else if (!this.#lease.isNewest()) return this.#abandon(takenOver(this.#workflow));
    if (!decision.ok) return decision;
    return { ok: true, seq: this.#head };
  }

  /** Journal, documents and notices follow from commands. A plan is as its author committed it: agents work from it. */
  #redacted(body: CommandBody): CommandBody {
    const { redact } = this.#deps;
    return redact === undefined || body.type === "create" ? body : redactAll(body, redact);
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
    this.#conflicts.touch(state);
    tellPerson(this.#deps.notifier, state, events);
  }

  /** Stops acting without waiting for anything, and keeps the sessions for the coordinator that comes next. */
  async #abandon(error: SignalboxError): Promise<never> {
    this.#closed = true;
    this.#flights.abort();
    for (const waiting of this.#inbox.splice(0)) waiting.reject(error);
    this.#wakeIdle();
    void this.#conflicts.close();
    await this.#refresher.close();
    await this.#journal.close().catch(() => undefined);
    await this.#lease.release().catch(() => undefined);
    this.#listener.stopped(error);
    this.#deps.narrate(error.message);
    throw error;
  }

  /** After the end of an effect: what follows from it, and whether anything is left to do. */
  #landed(): void {
    if (!this.#closed && this.#pumping === null) this.#launch();
    if (!this.busy()) this.#wakeIdle();
  }

  #launch(): void {
    if (this.#state !== null && !this.#closed) this.#flights.launch(this.#holds > 0);
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
