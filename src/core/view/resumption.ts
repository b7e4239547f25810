/** What the next session must know, version 2: seven parts, all derived. Source: domain §18. */
import type { PlannedPhase } from "../plan/plan.ts";
import type { Instant, WorkflowStatus } from "../vocabulary.ts";
import { lastRound } from "../workflow/queries.ts";
import type { WorkflowState } from "../workflow/state.ts";
import { latestCheckpoint } from "./checkpoints.ts";
import { type DefectSummary, defectSummary, type QualityTrajectory, qualityTrajectory } from "./history.ts";
import { nextActions } from "./next-actions.ts";
import { phaseStatus, phases } from "./stages.ts";
import { isRunning, openQuestion, shownStatus, type Unit, unitStatus, units } from "./unit.ts";

export interface RecoveryState {
  readonly lastCheckpoint: string | null;
  readonly currentPhase: number;
  readonly currentPhaseName: string;
  readonly workflowStatus: WorkflowStatus;
  /** `phase-2-agent-execution`, `qg-2-iteration-1`, `barrier-1-iteration-1` or `idle`. */
  readonly currentActivity: string;
  readonly nextStep: string;
  /** Nobody measures the fill of a coordinator that has no context window. */
  readonly contextFillAtUpdate: null;
  readonly updatedAt: Instant;
  readonly crossSessionPortable: true;
  readonly ephemeralReferences: false;
}

export interface FileToRead {
  readonly path: string;
  /** 1 = first. */
  readonly priority: number;
  readonly purpose: string;
}

export interface LoggedDecision {
  readonly id: string;
  readonly decision: string;
  readonly rationale: string;
  readonly at: Instant;
  readonly by: string;
  readonly affectsPhases: readonly number[];
  /** True where the text stands in every prompt after it. */
  readonly constraint: boolean;
}

export interface Resumption {
  readonly recoveryState: RecoveryState;
  readonly filesToRead: readonly FileToRead[];
  readonly qualityTrajectory: QualityTrajectory;
  readonly defectSummary: DefectSummary;
  readonly decisionLog: readonly LoggedDecision[];
  /** Deliverable id and one line `STATUS. key finding.`, plan order. */
  readonly agentSummaries: readonly { readonly agent: string; readonly summary: string }[];
  /** The coordinator has no conversation that could be compacted: always none. */
  readonly compactionEvents: { readonly count: 0; readonly events: readonly [] };
}

/** All seven parts. */
export function resumption(state: WorkflowState): Resumption {
  return {
    recoveryState: recoveryState(state),
    filesToRead: filesToRead(state),
    qualityTrajectory: qualityTrajectory(state),
    defectSummary: defectSummary(state),
    decisionLog: decisionLog(state),
    agentSummaries: agentSummaries(state),
    compactionEvents: { count: 0, events: [] },
  };
}

/** The first phase that is not complete; the last one when all are; undefined for a plan without phases. */
export function currentPhase(state: WorkflowState): PlannedPhase | undefined {
  const all = phases(state);
  return all.find((phase) => phaseStatus(state, phase) !== "COMPLETE") ?? all.at(-1);
}

function recoveryState(state: WorkflowState): RecoveryState {
  const phase = currentPhase(state);
  const next = nextActions(state);
  return {
    lastCheckpoint: latestCheckpoint(state)?.id ?? null,
    currentPhase: phase?.number ?? 0,
    currentPhaseName: phase?.name ?? "None",
    workflowStatus: state.status,
    currentActivity: currentActivity(state),
    nextStep: next.immediate[0]?.action ?? next.subsequent[0]?.action ?? "Nothing is left to do",
    contextFillAtUpdate: null,
    updatedAt: state.updatedAt,
    crossSessionPortable: true,
    ephemeralReferences: false,
  };
}

function currentActivity(state: WorkflowState): string {
  const active = units(state).find(({ plan }) => isRunning(state, plan.id));
  if (active === undefined) return "idle";
  const round = lastRound(active.state)?.round ?? 1;
  if (active.plan.kind === "synthesis") return `synthesis-iteration-${round}`;
  const stage = state.plan.stages[active.plan.stage];
  if (stage === undefined) return "idle";
  if (stage.kind === "barrier") return `${stage.id}-iteration-${round}`;
  const reviewing = ["checks", "critique", "judge"].includes(active.state.step);
  return reviewing ? `qg-${stage.number}-iteration-${round}` : `phase-${stage.number}-agent-execution`;
}

function filesToRead(state: WorkflowState): readonly FileToRead[] {
  const { stateFile, planFile, trackerFile, folder } = state.plan.layout;
  const escalated = units(state).filter(({ plan }) => openQuestion(state, plan.id)?.kind === "escalation");
  return [
    { path: stateFile, priority: 1, purpose: "State of record; read its resumption section first" },
    { path: planFile, priority: 2, purpose: "Strategy: pipelines, phases, gates, criteria" },
    { path: trackerFile, priority: 3, purpose: "Execution: what is done, running and blocked" },
    ...escalated.map(({ plan }) => ({
      path: `${folder}escalations/${plan.id}-escalation.md`,
      priority: 4,
      purpose: `Decision that ${plan.id} waits for`,
    })),
  ];
}

function decisionLog(state: WorkflowState): readonly LoggedDecision[] {
  return state.decisions.map((decision) => ({
    id: decision.id,
    decision: `${decision.word} ${decision.subject}`,
    rationale: decision.text === "" ? "No reason given" : decision.text,
    at: decision.at,
    by: decision.by,
    affectsPhases: affectedPhases(state, decision.stage),
    constraint: decision.constraint,
  }));
}

function affectedPhases(state: WorkflowState, stage: number | undefined): readonly number[] {
  if (stage === undefined) return [];
  const found = state.plan.stages[stage];
  return found?.kind === "phase" ? [found.number] : [];
}

function agentSummaries(state: WorkflowState): Resumption["agentSummaries"] {
  return units(state)
    .filter(
      ({ plan }) =>
        !["BLOCKED", "PENDING"].includes(unitStatus(state, plan.id)) || openQuestion(state, plan.id),
    )
    .map((one) => ({ agent: one.plan.id, summary: summaryLine(state, one) }));
}

function summaryLine(state: WorkflowState, { plan, state: standing }: Unit): string {
  const said = standing.error ?? standing.summary;
  const status = shownStatus(state, plan.id);
  return said === undefined ? `${status}.` : `${status}. ${said}`;
}
