/** Counts, rates and sums; recomputed from state at every look, never stored. Source: domain §15. */
import type { Instant } from "../vocabulary.ts";
import type { WorkflowState } from "../workflow/state.ts";
import { expectedCheckpoints } from "./checkpoints.ts";
import { type GateView, gateOf, phaseGateView } from "./gates.ts";
import { mean, percent } from "./percent.ts";
import { barriers, phases, pipelinePhases } from "./stages.ts";
import { artifactPath, shownStatus, type Unit, units } from "./unit.ts";

/** `part` of `total`; `percent` is null when there is nothing to count. */
export interface Count {
  readonly part: number;
  readonly total: number;
  readonly percent: number | null;
}

/** How much is done. Phases are (pipeline, phase) pairs; artifacts are slots with a file and handoffs. */
export interface ExecutionMetrics {
  readonly phases: Count;
  readonly barriers: Count;
  readonly agents: Count;
  readonly artifacts: Count;
}

/** How good it is. Rates in percent; null where nothing was decided yet. */
export interface QualityMetrics {
  readonly agentSuccessRate: number | null;
  readonly barrierValidationPassRate: number | null;
  readonly averageScore: number | null;
  readonly lowestScore: number | null;
  /** Gate id of the lowest score. */
  readonly lowestGate: string | null;
  readonly totalIterations: number;
  readonly gatesPassed: number;
  readonly gatesFailed: number;
  readonly gatesWaived: number;
  readonly gatesPending: number;
}

/** Flavour B counts by task. */
export interface TaskMetrics {
  readonly total: number;
  readonly complete: number;
  readonly inProgress: number;
  readonly blocked: number;
  readonly pending: number;
  readonly failed: number;
  readonly skipped: number;
  /** Phases over all pipelines. */
  readonly phases: Count;
  readonly qualityGates: Count;
  /** User checkpoints. */
  readonly approvals: Count;
  /** Sum of rounds over slots, handoffs and synthesis. */
  readonly iterations: number;
  /** Rounds that went to a person. */
  readonly escalations: number;
}

/** What sessions used. `usd` is a floor when `incomplete`. */
export interface SessionMetrics {
  readonly usd: number;
  readonly incomplete: boolean;
  readonly turns: number;
  readonly durationMs: number;
  readonly sessions: number;
  readonly retries: number;
  /** Deliverable id to money, plan order, only those with an ended session. */
  readonly usdBySubject: readonly { readonly subject: string; readonly usd: number }[];
}

export interface Metrics {
  readonly execution: ExecutionMetrics;
  readonly quality: QualityMetrics;
  readonly tasks: TaskMetrics;
  readonly sessions: SessionMetrics;
  readonly timing: { readonly startedAt: Instant | null; readonly lastActivity: Instant };
}

/** All metrics of a workflow. */
export function metrics(state: WorkflowState): Metrics {
  return {
    execution: executionMetrics(state),
    quality: qualityMetrics(state),
    tasks: taskMetrics(state),
    sessions: sessionMetrics(state),
    timing: { startedAt: state.startedAt ?? null, lastActivity: state.updatedAt },
  };
}

/** Overall progress: complete (pipeline, phase) pairs and barriers of all; 100 only when all are. */
export function overallProgress(state: WorkflowState): Count {
  const { phases: done, barriers: crossed } = executionMetrics(state);
  return count(done.part + crossed.part, done.total + crossed.total);
}

function executionMetrics(state: WorkflowState): ExecutionMetrics {
  const pairs = pipelinePhases(state);
  const crossings = barriers(state);
  const slots = units(state).filter(isSlot);
  const files = units(state).filter(
    (one) => one.plan.kind === "handoff" || (isSlot(one) && artifactPath(one.plan) !== null),
  );
  return {
    phases: count(pairs.filter((pair) => pair.status === "COMPLETE").length, pairs.length),
    barriers: count(
      crossings.filter((one) => state.barriers[one.id]?.status === "COMPLETE").length,
      crossings.length,
    ),
    agents: count(slots.filter((one) => one.state.step === "merged").length, slots.length),
    artifacts: count(files.filter((one) => one.state.step === "merged").length, files.length),
  };
}

