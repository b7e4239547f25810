/** The machine's clock behind the port. */
import type { Instant } from "../../core/vocabulary.ts";
import type { Clock } from "../../ports/clock.ts";

/** Longest single timer: after a laptop's sleep a wait is late by at most this. */
const LONGEST_TIMER_MS = 15_000;

/** Wall clock in whole seconds; a clock that is set back stands still until the time has caught up. */
export function createSystemClock(): Clock {
  let latest = 0;
  const nowMs = (): number => {
    latest = Math.max(latest, Date.now());
    return latest;
  };
  return {
    now: () => toInstant(nowMs()),
    wait: (at, signal) => waitUntil(Date.parse(at), nowMs, signal),
    pause: (ms, signal) => pause(ms, signal),
  };
}

/** Milliseconds since the epoch as an `Instant`, fractions dropped. */
export function toInstant(ms: number): Instant {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const finish = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", finish);
      resolve();
    };
    const timer = setTimeout(finish, ms);
    signal.addEventListener("abort", finish, { once: true });
  });
}

function waitUntil(atMs: number, nowMs: () => number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    let timer: NodeJS.Timeout | undefined;
    const finish = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", finish);
      resolve();
    };
    const arm = (): void => {
      const leftMs = atMs - nowMs();
      if (!(leftMs > 0) || signal.aborted) finish();
      else timer = setTimeout(arm, Math.min(leftMs, LONGEST_TIMER_MS));
    };
    signal.addEventListener("abort", finish, { once: true });
    arm();
  });
}
