/** The engine without effects: the real core over real journals, and whatever outcomes a test feeds in. */
import type { ControlUpdate, EngineControl } from "../../src/adapters/coordinator/engine-control.ts";
import { SignalboxError } from "../../src/core/errors.ts";
import type { CommandBody } from "../../src/core/workflow/command.ts";
import { decide } from "../../src/core/workflow/decide.ts";
import type { WorkflowEvent } from "../../src/core/workflow/event.ts";
import { evolve } from "../../src/core/workflow/evolve.ts";
import { hasEnded } from "../../src/core/workflow/queries.ts";
import { replay } from "../../src/core/workflow/replay.ts";
import type { WorkflowState } from "../../src/core/workflow/state.ts";
import type { Journal, JournalStore, Lease } from "../../src/ports/journal.ts";

interface Opened {
  readonly lease: Lease;
  readonly journal: Journal;
  state: WorkflowState | null;
  seq: number;
}

export class FakeEngine implements EngineControl {
  /** What `busy()` says. */
  busyNow = false;
  closed = false;
  private readonly store: JournalStore;
  private readonly opened = new Map<string, Opened>();
  private readonly listeners = new Set<(update: ControlUpdate) => void>();
  private minute = 0;
  private inbox: Promise<unknown> = Promise.resolve();

  constructor(store: JournalStore) {
    this.store = store;
  }

  async open(workflow: string): Promise<WorkflowState> {
    const { state } = await this.require(workflow);
    if (state === null)
      throw new SignalboxError("user", "unknown-workflow", `No workflow is named ${workflow}`);
    return state;
  }

  async create(plan: WorkflowState["plan"], by: string): Promise<WorkflowState> {
    const id = plan.workflow.id;
    await this.require(id);
    await this.submit(id, { type: "create", plan, by });
    return this.open(id);
  }

  /** One ordered inbox, like that of the engine. */
  submit(workflow: string, command: CommandBody): ReturnType<EngineControl["submit"]> {
    const result = this.inbox.then(() => this.take(workflow, command));
    this.inbox = result.catch(() => {});
    return result;
  }

  private async take(workflow: string, command: CommandBody): ReturnType<EngineControl["submit"]> {
    const opened = await this.require(workflow);
    const decision = decide(opened.state, { at: this.now(), ...command });
    if (!decision.ok) return decision;
    if (decision.events.length > 0) await this.append(workflow, decision.events);
    return { ok: true, seq: opened.seq };
  }

  /** Puts facts into the journal that no rule made. */
  async append(workflow: string, events: readonly WorkflowEvent[]): Promise<void> {
    const opened = await this.require(workflow);
    const result = await opened.journal.append(opened.seq, `append-${workflow}-${opened.seq}`, events);
    if (!result.ok) throw new Error(result.reason);
    opened.seq = result.seq;
    const state = events.reduce<WorkflowState | null>((before, event) => evolve(before, event), opened.state);
    if (state === null) throw new Error("no state");
    opened.state = state;
    for (const listener of this.listeners) listener({ workflow, seq: result.seq, events, state });
    await this.settle(workflow, state);
  }

  /** The commits that follow the end of a workflow. */
  private async settle(workflow: string, state: WorkflowState): Promise<void> {
    const [integration] = state.integrations;
    if (!hasEnded(state) || integration === undefined) return;
    await this.append(workflow, [
      { at: this.now(), type: "integration.done", integration: integration.id, head: "b".repeat(40) },
    ]);
  }

  state(workflow: string): WorkflowState | undefined {
    return this.opened.get(workflow)?.state ?? undefined;
  }

  subscribe(listener: (update: ControlUpdate) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  busy(): boolean {
    return this.busyNow;
  }

  async close(): Promise<void> {
    this.closed = true;
    for (const { journal, lease } of this.opened.values()) {
      await journal.close();
      await lease.release();
    }
    this.opened.clear();
  }

  now(): string {
    this.minute += 1;
    return `2026-02-20T${String(10 + Math.floor(this.minute / 60)).padStart(2, "0")}:${String(this.minute % 60).padStart(2, "0")}:00Z`;
  }

  private async require(workflow: string): Promise<Opened> {
    const known = this.opened.get(workflow);
    if (known !== undefined) return known;
    const acquired = await this.store.acquire(workflow);
    if (!acquired.ok)
      throw new SignalboxError("lease", "lease-held", `pid ${acquired.holder.pid} holds ${workflow}`);
    const journal = await this.store.open(workflow, acquired.lease);
    const entries = await journal.read(0);
    const opened: Opened = {
      lease: acquired.lease,
      journal,
      state: replay(entries),
      seq: entries.at(-1)?.seq ?? 0,
    };
    this.opened.set(workflow, opened);
    return opened;
  }
}
