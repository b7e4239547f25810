/**
 * Work that lands by itself (`finish.per: slot`): its review by a person, sending it back, landing and dropping it. And the
 * record that a whole result has landed.
 * Source: design §8 (dispatch), definition `finish.per`.
 */
import type { PersonCommand, Rejection } from "./command.ts";
import { isUnanswered, placeText } from "./comment.ts";
import { notWaiting, sendBack } from "./decide-approval.ts";
import { addComments, refuseComments } from "./decide-comment.ts";
import type { Landing } from "./deliverable.ts";
import type { Draft } from "./draft.ts";
import { awaitsLanding, openQuestion, stageDeliverables } from "./queries.ts";
import { type DecisionWord, type Question, wordCommand } from "./question.ts";
import { notUnderReview, underReview } from "./under-review.ts";

type SendBack = Extract<PersonCommand, { type: "send-back" }>;
type Landed = Extract<PersonCommand, { type: "landed" }>;

/** Asks once per merged slot: a person looks at it, then lands it or sends it back. */
export function askForReviews(draft: Draft): void {
  const stages = draft.state.plan.stages.map((stage) => stage.index);
  for (const deliverable of stages.flatMap((stage) => stageDeliverables(draft.state, stage))) {
    if (!awaitsLanding(draft.state, deliverable)) continue;
    draft.ask(
      "review",
      deliverable.id,
      "It is accepted and waits to be landed",
      ["land", "send-back", "drop"],
      deliverable.commit === undefined ? {} : { commit: deliverable.commit },
    );
  }
}

/** The same conversation goes on with the person's text as guidance and every comment as a finding. */
export function onSendBack(draft: Draft, command: SendBack): Rejection | null {
  const { subject, text, comments, by } = command;
  const review = underReview(draft.state, subject);
  if (review === null) return notSendable(draft, subject);
  const { question, commit } = review;
  const said = (draft.state.deliverables[subject]?.comments ?? []).some(isUnanswered);
  if (text.trim() === "" && comments.length === 0 && !said)
    return {
      code: "bad-argument",
      message: "sending back needs words: what must be different",
      hint: `signalbox send-back ${subject} "what must be different"`,
    };
  const refusal = refuseComments(draft, subject, comments, commit);
  if (refusal !== null) return refusal;
  const decision = draft.record({
    question: question.id,
    subject,
    word: "send-back",
    text: [text, ...comments.map((one) => `${placeText(one)}: ${one.text}`)]
      .filter((part) => part !== "")
      .join("; "),
    by,
    constraint: false,
  });
  draft.close(question, decision, `sent back by ${by}`);
  draft.log("SENT_BACK", `${subject} by ${by}`);
  if (commit !== undefined) addComments(draft, subject, { commit, comments, by });
  sendBack(draft, subject, text);
  return null;
}

function notSendable(draft: Draft, subject: string): Rejection {
  const landed = draft.state.deliverables[subject]?.landing !== undefined;
  return landed ? notUnderReview(draft.state, subject) : notWaiting(draft, subject);
}

/** Records what stands on the target already; also for a workflow that was cancelled meanwhile. Twice the same is no error. */
export function onLanded(draft: Draft, command: Landed): Rejection | null {
  const { type: _, subject, ...landing } = command;
  if (subject === WHOLE) return onWholeLanded(draft, landing);
  const deliverable = draft.state.deliverables[subject];
  if (deliverable === undefined || draft.state.plan.finish.per !== "slot") return notWaiting(draft, subject);
  if (deliverable.landing !== undefined)
    return deliverable.landing.commit === landing.commit ? null : notSendable(draft, subject);
  if (deliverable.step !== "merged") return notWaiting(draft, subject);
  const { by, way, target, commit, url } = landing;
  const question = openQuestion(draft.state, subject);
  if (question !== undefined) {
    const decision = draft.record({
      question: question.id,
      subject,
      word: "land",
      text: "",
      by,
      constraint: false,
    });
    draft.close(question, decision, `landed by ${by}`);
  }
  draft.emit({
    type: "deliverable.landed",
    subject,
    landing: { way, target, commit, ...(url === undefined ? {} : { url }), by, at: draft.at },
  });
  draft.log("LANDED", `${subject} on ${target} as ${commit.slice(0, 12)} by ${by}`);
  return null;
}

/** Subject of a landing of the whole result; no slot can be called so. */
const WHOLE = "workflow";

function onWholeLanded(draft: Draft, landing: Omit<Landing, "at">): Rejection | null {
  const { id, status, landed, plan } = draft.state;
  if (landed !== undefined)
    return landed.commit === landing.commit
      ? null
      : {
          code: "not-waiting",
          message: `${id} has landed on ${landed.target} already, as ${landed.commit.slice(0, 12)}`,
        };
  if (status !== "COMPLETE" || plan.finish.per !== "workflow") return notWaiting(draft, id);
  draft.emit({ type: "workflow.landed", landing: { ...landing, at: draft.at } });
  draft.log("LANDED", `${id} on ${landing.target} as ${landing.commit.slice(0, 12)} by ${landing.by}`);
  return null;
}

/** Its commit stays on the integration branch; it is only not landed. */
export function dropWork(draft: Draft, subject: string, by: string): void {
  draft.emit({ type: "deliverable.dropped", subject, by });
}

/** Landing and sending back are more than a word: they have verbs of their own. */
export function refuseReviewWord(question: Question, word: DecisionWord): Rejection {
  const command = wordCommand(question.subject, word);
  return {
    code: "bad-argument",
    message: `${word} is a verb of its own`,
    hint: word === "send-back" ? `${command} "what must be different"` : command,
  };
}
