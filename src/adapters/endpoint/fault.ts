/** Faults of the model service on the wire. */
import type { ServerResponse } from "node:http";
import type { Fault } from "../scenario/scenario.ts";
import { sendError } from "./wire.ts";

/** True when the fault was sent (or the request is left hanging); false for faults that are not the service's. */
export function sendFault(response: ServerResponse, fault: Fault | null): boolean {
  switch (fault) {
    case "api-401":
      sendError(response, 401, "authentication_error", "invalid x-api-key");
      return true;
    case "api-400":
      sendError(response, 400, "invalid_request_error", "scripted: the request was refused");
      return true;
    case "api-429":
      sendError(response, 429, "rate_limit_error", "scripted: too many requests", { "retry-after": "1" });
      return true;
    case "usage-window":
      sendError(response, 429, "rate_limit_error", "usage limit reached", {
        "retry-after": "3600",
        "x-should-retry": "false",
      });
      return true;
    case "api-500":
      sendError(response, 500, "api_error", "scripted: internal error");
      return true;
    case "api-529":
      sendError(response, 529, "overloaded_error", "Overloaded");
      return true;
    case "network":
    case "kill":
    case "crash":
      response.destroy();
      return true;
    case "stall":
    case "timeout":
      return true;
    default:
      return false;
  }
}
