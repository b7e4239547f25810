/** Where the money of a workflow goes: limit, spent, reserved and unknown per level, from state alone. Source: P5. */
import { type Account, accountOf } from "../workflow/budget.ts";
import { runningSessions } from "../workflow/queries.ts";
import type { WorkflowState } from "../workflow/state.ts";
import { type AnswerView, waiting } from "./waiting.ts";

export type BudgetLevel = "workflow" | "phase" | "barrier" | "slot" | "handoff" | "synthesis";

/** One level. Amounts in USD. */
export interface BudgetLine extends Account {
  readonly level: BudgetLevel;
  /** What the limit leaves for new sessions; null without a limit. */
  readonly left: number | null;
  /** The open question about this limit, with its answers; null when none is open. */
  readonly question: { readonly id: string; readonly answers: readonly AnswerView[] } | null;
}

/** A session that runs, with what it may spend. */
export interface BudgetSession {
  readonly session: string;
  readonly subject: string;
  readonly purpose: string;
  /** Limit of the agent itself; null without one. */
  readonly usd: number | null;
  readonly reserved: number;
}

export interface BudgetView {
  /** Workflow, then stages, then deliverables, each in plan order. */
  readonly lines: readonly BudgetLine[];
  readonly sessions: readonly BudgetSession[];
  /** Sessions started, and how many may be; null = any number. */
  readonly started: { readonly sessions: number; readonly limit: number | null };
}

/** Every level, or those that `subject` names: a stage with its deliverables. */
export function budgetView(state: WorkflowState, subject?: string): BudgetView {
  const lines = levels(state).map(([id, level]) => lineOf(state, id, level));
  const stage = state.plan.stages.find((s) => s.id === subject)?.index;
  const within = (id: string): boolean =>
    subject === undefined ||
    id === subject ||
    (stage !== undefined && state.plan.deliverables.some((d) => d.id === id && d.stage === stage));
  const { limits } = state.plan.settings;
  const { sessions, sessionLimit } = state.spend;
  return {
    lines: lines.filter((line) => within(line.subject)),
    sessions: runningSessions(state)
      .filter((s) => subject === "workflow" || within(s.subject))
      .map((s) => ({
        session: s.id,
        subject: s.subject,
        purpose: s.purpose,
        usd: s.usd ?? null,
        reserved: s.reservedUsd,
      })),
    started: { sessions, limit: sessionLimit === undefined ? limits.sessions : sessionLimit },
  };
}

function levels({ plan }: WorkflowState): readonly (readonly [string, BudgetLevel])[] {
  return [
    ["workflow", "workflow"],
    ...plan.stages.map((stage) => [stage.id, stage.kind] as const),
    ...plan.deliverables.map((one) => [one.id, one.kind] as const),
  ];
}

function lineOf(state: WorkflowState, subject: string, level: BudgetLevel): BudgetLine {
  const account = accountOf(state, subject);
  const { usd, spent, held, assumed } = account;
  const open = waiting(state).find((one) => one.kind === "limit" && one.subject === subject);
  return {
    ...account,
    level,
    left: usd === null ? null : Math.max(0, Math.round((usd - spent - held - assumed) * 1e6) / 1e6),
    question: open === undefined ? null : { id: open.question, answers: open.answers },
  };
}
