/** Sections `quality_gates` and `adversarial`. Source: documents A3, domain §4, §9.4. */
import { patternName } from "../../core/quality/strategies.ts";
import { phaseGateView } from "../../core/view/gates.ts";
import { phases } from "../../core/view/stages.ts";
import { unit, units } from "../../core/view/unit.ts";
import type { Severity } from "../../core/vocabulary.ts";
import type { Round } from "../../core/workflow/round.ts";
import type { WorkflowState } from "../../core/workflow/state.ts";
import { reviewPath } from "../paths.ts";
import type { Json } from "./canonical.ts";

const SEVERITIES: readonly Severity[] = ["CRITICAL", "HIGH", "MEDIUM", "LOW"];

/** `quality_gates`: gates of phases that have one of their own. */
export function gatesSection(state: WorkflowState): Json {
  const gates = phases(state).map((phase) => phaseGateView(state, phase));
  return gates
    .filter((gate) => gate.required)
    .map((gate) => ({
      id: gate.id,
      name: `${gate.phase.name} Review`,
      phase: gate.phase.number,
      status: gate.status,
      threshold: state.plan.threshold,
      score: gate.score,
      reviewers: gate.gates.flatMap((one) => {
        const found = unit(state, one.subject);
        if (found === undefined) return [];
        return one.reviewers.map((reviewer) => ({
          agent: reviewer.role,
          task: one.subject,
          status: reviewer.status,
          score: reviewer.score,
          iteration: reviewer.round,
          artifact: reviewPath(state, gate.phase, found.plan, reviewer),
        }));
      }),
      conditions: [...gate.phase.conditions],
      criteria: gate.criteria.map(({ criterion, met, evidence, by }) => ({ criterion, met, evidence, by })),
      decided_at: gate.at,
    }));
}

/** `adversarial`: rounds of every deliverable that has one. */
export function adversarialSection(state: WorkflowState): Json {
  const looped = units(state).filter((one) => one.state.rounds.length > 0);
  return { loops: Object.fromEntries(looped.map((one) => [one.plan.id, one.state.rounds.map(round)])) };
}

function round(one: Round): Json {
  return {
    iteration: one.round,
    attempt: one.attempt,
    epoch: one.epoch,
    started_at: one.startedAt,
    ended_at: one.endedAt ?? null,
    commit: one.commit ?? null,
    creator_output: one.artifact ?? null,
    creator_revision: one.revision ?? null,
    self_review: one.selfReview ?? null,
    critic_patterns: one.patternsUsed.map(patternName),
    strategies: [...one.strategiesUsed],
    findings: Object.fromEntries(
      SEVERITIES.map((severity) => [
        severity,
        one.findings.filter((finding) => finding.severity === severity).length,
      ]),
    ),
    open_findings: one.findings.filter((finding) => !finding.resolved).map((finding) => finding.id),
    reviewers: one.panels.map((panel) => ({
      agent: panel.reviewer,
      score: panel.composite,
      spread: panel.spread,
      samples: panel.samples,
      passing: panel.passing,
    })),
    score: one.score ?? null,
    band: one.band ?? null,
    verdict: one.verdict ?? null,
    reason: one.reason ?? null,
  };
}
