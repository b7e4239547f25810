/** Results of checks: on the base once, then on every round's commit. What is red on the base is nobody's finding. */
import type { Check } from "../definition.ts";
import type { Plan } from "../plan/plan.ts";
import { comparedWithBase, isHeldAgainst, redText } from "../quality/against-base.ts";
import { checkFindings } from "../quality/findings.ts";
import type { Draft } from "./draft.ts";
import type { ChecksEffect } from "./effect.ts";
import { BASE_SUBJECT } from "./effect-id.ts";
import { afterChecks, decideWithoutJudge } from "./judge-round.ts";
import type { CheckResult } from "./outcome.ts";
import { lastRound, requireDeliverable } from "./queries.ts";
import type { WorkflowState } from "./state.ts";

export function onChecked(draft: Draft, effect: ChecksEffect, given: readonly CheckResult[]): null {
  if (effect.subject === BASE_SUBJECT) {
    // What has no result here is not red: red on the base would excuse every later failure.
    draft.emit({ type: "base.checked", results: given });
    const red = given.filter((r) => !r.passed).map(redText);
    draft.log("BASE_CHECKED", red.length === 0 ? "all checks pass on the base" : red.join("; "));
    return null;
  }
  const results = comparedWithBase(completeResults(effect.checks, given), draft.state.baseChecks ?? []);
  const round = lastRound(requireDeliverable(draft.state, effect.subject))?.round ?? 1;
  draft.emit({ type: "round.noted", subject: effect.subject, patch: { checks: results } });
  const findings = checkFindings(results, round);
  if (findings.length === 0) {
    afterChecks(draft, effect.subject);
    return null;
  }
  draft.emit({ type: "round.found", subject: effect.subject, findings });
  decideWithoutJudge(draft, effect.subject, "Checks", findings.length);
  return null;
}

/** All checks of a workflow, those of single slots too, each name once: what runs on the base. */
export function checksOf(plan: Plan): readonly Check[] {
  const all = [...plan.settings.checks, ...plan.deliverables.flatMap(({ gate }) => gate.checks)];
  return all.filter((check, index) => all.findIndex((one) => one.name === check.name) === index);
}

/**
 * Results of a merge candidate that keep it from the branch: what is new beside the base, and beside what the person knew who
 * accepted exactly this work with its failures.
 */
export function candidateFailures(
  state: WorkflowState,
  subject: string,
  results: readonly CheckResult[],
): readonly CheckResult[] {
  const held = comparedWithBase(results, state.baseChecks ?? []).filter(isHeldAgainst);
  const { approval, rounds } = requireDeliverable(state, subject);
  if (approval?.by !== "person") return held;
  const known = rounds.findLast((round) => round.commit === approval.commit)?.checks ?? [];
  return comparedWithBase(held, known).filter((result) => result.againstBase !== "same");
}

/** The results of exactly the checks that were asked for, in their order: one without a result has failed (P2). */
export function completeResults(
  checks: readonly Pick<Check, "name">[],
  given: readonly CheckResult[],
): readonly CheckResult[] {
  const missing = { passed: false, redAtBase: false, exitCode: null, timedOut: false, tail: "No result." };
  return checks.map(({ name }) => given.find((result) => result.name === name) ?? { name, ...missing });
}
