/** The state of a workflow in one sentence, from counts. Source: documents A1 §1. */
import type { PlannedStage } from "../plan/plan.ts";
import { hasEnded } from "../workflow/queries.ts";
import type { WorkflowState } from "../workflow/state.ts";
import { overallProgress } from "./metrics.ts";
import { serviceText, serviceView } from "./service.ts";
import { barrierView, phaseShown, stageComplete } from "./stages.ts";
import { isDone, shownStatus, unitsOfStage } from "./unit.ts";

/** Such as `Phase 2 (Analysis) is IN_PROGRESS: 1 of 2 slots complete. 42% overall. 1 question waits for a person.` */
export function currentStateSentence(state: WorkflowState): string {
  const open = state.plan.stages.find((stage) => !stageComplete(state, stage));
  const parts = [standing(state, open), service(state), overall(state), questions(state)];
  return parts.filter((part) => part !== "").join(" ");
}

function standing(state: WorkflowState, open: PlannedStage | undefined): string {
  if (state.status === "PAUSED") return `Paused: ${state.pausedReason ?? "by a person"}.`;
  if (state.status !== "ACTIVE") return `The workflow is ${state.status}.`;
  if (state.startedAt === undefined) return "The workflow has not started.";
  if (open === undefined) return "All phases and barriers are complete; the end is open.";
  return open.kind === "phase" ? phaseSentence(state, open) : barrierSentence(state, open);
}

function service(state: WorkflowState): string {
  const view = serviceView(state);
  return view === null || hasEnded(state) ? "" : `Waiting: ${serviceText(view, (at) => at)}.`;
}

function phaseSentence(state: WorkflowState, phase: Extract<PlannedStage, { kind: "phase" }>): string {
  const members = unitsOfStage(state, phase.index);
  const done = members.filter(({ plan }) => isDone(shownStatus(state, plan.id))).length;
  const slots = `${done} of ${members.length} ${members.length === 1 ? "slot" : "slots"} complete`;
  return `Phase ${phase.number} (${phase.name}) is ${phaseShown(state, phase)}: ${slots}.`;
}

function barrierSentence(state: WorkflowState, barrier: Extract<PlannedStage, { kind: "barrier" }>): string {
  const view = barrierView(state, barrier);
  const done = view.directions.filter(({ status }) => isDone(status)).length;
  return `Barrier ${barrier.number} is ${view.shown}: ${done} of ${view.directions.length} handoffs complete.`;
}

function overall(state: WorkflowState): string {
  const { percent } = overallProgress(state);
  return percent === null || state.startedAt === undefined ? "" : `${percent}% overall.`;
}

function questions(state: WorkflowState): string {
  const count = state.questions.length;
  if (count === 0) return "";
  return count === 1 ? "1 question waits for a person." : `${count} questions wait for a person.`;
}
