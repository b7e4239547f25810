/** Work that a person has made outside becomes the next attempt of a slot: through checks, gate and merge like any other. */
import type { PersonCommand, Rejection } from "./command.ts";
import { notAnOption } from "./decide-approval.ts";
import { sessionsOf } from "./decide-stop.ts";
import type { Draft } from "./draft.ts";
import { openQuestion, requireDeliverable, requirePlanned } from "./queries.ts";
import type { QuestionKind } from "./question.ts";
import { directRefusal } from "./standing.ts";

type Adopt = Extract<PersonCommand, { type: "adopt" }>;

/** Questions that a new attempt answers. */
const ANSWERED: ReadonlySet<QuestionKind> = new Set([
  "failure",
  "conflict",
  "empty",
  "escalation",
  "unverified",
  "protect",
  "user-artifact",
  "stopped",
]);

export function onAdopt(draft: Draft, command: Adopt): Rejection | null {
  const { type: _, subject, ...adoption } = command;
  const { state } = draft;
  const question = openQuestion(state, subject);
  const refusal = question === undefined ? directRefusal(state, subject, "adopt") : null;
  if (refusal !== null) return refusal;
  if (question !== undefined && !ANSWERED.has(question.kind)) return notAnOption(question, "adopt");
  if (requirePlanned(state, subject).kind === "handoff") return noWork(subject);
  const deliverable = requireDeliverable(state, subject);
  if (sessionsOf(state, deliverable).length > 0) return atWork(subject);
  const parts = { subject, word: "adopt" as const, text: adoption.from, by: adoption.by, constraint: false };
  const decision = draft.record({ ...parts, question: question?.id ?? null });
  if (question !== undefined) draft.close(question, decision, `adopted from ${adoption.from}`);
  draft.emit({
    type: "deliverable.adopted",
    subject,
    adoption: { ...adoption, attempt: deliverable.attempt + 1 },
  });
  draft.log("SLOT_ADOPTED", `${subject} from ${adoption.from} by ${adoption.by}`);
  if (deliverable.step !== "blocked") draft.move(subject, "ready");
  return null;
}

function noWork(subject: string): Rejection {
  return {
    code: "not-an-option",
    message: `${subject} is a handoff, which is an answer and no work in a worktree`,
    hint: `To write it yourself: signalbox write ${subject}`,
  };
}

function atWork(subject: string): Rejection {
  return {
    code: "not-yet",
    message: `an agent works on ${subject}`,
    hint: `End it first, what it wrote is kept: signalbox stop ${subject}`,
  };
}
