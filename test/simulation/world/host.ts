/** The session host in memory. It outlives coordinators; it can be killed with everything that it runs. */
import { SignalboxError } from "../../../src/core/errors.ts";
import type { SessionMessage } from "../../../src/core/workflow/live.ts";
import type { SessionOutcome } from "../../../src/core/workflow/outcome.ts";
import type {
  Delivery,
  SessionEvent,
  SessionHost,
  SessionSpec,
  SessionStatus,
} from "../../../src/ports/session-host.ts";
import type { Direct } from "./direct.ts";
import type { Schedule } from "./schedule.ts";
import { type Act, MemorySession } from "./session.ts";

/** How long a stopped agent takes to end. */
const GRACE_MS = 300;
const NO_USAGE = { costUsd: 0, turns: 0, durationMs: 0 };

export interface HostParts {
  readonly schedule: Schedule;
  /** What the agent of a session will do. */
  readonly act: (spec: SessionSpec) => Act;
  /** Told when an agent really starts and when it has ended. */
  readonly started?: (spec: SessionSpec) => void;
  readonly ended?: (spec: SessionSpec, outcome: SessionOutcome) => void;
}

export class MemoryHost implements Direct<SessionHost> {
  readonly #parts: HostParts;
  readonly #sessions = new Map<string, MemorySession>();
  /** Stopped before they were started. */
  readonly #refused = new Map<string, SessionOutcome>();
  readonly #newcomers = new Set<() => void>();

  constructor(parts: HostParts) {
    this.#parts = parts;
  }

  start(spec: SessionSpec): void {
    if (this.#sessions.has(spec.id) || this.#refused.has(spec.id)) return;
    this.#parts.started?.(spec);
    const beside = this.living().some((one) => isWriter(one) && one.conversation === spec.conversation);
    const session = new MemorySession(this.#parts.schedule, spec, this.#parts.act(spec));
    this.#sessions.set(spec.id, session);
    const unwatch = session.watch(() => {
      if (session.outcome === null) return;
      unwatch();
      this.#parts.ended?.(spec, session.outcome);
    });
    for (const wake of [...this.#newcomers]) wake();
    const message = "its conversation is open in another program (pid 1)";
    if (beside && isWriter(spec)) session.finish({ kind: "crashed", message, retry: "backoff" }, 0);
  }

  outcome(_workflow: string, id: string, signal: AbortSignal): Promise<SessionOutcome> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      const session = this.#sessions.get(id);
      const known = session?.outcome ?? this.#refused.get(id);
      if (known !== undefined && known !== null) return resolve(known);
      if (session === undefined)
        return reject(new SignalboxError("internal", "session-unknown", `session ${id} was never started`));
      const unwatch = session.watch(() => {
        if (session.outcome === null) return;
        unwatch();
        resolve(session.outcome);
      });
      signal.addEventListener("abort", () => {
        unwatch();
        reject(signal.reason);
      });
    });
  }

  status(_workflow: string, id: string): SessionStatus {
    const session = this.#sessions.get(id);
    if (session === undefined) return { state: this.#refused.has(id) ? "ended" : "unknown" };
    const lastEventAt = session.events.at(-1)?.at;
    const state = session.outcome === null ? "running" : "ended";
    return { state, pid: 1, ...(lastEventAt === undefined ? {} : { lastEventAt }) };
  }

  stop(_workflow: string, id: string, reason: string): Promise<void> {
    const session = this.#sessions.get(id);
    if (session === undefined && !this.#refused.has(id))
      this.#refused.set(id, { kind: "cancelled", reason, sessionId: "", usage: NO_USAGE });
    return new Promise((resolve) => {
      if (session === undefined || session.outcome !== null) return resolve();
      this.#parts.schedule.after(GRACE_MS, () => {
        session.finish({ kind: "cancelled", reason });
        resolve();
      });
    });
  }

  events(_workflow: string, id: string): readonly SessionEvent[] {
    return this.#sessions.get(id)?.events ?? [];
  }

  async *follow(_workflow: string, id: string, signal: AbortSignal): AsyncGenerator<SessionEvent> {
    for (let told = 0; !signal.aborted; ) {
      const session = this.#sessions.get(id);
      const news = session?.events.slice(told) ?? [];
      told += news.length;
      for (const event of news) {
        if (signal.aborted) return;
        yield event;
      }
      const all = told >= (session?.events.length ?? 0);
      if (all && (this.#refused.has(id) || (session?.outcome ?? null) !== null)) return;
      if (all && !signal.aborted) await this.#change(id, signal);
    }
  }

  deliver(_workflow: string, message: SessionMessage): Delivery {
    const session = this.#sessions.get(message.session);
    if (session === undefined) return this.#refused.has(message.session) ? "ended" : "not-started";
    return session.desk.deliver(message);
  }

  running() {
    return this.living().map(({ workflow, id }) => ({ workflow, id }));
  }

  /** Specs of the agents that run. */
  living(): readonly SessionSpec[] {
    return [...this.#sessions.values()].filter(({ outcome }) => outcome === null).map(({ spec }) => spec);
  }

  /** An agent's process is killed. */
  kill(id: string, message = "signal SIGKILL"): void {
    this.#sessions.get(id)?.finish({ kind: "crashed", message, retry: "backoff" }, null);
  }

  /** The host dies; its watchdog ends what it ran. */
  die(): void {
    for (const { id } of this.living()) this.kill(id, "the session host died while the session ran");
  }

  #change(id: string, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const session = this.#sessions.get(id);
      const wake = (): void => {
        unwatch();
        this.#newcomers.delete(wake);
        signal.removeEventListener("abort", wake);
        resolve();
      };
      const unwatch = session?.watch(wake) ?? ((): void => {});
      if (session === undefined) this.#newcomers.add(wake);
      signal.addEventListener("abort", wake, { once: true });
    });
  }
}

/** Who only reads has a conversation of its own that nobody continues. */
function isWriter({ boundary }: SessionSpec): boolean {
  return boundary !== null;
}
