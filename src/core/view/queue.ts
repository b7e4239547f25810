/** The execution queue with statuses. Source: domain §6.5, §14. */
import type { PlannedGroup } from "../plan/plan.ts";
import type { ApprovalStatus, BarrierStatus, GateStatus, GroupStatus, Instant } from "../vocabulary.ts";
import type { WorkflowState } from "../workflow/state.ts";
import { approvalOf, expectedCheckpoints } from "./checkpoints.ts";
import { phaseGateView } from "./gates.ts";
import { barrierView, latestEnd, phaseShown } from "./stages.ts";
import { isDone, type ShownStatus, shownStatus, unitsOfStage } from "./unit.ts";

/** Status of what a group consists of, in the words of its own kind. */
export type GroupShown = ShownStatus | BarrierStatus | GateStatus | ApprovalStatus;

/** One step of the queue. */
export interface GroupView {
  readonly plan: PlannedGroup;
  readonly status: GroupStatus;
  /** The same word that the tables of phases, barriers, gates and checkpoints print. */
  readonly shown: GroupShown;
  /** Id of the group before while that is not complete; null once nothing blocks. */
  readonly blockedBy: string | null;
  readonly completedAt: Instant | null;
}

/** All groups in order. */
export function groups(state: WorkflowState): readonly GroupView[] {
  const views: GroupView[] = [];
  for (const plan of state.plan.groups) {
    const before = views.at(-1);
    views.push(groupView(state, plan, before));
  }
  return views;
}

/** The first group that is not complete; the last one when all are; undefined for a plan without groups. */
export function currentGroup(state: WorkflowState): GroupView | undefined {
  const views = groups(state);
  return views.find((group) => group.status !== "COMPLETE") ?? views.at(-1);
}

/** How a group is called by others: `group-2` where its id is a number, else the id itself. */
export function groupKey(plan: PlannedGroup): string {
  return /^\d+$/.test(plan.id) ? `group-${plan.id}` : plan.id;
}

function groupView(state: WorkflowState, plan: PlannedGroup, before: GroupView | undefined): GroupView {
  const shown = shownOf(state, plan);
  const blocked = before !== undefined && before.status !== "COMPLETE";
  const status = statusOf(state, plan, shown, blocked);
  return {
    plan,
    status,
    shown,
    blockedBy: blocked && status === "BLOCKED" ? groupKey(before.plan) : null,
    completedAt: status === "COMPLETE" ? completedAt(state, plan) : null,
  };
}

function shownOf(state: WorkflowState, group: PlannedGroup): GroupShown {
  if (group.kind === "checkpoint") return approvalOf(state, group.checkpoint ?? "") ?? "PENDING";
  const stage = state.plan.stages[group.stage];
  if (stage === undefined) return synthesisShown(state, group.stage);
  if (stage.kind === "barrier") return barrierView(state, stage).shown;
  if (group.kind === "gate") return phaseGateView(state, stage).status;
  return hasGateGroup(state, group) ? slotsShown(state, group.stage) : phaseShown(state, stage);
}

/** Where the gate is a group of its own, the phase's group ends with its slots. */
function slotsShown(state: WorkflowState, stage: number): GroupShown {
  const members = unitsOfStage(state, stage);
  if (members.every(({ plan }) => isDone(shownStatus(state, plan.id)))) return "COMPLETE";
  const phase = state.plan.stages[stage];
  return phase?.kind === "phase" ? phaseShown(state, phase) : "PENDING";
}

function synthesisShown(state: WorkflowState, stage: number): GroupShown {
  const first = unitsOfStage(state, stage)[0];
  return first === undefined ? "PENDING" : shownStatus(state, first.plan.id);
}

function hasGateGroup(state: WorkflowState, group: PlannedGroup): boolean {
  return state.plan.groups.some((other) => other.kind === "gate" && other.stage === group.stage);
}

function statusOf(
  state: WorkflowState,
  group: PlannedGroup,
  shown: GroupShown,
  blocked: boolean,
): GroupStatus {
  if (["COMPLETE", "SKIPPED", "PASS", "WAIVED", "APPROVED"].includes(shown)) return "COMPLETE";
  if (["IN_PROGRESS", "AWAITING", "REVISE"].includes(shown)) return "IN_PROGRESS";
  if (shown === "ESCALATED" || shown === "FAILED") return "BLOCKED";
  if (blocked) return "BLOCKED";
  return group.order === 1 && state.plan.reviewPlan && !state.planApproved ? "BLOCKED" : "READY";
}

function completedAt(state: WorkflowState, group: PlannedGroup): Instant | null {
  if (group.kind === "checkpoint") {
    const entry = expectedCheckpoints(state).find((one) => one.plan.id === group.checkpoint)?.entry;
    return entry?.approval?.at ?? entry?.at ?? null;
  }
  if (group.kind === "barrier") {
    const stage = state.plan.stages[group.stage];
    return stage === undefined ? null : (state.barriers[stage.id]?.completedAt ?? null);
  }
  const ended = latestEnd(unitsOfStage(state, group.stage));
  const stage = state.plan.stages[group.stage];
  return group.kind === "gate" && stage?.kind === "phase" ? (phaseGateView(state, stage).at ?? ended) : ended;
}
