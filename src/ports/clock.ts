import type { Instant } from "../core/vocabulary.ts";

/** Contract: `now` never goes backwards within a process; `wait` resolves at or after `at`, or when the signal aborts. */
export interface Clock {
  now(): Instant;
  wait(at: Instant, signal: AbortSignal): Promise<void>;
}

/** Fresh ids: `uuid` for conversations and appends. */
export interface IdSource {
  uuid(): string;
}
