/**
 * Runs one session to its end: adapter, limits, events, and the end of its process tree.
 *
 * Owns: the order of these. Does not own: files (given as functions), which sessions exist.
 * Invariant H3: the promise settles only when no process of the session is left, and it never rejects.
 * Invariant H4: nothing is recorded after `ended`.
 */
import { setTimeout as pause } from "node:timers/promises";
import type { SessionEnd, SessionOutcome, SessionUsage } from "../../core/workflow/outcome.ts";
import type { AgentAdapter, SessionEvent, SessionSpec } from "../../ports/session-host.ts";
import { type ProcessIdentity, processIdentity } from "../process/identity.ts";
import { endTree } from "../process/tree.ts";
import { type LimitHit, watchLimits } from "./limits.ts";

export interface SessionParts {
  readonly adapter: () => Promise<AgentAdapter>;
  readonly marker: { readonly name: string; readonly value: string };
  /** Time that the agent has to end by itself after it was told to; default 10000 (domain §19, T8). */
  readonly graceMs?: number;
  readonly record: (event: SessionEvent) => void;
  /** Called with all processes known so far whenever one is added. */
  readonly onProcesses: (processes: readonly ProcessIdentity[]) => void;
  /** Aborts with the reason as a text to cancel the session. */
  readonly stop: AbortSignal;
}

type EndReason =
  | { readonly type: "cancelled"; readonly reason: string }
  | { readonly type: "limit"; readonly hit: LimitHit };

/** How long an adapter may take to notice that its processes were killed. */
const SETTLE_AFTER_KILL_MS = 5_000;

export async function runSession(spec: SessionSpec, parts: SessionParts): Promise<SessionOutcome> {
  const abort = new AbortController();
  const processes: ProcessIdentity[] = [];
  const meter: { costUsd: number | null; turns: number } = { costUsd: null, turns: 0 };
  let reason: EndReason | undefined;
  let open = true;

  const end = (why: EndReason): void => {
    reason ??= why;
    abort.abort(why.type === "limit" ? why.hit.message : why.reason);
  };
  const emit = (event: SessionEvent): void => {
    if (!open) return;
    limits.seen(event);
    if (event.type === "usage") Object.assign(meter, { costUsd: event.costUsd, turns: event.turns });
    parts.record(event);
  };
  const note = (text: string): void =>
    open ? parts.record({ at: new Date().toISOString(), type: "note", text }) : undefined;
  const onProcess = (pid: number): void => {
    const identity = processIdentity(pid);
    if (identity === null) return; // it has ended already
    processes.push(identity);
    parts.onProcesses([...processes]);
    // Of any program (a `command:` agent) nothing but its start can be expected: its silence is a matter of the idle limit.
    if (spec.command !== undefined) limits.started();
    if (open) parts.record({ at: new Date().toISOString(), type: "started", ...identity });
  };
  const limits = watchLimits(spec.limits, {
    hit: (hit) => end({ type: "limit", hit }),
    wake: () => note("the machine slept; limits count awake time"),
  });
  const cancel = (): void => end({ type: "cancelled", reason: String(parts.stop.reason) });
  parts.stop.addEventListener("abort", cancel, { once: true });
  if (parts.stop.aborted) cancel();

  const usage = (): SessionUsage => ({ ...meter, durationMs: limits.awakeMs() });
  const own = (it: SessionEnd): SessionOutcome => ({ sessionId: spec.conversation, usage: usage(), ...it });
  const running = runAdapter(spec, parts, { emit, onProcess, signal: abort.signal }).catch((error: unknown) =>
    own(crash(error)),
  );
  const tree = { leaders: processes, marker: `${parts.marker.name}=${parts.marker.value}` };

  const settled = await settledOrKilled(running, abort.signal, parts.graceMs ?? 10_000, () =>
    endTree({ ...tree, graceMs: 0 }),
  );
  limits.stop();
  parts.stop.removeEventListener("abort", cancel);
  // Adapters without processes (simulated) are spared the scan of the process table.
  const left =
    processes.length === 0
      ? []
      : await endTree({ ...tree, graceMs: Math.min(2_000, parts.graceMs ?? 2_000) });
  if (left.length > 0) note(`processes that could not be ended: ${left.join(", ")}`);
  const outcome = conclude(settled ?? own({ kind: "cancelled", reason: "" }), reason);
  parts.record({ at: new Date().toISOString(), type: "ended", outcome: outcome.kind });
  open = false;
  return outcome;
}

async function runAdapter(
  spec: SessionSpec,
  parts: SessionParts,
  io: { emit: (event: SessionEvent) => void; onProcess: (pid: number) => void; signal: AbortSignal },
): Promise<SessionOutcome> {
  const adapter = await parts.adapter();
  const env = { ...spec.env, SIGNALBOX_SESSION: spec.id, [parts.marker.name]: parts.marker.value };
  return adapter.run({ ...spec, env }, io);
}

/** The adapter's own outcome; undefined when it did not settle even after its processes were killed. */
async function settledOrKilled(
  running: Promise<SessionOutcome>,
  signal: AbortSignal,
  graceMs: number,
  kill: () => Promise<unknown>,
): Promise<SessionOutcome | undefined> {
  const aborted = new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
  await Promise.race([running, aborted]);
  const first = await within(running, graceMs);
  if (first !== undefined) return first;
  await kill();
  return within(running, Math.min(SETTLE_AFTER_KILL_MS, graceMs));
}

async function within<T>(promise: Promise<T>, ms: number): Promise<T | undefined> {
  const timer = new AbortController();
  const late = pause(ms, undefined, { signal: timer.signal }).catch(() => undefined);
  const value = await Promise.race([promise, late]);
  timer.abort();
  return value;
}

/** What was asked for counts more than how the agent took it; work that was complete before a limit counts as complete. */
function conclude(outcome: SessionOutcome, reason: EndReason | undefined): SessionOutcome {
  const { sessionId, usage } = outcome;
  if (reason === undefined) return outcome;
  if (reason.type === "cancelled") return { sessionId, usage, kind: "cancelled", reason: reason.reason };
  if (outcome.kind !== "cancelled" && outcome.kind !== "crashed") return outcome;
  const { which, message } = reason.hit;
  // A session that used its whole time would use it again; a silent one may have hung for a passing reason.
  return { sessionId, usage, kind: "limit", which, message, retry: which === "wall" ? "never" : "backoff" };
}

function crash(error: unknown): SessionEnd {
  const message = error instanceof Error ? error.message : String(error);
  const lasting =
    error instanceof Error && "kind" in error && (error.kind === "config" || error.kind === "user");
  return { kind: "crashed", message, retry: lasting ? "never" : "backoff" };
}
