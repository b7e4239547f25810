/** Approving and rejecting what waits for a person: plan, checkpoints, the end, protected or unverified work. */
import type { PersonCommand, Rejection } from "./command.ts";
import { handComments } from "./decide-comment.ts";
import { toChecks } from "./decide-commit.ts";
import { cancel } from "./decide-control.ts";
import type { Approval } from "./deliverable.ts";
import type { Draft } from "./draft.ts";
import { lastRound, openQuestion, requireDeliverable, requirePlanned, stageById } from "./queries.ts";
import { type DecisionWord, liveCommand, type Question, wordCommand } from "./question.ts";
import { rewindTo } from "./rewind.ts";
import { takeOver } from "./take-over.ts";

type Approve = Extract<PersonCommand, { type: "approve" }>;
type Reject = Extract<PersonCommand, { type: "reject" }>;

export function onApprove(draft: Draft, command: Approve): Rejection | null {
  const question = openQuestion(draft.state, command.subject);
  if (question === undefined) return notWaiting(draft, command.subject);
  if (!question.options.includes("approve")) return notAnOption(question, "approve");
  if (command.commit !== undefined && command.commit !== question.commit) return notWhatWasSeen(question);
  const decision = draft.record({
    question: question.id,
    subject: command.subject,
    word: "approve",
    text: command.note,
    by: command.by,
    constraint: false,
  });
  draft.close(question, decision, `approved by ${command.by}`);
  approveByKind(draft, question, command, decision);
  return null;
}

/** Somebody who accepts several from one screen may have looked at it for a while (P2). */
function notWhatWasSeen({ subject, commit }: Question): Rejection {
  const now = commit === undefined ? "no commit waits there now" : `${commit.slice(0, 8)} waits there now`;
  return {
    code: "stale",
    message: `${subject} has changed since it was shown: ${now}`,
    hint: `Look at it again: signalbox review ${subject}`,
  };
}

function approveByKind(draft: Draft, question: Question, command: Approve, decision: string): void {
  switch (question.kind) {
    case "plan":
      draft.emit({ type: "plan.approved", by: command.by });
      return;
    case "criticality":
      if (command.subject === "plan") draft.emit({ type: "plan.approved", by: command.by });
      else toChecks(draft, command.subject);
      return;
    case "checkpoint":
      draft.emit({
        type: "checkpoint.answered",
        checkpoint: command.subject,
        status: "APPROVED",
        by: command.by,
        notes: command.note,
      });
      draft.log("CHECKPOINT_APPROVED", `${command.subject} by ${command.by}`);
      draft.queue({ type: "record", reason: `${command.subject} approved` });
      return;
    case "finish":
      draft.emit({ type: "finish.approved", by: command.by });
      return;
    default:
      approveWork(draft, question, command.by, decision);
  }
}

/** A person accepts exactly the commit that the question named (P2). */
function approveWork(draft: Draft, question: Question, by: string, decision: string): void {
  const deliverable = requireDeliverable(draft.state, question.subject);
  const commit = question.commit ?? deliverable.commit;
  if (commit === undefined) return;
  const round = lastRound(deliverable);
  draft.emit({
    type: "deliverable.approved",
    subject: question.subject,
    approval: {
      commit,
      round: round?.round ?? 0,
      score: round?.score ?? null,
      by: "person",
      decision,
      kind: kindOf(question),
      at: draft.at,
    },
  });
  draft.log("WORK_ACCEPTED", `${question.subject} by ${by}`);
  draft.move(question.subject, "merge");
}

function kindOf({ kind }: Question): Approval["kind"] {
  if (kind === "user-artifact") return "WAIVED";
  return kind === "unverified" ? "UNVERIFIED" : "PASS";
}

