/**
 * Work that lands by itself (`finish.per: slot`): its review by a person, sending it back, landing and dropping it. And the
 * record that a whole result has landed.
 * Source: design §8 (dispatch), definition `finish.per`.
 */
import type { LineComment, PersonCommand, Rejection } from "./command.ts";
import { notWaiting, sendBack } from "./decide-approval.ts";
import type { Landing } from "./deliverable.ts";
import type { Draft } from "./draft.ts";
import { awaitsLanding, lastRound, openQuestion, requireDeliverable, stageDeliverables } from "./queries.ts";
import { type DecisionWord, type Question, type QuestionKind, wordCommand } from "./question.ts";
import type { Finding } from "./round.ts";

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

/** Questions that are about work as it stands, so that its agent can take it up again. */
const ABOUT_WORK: ReadonlySet<QuestionKind> = new Set(["review", "unverified", "protect", "escalation"]);

/** The same conversation goes on with the person's text as guidance and every comment as a finding. */
export function onSendBack(draft: Draft, command: SendBack): Rejection | null {
  const { subject, text, comments, by } = command;
  const question = openQuestion(draft.state, subject);
  if (question === undefined || !ABOUT_WORK.has(question.kind)) return notSendable(draft, subject);
  if (text.trim() === "" && comments.length === 0)
    return {
      code: "bad-argument",
      message: "sending back needs words: what must be different",
      hint: `signalbox send-back ${subject} "what must be different"`,
    };
  const decision = draft.record({
    question: question.id,
    subject,
    word: "send-back",
    text: [text, ...comments.map(commentText)].filter((part) => part !== "").join("; "),
    by,
    constraint: false,
  });
  draft.close(question, decision, `sent back by ${by}`);
  draft.log("SENT_BACK", `${subject} by ${by}`);
  if (comments.length > 0)
    draft.emit({ type: "round.found", subject, findings: toFindings(draft, subject, comments, by) });
  sendBack(draft, subject, text);
  return null;
}

function notSendable(draft: Draft, subject: string): Rejection {
  const { landing } = draft.state.deliverables[subject] ?? {};
  if (landing === undefined) return notWaiting(draft, subject);
  return {
    code: "not-waiting",
    message: `${subject} has landed on ${landing.target} already, as ${landing.commit.slice(0, 12)}`,
    hint: `What is missing is a new task: signalbox dispatch "…"`,
  };
}

function toFindings(
  draft: Draft,
  subject: string,
  comments: readonly LineComment[],
  by: string,
): readonly Finding[] {
  const round = lastRound(requireDeliverable(draft.state, subject));
  const [number, known] = [round?.round ?? 1, round?.findings.length ?? 0];
  return comments.map((comment, index) => ({
    id: `F-${number}-${known + index + 1}`,
    type: "BLIND_SPOT",
    severity: "HIGH",
    source: `person:${by}`,
    section: placeOf(comment),
    evidence: comment.text,
    action: comment.text,
    resolved: false,
  }));
}

function placeOf({ path, line }: LineComment): string {
  return line === null ? path : `${path}:${line}`;
}

function commentText(comment: LineComment): string {
  return `${placeOf(comment)}: ${comment.text}`;
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
