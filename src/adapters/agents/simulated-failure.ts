/** How a simulated session ends when its fault strikes before any work. */
import type { ApiErrorClass, RetryAdvice, SessionEnd } from "../../core/workflow/outcome.ts";
import type { Fault } from "../scenario/scenario.ts";

/** Waiting time of a simulated usage window. */
const WINDOW_MS = 1000;

/** Null for faults that strike later or not at all. */
export function simulatedFailure(fault: Fault | null): SessionEnd | null {
  switch (fault) {
    case "crash":
    case "kill":
      return { kind: "crashed", message: "the simulated agent crashed", retry: "backoff" };
    case "api-401":
      return api("auth", 401, "never");
    case "api-400":
      return api("bad-request", 400, "never");
    case "api-429":
      return api("rate-limit", 429, "backoff");
    case "api-529":
      return api("overloaded", 529, "backoff");
    case "api-500":
      return api("overloaded", 500, "backoff");
    case "network":
      return api("network", null, "backoff");
    case "usage-window":
      return api("usage-window", 429, { afterMs: WINDOW_MS });
    default:
      return null;
  }
}

function api(errorClass: ApiErrorClass, status: number | null, retry: RetryAdvice): SessionEnd {
  return { kind: "api", errorClass, status, message: `simulated ${errorClass} error`, retry };
}
