/** Starts and ends of sessions: what an outcome means for the step that waited for it. */
import { answerOf, parseCritique, parseJudgement } from "../quality/answers.ts";
import { parseHandoff } from "../quality/handoff.ts";
import { critiqueParts } from "../quality/lenses.ts";
import { type CreatorReport, parseReport } from "../quality/summary.ts";
import { isSessionLimit } from "./budget.ts";
import type { OutcomeCommand, Rejection } from "./command.ts";
import { recordAnswers } from "./decide-comment.ts";
import { endsStopped } from "./decide-stop.ts";
import type { Draft } from "./draft.ts";
import type { SessionEffect } from "./effect.ts";
import { effectiveGate } from "./effective-gate.ts";
import { isCreator } from "./evolve-session.ts";
import { handoffSources } from "./handoff-sources.ts";
import { recordFindings, recordSample, toJudge } from "./judge-round.ts";
import { settleLive } from "./live-questions.ts";
import type { SessionOutcome } from "./outcome.ts";
import { lastRound, requireDeliverable, requirePlanned } from "./queries.ts";
import { recover } from "./recovery.ts";
import { isHeldUp, isOldNews, noteServed, refusalOf } from "./service.ts";
import type { SessionRecord } from "./session-record.ts";
import { failDeliverable, pause, retryOrFail, stale } from "./trouble.ts";

/** Journalled before the process starts, so that its conversation can be found after any crash (T4). */
export function onSessionDispatched(draft: Draft, effect: SessionEffect, conversation: string): null {
  if (draft.state.sessions[effect.id] !== undefined) return null;
  draft.emit({
    type: "session.dispatched",
    session: {
      id: effect.id,
      purpose: effect.purpose,
      subject: effect.subject,
      epoch: effect.epoch,
      attempt: effect.attempt,
      round: effect.round,
      part: effect.part,
      role: effect.role,
      adapter: effect.adapter,
      ...(effect.model === undefined ? {} : { model: effect.model }),
      conversation,
      status: "DISPATCHED",
      dispatchedAt: draft.at,
      reservedUsd: effect.reservedUsd,
      ...(effect.usd === null ? {} : { usd: effect.usd }),
    },
  });
  return null;
}

export function onSessionEnded(
  draft: Draft,
  command: Extract<OutcomeCommand, { type: "session-ended" }>,
): Rejection | null {
  const record = draft.state.sessions[command.effect];
  if (record === undefined || record.status === "ENDED") return stale(command.effect);
  const { outcome } = command;
  const wanted = isWanted(draft, record);
  const good = outcome.kind === "ok" || outcome.kind === "blocked";
  draft.emit({
    type: "session.ended",
    session: record.id,
    outcome: withoutAnswer(outcome),
    retried: wanted && !good && outcome.kind !== "cancelled" && refusalOf(outcome) !== "usage-window",
  });
  settleLive(draft, record.id);
  noteServed(draft, outcome);
  const heldUp = isHeldUp(draft, record, outcome);
  if (endsStopped(draft, record)) return null;
  if (!wanted || heldUp || outcome.kind === "cancelled") return null;
  if (pausesAll(draft, record, outcome)) return null;
  if (isCreator(record.purpose)) onCreatorEnded(draft, record, outcome);
  else if (record.purpose === "critique") onCriticEnded(draft, record, outcome);
  else onJudgeEnded(draft, record, outcome);
  return null;
}

/** What an answer means goes on record as samples, findings and handoffs; as it was given it stays in the session's own result. */
function withoutAnswer(outcome: SessionOutcome): SessionOutcome {
  if (outcome.kind !== "ok") return outcome;
  const { structured: _, ...rest } = outcome;
  return rest;
}

