/** A clock that moves only when it is told to: for rehearsals and tests. */
import type { Instant } from "../../core/vocabulary.ts";
import type { Clock } from "../../ports/clock.ts";
import { toInstant } from "./system.ts";

export interface SimulatedClock extends Clock {
  /** Moves on and releases every wait that falls due, earliest first; what these start gets its turn in between. */
  advance(ms: number): Promise<void>;
  /** Moves to the earliest wait; false when nobody waits. */
  advanceToNext(): Promise<boolean>;
  /** How many waits are open. */
  waiting(): number;
}

interface Sleeper {
  readonly atMs: number;
  readonly wake: () => void;
}

/** Starts at `start`, such as `2026-02-20T10:00:00Z`. */
export function createSimulatedClock(start: Instant): SimulatedClock {
  let nowMs = Date.parse(start);
  const sleepers = new Set<Sleeper>();

  const earliest = (): Sleeper | undefined => [...sleepers].sort((a, b) => a.atMs - b.atMs)[0];
  const advanceTo = async (targetMs: number): Promise<void> => {
    await settle();
    for (let next = earliest(); next !== undefined && next.atMs <= targetMs; next = earliest()) {
      nowMs = Math.max(nowMs, next.atMs);
      next.wake();
      await settle();
    }
    nowMs = Math.max(nowMs, targetMs);
  };

  const sleepUntil = (atMs: number, signal: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      if (!(atMs > nowMs) || signal.aborted) return resolve();
      const wake = (): void => {
        sleepers.delete(sleeper);
        signal.removeEventListener("abort", wake);
        resolve();
      };
      const sleeper: Sleeper = { atMs, wake };
      sleepers.add(sleeper);
      signal.addEventListener("abort", wake, { once: true });
    });

  return {
    now: () => toInstant(nowMs),
    wait: (at, signal) => sleepUntil(Date.parse(at), signal),
    pause: (ms, signal) => sleepUntil(nowMs + ms, signal),
    advance: (ms) => advanceTo(nowMs + ms),
    advanceToNext: async () => {
      await settle();
      const next = earliest();
      if (next !== undefined) await advanceTo(next.atMs);
      return next !== undefined;
    },
    waiting: () => sleepers.size,
  };
}

/** Lets promise reactions and immediate callbacks run before time goes on. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