export function onReject(draft: Draft, command: Reject): Rejection | null {
  const question = openQuestion(draft.state, command.subject);
  if (question === undefined) return notWaiting(draft, command.subject);
  if (!question.options.includes("reject")) return notAnOption(question, "reject");
  const target =
    question.kind === "checkpoint" || question.kind === "finish"
      ? backTarget(draft, question, command)
      : null;
  if (target !== null && "code" in target) return target;
  const decision = draft.record({
    question: question.id,
    subject: command.subject,
    word: "reject",
    text: command.note,
    by: command.by,
    constraint: command.note !== "",
    ...(target === null ? {} : { stage: target.stage }),
  });
  draft.close(question, decision, `rejected by ${command.by}: ${command.note}`);
  if (target !== null) rejectBack(draft, question, command, target);
  else if (question.subject === "plan") cancel(draft, command.by, `plan rejected: ${command.note}`);
  else sendBack(draft, question.subject, command.note);
  return null;
}

interface BackTarget {
  readonly stage: number;
  readonly commit: string | null;
}

/** Where a rejection goes back to: the named phase, by default the one just finished (design §11 no. 6). */
function backTarget(draft: Draft, question: Question, command: Reject): BackTarget | Rejection {
  const entry = draft.state.checkpoints.findLast((c) => c.id === question.subject);
  const position = entry?.position ?? draft.state.plan.stages.length;
  const named =
    command.to === undefined
      ? draft.state.plan.stages.findLast((s) => s.kind === "phase" && s.index < position)
      : stageById(draft.state, command.to);
  if (named === undefined || named.kind !== "phase" || named.index >= position) {
    const phases = draft.state.plan.stages
      .filter((s) => s.kind === "phase" && s.index < position)
      .map((s) => s.id);
    return {
      code: "bad-argument",
      message: `no finished phase ${command.to ?? ""} to go back to`,
      hint: `Phases before ${question.subject}: ${phases.join(", ")}`,
    };
  }
  if (!command.clean) return { stage: named.index, commit: null };
  const before = draft.state.checkpoints.findLast(
    (c) => c.position <= named.index && !c.rolledBack && c.commit !== null,
  );
  const opening = before?.commit ?? draft.state.openings[named.index] ?? null;
  return { stage: named.index, commit: opening };
}

function rejectBack(draft: Draft, question: Question, command: Reject, target: BackTarget): void {
  if (question.kind === "checkpoint") {
    draft.emit({
      type: "checkpoint.answered",
      checkpoint: question.subject,
      status: "REJECTED",
      by: command.by,
      notes: command.note,
    });
    draft.log("CHECKPOINT_REJECTED", `${question.subject} by ${command.by}: ${command.note}`);
  }
  rewindTo(draft, { ...target, checkpoint: null, reason: `${question.subject} rejected: ${command.note}` });
}

/** Rejected work goes back to its creator with the note as guidance and every unanswered comment as a finding, one extra round. */
export function sendBack(draft: Draft, subject: string, note: string): void {
  handComments(draft, subject);
  const deliverable = requireDeliverable(draft.state, subject);
  const round = lastRound(deliverable)?.round ?? 0;
  const planned = requirePlanned(draft.state, subject);
  // What an agent makes from here on is no longer a person's, so that only the gate lets it pass.
  if (deliverable.manual && !planned.byPerson)
    draft.emit({ type: "deliverable.manual", subject, manual: false });
  const beyond = round >= planned.gate.loop.max + deliverable.extraRounds ? 1 : 0;
  draft.emit({ type: "deliverable.guided", subject, guidance: note, extraRounds: beyond });
  if (planned.byPerson) return takeOver(draft, subject, `makes it anew: ${note}`);
  draft.emit({ type: "round.started", subject, round: round + 1 });
  draft.move(subject, "create");
}

export function notWaiting(draft: Draft, subject: string): Rejection {
  const waiting = draft.state.questions.map((q) => q.subject);
  return {
    code: "not-waiting",
    message: `${subject} does not wait for a decision`,
    hint:
      waiting.length === 0
        ? "Nothing waits now. To see the state, run: signalbox status"
        : `Waiting: ${waiting.join(", ")}`,
  };
}

export function notAnOption(question: Question, word: string): Rejection {
  return {
    code: "not-an-option",
    message: `${question.session === undefined ? question.subject : question.id} cannot be answered with ${word}`,
    hint: `Possible: ${question.options.map((o) => optionCommand(question, o)).join(" | ")}`,
  };
}

function optionCommand(question: Question, word: DecisionWord): string {
  return question.session === undefined ? wordCommand(question.subject, word) : liveCommand(question, word);
}
