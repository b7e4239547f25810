/** How a run of an ACP agent ended. The protocol has error codes but no classes: what its agents say in words decides what to do next. */
import type { SessionEnd } from "../../../core/workflow/outcome.ts";
import { fieldsOf, numberOf } from "../foreign-data.ts";
import { apiEnd, shorten } from "../session-io.ts";
import { ProcessGone } from "./link.ts";

/** An end that is known before the agent was asked anything, or instead of its answer. */
export class EndedEarly extends Error {
  readonly end: SessionEnd;

  constructor(end: SessionEnd) {
    super(end.kind);
    this.end = end;
  }
}

const AUTH_REQUIRED = -32000;
const WINDOW_MS = 15 * 60_000;

/** What became of a request that the agent refused, or did not live to answer. */
export function endOfError(error: unknown): SessionEnd {
  if (error instanceof EndedEarly) return error.end;
  if (error instanceof ProcessGone) {
    const retry = /could not be started|exit code 2\b|exit code 127\b/.test(error.message)
      ? "never"
      : "backoff";
    return { kind: "crashed", message: shorten(error.message), retry };
  }
  const text = textOfError(error);
  const { code } = fieldsOf(error);
  return byWords(text, statusIn(error, text), code === AUTH_REQUIRED);
}

/** Message and data of an error, in which agents put what really happened. */
export function textOfError(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const { data } = fieldsOf(error);
  const more = typeof data === "string" ? data : data === undefined ? "" : JSON.stringify(data);
  return shorten(more === "" || more === "{}" ? message : `${message} ${more}`);
}

function statusIn(error: unknown, text: string): number | null {
  const data = fieldsOf(fieldsOf(error).data);
  const told = numberOf(data.status) ?? numberOf(data.httpStatus) ?? numberOf(data.statusCode);
  const found = /\b(4\d\d|5\d\d)\b/.exec(text)?.[1];
  return told ?? (found === undefined ? null : Number(found));
}

function byWords(text: string, status: number | null, login: boolean): SessionEnd {
  if (/maximum budget|budget (?:exhausted|exceeded)/i.test(text))
    return { kind: "limit", which: "usd", message: text, retry: "never" };
  if (/maximum number of turns|max(?:imum)? turns/i.test(text))
    return { kind: "limit", which: "turns", message: text, retry: "backoff" };
  if (/usage limit|hit your (?:\S+ )?limit|quota (?:exceeded|exhausted)|out of extra usage/i.test(text))
    return apiEnd("usage-window", status, text, { afterMs: WINDOW_MS });
  if (status === 401 || status === 403 || login || /not logged in|invalid api key|authentication/i.test(text))
    return apiEnd("auth", status, text, "never");
  if (status === 429 || /rate.?limit/i.test(text)) return apiEnd("rate-limit", status, text, "backoff");
  if (status === 408) return apiEnd("network", status, text, "backoff");
  if (status !== null && status >= 500) return apiEnd("overloaded", status, text, "backoff");
  if (/overloaded/i.test(text)) return apiEnd("overloaded", status, text, "backoff");
  if (
    /ECONN|ENOTFOUND|ETIMEDOUT|fetch failed|socket|network|connection (?:dropped|refused|error)|terminated/i.test(
      text,
    )
  )
    return apiEnd("network", status, text, "backoff");
  if (status !== null || /prompt is too long|request too large|context (?:length|window)/i.test(text))
    return apiEnd("bad-request", status, text, "never");
  return { kind: "crashed", message: text, retry: "backoff" };
}

/** Ends of a turn that are no answer; null for one that is. */
export function endOfStop(reason: string): SessionEnd | null {
  switch (reason) {
    case "end_turn":
      return null;
    case "max_turn_requests":
      return {
        kind: "limit",
        which: "turns",
        message: "the agent reached its own limit of requests",
        retry: "backoff",
      };
    case "max_tokens":
      return apiEnd("bad-request", null, "the model reached its output token maximum", "never");
    case "refusal":
      return apiEnd("bad-request", null, "the model refuses to go on", "never");
    default:
      return {
        kind: "crashed",
        message: `the agent ended its turn: ${reason || "no reason"}`,
        retry: "backoff",
      };
  }
}
