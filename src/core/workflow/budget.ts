/** Money and session limits: reserved before dispatch, never exceeded beyond one request of each running session (P5). */
import type { PlannedDeliverable } from "../plan/plan.ts";
import { runningSessions } from "./queries.ts";
import type { SessionRecord, WorkflowState } from "./state.ts";

/** Below this share of a limit a session is not worth starting. */
const SMALLEST_SHARE = 0.02;

/** A money limit as it stands: of the workflow, of a stage for all its sessions together, or of a deliverable. */
export interface MoneyLimit {
  /** `workflow`, or the id of a stage or deliverable. */
  readonly subject: string;
  readonly usd: number;
  readonly spent: number;
  /** Reserved by its sessions that run. */
  readonly held: number;
  /** Sessions that what is left is divided among. */
  readonly among: number;
}

/** What one more session of this deliverable may spend; null = no money limit; "exhausted" = a person must decide. */
export function sessionAllowance(
  state: WorkflowState,
  planned: PlannedDeliverable,
): number | null | "exhausted" {
  const shares = moneyLimits(state, planned).map(share);
  if (shares.includes("exhausted")) return "exhausted";
  const sums = shares.filter((s): s is number => typeof s === "number");
  return sums.length === 0 ? null : Math.min(...sums);
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
  return subject === "workflow"
    ? state.spend.usd
    : spentBy(Object.values(state.sessions), membersOf(state, subject));
}

/** Widest first: where several are reached, the one that concerns most is asked about. */
function moneyLimits(state: WorkflowState, planned: PlannedDeliverable): readonly MoneyLimit[] {
  const whole = workflowLimit(state);
  const own =
    planned.settings.limits.usd === state.plan.settings.limits.usd ? null : planned.settings.limits.usd;
  const stage = state.plan.stages[planned.stage];
  return [
    ...(whole === null ? [] : [limitOf(state, "workflow", whole, places(state))]),
    ...(stage === undefined ? [] : narrower(state, stage.id, stage.usd ?? null, places(state))),
    ...narrower(state, planned.id, own, 1),
  ];
}

/** Of a stage or deliverable: what a person raised counts instead of what was planned. */
function narrower(
  state: WorkflowState,
  subject: string,
  planned: number | null,
  among: number,
): readonly MoneyLimit[] {
  const raised = state.spend.usdLimits?.[subject];
  const usd = raised === undefined ? planned : raised;
  return usd === null ? [] : [limitOf(state, subject, usd, among)];
}

function limitOf(state: WorkflowState, subject: string, usd: number, among: number): MoneyLimit {
  const running = runningSessions(state);
  const members = subject === "workflow" ? null : membersOf(state, subject);
  const held = running.filter((s) => members === null || members.has(s.subject)).map((s) => s.reservedUsd);
  return { subject, usd, spent: spentUnder(state, subject), held: sum(held), among };
}

/** Deliverables of a stage, or the deliverable itself. */
function membersOf(state: WorkflowState, subject: string): ReadonlySet<string> {
  const stage = state.plan.stages.find((s) => s.id === subject);
  if (stage === undefined) return new Set([subject]);
  return new Set(state.plan.deliverables.filter((d) => d.stage === stage.index).map((d) => d.id));
}

function spentBy(sessions: readonly SessionRecord[], subjects: ReadonlySet<string>): number {
  return sum(sessions.filter((s) => subjects.has(s.subject)).map((s) => s.outcome?.usage.costUsd ?? 0));
}

/** Agent places that could still be filled beside what runs. */
function places(state: WorkflowState): number {
  return Math.max(1, state.plan.settings.limits.parallel - runningSessions(state).length);
}

function share({ usd, spent, held, among }: MoneyLimit): number | "exhausted" {
  const left = (usd - spent - held) / among;
  return left < usd * SMALLEST_SHARE ? "exhausted" : Math.floor(left * 10_000) / 10_000;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
