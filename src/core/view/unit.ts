/** Planned deliverables joined with where they stand, and their status as a word. Source: domain §6.2. */
import type { PlannedDeliverable } from "../plan/plan.ts";
import type { UnitStatus } from "../vocabulary.ts";
import type { DeliverableState, Step } from "../workflow/deliverable.ts";
import { effectiveGate } from "../workflow/effective-gate.ts";
import { initialDeliverable } from "../workflow/initial.ts";
import type { Question } from "../workflow/question.ts";
import type { WorkflowState } from "../workflow/state.ts";

/** What is printed: an escalated unit is BLOCKED in state and ESCALATED on paper (domain §22 no. 23). */
export type ShownStatus = UnitStatus | "ESCALATED";

/** One deliverable: what was planned and where it stands. */
export interface Unit {
  /** Its gate is the one in force: heavier where changed files raised the level, lighter where a person waived a rise. */
  readonly plan: PlannedDeliverable;
  readonly state: DeliverableState;
}

const STATUS_OF_STEP: Readonly<Record<Step, UnitStatus>> = {
  blocked: "BLOCKED",
  ready: "PENDING",
  provision: "IN_PROGRESS",
  create: "IN_PROGRESS",
  commit: "IN_PROGRESS",
  checks: "IN_PROGRESS",
  critique: "IN_PROGRESS",
  judge: "IN_PROGRESS",
  waiting: "BLOCKED",
  merge: "IN_PROGRESS",
  merged: "COMPLETE",
  skipped: "SKIPPED",
  failed: "FAILED",
};

/** All deliverables in plan order. */
export function units(state: WorkflowState): readonly Unit[] {
  return state.plan.deliverables.map((plan) => join(state, plan));
}

/** Deliverables of one stage in plan order; the synthesis has the index after the last stage. */
export function unitsOfStage(state: WorkflowState, stage: number): readonly Unit[] {
  return units(state).filter((unit) => unit.plan.stage === stage);
}

/** One deliverable; undefined when the plan has none with this id. */
export function unit(state: WorkflowState, id: string): Unit | undefined {
  const plan = state.plan.deliverables.find((candidate) => candidate.id === id);
  return plan === undefined ? undefined : join(state, plan);
}

/** Status of a deliverable; BLOCKED when there is none with this id. */
export function unitStatus(state: WorkflowState, id: string): UnitStatus {
  const step = state.deliverables[id]?.step ?? "blocked";
  return STATUS_OF_STEP[step];
}

/** Status as it is printed: ESCALATED while a person's answer on this deliverable is missing. */
export function shownStatus(state: WorkflowState, id: string): ShownStatus {
  const status = unitStatus(state, id);
  return status === "BLOCKED" && openQuestion(state, id) !== undefined ? "ESCALATED" : status;
}

/** The first open question on a subject (deliverable, checkpoint, barrier, phase id, `plan`, `finish`, `workflow`). */
export function openQuestion(state: WorkflowState, subject: string): Question | undefined {
  return state.questions.find((question) => question.subject === subject);
}

/** True where nothing more happens to it without a decision of a person: merged or skipped. */
export function isDone(status: ShownStatus): boolean {
  return status === "COMPLETE" || status === "SKIPPED";
}

/** True while a session, check or merge of it is under way. */
export function isRunning(state: WorkflowState, id: string): boolean {
  return unitStatus(state, id) === "IN_PROGRESS";
}

/** Path of the file that it makes; null for `makes: commit`. */
export function artifactPath(plan: PlannedDeliverable): string | null {
  return plan.makes.kind === "file" ? plan.makes.path : null;
}

/** Name that people use for it: the task where there is one, else the id. */
export function unitName(plan: PlannedDeliverable): string {
  return plan.task ?? plan.id;
}

/** `ps-validator + nse-verification` for a pair. */
export function roleName(plan: PlannedDeliverable): string {
  return plan.partner === undefined ? plan.role : `${plan.role} + ${plan.partner}`;
}

function join(state: WorkflowState, plan: PlannedDeliverable): Unit {
  const standing = state.deliverables[plan.id] ?? initialDeliverable(plan, state.epoch);
  return { plan: { ...plan, gate: effectiveGate(state, standing) }, state: standing };
}
