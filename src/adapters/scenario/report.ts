/** The closing report of a creator, in the form that prompts ask for. */
import { say, type Wording, wordingOf } from "./artifact.ts";
import type { PromptFacts } from "./header.ts";
import { OBSERVATIONS, REVISIONS } from "./phrases.ts";

/** `Summary:`, `Changes:` and `Self-review:` with one line per point. */
export function closingReport(facts: PromptFacts, seed: string): string {
  const words = wordingOf(facts, seed, "report");
  const points = facts.criteria.length > 0 ? facts.criteria : ["brief", "output contract"];
  return [
    `Summary: ${say(words.random.pick(OBSERVATIONS), words)}`,
    `Changes: ${facts.round > 1 ? revisionLine(facts, seed) : "First version."}`,
    ...answers(facts, words),
    "Self-review:",
    ...points.map((point) => `- ${point}: checked`),
  ].join("\n");
}

function answers({ asked }: PromptFacts, words: Wording): readonly string[] {
  if (asked.length === 0) return [];
  return ["Answers:", ...asked.map((id) => `- ${id}: ${say(words.random.pick(REVISIONS), words)}`)];
}

/** One line on what a revision changed. */
export function revisionLine(facts: PromptFacts, seed: string): string {
  const words = wordingOf(facts, seed, `revision/${facts.round}`);
  const answered = facts.findingIds.length > 0 ? ` Answers ${facts.findingIds.slice(0, 6).join(", ")}.` : "";
  return `${say(words.random.pick(REVISIONS), words)}${answered}`;
}
