/** Results of checks: on the base once, then on every round's commit. What is red on the base is nobody's finding. */
import { checkFindings } from "../quality/findings.ts";
import type { Draft } from "./draft.ts";
import type { ChecksEffect } from "./effect.ts";
import { afterChecks, decideWithoutJudge } from "./judge-round.ts";
import type { CheckResult } from "./outcome.ts";
import { lastRound, requireDeliverable } from "./queries.ts";

export const BASE_SUBJECT = "base";

export function onChecked(draft: Draft, effect: ChecksEffect, results: readonly CheckResult[]): null {
  if (effect.subject === BASE_SUBJECT) {
    draft.emit({ type: "base.checked", results });
    const red = results.filter((r) => !r.passed).map((r) => r.name);
    draft.log(
      "BASE_CHECKED",
      red.length === 0 ? "all checks pass on the base" : `red on the base already: ${red.join(", ")}`,
    );
    return null;
  }
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
