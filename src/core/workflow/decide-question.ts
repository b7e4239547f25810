/** The decisions of a person on escalations, failures, conflicts, limits (domain §9.5, design §11 nos. 3, 4, 7). */
import { bestRound } from "../quality/verdict.ts";
import type { CommitId } from "../vocabulary.ts";
import { handBack, recordDetached } from "./attachment.ts";
import type { PersonCommand, Rejection } from "./command.ts";
import { notAnOption, notWaiting, onApprove, onReject, sendBack } from "./decide-approval.ts";
import { toChecks } from "./decide-commit.ts";
import { cancel } from "./decide-control.ts";
import { dropWork, refuseReviewWord } from "./decide-landing.ts";
import { finishWhatRuns, raiseLimit, refuseLimit } from "./decide-limit.ts";
import { decideLive } from "./decide-live.ts";
import { continueStopped } from "./decide-stop.ts";
import type { Draft } from "./draft.ts";
import type { EventBody } from "./event.ts";
import { currentRounds, hasEnded, isFinished, lastRound, requireDeliverable, stageById } from "./queries.ts";
import type { Question } from "./question.ts";
import { acceptableRounds } from "./rejoin.ts";
import { rewindTo } from "./rewind.ts";
import { reachStageCheckpoint } from "./stage.ts";
import type { PhaseGateState } from "./stage-state.ts";
import { decideSync } from "./sync.ts";
import { goOnWith, takeOver } from "./take-over.ts";

type Attempted = Extract<EventBody, { type: "deliverable.attempted" }>;
type Decide = Extract<PersonCommand, { type: "decide" }>;

/** `subject` may also be the id of a question; a question of a running session counts where nothing else waits or its words fit. */
export function onDecide(draft: Draft, asked: Decide): Rejection | null {
  const question = decidedQuestion(draft, asked);
  if (question === undefined) return notWaiting(draft, asked.subject);
  const command = { ...asked, subject: question.subject };
  if (!question.options.includes(command.word)) return notAnOption(question, command.word);
  if (question.session !== undefined) return decideLive(draft, question, command);
  if (command.word === "approve")
    return onApprove(draft, { ...command, type: "approve", note: command.text });
  if (command.word === "reject")
    return onReject(draft, { ...command, type: "reject", note: command.text, clean: false });
  const refusal = refuse(draft, question, command);
  if (refusal !== null) return refusal;
  const decision = draft.record({
    question: question.id,
    subject: command.subject,
    word: command.word,
    text: command.text,
    by: command.by,
    constraint: command.word === "back" && command.text !== "",
  });
  draft.close(
    question,
    decision,
    `${command.word} by ${command.by}${command.text === "" ? "" : `: ${command.text}`}`,
  );
  draft.log("DECIDED", `${command.subject}: ${command.word} by ${command.by}`);
  if (question.kind === "attached") recordDetached(draft, command.subject, command.by);
  carryOut(draft, question, command, decision);
  return null;
}

function decidedQuestion(draft: Draft, { subject, word }: Decide): Question | undefined {
  const named = draft.state.questions.filter((q) => q.id === subject || q.subject === subject);
  return (
    named.find((q) => q.options.includes(word)) ?? named.find((q) => q.session === undefined) ?? named[0]
  );
}

/** Everything that can be wrong with the arguments, before anything is recorded. */
function refuse(draft: Draft, question: Question, command: Decide): Rejection | null {
  switch (command.word) {
    case "guide":
      return command.text.trim() === ""
        ? {
            code: "bad-argument",
            message: "guide needs the guidance",
            hint: `signalbox decide ${question.subject} guide "what to change"`,
          }
        : null;
    case "back":
      return backStage(draft, question, command) === null
        ? {
            code: "bad-argument",
            message: `no earlier phase ${command.to ?? ""} to go back to`,
            hint: `signalbox decide ${question.subject} back --to phase-1`,
          }
        : null;
    case "accept":
      return acceptedRound(draft, question, command) === undefined
        ? {
            code: "bad-argument",
            message: `no round ${command.round ?? ""} of ${question.subject} with a commit to accept`,
          }
        : null;
    case "add":
      return refuseLimit(draft, question, command);
    case "land":
    case "send-back":
      return refuseReviewWord(question, command.word);
    default:
      return null;
  }
}

