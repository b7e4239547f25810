/**
 * From the evidence of a round to its verdict; what follows is in `conclude-round`.
 *
 * Invariants: G1 PASS only through `decideRound` with a score where the gate is judged (H-17); G2 whatever is missing, late or
 * malformed ends as ESCALATED or another round, never as PASS; G3 an approval names the commit that was reviewed.
 */

import { againstBaseText, givesNoVerdict } from "../quality/against-base.ts";
import type { InvalidAnswer, Judgement } from "../quality/answers.ts";
import { criteriaFindings, mergeFindings, numberFindings } from "../quality/findings.ts";
import { needsCritique } from "../quality/lenses.ts";
import { type DecidedPanel, panelStatus } from "../quality/panel.ts";
import type { RawFinding } from "../quality/raw-finding.ts";
import { composite } from "../quality/score.ts";
import { decideRound } from "../quality/verdict.ts";
import { conclude, decided, protectionText } from "./conclude-round.ts";
import type { DeliverableState } from "./deliverable.ts";
import type { Draft } from "./draft.ts";
import { effectiveGate } from "./effective-gate.ts";
import type { CheckResult } from "./outcome.ts";
import { currentRounds, lastRound, requireDeliverable, requirePlanned } from "./queries.ts";
import type { Finding, JudgeSample, PanelResult } from "./round.ts";
import type { SessionRecord } from "./session-record.ts";

/** Appends findings of one source to the current round, numbered on. */
export function recordFindings(
  draft: Draft,
  subject: string,
  source: string,
  raw: readonly RawFinding[],
): void {
  const round = lastRound(requireDeliverable(draft.state, subject));
  if (round === undefined || raw.length === 0) return;
  draft.emit({ type: "round.found", subject, findings: numberFindings(raw, round, source) });
}

/** Checks are green or there are none: what does the gate want next? */
export function afterChecks(draft: Draft, subject: string): void {
  const deliverable = requireDeliverable(draft.state, subject);
  if (deliverable.manual) return acceptManual(draft, deliverable);
  const gate = effectiveGate(draft.state, deliverable);
  if (!gate.judged) return decideUnjudged(draft, deliverable, gate.checks.length > 0);
  if (needsCritique(gate)) draft.move(subject, "critique");
  else toJudge(draft, subject);
}

/** The judge reads after the critics; a critic's open CRITICAL finding already settles the round and saves the panel. */
export function toJudge(draft: Draft, subject: string): void {
  draft.move(subject, "judge");
}

/** Work that a person made is accepted by that person; checks have run on it. */
function acceptManual(draft: Draft, deliverable: DeliverableState): void {
  const round = lastRound(deliverable);
  if (round?.commit === undefined) return;
  const decision = draft.state.decisions.findLast((d) => d.subject === deliverable.id)?.id;
  decided(draft, deliverable.id, {
    verdict: "PASS",
    reason: "made by a person",
    score: null,
    displayScore: null,
    band: null,
    panels: [],
  });
  draft.emit({
    type: "deliverable.approved",
    subject: deliverable.id,
    approval: {
      commit: round.commit,
      round: round.round,
      score: null,
      by: "person",
      ...(decision === undefined ? {} : { decision }),
      kind: "WAIVED",
      at: draft.at,
    },
  });
  draft.move(deliverable.id, "merge");
}

/** C1: with checks it passes by them; without one, or where one says nothing, it is UNVERIFIED and a person accepts it (design §7). */
function decideUnjudged(draft: Draft, deliverable: DeliverableState, checked: boolean): void {
  const round = lastRound(deliverable);
  if (round?.commit === undefined) return;
  const silent = (round.checks ?? []).filter(givesNoVerdict);
  if (checked && silent.length === 0) {
    rule(draft, deliverable.id, { panels: [] });
    return;
  }
  draft.move(deliverable.id, "waiting");
  const protection = protectionText(round);
  const reason = `${unverifiedReason(silent)}${protection === null ? "" : `. ${protection}`}`;
  draft.ask("unverified", deliverable.id, reason, ["approve", "reject", "skip"], {
    commit: round.commit,
    ...(protection === null ? {} : { files: round.protectedFiles ?? [] }),
  });
}

function unverifiedReason(silent: readonly CheckResult[]): string {
  if (silent.length === 0) return "No check and no judge looked at it (UNVERIFIED)";
  const words = silent.map((result) => `${result.name} is ${againstBaseText(result)}`).join("; ");
  return `${words}: no verdict on this work (UNVERIFIED)`;
}

/** A round that checks or integrity have already failed is not worth a judge. */
export function decideWithoutJudge(draft: Draft, subject: string, what: string, checksFailed: number): void {
  const deliverable = requireDeliverable(draft.state, subject);
  if (deliverable.manual) {
    draft.move(subject, "waiting");
    const sections = openFindings(deliverable)
      .filter((f) => f.severity === "CRITICAL")
      .map((f) => f.section);
    draft.ask("user-artifact", subject, `${what} of the manual work failed: ${sections.join(", ")}`, [
      "done",
      "skip",
      "cancel",
    ]);
    return;
  }
  rule(draft, subject, { panels: [], checksFailed });
}

