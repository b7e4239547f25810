/** One session in memory: it plays its act in simulated time, under the limits of its spec. */
import type { EventBody } from "../../../src/adapters/agents/session-io.ts";
import { type Desk, openDesk } from "../../../src/adapters/host/desk.ts";
import type { SessionEnd, SessionOutcome } from "../../../src/core/workflow/outcome.ts";
import type { AskRequest, SessionEvent, SessionSpec } from "../../../src/ports/session-host.ts";
import type { Cancel, Schedule } from "./schedule.ts";

/** What an agent does when it is left alone. */
export interface Act {
  /** From the start to the end; questions come on top. */
  readonly durationMs: number;
  /** Told as soon as it has started. */
  readonly says?: readonly EventBody[];
  /** Done after half of the time. */
  readonly work?: () => void;
  readonly asks?: readonly AskRequest[];
  readonly listens?: "hears" | "hangs-up";
  /** It never ends by itself; with `started` it had said something before. */
  readonly hangs?: "silent" | "started";
  readonly end: SessionEnd;
  /** What it spends when no limit stops it; null = nobody knows. */
  readonly costUsd: number | null;
  readonly turns: number;
  /** True for a judge whose answer says nothing about the work. */
  readonly worthless?: true;
}

/** What one request of an agent costs at most: a money limit is noticed only after the request that passes it. */
export const REQUEST_USD = 0.1;

export class MemorySession {
  readonly spec: SessionSpec;
  readonly desk: Desk;
  outcome: SessionOutcome | null = null;
  events: readonly SessionEvent[] = [];
  readonly #schedule: Schedule;
  readonly #act: Act;
  readonly #startedMs: number;
  readonly #planned = new Set<Cancel>();
  readonly #watchers = new Set<() => void>();

  constructor(schedule: Schedule, spec: SessionSpec, act: Act) {
    this.#schedule = schedule;
    this.spec = spec;
    this.#act = act;
    this.#startedMs = schedule.nowMs;
    this.desk = openDesk({
      limitMs: spec.limits.answerMs ?? 3_600_000,
      awakeMs: () => this.#schedule.nowMs,
      record: (event) => this.#record(event),
      steers: () => act.listens !== undefined,
    });
    if (act.listens !== undefined) this.desk.listen((text, by, how) => this.#hear(text, by, how));
    this.#begin();
  }

  /** Called after every event and after the end. */
  watch(watcher: () => void): Cancel {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  /** Ends it before its time; one that has ended stays as it is. */
  finish(end: SessionEnd, costUsd = this.#spent()): void {
    if (this.outcome !== null) return;
    for (const cancel of this.#planned) cancel();
    this.desk.close();
    const durationMs = Math.round(this.#schedule.nowMs - this.#startedMs);
    const usage = { costUsd, turns: this.#act.turns, durationMs };
    this.outcome = { sessionId: end.kind === "crashed" ? "" : this.spec.conversation, usage, ...end };
    this.#record({ type: "ended", outcome: end.kind });
  }

  #begin(): void {
    const { hangs, durationMs } = this.#act;
    if (hangs !== "silent") this.#record({ type: "started", pid: 1, startTime: "0", bootId: "memory" });
    for (const event of this.#act.says ?? []) this.#record(event);
    this.#limits();
    if (hangs !== undefined) return;
    this.#after(durationMs / 2, () => {
      this.#act.work?.();
      this.#ask(0);
    });
  }

  #ask(index: number): void {
    const request = this.#act.asks?.[index];
    if (request === undefined) return void this.#after(this.#act.durationMs / 2, () => this.#end());
    for (const cancel of this.#planned) cancel();
    const answered = this.desk.ask(request);
    const limitMs = this.spec.limits.answerMs ?? 3_600_000;
    this.#after(limitMs, () => this.desk.expire(this.#schedule.nowMs));
    void answered.then((reply) => {
      if (this.outcome !== null) return;
      this.#record({ type: "text", text: `${reply.by ?? "nobody"}: ${reply.text}` });
      this.#limits();
      this.#ask(index + 1);
    });
  }

  #end(): void {
    const { usd } = this.spec.limits;
    const { costUsd, end } = this.#act;
    if (usd === null || costUsd === null || costUsd <= usd) return this.finish(end);
    this.finish({ kind: "limit", which: "usd", message: `${usd.toFixed(2)} USD`, retry: "never" });
  }

  /** A limit of money is noticed after the request that passes it, however the session ends. */
  #spent(): number | null {
    const { usd } = this.spec.limits;
    const { costUsd } = this.#act;
    return usd === null || costUsd === null ? costUsd : Math.min(costUsd, usd + REQUEST_USD);
  }

  #limits(): void {
    const { wallMs, idleMs, startupMs } = this.spec.limits;
    const hit = (which: "wall" | "idle" | "startup", ms: number, retry: "never" | "backoff"): void =>
      this.#after(ms, () => this.finish({ kind: "limit", which, message: `${ms} ms`, retry }));
    hit("wall", wallMs, "never");
    if (this.#act.hangs === "silent") hit("startup", startupMs, "backoff");
    if (this.#act.hangs !== undefined) hit("idle", idleMs, "backoff");
  }

  #after(ms: number, run: () => void): void {
    this.#planned.add(this.#schedule.after(ms, run));
  }

  #hear(text: string, by: string, how?: "interrupt"): boolean {
    this.#record({ type: "text", text: `${by} ${how === undefined ? "says" : "interrupts"}: ${text}` });
    return this.#act.listens === "hears";
  }

  #record(event: EventBody): void {
    this.events = [...this.events, { at: this.#schedule.wall, ...event } as SessionEvent];
    for (const watcher of [...this.#watchers]) watcher();
  }
}