function carryOut(draft: Draft, question: Question, command: Decide, decision: string): void {
  const { subject } = question;
  switch (command.word) {
    case "accept":
      return acceptWork(draft, question, command, decision);
    case "guide":
      return sendBack(draft, subject, command.text);
    case "resolve":
      return resolveByHand(draft, question);
    case "back":
      return goBack(draft, question, command);
    case "cancel":
    case "stop":
      return cancel(draft, command.by, command.text || `decided on ${subject}`);
    case "rerun":
      // Only the checks of work that is there could not be run; a new attempt would throw the work away.
      return question.kind === "failure" ? draft.move(subject, "checks") : again(draft, question);
    case "retry":
    case "redo":
      return again(draft, question);
    case "skip":
      if (subject === "workflow") return leaveOut(draft, command);
      if (question.kind === "sync") return decideSync(draft, question, "skip");
      return goOnWith(draft, subject, { word: "skip", by: command.by, text: command.text });
    case "write":
      return goOnWith(draft, subject, { word: command.word, by: command.by, text: command.text });
    case "done":
      return done(draft, question, command);
    case "waive":
      return waive(draft, question);
    case "add":
      return raiseLimit(draft, question, command);
    case "finish":
      return finishWhatRuns(draft, command.by);
    case "resume":
      // What an ended workflow still has to write is tried again because its question is closed.
      return hasEnded(draft.state) ? undefined : draft.emit({ type: "workflow.resumed", by: command.by });
    case "drop":
      return dropWork(draft, subject, command.by);
    case "continue":
      if (question.kind === "attached") return handBack(draft, subject, "agent", command.text);
      return continueStopped(draft, subject, question.continues ?? "create", command.text);
    case "answer":
    case "allow":
    case "deny":
    case "say":
    case "land":
    case "send-back":
    case "approve":
    case "reject":
      return;
    default:
      return command.word satisfies never;
  }
}

/** Of an ended workflow: what could not be written on the integration branch. */
function leaveOut(draft: Draft, { by, text }: Decide): void {
  const reason = `skipped by ${by}${text === "" ? "" : `: ${text}`}`;
  for (const { id } of draft.state.integrations)
    draft.emit({ type: "integration.dropped", integration: id, reason });
}

/** The gate is waived for one version: by default the best (domain §9.5 a). */
function acceptWork(draft: Draft, question: Question, command: Decide, decision: string): void {
  const round = acceptedRound(draft, question, command);
  if (round?.commit === undefined) return;
  draft.emit({
    type: "deliverable.approved",
    subject: question.subject,
    approval: {
      commit: round.commit,
      round: round.round,
      score: round.score ?? null,
      by: "person",
      decision,
      kind: "WAIVED",
      at: draft.at,
    },
  });
  draft.move(question.subject, "merge");
}

function acceptedRound(draft: Draft, question: Question, command: Decide) {
  const deliverable = draft.state.deliverables[question.subject];
  if (deliverable === undefined) return undefined;
  if (command.round === undefined) return bestRound(acceptableRounds(deliverable));
  return currentRounds(deliverable).find((r) => r.round === command.round && r.commit !== undefined);
}

/** The person merges the integration branch into the attempt's; from then on only what differs from today's tip is theirs. */
function resolveByHand(draft: Draft, question: Question): void {
  const { subject, files = [] } = question;
  const { attempt, branch, commit } = requireDeliverable(draft.state, subject);
  const { head, plan } = draft.state;
  if (branch !== undefined && head !== null) {
    const other = unseen(draft, question);
    draft.emit({ type: "deliverable.attempted", subject, attempt, branch, base: head, ...other });
    const from = question.commit ?? commit;
    if (from !== undefined && other.resolves === undefined)
      draft.emit({ type: "deliverable.returned", subject, ...joinedByHand(head, from, files) });
  }
  takeOver(
    draft,
    question.subject,
    `merges ${plan.layout.branchPrefix}/main, resolves the conflict and commits`,
  );
}

