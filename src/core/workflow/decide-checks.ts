/** Results of checks: on the base once, then on every round's commit. What is red on the base is nobody's finding. */
import type { Check } from "../definition.ts";
import { checkFindings } from "../quality/findings.ts";
import type { Draft } from "./draft.ts";
import type { ChecksEffect } from "./effect.ts";
import { afterChecks, decideWithoutJudge } from "./judge-round.ts";
import type { CheckResult } from "./outcome.ts";
import { lastRound, requireDeliverable } from "./queries.ts";

export const BASE_SUBJECT = "base";

export function onChecked(draft: Draft, effect: ChecksEffect, given: readonly CheckResult[]): null {
  if (effect.subject === BASE_SUBJECT) {
    // What has no result here is not red: red on the base would excuse every later failure.
    draft.emit({ type: "base.checked", results: given });
    const red = given.filter((r) => !r.passed).map((r) => r.name);
    draft.log(
      "BASE_CHECKED",
      red.length === 0 ? "all checks pass on the base" : `red on the base already: ${red.join(", ")}`,
    );
    return null;
  }
  const results = completeResults(effect.checks, given);
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

/** The results of exactly the checks that were asked for, in their order: one without a result has failed (P2). */
export function completeResults(
  checks: readonly Pick<Check, "name">[],
  given: readonly CheckResult[],
): readonly CheckResult[] {
  const missing = { passed: false, redAtBase: false, exitCode: null, timedOut: false, tail: "No result." };
  return checks.map(({ name }) => given.find((result) => result.name === name) ?? { name, ...missing });
}
