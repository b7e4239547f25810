/** A person takes a slot into a terminal, and hands it back. Two do not have it at the same time, and no session runs beside them. */
import { beginAttachment, handBack, recordAttached, recordDetached } from "./attachment.ts";
import type { PersonCommand, Rejection } from "./command.ts";
import { notAnOption, notWaiting } from "./decide-approval.ts";
import { sessionsOf } from "./decide-stop.ts";
import type { Draft } from "./draft.ts";
import { openQuestion, requireDeliverable, requirePlanned } from "./queries.ts";
import type { Question, QuestionKind } from "./question.ts";
import { directRefusal, isStoppable } from "./standing.ts";

type Of<T extends PersonCommand["type"]> = Extract<PersonCommand, { type: T }>;

/** Questions about work that lies in a worktree, which a person may go on with instead of answering. */
const ABOUT_WORK: ReadonlySet<QuestionKind> = new Set([
  "failure",
  "escalation",
  "stopped",
  "empty",
  "unverified",
  "protect",
  "user-artifact",
  "review",
]);

export function onAttach(draft: Draft, command: Of<"attach">): Rejection | null {
  const { subject, by } = command;
  const question = openQuestion(draft.state, subject);
  const refusal =
    question === undefined ? directRefusal(draft.state, subject, "attach") : refuse(draft, question, command);
  if (refusal !== null) return refusal;
  if (requirePlanned(draft.state, subject).kind === "handoff") return noConversation(subject);
  if (question?.kind === "attached") recordAttached(draft, subject, by);
  else if (question !== undefined) attachInstead(draft, question, by);
  else attachNow(draft, command);
  return null;
}

function refuse(draft: Draft, question: Question, { subject, again }: Of<"attach">): Rejection | null {
  if (ABOUT_WORK.has(question.kind)) return null;
  if (question.kind !== "attached") return notAnOption(question, "attach");
  const { attached } = requireDeliverable(draft.state, subject);
  if (again === true) return null;
  return {
    code: "not-yet",
    message: `${subject} is attached by ${attached?.by ?? "somebody"} since ${attached?.since ?? ""}`,
    hint: `Leaving the program there hands it back; where that terminal is gone: signalbox decide ${subject} done`,
  };
}

function noConversation(subject: string): Rejection {
  return {
    code: "not-an-option",
    message: `${subject} is a handoff, which is an answer and no work in a worktree`,
    hint: `To write it yourself: signalbox write ${subject}`,
  };
}

function attachInstead(draft: Draft, question: Question, by: string): void {
  const { subject } = question;
  const parts = { question: question.id, subject, word: "attach" as const, text: "", by, constraint: false };
  draft.close(question, draft.record(parts), `attached by ${by}`);
  beginAttachment(draft, subject, by);
}

function attachNow(draft: Draft, { subject, by, patient }: Of<"attach">): void {
  const deliverable = requireDeliverable(draft.state, subject);
  const { step } = deliverable;
  const runs = sessionsOf(draft.state, deliverable).length > 0;
  if (!runs || !isStoppable(step)) return beginAttachment(draft, subject, by);
  const reason = "to attach";
  draft.emit({
    type: "deliverable.stopping",
    subject,
    stopping: { by, reason, at: draft.at, step, next: "attach", ...(patient === true ? { patient } : {}) },
  });
}

export function onDetach(draft: Draft, { subject, by, to }: Of<"detach">): Rejection | null {
  const question = openQuestion(draft.state, subject);
  if (question?.kind !== "attached") return notWaiting(draft, subject);
  draft.close(question, null, `handed back by ${by}`);
  recordDetached(draft, subject, by);
  handBack(draft, subject, to);
  return null;
}
