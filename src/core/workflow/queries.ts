/** Small questions about a state that the rules ask again and again. All pure, all cheap. */
import type { Adoption, PlannedDeliverable, PlannedStage } from "../plan/plan.ts";
import type { DeliverableState, Step } from "./deliverable.ts";
import type { Question } from "./question.ts";
import type { Round } from "./round.ts";
import type { SessionRecord } from "./session-record.ts";
import type { WorkflowState } from "./state.ts";

/** The plan's entry; throws for an id that the plan does not have, which is a bug of the caller. */
export function requirePlanned(state: WorkflowState, id: string): PlannedDeliverable {
  const planned = state.plan.deliverables.find((d) => d.id === id);
  if (planned === undefined) throw new Error(`no deliverable ${id} in the plan of ${state.id}`);
  return planned;
}

export function requireDeliverable(state: WorkflowState, id: string): DeliverableState {
  const deliverable = state.deliverables[id];
  if (deliverable === undefined) throw new Error(`no deliverable ${id} in ${state.id}`);
  return deliverable;
}

/** Rounds of the present attempt, oldest first. */
export function currentRounds(deliverable: DeliverableState): readonly Round[] {
  return deliverable.rounds.filter((r) => r.epoch === deliverable.epoch && r.attempt === deliverable.attempt);
}

/** The round under way or last decided of the present attempt. */
export function lastRound(deliverable: DeliverableState): Round | undefined {
  return deliverable.rounds.findLast(
    (r) => r.epoch === deliverable.epoch && r.attempt === deliverable.attempt,
  );
}

const ENDS: ReadonlySet<Step> = new Set(["merged", "skipped"]);
const ACTIVE: ReadonlySet<Step> = new Set(["provision", "create", "commit", "checks", "critique", "judge"]);

/** True when nothing more happens to it without a rewind. */
export function isFinished(deliverable: DeliverableState): boolean {
  return ENDS.has(deliverable.step);
}

/**
 * True for merged work that a person has yet to land or drop (`finish.per: slot`): its worktree and conversation stay, so that
 * sending it back goes on where it was.
 */
export function awaitsLanding(state: WorkflowState, deliverable: DeliverableState): boolean {
  return (
    state.plan.finish.per === "slot" &&
    !hasEnded(state) &&
    deliverable.step === "merged" &&
    deliverable.landing === undefined &&
    deliverable.dropped === undefined &&
    requirePlanned(state, deliverable.id).kind === "slot"
  );
}

/** Work of a person that an attempt is made of; undefined where an agent makes it. A rewind forgets what the plan had adopted. */
export function adoptionOf(
  state: WorkflowState,
  { id, adoption, epoch }: DeliverableState,
  attempt: number,
): Adoption | undefined {
  if (adoption !== undefined) return adoption.attempt === attempt ? adoption : undefined;
  return epoch === 1 && attempt === 1 ? requirePlanned(state, id).adopted : undefined;
}

/** True while machines work on it. */
export function isActive(deliverable: DeliverableState): boolean {
  return ACTIVE.has(deliverable.step);
}

/** Deliverables of a stage in plan order; index `stages.length` is the synthesis. */
export function stageDeliverables(state: WorkflowState, stage: number): readonly DeliverableState[] {
  return state.plan.deliverables.filter((d) => d.stage === stage).map((d) => requireDeliverable(state, d.id));
}

/** Index of the first stage that is not complete; `stages.length` while only the synthesis is open, one more when all is done. */
export function currentStage(state: WorkflowState): number {
  const last = state.plan.stages.length + (hasSynthesis(state) ? 1 : 0);
  for (let stage = 0; stage < last; stage += 1) {
    if (!isStageComplete(state, stage)) return stage;
  }
  return last;
}

export function hasSynthesis(state: WorkflowState): boolean {
  return state.plan.deliverables.some((d) => d.kind === "synthesis");
}

/** All work merged or skipped, and its own gate or barrier closed. */
export function isStageComplete(state: WorkflowState, stage: number): boolean {
  if (!stageDeliverables(state, stage).every(isFinished)) return false;
  const planned = state.plan.stages[stage];
  if (planned === undefined) return true;
  return planned.kind === "phase"
    ? isGateClosed(state, planned.id)
    : state.barriers[planned.id]?.status === "COMPLETE";
}

function isGateClosed(state: WorkflowState, phase: string): boolean {
  const status = state.phaseGates[phase]?.status;
  return status === "PASS" || status === "WAIVED";
}

export function stageById(state: WorkflowState, id: string): PlannedStage | undefined {
  return state.plan.stages.find(
    (s) => s.id === id || String(s.number) === id || `${s.kind} ${s.number}` === id,
  );
}

/** What holds a subject until a person decides; questions of running sessions hold nothing and stand beside it. */
export function openQuestion(state: WorkflowState, subject: string): Question | undefined {
  return state.questions.find((q) => q.subject === subject && q.session === undefined);
}

export function runningSessions(state: WorkflowState): readonly SessionRecord[] {
  return Object.values(state.sessions).filter((s) => s.status === "DISPATCHED");
}

/** Blockers that hold this subject (a deliverable, a stage, or everything). */
export function isBlockedByPerson(state: WorkflowState, subject: string): boolean {
  return state.blockers.some(
    (b) => b.question === undefined && (b.blocking.includes(subject) || b.blocking.includes("workflow")),
  );
}

/** Terminal: only a rewind reopens it (domain §6.1). */
export function hasEnded(state: WorkflowState): boolean {
  return state.status === "COMPLETE" || state.status === "FAILED" || state.status === "CANCELLED";
}
