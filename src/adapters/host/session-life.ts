/**
 * What a running session has said, started and been told: the adapter's side of it (`io`) and the host's.
 *
 * Invariant H4: nothing is recorded after `ended`, whatever an adapter sends late.
 */

import type { SessionMessage } from "../../core/workflow/live.ts";
import type { SessionOutcome, SessionUsage } from "../../core/workflow/outcome.ts";
import type { AgentAdapter, AgentIo, Delivery, SessionEvent, SessionSpec } from "../../ports/session-host.ts";
import type { EventBody } from "../agents/session-io.ts";
import { childIdentity, type ProcessIdentity } from "../process/identity.ts";
import { ANSWER_MS, openDesk } from "./desk.ts";
import { type LimitHit, watchLimits } from "./limits.ts";
import { NOTHING_KNOWN, type Spent, spentOf } from "./spent.ts";
import { watchTroubles } from "./troubles.ts";

export interface SessionParts {
  readonly adapter: () => Promise<AgentAdapter>;
  readonly marker: { readonly name: string; readonly value: string };
  /** Time that the agent has to end by itself after it was told to; default 10000 (domain §19, T8). */
  readonly graceMs?: number;
  readonly record: (event: SessionEvent) => void;
  /** Called with all processes known so far whenever one is added. */
  readonly onProcesses: (processes: readonly ProcessIdentity[]) => void;
  /** Called once, with the way for messages of people into the session. */
  readonly onOpen?: (deliver: (message: SessionMessage) => Delivery) => void;
  /** Aborts with the reason as a text to cancel the session. */
  readonly stop: AbortSignal;
}

/** Why a session was told to end. */
export type EndReason =
  | { readonly type: "cancelled"; readonly reason: string }
  | { readonly type: "limit"; readonly hit: LimitHit };

export interface SessionLife {
  readonly io: AgentIo;
  /** Grows while the session runs. */
  readonly processes: readonly ProcessIdentity[];
  /** True once the adapter named a process, also one that was gone before it could be looked at. */
  hasSpawned(): boolean;
  /** The first reason counts; undefined when the session was not told to end. */
  reason(): EndReason | undefined;
  /** The one that the agent has chosen, else ours. */
  conversation(): string;
  /** From the last `usage` event and the awake time. */
  usage(): SessionUsage;
  note(text: string): void;
  /** What kind of agent it is, once that is known. */
  runs(adapter: AgentAdapter): void;
  stopLimits(): void;
  /** Records `ended`; what comes later is dropped. */
  close(outcome: SessionOutcome["kind"]): void;
}

/** Starts the limits and listens for the stop. */
export function openLife(spec: SessionSpec, parts: SessionParts): SessionLife {
  const abort = new AbortController();
  const processes: ProcessIdentity[] = [];
  let spent: Spent = NOTHING_KNOWN;
  let conversation = knownConversation(spec);
  let reason: EndReason | undefined;
  let open = true;
  let spawned = false;
  let steers: boolean | null = null;

  const record = (event: SessionEvent): void => (open ? parts.record(event) : undefined);
  const say = (event: EventBody): void => record({ at: timestamp(), ...event } as SessionEvent);
  const note = (text: string): void => say({ type: "note", text });
  const end = (why: EndReason): void => {
    reason ??= why;
    abort.abort(why.type === "limit" ? why.hit.message : why.reason);
    desk.close(); // an agent that waits for a person would not hear that it is to end
  };
  const limits = watchLimits(spec.limits, {
    hit: (hit) => end({ type: "limit", hit }),
    wake: () => note("the machine slept; limits count awake time"),
    tick: (awakeMs, silentMs) => {
      desk.expire(awakeMs);
      troubles.silent(silentMs);
    },
  });
  const troubles = watchTroubles(spec, { record: say });
  const desk = openDesk({
    limitMs: spec.limits.answerMs ?? ANSWER_MS,
    awakeMs: () => limits.awakeMs(),
    record: (event) => emit({ at: timestamp(), ...event } as SessionEvent),
    steers: () => steers,
  });
  const cancel = (): void => end({ type: "cancelled", reason: String(parts.stop.reason) });
  parts.stop.addEventListener("abort", cancel, { once: true });
  if (parts.stop.aborted) cancel();

  const emit = (event: SessionEvent): void => {
    if (open) limits.seen(event);
    if (event.type === "usage") spent = spentOf(event);
    if (event.type === "conversation") conversation = event.id;
    record(event);
    if (open) troubles.seen(event);
  };
  const onProcess = (pid: number): void => {
    spawned = true;
    const identity = childIdentity(pid);
    if (identity === null) return; // reaped already; what it left behind is found by its mark
    processes.push(identity);
    parts.onProcesses([...processes]);
    // Of any program (a `command:` agent) nothing but its start can be expected: its silence is a matter of the idle limit.
    if (spec.command !== undefined) limits.started();
    record({ at: timestamp(), type: "started", ...identity });
  };
  parts.onOpen?.((message) => desk.deliver(message));
  return {
    io: { emit, onProcess, signal: abort.signal, ask: desk.ask, listen: desk.listen },
    processes,
    hasSpawned: () => spawned,
    reason: () => reason,
    conversation: () => conversation,
    usage: () => ({ ...spent, durationMs: limits.awakeMs() }),
    note,
    runs: ({ capabilities }) => {
      steers = capabilities.steer === true;
    },
    stopLimits: () => {
      limits.stop();
      troubles.close();
      desk.close();
      parts.stop.removeEventListener("abort", cancel);
    },
    close: (outcome) => {
      record({ at: timestamp(), type: "ended", outcome });
      open = false;
    },
  };
}

/** The conversation as long as the agent has said nothing of it: one that chooses ids itself has none yet. */
export function knownConversation({ agent, resume, conversation }: SessionSpec): string {
  return agent !== undefined && !resume ? "" : conversation;
}

function timestamp(): string {
  return new Date().toISOString();
}
