/**
 * Money and session limits: reserved before dispatch, never exceeded beyond one request of each running session (P5).
 *
 * An agent stops after the request that reaches its limit, so it may spend one request more. Its limit is therefore smaller than what is
 * reserved for it, by the headroom. Where nobody can say what a session has cost, all that was reserved for it counts as spent.
 */
import type { PlannedDeliverable } from "../plan/plan.ts";
import { runningSessions } from "./queries.ts";
import type { SessionRecord } from "./session-record.ts";
import type { WorkflowState } from "./state.ts";

/** Below this share of a limit a session is not worth starting. */
const SMALLEST_SHARE = 0.02;

/** Room for the request with which a session passes its own limit: that of a large one in USD, at most this part of the reservation. */
export const LARGE_REQUEST_USD = 0.5;
const HEADROOM_PART = 0.2;

/** What is reserved for a session, and what the agent itself may spend of it. USD. */
export interface Reservation {
  readonly reserved: number;
  readonly usd: number;
}

/** A money limit as it stands: of the workflow, of a stage for all its sessions together, or of a deliverable. */
export interface MoneyLimit {
  /** `workflow`, or the id of a stage or deliverable. */
  readonly subject: string;
  readonly usd: number;
  /** What is assumed of sessions that could not tell included. */
  readonly spent: number;
  /** Reserved by its sessions that run. */
  readonly held: number;
  /** Sessions that what is left is divided among. */
  readonly among: number;
}

/** What one more session of this deliverable may spend; null = no money limit; "exhausted" = a person must decide. */
export function reservationFor(
  state: WorkflowState,
  planned: PlannedDeliverable,
): Reservation | null | "exhausted" {
  const shares = moneyLimits(state, planned).map(share);
  if (shares.includes("exhausted")) return "exhausted";
  const own = planned.settings.limits.sessionUsd ?? null;
  const sums = shares.filter((s): s is number => typeof s === "number");
  if (sums.length === 0 && own === null) return null;
  const wanted = own === null ? Number.POSITIVE_INFINITY : own + LARGE_REQUEST_USD;
  const reserved = Math.min(...sums, wanted);
  const most = floorUsd(reserved - Math.min(LARGE_REQUEST_USD, reserved * HEADROOM_PART));
  return { reserved, usd: Math.min(most, own ?? most) };
}

/** True where what stopped a session is the limit that its author gave each session, and not its share of another one. */
export function isSessionLimit({ usd }: SessionRecord, planned: PlannedDeliverable): boolean {
  const own = planned.settings.limits.sessionUsd ?? null;
  return own !== null && usd !== undefined && usd >= own;
}