/** What was approved, where the worktree holds something else: the marks of a merge there do not show what that lacks. */
function unseen(draft: Draft, { subject, files }: Question): Pick<Attempted, "resolves"> {
  const deliverable = requireDeliverable(draft.state, subject);
  const from = deliverable.approval?.commit;
  if (from === undefined || files === undefined || lastRound(deliverable)?.commit === from) return {};
  return { resolves: { from, files } };
}

/** Where the person has it taken up by an agent after all, what that makes of the conflict is a proposal like any other. */
function joinedByHand(onto: CommitId, from: CommitId, files: readonly string[]) {
  const why = files.length > 0 ? "conflict" : "checks";
  return { rejoin: { why, onto, from, files, joined: from, byHand: true }, extraRounds: 0 } as const;
}

function done(draft: Draft, question: Question, command: Decide): void {
  if (question.kind === "attached") return handBack(draft, question.subject, "gate");
  if (question.kind === "user-artifact") draft.move(question.subject, "commit");
  else draft.move(question.subject, "skipped", { summary: `nothing to change, said ${command.by}` });
}

function goBack(draft: Draft, question: Question, command: Decide): void {
  const stage = backStage(draft, question, command);
  if (stage === null) return;
  rewindTo(draft, {
    stage,
    checkpoint: null,
    commit: null,
    reason: `${question.subject} sent back: ${command.text}`,
  });
}

function backStage(draft: Draft, question: Question, command: Decide): number | null {
  const here = stageOf(draft, question.subject);
  const named =
    command.to === undefined
      ? draft.state.plan.stages.findLast((s) => s.kind === "phase" && s.index < here)
      : stageById(draft.state, command.to);
  return named !== undefined && named.index <= here ? named.index : null;
}

function stageOf(draft: Draft, subject: string): number {
  const { plan } = draft.state;
  return (
    plan.deliverables.find((d) => d.id === subject)?.stage ??
    plan.stages.find((s) => s.id === subject)?.index ??
    plan.stages.length
  );
}

/** A new attempt from the present tip; for a barrier, its open handoffs. */
function again(draft: Draft, question: Question): void {
  if (question.kind === "sync") return decideSync(draft, question, "retry");
  const stage = draft.state.plan.stages.find((s) => s.id === question.subject);
  if (stage === undefined) return draft.move(question.subject, "ready");
  if (stage.kind !== "barrier") return;
  draft.emit({ type: "barrier.moved", barrier: stage.id, status: "PENDING", retryCount: 0 });
  for (const id of stage.handoffs) {
    if (!isFinished(requireDeliverable(draft.state, id))) draft.move(id, "blocked");
  }
}

function waive(draft: Draft, question: Question): void {
  if (question.kind === "sync") return decideSync(draft, question, "waive");
  const gate = draft.state.phaseGates[question.subject];
  if (gate !== undefined) waivePhaseGate(draft, gate);
  else if (question.kind === "criticality") waiveCriticality(draft, question);
}

function waivePhaseGate(draft: Draft, gate: PhaseGateState): void {
  draft.emit({ type: "phase-gate.decided", gate: { ...gate, status: "WAIVED", at: draft.at } });
  const stage = draft.state.plan.stages.find((s) => s.id === gate.id);
  if (stage === undefined) return;
  draft.log(`PHASE_${stage.number}_COMPLETE`, `${stage.name}, gate waived`);
  reachStageCheckpoint(draft, stage);
}

/** The author's own level holds again, with the lighter set of strategies. */
function waiveCriticality(draft: Draft, question: Question): void {
  const raised = draft.state.plan.deliverables.filter((d) =>
    question.subject === "plan" ? d.criticality.escalations.length > 0 : d.id === question.subject,
  );
  for (const planned of raised) {
    draft.emit({
      type: "deliverable.escalated",
      subject: planned.id,
      criticality: planned.criticality.declared,
      escalations: [],
    });
  }
  if (question.subject === "plan") draft.emit({ type: "plan.approved", by: "waiver" });
  else toChecks(draft, question.subject);
}
