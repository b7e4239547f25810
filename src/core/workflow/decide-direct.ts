/**
 * A person says how a slot goes on without being asked: try again, leave out, made by a person. Where a question is open, the word answers
 * it; where an agent works, it is ended first and what it wrote is kept.
 */
import type { PersonCommand, Rejection } from "./command.ts";
import { onDecide } from "./decide-question.ts";
import { sessionsOf } from "./decide-stop.ts";
import type { Draft } from "./draft.ts";
import { openQuestion, requireDeliverable } from "./queries.ts";
import { directRefusal, isStoppable } from "./standing.ts";
import { goOnWith } from "./take-over.ts";

type Direct = Extract<PersonCommand, { type: "direct" }>;

export function onDirect(draft: Draft, command: Direct): Rejection | null {
  const { state } = draft;
  const { subject, word, text, by } = command;
  const question = openQuestion(state, subject);
  if (question !== undefined)
    return onDecide(draft, { type: "decide", subject: question.id, word, text, by });
  const refusal = directRefusal(state, subject, word);
  if (refusal !== null) return refusal;
  const deliverable = requireDeliverable(state, subject);
  draft.record({ question: null, subject, word, text, by, constraint: false });
  draft.log("DECIDED", `${subject}: ${word} by ${by}`);
  const { step } = deliverable;
  const runs = sessionsOf(state, deliverable).length > 0;
  if (runs && isStoppable(step))
    draft.emit({
      type: "deliverable.stopping",
      subject,
      stopping: { by, reason: text, at: draft.at, step, next: word },
    });
  else goOnWith(draft, subject, { word, by, text });
  return null;
}