/** False for sessions of an epoch, attempt, round or step that is over: their late outcomes only settle the account. */
function isWanted(draft: Draft, record: SessionRecord): boolean {
  const deliverable = draft.state.deliverables[record.subject];
  if (
    deliverable === undefined ||
    record.epoch !== deliverable.epoch ||
    record.attempt !== deliverable.attempt
  )
    return false;
  if (lastRound(deliverable)?.round !== record.round) return false;
  const step = isCreator(record.purpose) ? "create" : record.purpose;
  return deliverable.step === step;
}

/** An expired login concerns every session: one question, not many (design §5). */
function pausesAll(draft: Draft, record: SessionRecord, outcome: SessionOutcome): boolean {
  if (outcome.kind !== "api" || outcome.errorClass !== "auth") return false;
  if (isOldNews(draft.state, record)) return true;
  const why = `The agent is not logged in or may not use the model: ${outcome.message}`;
  pause(draft, `${why} (log in, for Claude Code with: claude /login)`, "auth");
  return true;
}

function onCreatorEnded(draft: Draft, record: SessionRecord, outcome: SessionOutcome): void {
  if (outcome.kind !== "ok" && outcome.kind !== "blocked") return onTrouble(draft, record, outcome);
  if (record.purpose === "handoff") return onHandoffEnded(draft, record, outcome);
  const report = parseReport(outcome.text);
  if (!hasSelfReview(draft, record.subject, outcome.text, report)) {
    return retryOrFail(draft, record.subject, "The closing report has no self-review (S-010)", 0);
  }
  const denials = outcome.denials.length === 0 ? "" : `; ${outcome.denials.length} tool calls were denied`;
  draft.emit({
    type: "round.noted",
    subject: record.subject,
    patch: {
      creatorSession: record.id,
      selfReview: report.selfReview.length > 0,
      revision: `${report.changes ?? report.summary}${denials}`,
      ...(report.leftOut.length === 0 ? {} : { leftOut: report.leftOut }),
    },
  });
  recordAnswers(draft, record.subject, report);
  draft.move(record.subject, "commit", { summary: report.summary });
}

/** H-15: judged work is not presented before its maker has reviewed it; at C1 nobody asks. */
function hasSelfReview(draft: Draft, subject: string, text: string, report: CreatorReport): boolean {
  const gate = effectiveGate(draft.state, requireDeliverable(draft.state, subject));
  return !gate.judged || report.selfReview.length > 0 || /\bself-review\b/i.test(text);
}

/** A handoff is structured content; the coordinator writes the file (domain §7). */
function onHandoffEnded(draft: Draft, record: SessionRecord, outcome: SessionOutcome): void {
  const planned = requirePlanned(draft.state, record.subject);
  const parsed = parseHandoff(outcome.kind === "ok" ? answerOf(outcome) : undefined, {
    sources: handoffSources(draft.state, planned),
    criticality: planned.criticality.effective,
  });
  if (!parsed.ok)
    return retryOrFail(draft, record.subject, `The handoff breaks its contract: ${parsed.reason}`);
  draft.emit({ type: "handoff.written", subject: record.subject, content: parsed.content });
  draft.emit({
    type: "round.noted",
    subject: record.subject,
    patch: { creatorSession: record.id, selfReview: true, revision: parsed.content.purpose },
  });
  draft.move(record.subject, "commit", { summary: parsed.content.keyFindings[0] ?? parsed.content.purpose });
}

function onTrouble(draft: Draft, record: SessionRecord, outcome: SessionOutcome): void {
  if (outcome.kind === "ok" || outcome.kind === "blocked" || outcome.kind === "cancelled") return;
  const what = `${record.role} session ${describe(outcome)}`;
  if (hasSpentItsShare(record, outcome)) {
    if (isSessionLimit(record, requirePlanned(draft.state, record.subject)))
      return askAtSessionLimit(draft, record, what);
    draft.log(
      "SHARE_SPENT",
      `${record.subject}: ${what}; it goes on with what is left of the limit, if anything is`,
    );
    return;
  }
  if (isCreator(record.purpose)) return recover(draft, record, outcome, what);
  if (outcome.retry === "never") return failDeliverable(draft, record.subject, what);
  const afterMs = typeof outcome.retry === "object" ? outcome.retry.afterMs : undefined;
  retryOrFail(draft, record.subject, what, afterMs);
}