function qualityMetrics(state: WorkflowState): QualityMetrics {
  const gates = units(state).map((one) => gateOf(state, one));
  const scored = gates.flatMap((gate) => (gate.score === null ? [] : [{ gate: gate.id, score: gate.score }]));
  const lowest = scored.reduce<{ gate: string; score: number } | null>(
    (least, one) => (least === null || one.score < least.score ? one : least),
    null,
  );
  const ended = (step: string) => units(state).filter((one) => isSlot(one) && one.state.step === step).length;
  return {
    agentSuccessRate: percent(ended("merged"), ended("merged") + ended("failed")),
    barrierValidationPassRate: handoffPassRate(state),
    averageScore: mean(scored.map((one) => one.score)),
    lowestScore: lowest?.score ?? null,
    lowestGate: lowest?.gate ?? null,
    totalIterations: iterations(state),
    gatesPassed: countGates(gates, "PASS"),
    gatesFailed: countGates(gates, "ESCALATED"),
    gatesWaived: countGates(gates, "WAIVED"),
    gatesPending: countGates(gates, "PENDING", "IN_PROGRESS", "REVISE"),
  };
}

function handoffPassRate(state: WorkflowState): number | null {
  const gates = units(state)
    .filter(({ plan }) => plan.kind === "handoff")
    .map((one) => gateOf(state, one));
  return percent(countGates(gates, "PASS"), countGates(gates, "PASS", "ESCALATED", "WAIVED"));
}

function taskMetrics(state: WorkflowState): TaskMetrics {
  const statuses = units(state)
    .filter(isSlot)
    .map(({ plan }) => shownStatus(state, plan.id));
  const having = (...wanted: string[]) => statuses.filter((status) => wanted.includes(status)).length;
  const all = phases(state);
  const gates = all.map((phase) => phaseGateView(state, phase)).filter((gate) => gate.required);
  const approvals = expectedCheckpoints(state).filter((one) => one.approval !== null);
  const pairs = pipelinePhases(state);
  const phaseDone = all.filter((phase) =>
    pairs.every((pair) => pair.phase !== phase || pair.status === "COMPLETE"),
  );
  return {
    total: statuses.length,
    complete: having("COMPLETE"),
    inProgress: having("IN_PROGRESS"),
    blocked: having("BLOCKED", "ESCALATED"),
    pending: having("PENDING"),
    failed: having("FAILED"),
    skipped: having("SKIPPED"),
    phases: count(phaseDone.length, all.length),
    qualityGates: count(
      gates.filter((gate) => gate.status === "PASS" || gate.status === "WAIVED").length,
      gates.length,
    ),
    approvals: count(approvals.filter((one) => one.approval === "APPROVED").length, approvals.length),
    iterations: iterations(state),
    escalations: units(state)
      .flatMap((one) => one.state.rounds)
      .filter((round) => round.verdict === "ESCALATED").length,
  };
}

function sessionMetrics(state: WorkflowState): SessionMetrics {
  const { usd, incomplete, turns, durationMs, sessions, retries } = state.spend;
  return { usd, incomplete, turns, durationMs, sessions, retries, usdBySubject: usdBySubject(state) };
}

function usdBySubject(state: WorkflowState): SessionMetrics["usdBySubject"] {
  const ended = Object.values(state.sessions).filter((session) => session.outcome !== undefined);
  return units(state).flatMap(({ plan }) => {
    const own = ended.filter((session) => session.subject === plan.id);
    if (own.length === 0) return [];
    const cents = own.map((session) => Math.round((session.outcome?.usage.costUsd ?? 0) * 1e6));
    return [{ subject: plan.id, usd: cents.reduce((sum, one) => sum + one, 0) / 1e6 }];
  });
}

function iterations(state: WorkflowState): number {
  return units(state).reduce((sum, one) => sum + one.state.rounds.length, 0);
}

function countGates(gates: readonly GateView[], ...wanted: readonly string[]): number {
  return gates.filter((gate) => wanted.includes(gate.status)).length;
}

function count(part: number, total: number): Count {
  return { part, total, percent: percent(part, total) };
}

function isSlot({ plan }: Unit): boolean {
  return plan.kind === "slot";
}
