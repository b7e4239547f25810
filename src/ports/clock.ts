import type { Instant } from "../core/vocabulary.ts";

/**
 * Contract: `now` never goes backwards within a process; `wait` resolves at or after `at`, `pause` after so many
 * milliseconds, both also when the signal aborts. Neither ever rejects.
 */
export interface Clock {
  now(): Instant;
  wait(at: Instant, signal: AbortSignal): Promise<void>;
  pause(ms: number, signal: AbortSignal): Promise<void>;
}

/** Fresh ids: `uuid` for conversations and appends. */
export interface IdSource {
  uuid(): string;
}
