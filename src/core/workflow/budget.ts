/** Money and session limits: reserved before dispatch, never exceeded beyond one request of each running session (P5). */
import type { PlannedDeliverable } from "../plan/plan.ts";
import { runningSessions } from "./queries.ts";
import type { WorkflowState } from "./state.ts";

/** Below this share of a limit a session is not worth starting. */
const SMALLEST_SHARE = 0.02;

/** What one more session of this deliverable may spend; null = no money limit; "exhausted" = a person must decide. */
export function sessionAllowance(
  state: WorkflowState,
  planned: PlannedDeliverable,
): number | null | "exhausted" {
  const whole = workflowLimit(state);
  const own = planned.settings.limits.usd;
  const bounds = [
    whole === null ? null : share(whole, state.spend.usd, reserved(state), places(state)),
    own === null || own === state.plan.settings.limits.usd
      ? null
      : share(own, spentOn(state, planned.id), reserved(state, planned.id), 1),
  ];
  if (bounds.includes("exhausted")) return "exhausted";
  const sums = bounds.filter((b): b is number => typeof b === "number");
  return sums.length === 0 ? null : Math.min(...sums);
}

/** True when no further session may be started at all. */
export function sessionsExhausted(state: WorkflowState): boolean {
  const limit =
    state.spend.sessionLimit === undefined ? state.plan.settings.limits.sessions : state.spend.sessionLimit;
  return limit !== null && state.spend.sessions >= limit;
}

export function workflowLimit(state: WorkflowState): number | null {
  return state.spend.usdLimit === undefined ? state.plan.settings.limits.usd : state.spend.usdLimit;
}

export function spentOn(state: WorkflowState, subject: string): number {
  return sum(
    Object.values(state.sessions)
      .filter((s) => s.subject === subject)
      .map((s) => s.outcome?.usage.costUsd ?? 0),
  );
}

function reserved(state: WorkflowState, subject?: string): number {
  return sum(
    runningSessions(state)
      .filter((s) => subject === undefined || s.subject === subject)
      .map((s) => s.reservedUsd),
  );
}

/** Agent places that could still be filled beside what runs. */
function places(state: WorkflowState): number {
  return Math.max(1, state.plan.settings.limits.parallel - runningSessions(state).length);
}

function share(limit: number, spent: number, held: number, among: number): number | "exhausted" {
  const left = (limit - spent - held) / among;
  return left < limit * SMALLEST_SHARE ? "exhausted" : Math.floor(left * 10_000) / 10_000;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
