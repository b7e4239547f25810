/** What a command is about: an open question, a slot, a checkpoint. */
import { SignalboxError } from "../core/errors.ts";
import type { Question } from "../core/workflow/question.ts";
import type { WorkflowState } from "../core/workflow/state.ts";
import { listText, resolveReference } from "./resolve.ts";

const SUBJECTS = { name: "subject", listing: "signalbox status" } as const;

/** Every name that a command may use in this workflow. */
export function subjectsOf(state: WorkflowState): readonly string[] {
  return [
    ...state.plan.deliverables.map((deliverable) => deliverable.id),
    ...state.plan.stages.map((stage) => stage.id),
    ...new Set([
      ...state.plan.checkpoints.map((checkpoint) => checkpoint.id),
      ...state.checkpoints.map((checkpoint) => checkpoint.id),
    ]),
    "plan",
    "finish",
    "workflow",
  ];
}

/** Resolves any subject, also by task id such as `TASK-001`. Throws `unknown-subject`, `ambiguous-subject`. */
export function resolveSubject(state: WorkflowState, reference: string): string {
  const byTask = state.plan.deliverables.find(
    (deliverable) => deliverable.task?.toLowerCase() === reference.toLowerCase(),
  );
  return byTask?.id ?? resolveReference(reference, subjectsOf(state), SUBJECTS);
}

/**
 * The subject of an answer: what was named (by subject, question id or prefix), else the subject of the only open question.
 * A subject without a question is passed on, so that the core can say why it does not wait.
 */
export function answeredSubject(state: WorkflowState, reference: string | undefined): string {
  if (reference === undefined) return onlyQuestion(state).subject;
  const byId = state.questions.find((question) => question.id.toLowerCase() === reference.toLowerCase());
  // A slot may have several questions of its session open beside the one that holds it.
  if (byId !== undefined) return byId.session === undefined ? byId.subject : byId.id;
  const open = state.questions.filter((question) =>
    question.subject.toLowerCase().startsWith(reference.toLowerCase()),
  );
  const [first, second] = open;
  return first !== undefined && second === undefined ? first.subject : resolveSubject(state, reference);
}

/** The open question on a subject. */
export function questionOn(state: WorkflowState, subject: string): Question | undefined {
  return state.questions.find((question) => question.id === subject || question.subject === subject);
}

function onlyQuestion(state: WorkflowState): Question {
  const [first, second] = state.questions;
  if (first === undefined)
    throw new SignalboxError("user", "nothing-waits", `Nothing waits for an answer in ${state.id}`, [
      `To see where it stands: signalbox status ${state.id}`,
    ]);
  if (second !== undefined) {
    throw new SignalboxError(
      "user",
      "which-question",
      `${state.questions.length} questions are open: ${listText(state.questions.map((question) => question.subject))}`,
      ["Name the one that is meant; to see them: signalbox status"],
    );
  }
  return first;
}