/**
 * What was reserved for one session is a share of a limit, not a limit of its author: the conversation goes on with what is left,
 * and where nothing is, a person is asked about the limit itself (P5).
 */
function hasSpentItsShare(record: SessionRecord, outcome: SessionOutcome): boolean {
  const limited = outcome.kind === "limit" && outcome.which === "usd";
  const canGoOn = outcome.sessionId !== "" && (outcome.usage.costUsd ?? 0) > 0;
  return limited && canGoOn && isCreator(record.purpose);
}

/** The conversation may go on with as much again, but only a person says so (P5). */
function askAtSessionLimit(draft: Draft, { subject }: SessionRecord, what: string): void {
  draft.move(subject, "waiting");
  draft.askBlocking("limit", subject, `${what}; its work so far is kept`, SESSION_LIMIT_OPTIONS, {
    continues: "create",
  });
}

const SESSION_LIMIT_OPTIONS = ["continue", "retry", "write", "skip"] as const;

/** A critic that cannot be had is no pass: after the retries the gate escalates through the failure question. */
function onCriticEnded(draft: Draft, record: SessionRecord, outcome: SessionOutcome): void {
  if (outcome.kind !== "ok") {
    return outcome.kind === "blocked"
      ? retryOrFail(draft, record.subject, "The critic was denied its tools")
      : onTrouble(draft, record, outcome);
  }
  const deliverable = requireDeliverable(draft.state, record.subject);
  const gate = effectiveGate(draft.state, deliverable);
  const { mode } = requirePlanned(draft.state, record.subject).settings.critic;
  const parsed = parseCritique(answerOf(outcome), gate, { mode, part: record.part });
  if (!parsed.ok) return retryOrFail(draft, record.subject, `The critique does not count: ${parsed.reason}`);
  recordFindings(draft, record.subject, `critic:${record.role}`, parsed.findings);
  const round = lastRound(deliverable);
  const critiques = [...(round?.critiques ?? []), record.part];
  draft.emit({
    type: "round.noted",
    subject: record.subject,
    patch: {
      critiques,
      patternsUsed: [...(round?.patternsUsed ?? []), ...parsed.patternsUsed],
      strategiesUsed: [...(round?.strategiesUsed ?? []), ...parsed.strategiesUsed],
    },
  });
  if (critiques.length >= critiqueParts(gate, mode).length) toJudge(draft, record.subject);
}

/** Trouble of the network is tried again; everything else makes the sample invalid, and an invalid sample counts for nothing. */
function onJudgeEnded(draft: Draft, record: SessionRecord, outcome: SessionOutcome): void {
  const deliverable = requireDeliverable(draft.state, record.subject);
  const { retries } = requirePlanned(draft.state, record.subject).settings.limits;
  if (outcome.kind === "api" && outcome.retry !== "never" && deliverable.tries < retries) {
    return onTrouble(draft, record, outcome);
  }
  if (outcome.kind !== "ok") return recordSample(draft, record, { ok: false, reason: describe(outcome) });
  recordSample(draft, record, parseJudgement(answerOf(outcome), effectiveGate(draft.state, deliverable)));
}

function describe(outcome: SessionOutcome): string {
  switch (outcome.kind) {
    case "ok":
      return "ended";
    case "limit":
      return `reached its ${outcome.which} limit: ${outcome.message}`;
    case "api":
      return `failed with ${outcome.errorClass}${outcome.status === null ? "" : ` (${outcome.status})`}: ${outcome.message}`;
    case "blocked":
      return `was denied ${outcome.denials.map((d) => `${d.tool} ${d.target}`).join(", ")}`;
    case "cancelled":
      return `was cancelled: ${outcome.reason}`;
    case "crashed":
      return `crashed: ${outcome.message}`;
    default:
      return outcome satisfies never;
  }
}