/** Rounds beyond the maximum: granted by a person, and for handoffs HARDEN rounds, which do not use up the barrier's retries (design §11 no. 1). */
function extraRounds(draft: Draft, deliverable: DeliverableState): number {
  const hardened = currentRounds(deliverable).filter((r) => r.verdict === "HARDEN").length;
  const isHandoff = requirePlanned(draft.state, deliverable.id).kind === "handoff";
  return deliverable.extraRounds + (isHandoff ? hardened : 0);
}

/** Keeps a judge's answer, valid or not, then looks whether the panels have decided. */
export function recordSample(draft: Draft, record: SessionRecord, answer: Judgement | InvalidAnswer): void {
  const deliverable = requireDeliverable(draft.state, record.subject);
  const gate = effectiveGate(draft.state, deliverable);
  const common = { reviewer: record.role, sample: record.part, effectId: record.id, at: draft.at };
  const sample: JudgeSample = answer.ok
    ? {
        ...common,
        valid: true,
        scores: answer.scores,
        evidence: answer.evidence,
        composite: composite(gate.rubric, answer.scores),
        criteria: answer.criteria,
        findings: [
          ...numberFindings(answer.findings, lastRound(deliverable), `judge:${record.role}`),
          ...criteriaFindings(answer.criteria, lastRound(deliverable), `judge:${record.role}`),
        ],
      }
    : {
        ...common,
        valid: false,
        invalidReason: answer.reason,
        scores: {},
        evidence: {},
        composite: null,
        criteria: [],
        findings: [],
      };
  draft.emit({ type: "round.sampled", subject: record.subject, sample });
  evaluateRound(draft, record.subject);
}

/** Decides the round as soon as every reviewer's panel has decided, or one of them has failed it. */
export function evaluateRound(draft: Draft, subject: string): void {
  const deliverable = requireDeliverable(draft.state, subject);
  const planned = requirePlanned(draft.state, subject);
  const gate = effectiveGate(draft.state, deliverable);
  const round = lastRound(deliverable);
  if (round === undefined) return;
  const statuses = gate.reviewers.map((r) =>
    panelStatus(
      gate,
      planned.settings.judge,
      round.samples.filter((s) => s.reviewer === r.role),
    ),
  );
  const invalid = statuses.find((s) => s.kind === "invalid");
  if (invalid?.kind === "invalid") return rule(draft, subject, { panels: [], invalid: invalid.reason });
  const panels = statuses.flatMap((s) => (s.kind === "decided" ? [s] : []));
  if (panels.length < statuses.length) return;
  takeJudgeFindings(
    draft,
    subject,
    panels.map((p) => p.result),
  );
  rule(draft, subject, { panels });
}

/** CRITICAL findings of any sample count; the milder ones are taken from each panel's lowest sample, so that they are not told three times. */
function takeJudgeFindings(draft: Draft, subject: string, panels: readonly PanelResult[]): void {
  const round = lastRound(requireDeliverable(draft.state, subject));
  if (round === undefined) return;
  const taken = panels.flatMap((panel) => {
    const valid = round.samples.filter((s) => s.reviewer === panel.reviewer && s.valid);
    const lowest = [...valid].sort((a, b) => (a.composite ?? 0) - (b.composite ?? 0))[0];
    const criticals = valid
      .filter((s) => s !== lowest)
      .flatMap((s) => s.findings.filter((f) => f.severity === "CRITICAL"));
    return [...(lowest?.findings ?? []), ...criticals];
  });
  const findings = mergeFindings(taken).map((f, index) => ({
    ...f,
    id: `F-${round.round}-${round.findings.length + index + 1}`,
  }));
  if (findings.length > 0) draft.emit({ type: "round.found", subject, findings });
}

interface Evidence {
  readonly panels: readonly DecidedPanel[];
  readonly checksFailed?: number;
  readonly invalid?: string;
}

/** Applies the verdict table to what is known of the current round. */
function rule(draft: Draft, subject: string, evidence: Evidence): void {
  const deliverable = requireDeliverable(draft.state, subject);
  const gate = effectiveGate(draft.state, deliverable);
  const rounds = currentRounds(deliverable);
  const open = openFindings(deliverable);
  const decision = decideRound({
    gate,
    panels: evidence.panels,
    openCriticals: open.filter((f) => f.severity === "CRITICAL").length,
    openFindings: open.length,
    round: rounds.at(-1)?.round ?? 1,
    extraRounds: extraRounds(draft, deliverable),
    previousScores: rounds.slice(0, -1).map((r) => r.score ?? null),
    judged: gate.judged,
    checksFailed: evidence.checksFailed ?? 0,
    ...(evidence.invalid === undefined ? {} : { invalid: evidence.invalid }),
  });
  conclude(draft, subject, decision);
}

function openFindings(deliverable: DeliverableState): readonly Finding[] {
  return (lastRound(deliverable)?.findings ?? []).filter((f) => !f.resolved);
}
