/**
 * How a run of Claude Code ended, from its final message; one rule for the SDK and for the command. Never from the exit code:
 * API failures say `success` with exit 1, an interrupt exits with 0, a denied tool call is no failure of the program.
 * Order: no final message, error subtype, API failure, missing structured answer, denials, ok.
 */
import type { RetryAdvice, SessionEnd, SessionUsage } from "../../core/workflow/outcome.ts";
import type { ClaudeResult, ClaudeTranscript } from "./claude-messages.ts";
import { apiEnd, shorten } from "./session-io.ts";

export interface ClaudeEnd {
  readonly transcript: ClaudeTranscript;
  /** How the process ended and the end of its stderr, for messages. */
  readonly exit: string;
  readonly schemaAsked: boolean;
  /** Set when the host stopped the session: why. */
  readonly stopped: string | null;
  /** Now, milliseconds since 1970. */
  readonly nowMs: number;
}

/** Wait for a usage window whose end was not reported. */
const WINDOW_MS = 15 * 60_000;

export function classifyClaude(end: ClaudeEnd): SessionEnd {
  const { result } = end.transcript;
  const clean = result !== null && result.subtype === "success" && !result.isError;
  if (end.stopped !== null && !clean) return { kind: "cancelled", reason: end.stopped };
  if (result === null) return withoutResult(end.exit);
  if (result.subtype !== "success") return bySubtype(result);
  if (result.isError) return byStatus(result, end);
  if (end.schemaAsked && result.structured === undefined) {
    return {
      kind: "limit",
      which: "structured",
      message: "the agent gave no structured answer",
      retry: "backoff",
    };
  }
  return byDenials(result, end.transcript);
}

/**
 * Usage of this run alone: the agent counts money over the whole conversation. Where it was killed, what was `recovered` or guessed from its
 * stream, whichever is more; unknown where there is neither.
 */
export function claudeUsage(
  transcript: ClaudeTranscript,
  costBefore: number,
  durationMs: number,
  recovered: { readonly costUsd: number; readonly estimatedUsd: number } | null = null,
): SessionUsage {
  const { turns } = transcript;
  const total = transcript.result?.totalCostUsd ?? null;
  if (total === null) return { ...killedCost(transcript, recovered), turns, durationMs };
  const costUsd = Math.round((total >= costBefore ? total - costBefore : total) * 1e6) / 1e6;
  return { costUsd, turns, durationMs };
}

function killedCost(
  { estimatedUsd }: ClaudeTranscript,
  recovered: { readonly costUsd: number; readonly estimatedUsd: number } | null,
): Pick<SessionUsage, "costUsd" | "estimatedUsd"> {
  if (recovered !== null && recovered.costUsd >= estimatedUsd && recovered.costUsd > 0) {
    const { costUsd } = recovered;
    return recovered.estimatedUsd === 0 ? { costUsd } : { costUsd, estimatedUsd: recovered.estimatedUsd };
  }
  return estimatedUsd === 0 ? { costUsd: null } : { costUsd: estimatedUsd, estimatedUsd };
}

function withoutResult(exit: string): SessionEnd {
  if (isLoginText(exit)) return apiEnd("auth", null, exit, "never");
  const retry = /unknown option|must be greater|invalid|is not a valid/i.test(exit) ? "never" : "backoff";
  return { kind: "crashed", message: shorten(exit), retry };
}

function bySubtype(result: ClaudeResult): SessionEnd {
  const message = shorten(result.errors.join("; ") || result.subtype);
  switch (result.subtype) {
    case "error_max_turns":
      return { kind: "limit", which: "turns", message, retry: "backoff" };
    case "error_max_budget_usd":
      return { kind: "limit", which: "usd", message, retry: "never" };
    case "error_max_structured_output_retries":
      return { kind: "limit", which: "structured", message, retry: "backoff" };
    default:
      return { kind: "crashed", message, retry: "backoff" };
  }
}

function byStatus(result: ClaudeResult, end: ClaudeEnd): SessionEnd {
  const text = result.text || result.errors.join("; ");
  const status = result.apiStatus;
  if (isWindowText(text, status) || (status === 429 && end.transcript.resetsAtMs !== null)) {
    const { resetsAtMs } = end.transcript;
    const afterMs = resetsAtMs === null ? WINDOW_MS : Math.max(1000, resetsAtMs - end.nowMs);
    return apiEnd("usage-window", status, text, { afterMs });
  }
  if (status === 401 || status === 403 || isLoginText(text)) return apiEnd("auth", status, text, "never");
  if (status === 429) return apiEnd("rate-limit", status, text, advised(end));
  if (status === 408) return apiEnd("network", status, text, "backoff");
  if (status !== null && status >= 500) return apiEnd("overloaded", status, text, advised(end));
  if (status !== null || isRequestText(text)) return apiEnd("bad-request", status, text, "never");
  return apiEnd("network", status, text, "backoff");
}

/** The program obeys the service's `retry-after` and tells only how long it waited: the next try of ours waits no shorter. */
function advised({ transcript }: ClaudeEnd): RetryAdvice {
  const { retryDelayMs } = transcript;
  return retryDelayMs === null ? "backoff" : { afterMs: retryDelayMs };
}

/** A refusal counts only when it left the session without any work: an agent that found another way is fine. */
function byDenials(result: ClaudeResult, transcript: ClaudeTranscript): SessionEnd {
  const { denials } = transcript;
  const { text, structured } = result;
  if (denials.length > 0 && structured === undefined && !transcript.wrote) {
    return { kind: "blocked", text, denials, retry: "never" };
  }
  return { kind: "ok", text, ...(structured === undefined ? {} : { structured }), denials };
}

function isLoginText(text: string): boolean {
  return /run \/login|not logged in|invalid api key|oauth token|authentication_failed|credit balance/i.test(
    text,
  );
}

function isWindowText(text: string, status: number | null): boolean {
  return (
    (status === null || status === 429) &&
    /usage limit|limit reached|hit your (?:\S+ )?limit|out of extra usage/i.test(text)
  );
}

function isRequestText(text: string): boolean {
  return /output token maximum|prompt is too long|request too large/i.test(text);
}
