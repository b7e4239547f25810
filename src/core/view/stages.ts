/** Status of phases and barriers as functions of their deliverables. Source: domain §6.3, §6.4. */
import type { PlannedBarrier, PlannedPhase, PlannedPipeline, PlannedStage } from "../plan/plan.ts";
import { higherLevel } from "../quality/criticality.ts";
import type { BarrierStatus, Criticality, Instant, UnitStatus } from "../vocabulary.ts";
import type { ProtocolCheck } from "../workflow/stage-state.ts";
import type { WorkflowState } from "../workflow/state.ts";
import { approvalOf } from "./checkpoints.ts";
import { type GateView, gateOf, phaseGatePassed } from "./gates.ts";
import { isDone, openQuestion, type ShownStatus, shownStatus, type Unit, unitsOfStage } from "./unit.ts";

/** The part of a phase that one pipeline does; `pipeline` is null for slots without one. */
export interface PipelinePhase {
  readonly phase: PlannedPhase;
  readonly pipeline: PlannedPipeline | null;
  readonly units: readonly Unit[];
  readonly status: UnitStatus;
  readonly shown: ShownStatus;
  readonly blockedBy: string | null;
  readonly startedAt: Instant | null;
  readonly completedAt: Instant | null;
  /** Merged or skipped slots. */
  readonly done: number;
}

/** One direction of a barrier. */
export interface DirectionView {
  readonly unit: Unit;
  readonly status: ShownStatus;
  readonly gate: GateView;
}

/** A barrier with its directions scored separately (domain §7). */
export interface BarrierView {
  readonly plan: PlannedBarrier;
  readonly status: BarrierStatus;
  readonly shown: BarrierStatus | "ESCALATED";
  readonly directions: readonly DirectionView[];
  /** Lowest score of its directions; null while one that is to be judged has none. */
  readonly score: number | null;
  readonly threshold: number;
  readonly retryCount: number;
  readonly startedAt: Instant | null;
  readonly completedAt: Instant | null;
  readonly preChecks: readonly ProtocolCheck[];
  readonly postChecks: readonly ProtocolCheck[];
}

/** Phases of the plan in execution order. */
export function phases(state: WorkflowState): readonly PlannedPhase[] {
  return state.plan.stages.filter((stage) => stage.kind === "phase");
}

/** Barriers of the plan in execution order. */
export function barriers(state: WorkflowState): readonly PlannedBarrier[] {
  return state.plan.stages.filter((stage) => stage.kind === "barrier");
}

/** Status of a whole phase over all pipelines (domain §6.3). */
export function phaseStatus(state: WorkflowState, phase: PlannedPhase): UnitStatus {
  return slotsStatus(state, phase, unitsOfStage(state, phase.index));
}

/** Status of a phase as printed: ESCALATED where it stands still for a person. */
export function phaseShown(state: WorkflowState, phase: PlannedPhase): ShownStatus {
  return shown(state, phase, phaseStatus(state, phase), unitsOfStage(state, phase.index));
}

/** All (pipeline, phase) pairs, by phase, then in the order of the pipelines. Counted by the metrics (domain §15). */
export function pipelinePhases(state: WorkflowState): readonly PipelinePhase[] {
  return phases(state).flatMap((phase) => partsOf(state, phase));
}

/** Highest level of a stage's deliverables as it is now; the planned one for a stage without any. */
export function stageCriticality(state: WorkflowState, stage: PlannedStage): Criticality {
  const levels = unitsOfStage(state, stage.index).map((one) => one.state.criticality);
  const [first, ...rest] = levels;
  return first === undefined ? stage.criticality : rest.reduce(higherLevel, first);
}

/** The pipelines' parts of one phase. */
export function partsOf(state: WorkflowState, phase: PlannedPhase): readonly PipelinePhase[] {
  const members = unitsOfStage(state, phase.index);
  const keys = [...state.plan.pipelines.map((pipeline) => pipeline.key), null];
  return keys.flatMap((key) => {
    const own = members.filter((one) => one.plan.pipeline === key);
    if (own.length === 0) return [];
    return [partOf(state, phase, state.plan.pipelines.find((one) => one.key === key) ?? null, own)];
  });
}

/** What keeps a phase from starting: `barrier-1`, `phase-0`, `CP-001` or `plan`; null when nothing does. */
export function blockedBy(state: WorkflowState, phase: PlannedPhase): string | null {
  const before = state.plan.stages[phase.index - 1];
  if (before === undefined) return state.plan.reviewPlan && !state.planApproved ? "plan" : null;
  if (!stageComplete(state, before)) return before.id;
  return unapproved(state, before.checkpoint);
}

