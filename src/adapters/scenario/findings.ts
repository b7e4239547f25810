/** Findings as a critic would report them. */
import type { FindingType, Severity } from "../../core/vocabulary.ts";
import { say, wordingOf } from "./artifact.ts";
import type { PromptFacts } from "./header.ts";
import { ACTIONS, ASPECTS, PROBLEMS } from "./phrases.ts";
import type { PlannedQuality } from "./scores.ts";

export interface PlannedFinding {
  readonly type: FindingType;
  readonly severity: Severity;
  readonly section: string;
  readonly evidence: string;
  readonly action: string;
  readonly improvement: string;
}

/** The first two satisfy the minimums of the review protocol: a blind spot and a weak assumption. */
const TYPES: readonly FindingType[] = ["BLIND_SPOT", "WEAK_ASSUMPTION", "MISSING_EVIDENCE", "CONTRADICTION"];
const EARLY: readonly Severity[] = ["HIGH", "MEDIUM", "MEDIUM", "LOW"];
const LATE: readonly Severity[] = ["MEDIUM", "LOW", "LOW", "LOW"];
const SECTIONS = ["L0: Summary", "L1: Findings", "Recommendations", "Risks", "L2: Detail"] as const;

/** `count` findings of one round; with a planned CRITICAL the first one is it. */
export function plannedFindings(
  facts: PromptFacts,
  planned: PlannedQuality,
  seed: string,
  count: number,
): readonly PlannedFinding[] {
  const words = wordingOf(facts, seed, `findings/${facts.round}`);
  const aspects = words.random.shuffle(ASPECTS);
  const severities = facts.round <= 1 ? EARLY : LATE;
  return Array.from({ length: count }, (_, index) => {
    const aspect = aspects[index % aspects.length] ?? "scope";
    const section = words.random.pick(SECTIONS);
    return {
      type: TYPES[index % TYPES.length] ?? "BLIND_SPOT",
      severity:
        index === 0 && planned.critical ? "CRITICAL" : (severities[index % severities.length] ?? "LOW"),
      section,
      evidence: `In "${section}": ${say(words.random.pick(PROBLEMS), words, aspect)}`,
      action: say(words.random.pick(ACTIONS), words, aspect),
      improvement: `Readers can rely on the statement about ${aspect}.`,
    };
  });
}
