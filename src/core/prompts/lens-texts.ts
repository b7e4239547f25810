/** What a critic does under each strategy and pattern, in a sentence. Source: domain §8.4, §9.2. */
import { patternName, strategyName } from "../quality/strategies.ts";
import type { CriticPattern, StrategyId } from "../vocabulary.ts";

const STRATEGY_TEXTS: Readonly<Record<StrategyId, string>> = {
  "S-001":
    "Attack the work as an opponent would: look for the weakness, the blind spot and the way to make it fail.",
  "S-002": "Argue against the choice that was made, from first principles, as strongly as honesty allows.",
  "S-003":
    "First state the strongest version of the work's argument; criticise that version, not a weaker one.",
  "S-004": "Assume that it failed a year from now and work back to the most likely causes.",
  "S-007": "Check the work against the rules of the project, rule by rule, and cite the rule that is broken.",
  "S-010": "Review own work and mend what is found before handing it over.",
  "S-011":
    "List the claims that carry the result, ask of each what would verify it, verify it, and report what does not hold.",
  "S-012":
    "List the failure modes with severity, likelihood and how easily each would be noticed; report the worst.",
  "S-013": "Turn the goal around: what would guarantee failure, and which of it does the work allow?",
  "S-014": "Score each dimension of the rubric on evidence.",
};

const PATTERN_TEXTS: Readonly<Record<CriticPattern, string>> = {
  steelman: "Build the strongest version of the proposal.",
  strawman: "Name the weak versions of the proposal that it must not be mistaken for or slip into.",
  "devils-advocate": "Argue against the choice from first principles.",
  "red-team": "Seek weaknesses, blind spots and failure modes.",
  "blue-team": "Answer the attacks above one by one and say what would harden the proposal.",
};

export function strategyLine(id: StrategyId): string {
  return `${id} ${strategyName(id)}: ${STRATEGY_TEXTS[id]}`;
}

/** Starts with the key of the pattern, which is what the critic reports as used. */
export function patternLine(pattern: CriticPattern): string {
  return `${pattern} (${patternName(pattern)}): ${PATTERN_TEXTS[pattern]}`;
}
