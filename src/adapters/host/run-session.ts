/**
 * Runs one session to its end: adapter, limits, events, and the end of its process tree.
 *
 * Owns: the order of these. Does not own: files (given as functions), which sessions exist.
 * Invariant H3: the promise settles only when no process of the session is left, and it never rejects.
 */
import { setTimeout as pause } from "node:timers/promises";
import type { SessionEnd, SessionOutcome } from "../../core/workflow/outcome.ts";
import type { SessionSpec } from "../../ports/session-host.ts";
import { endTree } from "../process/tree.ts";
import { type EndReason, openLife, type SessionLife, type SessionParts } from "./session-life.ts";

/** How long an adapter may take to notice that its processes were killed. */
const SETTLE_AFTER_KILL_MS = 5_000;

/** With this setting of a repository, `git status` of an agent would start a program: what only looks is to run nothing (P7). */
const LOOKING_RUNS_NOTHING = {
  GIT_CONFIG_COUNT: "1",
  GIT_CONFIG_KEY_0: "core.fsmonitor",
  GIT_CONFIG_VALUE_0: "false",
} as const;

/** Runs the adapter of a session; see the invariants above. */
export async function runSession(spec: SessionSpec, parts: SessionParts): Promise<SessionOutcome> {
  const life = openLife(spec, parts);
  const graceMs = parts.graceMs ?? 10_000;
  const tree = { leaders: life.processes, marker: `${parts.marker.name}=${parts.marker.value}` };
  const own = (end: SessionEnd): SessionOutcome => ({
    sessionId: life.conversation(),
    usage: life.usage(),
    ...end,
  });

  const running = runAdapter(spec, parts, life).catch((error: unknown) => own(crash(error)));
  const kill = (): Promise<unknown> => endTree({ ...tree, graceMs: 0 });
  const settled = await settledOrKilled(running, life.io.signal, graceMs, kill);
  life.stopLimits();
  // Adapters without processes (simulated) are spared the scan of the process table.
  const left = life.hasSpawned() ? await endTree({ ...tree, graceMs: Math.min(2_000, graceMs) }) : [];
  if (left.length > 0) life.note(`processes that could not be ended: ${left.join(", ")}`);
  const outcome = conclude(settled ?? own({ kind: "cancelled", reason: "" }), life.reason());
  life.close(outcome.kind);
  return outcome;
}

async function runAdapter(
  spec: SessionSpec,
  parts: SessionParts,
  life: SessionLife,
): Promise<SessionOutcome> {
  const adapter = await parts.adapter();
  life.runs(adapter);
  const env = {
    ...(spec.env.GIT_CONFIG_COUNT === undefined ? LOOKING_RUNS_NOTHING : {}),
    ...spec.env,
    SIGNALBOX_SESSION: spec.id,
    [parts.marker.name]: parts.marker.value,
  };
  return adapter.run({ ...spec, env }, life.io);
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