/** The first limit, widest first, that leaves nothing for one more session; null when there is room. */
export function exhaustedLimit(state: WorkflowState, planned: PlannedDeliverable): MoneyLimit | null {
  return moneyLimits(state, planned).find((limit) => share(limit) === "exhausted") ?? null;
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

/** Money that counts towards the limit of the workflow, a stage or a deliverable. */
export function spentUnder(state: WorkflowState, subject: string): number {
  return accountOf(state, subject).spent;
}

/** What is known about the money of the workflow, a stage or a deliverable. USD. */
export interface Account {
  readonly subject: string;
  /** Its own limit as it stands; null = none. */
  readonly usd: number | null;
  /** The same as its author wrote it; differs where a person changed it. */
  readonly planned: number | null;
  readonly spent: number;
  /** The part of it that is guessed, of sessions whose agents were ended before they could say. */
  readonly guessed: number;
  /** Reserved by its sessions that run. */
  readonly held: number;
  /** Its sessions that run. */
  readonly running: number;
  /** Those of them that started while nothing limited them: a limit that is set later cannot stop them. */
  readonly unlimited: number;
  /** Its sessions that have ended and whose cost nobody knows; `spent` is a floor then. */
  readonly unknown: number;
  /** What was reserved for those of them whose agent would have told: it counts towards the limit. */
  readonly assumed: number;
}

export function accountOf(state: WorkflowState, subject: string): Account {
  const members = subject === "workflow" ? null : membersOf(state, subject);
  const sessions = Object.values(state.sessions).filter((s) => members === null || members.has(s.subject));
  const running = sessions.filter((s) => s.status === "DISPATCHED");
  return {
    subject,
    usd: limitOn(state, subject),
    planned: plannedLimit(state, subject),
    spent: subject === "workflow" ? state.spend.usd : spentBy(sessions),
    guessed: sum(sessions.map((s) => s.outcome?.usage.estimatedUsd ?? 0)),
    held: sum(running.map((s) => s.reservedUsd)),
    running: running.length,
    unlimited: running.filter((s) => s.usd === undefined && s.reservedUsd === 0).length,
    unknown: sessions.filter((s) => s.outcome?.usage.costUsd === null).length,
    assumed: sum(sessions.map((s) => s.assumedUsd ?? 0)),
  };
}

/** What a person who sets a limit must know of sessions that it cannot stop any more; empty where there are none. */
export function passedBy({ unlimited }: Account): string {
  if (unlimited === 0) return "";
  return `; ${unlimited === 1 ? "1 session that runs" : `${unlimited} sessions that run`} without one may pass it`;
}

/** True for what may have a money limit: the workflow, its stages and deliverables. */
export function isLimited({ plan }: WorkflowState, subject: string): boolean {
  return (
    subject === "workflow" ||
    plan.stages.some((s) => s.id === subject) ||
    plan.deliverables.some((d) => d.id === subject)
  );
}

function limitOn(state: WorkflowState, subject: string): number | null {
  if (subject === "workflow") return workflowLimit(state);
  const raised = state.spend.usdLimits?.[subject];
  return raised === undefined ? plannedLimit(state, subject) : raised;
}

/** A deliverable has a limit of its own only where it differs from what holds for all. */
function plannedLimit({ plan }: WorkflowState, subject: string): number | null {
  const whole = plan.settings.limits.usd;
  if (subject === "workflow") return whole;
  const stage = plan.stages.find((s) => s.id === subject);
  if (stage !== undefined) return stage.usd ?? null;
  const own = plan.deliverables.find((d) => d.id === subject)?.settings.limits.usd ?? null;
  return own === whole ? null : own;
}

/** Widest first: where several are reached, the one that concerns most is asked about. */
function moneyLimits(state: WorkflowState, planned: PlannedDeliverable): readonly MoneyLimit[] {
  const stage = state.plan.stages[planned.stage];
  const levels = [
    { subject: "workflow", among: places(state) },
    ...(stage === undefined ? [] : [{ subject: stage.id, among: places(state) }]),
    { subject: planned.id, among: 1 },
  ];
  return levels.flatMap(({ subject, among }) => {
    const usd = limitOn(state, subject);
    if (usd === null) return [];
    const { spent, held, assumed } = accountOf(state, subject);
    return [{ subject, usd, spent: spent + assumed, held, among }];
  });
}

/** Deliverables of a stage, or the deliverable itself. */
function membersOf(state: WorkflowState, subject: string): ReadonlySet<string> {
  const stage = state.plan.stages.find((s) => s.id === subject);
  if (stage === undefined) return new Set([subject]);
  return new Set(state.plan.deliverables.filter((d) => d.stage === stage.index).map((d) => d.id));
}

function spentBy(sessions: readonly SessionRecord[]): number {
  return sum(sessions.map((s) => s.outcome?.usage.costUsd ?? 0));
}

/** Agent places that could still be filled beside what runs. */
function places(state: WorkflowState): number {
  return Math.max(1, state.plan.settings.limits.parallel - runningSessions(state).length);
}

function share({ usd, spent, held, among }: MoneyLimit): number | "exhausted" {
  const left = (usd - spent - held) / among;
  return left < usd * SMALLEST_SHARE ? "exhausted" : floorUsd(left);
}

function floorUsd(usd: number): number {
  return Math.floor(usd * 10_000) / 10_000;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
