/**
 * The model service refuses sessions for a time: too many requests, an overload, a usage window. That concerns every session, so it is one
 * wait for all and no failure of any slot (design §5).
 *
 * Rules: S1 while the wait lasts no session starts, and refusals of those that run belong to it; S2 each wait in a row is longer, never
 * shorter than what the service asks for, spread by a hash; S3 with each wait the agents at one time are halved, with each session that is
 * served one more is let in, until all places are back; S4 a usage window changes no places, and costs nothing; S5 after four waits
 * for each of `limits.retries` in a row without one session served a person is asked, once.
 */
import { addMs, toMs } from "../instant.ts";
import type { Instant } from "../vocabulary.ts";
import type { Draft } from "./draft.ts";
import type { SessionOutcome } from "./outcome.ts";
import { runningSessions } from "./queries.ts";
import type { SessionRecord } from "./session-record.ts";
import type { WorkflowState } from "./state.ts";
import { backoffMs, pause, spread } from "./trouble.ts";

export type RefusalReason = "rate-limit" | "overloaded" | "usage-window";

/** How the service holds a workflow up. */
export interface ServiceHold {
  readonly reason: RefusalReason;
  /** In the words of the service. */
  readonly message: string;
  /** Since when it has not served all agents that there are places for. */
  readonly since: Instant;
  /** When the last wait began; refusals of sessions from before belong to it, however late they come. */
  readonly struckAt: Instant;
  /** No session starts before this; absent once it has passed. */
  readonly until?: Instant;
  /** Waits in a row without a session served between them; usage windows do not count. */
  readonly waits: number;
  /** Sessions at one time. */
  readonly places: number;
}

/** Looked at again after this when the service does not say when its window ends. */
const USAGE_WINDOW_MS = 900_000;

/** Waits in a row for each of `limits.retries`: with its default of 2 about a quarter of an hour. */
const WAITS_A_RETRY = 4;

/** True when the outcome was a refusal that concerns every session; it is recorded then, and its slot goes on after the wait. */
export function isHeldUp(draft: Draft, record: SessionRecord, outcome: SessionOutcome): boolean {
  const reason = refusalOf(outcome);
  if (reason === null || outcome.kind !== "api") return false;
  const { service } = draft.state;
  if (reason !== "usage-window" && mostWaits(draft.state) === 0) return false;
  const advisedMs = typeof outcome.retry === "object" ? outcome.retry.afterMs : 0;
  const refusal = { reason, message: outcome.message, advisedMs };
  if (service?.until !== undefined) waitLonger(draft, service, service.until, refusal);
  else if (service !== undefined && toMs(record.dispatchedAt) <= toMs(service.struckAt))
    hold(draft, { ...service, until: endOf(draft, refusal, service.waits) });
  else startWait(draft, refusal);
  return true;
}

interface Refusal {
  readonly reason: RefusalReason;
  readonly message: string;
  readonly advisedMs: number;
}

function hold(draft: Draft, next: ServiceHold | null): void {
  draft.emit({ type: "service.held", hold: next });
}

export function refusalOf(outcome: SessionOutcome): RefusalReason | null {
  if (outcome.kind !== "api") return null;
  const { errorClass } = outcome;
  return errorClass === "rate-limit" || errorClass === "overloaded" || errorClass === "usage-window"
    ? errorClass
    : null;
}

/** 0 where the author wants nothing tried again: then a refusal is a failure of its slot, as any other. */
function mostWaits({ plan }: WorkflowState): number {
  return plan.settings.limits.retries * WAITS_A_RETRY;
}

/** The first refusal of a session that was started after the last wait. */
function startWait(draft: Draft, refusal: Refusal): void {
  const { state } = draft;
  const { reason, message } = refusal;
  const before = state.service;
  const isWindow = reason === "usage-window";
  const waits = (before?.waits ?? 0) + (isWindow ? 0 : 1);
  if (waits > mostWaits(state)) {
    hold(draft, null);
    pause(draft, `The model service has refused ${waits} times in a row: ${message}`, "failure");
    return;
  }
  const until = endOf(draft, refusal, waits);
  const places = before?.places ?? state.plan.settings.limits.parallel;
  // Fewer may have run than there are places for; the one that was refused has ended.
  const used = Math.min(places, runningSessions(state).length + 1);
  draft.log("WAITING", `${holdWords(reason)} ${until}: ${message}`);
  hold(draft, {
    reason,
    message,
    since: before?.since ?? draft.at,
    struckAt: draft.at,
    until,
    waits,
    places: isWindow ? places : Math.max(1, Math.floor(used / 2)),
  });
}

/** More refusals during a wait only make it longer, where the service asks for that. */
function waitLonger(draft: Draft, service: ServiceHold, end: Instant, refusal: Refusal): void {
  const { reason, message, advisedMs } = refusal;
  if (advisedMs === 0 && reason !== "usage-window") return;
  const until = reason === "usage-window" ? endOf(draft, refusal, 0) : addMs(draft.at, advisedMs);
  if (toMs(until) > toMs(end)) hold(draft, { ...service, reason, message, until });
}

function endOf({ state, at }: Draft, { reason, advisedMs }: Refusal, waits: number): Instant {
  if (reason === "usage-window") return addMs(at, advisedMs === 0 ? USAGE_WINDOW_MS : advisedMs);
  const key = `${state.id}/service/${state.spend.sessions}/${waits}`;
  // Advice is a least: a spread above it keeps workflows apart that were refused together.
  const advised = Math.round(advisedMs * (1 + (spread(key) - 0.75) / 5));
  return addMs(at, Math.max(backoffMs(waits - 1, key), advised));
}

/** A session that the service has served: one more place, or the end of the trouble. */
export function noteServed(draft: Draft, outcome: SessionOutcome): void {
  const { service, plan } = draft.state;
  const served = outcome.kind === "ok" || outcome.kind === "blocked" || outcome.kind === "limit";
  if (service === undefined || service.until !== undefined || !served || outcome.usage.turns === 0) return;
  const places = service.places + 1;
  const recovered = places >= plan.settings.limits.parallel;
  hold(draft, recovered ? null : { ...service, waits: 0, places });
}

/** The wait is over, or a person does not want it any longer. */
export function endWait(draft: Draft): void {
  const { service, plan } = draft.state;
  if (service?.until === undefined) return;
  const { until: _, ...open } = service;
  const whole = open.waits === 0 && open.places >= plan.settings.limits.parallel;
  hold(draft, whole ? null : open);
}

/** Sessions that may run at one time now. */
export function agentPlaces({ plan, service }: WorkflowState): number {
  return Math.min(plan.settings.limits.parallel, service?.places ?? Number.POSITIVE_INFINITY);
}

/** Before the time at which it goes on. */
export function holdWords(reason: RefusalReason): string {
  switch (reason) {
    case "usage-window":
      return "usage limit, resets";
    case "rate-limit":
      return "rate limit, goes on";
    case "overloaded":
      return "service overloaded, goes on";
    default:
      return reason satisfies never;
  }
}

/** A session that started before a person resumed may still say what was true before: its word on the login counts for nothing. */
export function isOldNews({ resumedAt }: WorkflowState, { dispatchedAt }: SessionRecord): boolean {
  return resumedAt !== undefined && toMs(dispatchedAt) < toMs(resumedAt);
}
