/** Small shared pieces of the adapters: events with their time, interruptible waiting, outcomes of sessions that never ran. */
import { statSync } from "node:fs";
import type {
  ApiErrorClass,
  RetryAdvice,
  SessionEnd,
  SessionOutcome,
  SessionUsage,
} from "../../core/workflow/outcome.ts";
import type { AgentIo, SessionEvent, SessionSpec } from "../../ports/session-host.ts";

export type EventBody = SessionEvent extends infer Event
  ? Event extends SessionEvent
    ? Omit<Event, "at">
    : never
  : never;

/** Sends an event with the present time. */
export type Emit = (event: EventBody) => void;

/** Stamps events; falls silent once `close` was called, so that nothing is sent after settlement. */
export function stampedEmit(io: AgentIo): { readonly emit: Emit; readonly close: () => void } {
  let open = true;
  return {
    emit: (event) => {
      if (open) io.emit({ at: new Date().toISOString(), ...event } as SessionEvent);
    },
    close: () => {
      open = false;
    },
  };
}

/** Resolves true after `ms`, or false as soon as the signal aborts. `Infinity` waits for the signal alone. */
export function pause(ms: number, signal: AbortSignal): Promise<boolean> {
  if (signal.aborted) return Promise.resolve(false);
  return new Promise((resolve) => {
    const timer = Number.isFinite(ms) ? setTimeout(() => finish(true), ms) : setInterval(() => {}, 1 << 30);
    const onAbort = (): void => finish(false);
    const finish = (ran: boolean): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", onAbort);
      resolve(ran);
    };
    signal.addEventListener("abort", onAbort, { once: true });
  });
}

/** Why a session was stopped, as the host gave it to the signal. */
export function abortReason(signal: AbortSignal): string {
  const reason: unknown = signal.reason;
  if (reason instanceof Error) return reason.name === "AbortError" ? "stopped" : reason.message;
  return typeof reason === "string" ? reason : "stopped";
}

/** The outcome of a session with its usage. */
export function outcomeOf(spec: SessionSpec, usage: SessionUsage, end: SessionEnd): SessionOutcome {
  return { sessionId: spec.conversation, usage, ...end };
}

/**
 * Why the folder of a session cannot be used; null when it can. Checked by us, because programs started in a missing folder
 * fail with an error that names the program instead.
 */
export function missingFolder(spec: SessionSpec): string | null {
  try {
    return statSync(spec.cwd).isDirectory() ? null : `${spec.cwd} is not a folder`;
  } catch {
    return `the working folder ${spec.cwd} does not exist`;
  }
}

/** First line of a text, at most `most` characters: events and messages stay readable. */
export function shorten(text: string, most = 2000): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}

/** The model service failed or refused; `status` is its HTTP status, null where nobody told. */
export function apiEnd(
  errorClass: ApiErrorClass,
  status: number | null,
  message: string,
  retry: RetryAdvice,
): SessionEnd {
  return { kind: "api", errorClass, status, message: shorten(message), retry };
}