/** True when everything of the stage is merged and its gate passed; says nothing of the user checkpoint after it. */
export function stageComplete(state: WorkflowState, stage: PlannedStage): boolean {
  if (stage.kind === "barrier") return state.barriers[stage.id]?.status === "COMPLETE";
  return phaseStatus(state, stage) === "COMPLETE";
}

/** A barrier with its directions. */
export function barrierView(state: WorkflowState, plan: PlannedBarrier): BarrierView {
  const recorded = state.barriers[plan.id];
  const status = recorded?.status ?? "PENDING";
  const directions = unitsOfStage(state, plan.index).map((one) => directionOf(state, one));
  const waits = [plan.id, ...plan.handoffs].some((id) => openQuestion(state, id) !== undefined);
  const judged = directions.filter(({ gate }) => gate.judged && gate.status !== "SKIPPED");
  const scores = judged.flatMap(({ gate }) => (gate.score === null ? [] : [gate.score]));
  return {
    plan,
    status,
    shown: waits && status !== "COMPLETE" ? "ESCALATED" : status,
    directions,
    score: scores.length === 0 || scores.length < judged.length ? null : Math.min(...scores),
    threshold: directions[0]?.gate.threshold ?? state.plan.threshold,
    retryCount: recorded?.retryCount ?? 0,
    startedAt: recorded?.startedAt ?? null,
    completedAt: recorded?.completedAt ?? null,
    preChecks: recorded?.preChecks ?? [],
    postChecks: recorded?.postChecks ?? [],
  };
}

/** Earliest start of the units; null when none started. */
export function earliestStart(members: readonly Unit[]): Instant | null {
  const times = members.flatMap(({ state }) => (state.startedAt === undefined ? [] : [state.startedAt]));
  return [...times].sort()[0] ?? null;
}

/** Latest end of the units; null when none ended. */
export function latestEnd(members: readonly Unit[]): Instant | null {
  const times = members.flatMap(({ state }) => (state.completedAt === undefined ? [] : [state.completedAt]));
  return [...times].sort().at(-1) ?? null;
}

function partOf(
  state: WorkflowState,
  phase: PlannedPhase,
  pipeline: PlannedPipeline | null,
  members: readonly Unit[],
): PipelinePhase {
  const status = slotsStatus(state, phase, members);
  return {
    phase,
    pipeline,
    units: members,
    status,
    shown: shown(state, phase, status, members),
    blockedBy: status === "BLOCKED" ? blockedBy(state, phase) : null,
    startedAt: earliestStart(members),
    completedAt: status === "COMPLETE" ? latestEnd(members) : null,
    done: members.filter(({ plan }) => isDone(shownStatus(state, plan.id))).length,
  };
}

function slotsStatus(state: WorkflowState, phase: PlannedPhase, members: readonly Unit[]): UnitStatus {
  const statuses = members.map(({ plan }) => shownStatus(state, plan.id));
  if (members.length > 0 && statuses.every(isDone)) return gatedStatus(state, phase);
  if (statuses.includes("IN_PROGRESS")) return "IN_PROGRESS";
  if (statuses.includes("FAILED")) return "FAILED";
  if (statuses.includes("ESCALATED")) return statuses.includes("PENDING") ? "IN_PROGRESS" : "BLOCKED";
  if (statuses.every((status) => status === "BLOCKED")) return "BLOCKED";
  return statuses.some(isDone) ? "IN_PROGRESS" : "PENDING";
}

/** The gate belongs to the phase: while another pipeline still works, a part that is done counts as complete. */
function gatedStatus(state: WorkflowState, phase: PlannedPhase): UnitStatus {
  const all = unitsOfStage(state, phase.index).every(({ plan }) => isDone(shownStatus(state, plan.id)));
  if (!all || phaseGatePassed(state, phase)) return "COMPLETE";
  return openQuestion(state, phase.id) === undefined ? "IN_PROGRESS" : "BLOCKED";
}

function shown(
  state: WorkflowState,
  phase: PlannedPhase,
  status: UnitStatus,
  members: readonly Unit[],
): ShownStatus {
  const subjects = [phase.id, ...members.map(({ plan }) => plan.id)];
  const waits = subjects.some((subject) => openQuestion(state, subject) !== undefined);
  return status === "BLOCKED" && waits ? "ESCALATED" : status;
}

function directionOf(state: WorkflowState, one: Unit): DirectionView {
  return { unit: one, status: shownStatus(state, one.plan.id), gate: gateOf(state, one) };
}

function unapproved(state: WorkflowState, checkpoint: string | null): string | null {
  const status = checkpoint === null ? null : approvalOf(state, checkpoint);
  return status === null || status === "APPROVED" ? null : checkpoint;
}
