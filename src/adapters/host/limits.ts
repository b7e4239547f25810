/**
 * Time limits of a session, counted while the machine is awake (design §5).
 *
 * Invariant H1: the time of a sleep counts for nothing, and after it the silence starts from zero: the agent's connections
 *   may be broken, and it gets a whole idle period to recover.
 * Invariant H2: silence counts only while no tool runs: a long build says nothing and is no fault.
 * Invariant H10: time in which the session waits for a person counts for no limit but that of the question.
 */
import type { LimitKind } from "../../core/workflow/outcome.ts";
import type { SessionEvent, SessionSpec } from "../../ports/session-host.ts";

export interface LimitHit {
  readonly which: Extract<LimitKind, "wall" | "idle" | "startup">;
  readonly message: string;
}

export interface LimitMeter {
  /** The agent gave a sign of life that is no event: from now on its silence counts as idle. */
  started(): void;
  /** Every event of the session, in order. */
  seen(event: SessionEvent): void;
  /** Counts the time since the last tick; the hit when a limit is reached. `slept` says that a sleep ended. */
  tick(monotonicMs: number, wallMs: number): { readonly hit: LimitHit | null; readonly slept: boolean };
  readonly awakeMs: number;
  /** Awake time without a sign of life while no tool runs and nobody is waited for. */
  readonly silentMs: number;
}

/** A longer step than this between two ticks, on either clock, is a sleep of the machine. */
const GAP_MS = 10_000;

export function createLimitMeter(
  limits: SessionSpec["limits"],
  startMs: { monotonic: number; wall: number },
): LimitMeter {
  let last = startMs;
  let awakeMs = 0;
  let workMs = 0;
  let silentMs = 0;
  let openTools = 0;
  let openAsks = 0;
  let started = false;

  const hit = (): LimitHit | null => {
    if (workMs >= limits.wallMs) return limitHit("wall", limits.wallMs, "the session did not end within");
    if (!started && awakeMs >= limits.startupMs)
      return limitHit("startup", limits.startupMs, "the agent gave no sign of life within");
    if (started && silentMs >= limits.idleMs)
      return limitHit("idle", limits.idleMs, "the agent was silent, with no tool running, for");
    return null;
  };

  const begin = (): void => {
    started = true;
    silentMs = 0;
  };
  return {
    started: begin,
    seen: (event) => {
      begin();
      openTools = toolsAfter(openTools, event);
      if (event.type === "asked") openAsks += 1;
      if (event.type === "answered") openAsks = Math.max(0, openAsks - 1);
    },
    tick: (monotonic, wall) => {
      const step = monotonic - last.monotonic;
      const slept = step > GAP_MS || wall - last.wall - step > GAP_MS;
      last = { monotonic, wall };
      if (slept) silentMs = 0;
      else {
        awakeMs += step;
        if (openAsks === 0) workMs += step;
        if (openTools === 0 && openAsks === 0) silentMs += step;
      }
      return { hit: hit(), slept };
    },
    get awakeMs() {
      return awakeMs;
    },
    get silentMs() {
      return silentMs;
    },
  };
}

/** A text is the model's turn, which begins only when all tools are done: a lost `tool-result` must not stop the count for ever. */
function toolsAfter(open: number, event: SessionEvent): number {
  if (event.type === "tool") return open + 1;
  if (event.type === "tool-result") return Math.max(0, open - 1);
  return event.type === "text" ? 0 : open;
}

function limitHit(which: LimitHit["which"], ms: number, text: string): LimitHit {
  return { which, message: `${text} ${durationText(ms)}` };
}

function durationText(ms: number): string {
  if (ms < 1000) return `${ms} ms`;
  const seconds = Math.round(ms / 1000);
  return seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
}

export interface LimitWatch extends Pick<LimitMeter, "seen" | "started"> {
  awakeMs(): number;
  stop(): void;
}

/** Runs a meter on the machine's clocks until `stop`; `hit` is called at most once. */
export function watchLimits(
  limits: SessionSpec["limits"],
  on: {
    readonly hit: (hit: LimitHit) => void;
    readonly wake: () => void;
    /** Now and then, with the awake time and the silence so far. */
    readonly tick?: (awakeMs: number, silentMs: number) => void;
  },
): LimitWatch {
  const meter = createLimitMeter(limits, { monotonic: performance.now(), wall: Date.now() });
  const shortest = Math.min(limits.wallMs, limits.idleMs, limits.startupMs, limits.answerMs ?? limits.wallMs);
  const timer = setInterval(
    () => {
      const { hit, slept } = meter.tick(performance.now(), Date.now());
      if (slept) on.wake();
      on.tick?.(meter.awakeMs, meter.silentMs);
      if (hit === null) return;
      clearInterval(timer);
      on.hit(hit);
    },
    Math.min(1000, Math.max(10, shortest / 10)),
  );
  return {
    seen: (event) => meter.seen(event),
    started: () => meter.started(),
    awakeMs: () => {
      meter.tick(performance.now(), Date.now());
      return Math.round(meter.awakeMs);
    },
    stop: () => clearInterval(timer),
  };
}
