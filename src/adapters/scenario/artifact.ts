/** Plausible artifacts: three levels of detail, the inputs that the prompt names, and what changed since the last round. */
import type { PromptFacts } from "./header.ts";
import { ACTIONS, ASPECTS, OBSERVATIONS, REASONS, REVISIONS, RISKS } from "./phrases.ts";
import { type Random, randomOf } from "./random.ts";

export interface Wording {
  readonly subject: string;
  readonly inputs: readonly string[];
  readonly random: Random;
}

/** Fills a sentence of the word stock. */
export function say(template: string, words: Wording, aspect?: string): string {
  const filled = template
    .replaceAll("{aspect}", aspect ?? words.random.pick(ASPECTS))
    .replaceAll("{subject}", words.subject)
    .replaceAll("{input}", words.inputs.length > 0 ? `\`${words.random.pick(words.inputs)}\`` : "the brief")
    .replaceAll("{number}", String(words.random.whole(3, 19)));
  return filled.charAt(0).toUpperCase() + filled.slice(1);
}

/** Words for a prompt; `part` separates independent texts about the same deliverable. */
export function wordingOf(facts: PromptFacts, seed: string, part: string): Wording {
  return {
    subject: subjectOf(facts),
    inputs: facts.inputs,
    random: randomOf(`${seed}/${facts.workflow}/${facts.deliverable}/${part}`),
  };
}

/**
 * Markdown of an artifact: title, L0 summary, L1 findings, L2 detail, references; from round 2 on also what changed.
 * The body depends on the deliverable alone, so that a revision differs from its predecessor where it says so.
 */
export function artifactText(facts: PromptFacts, seed: string): string {
  const words = wordingOf(facts, seed, "artifact");
  const aspects = words.random.shuffle(ASPECTS).slice(0, 6);
  return [
    `# ${titleOf(facts)}`,
    "",
    `Deliverable \`${facts.deliverable}\`, round ${facts.round}, written by ${facts.role === "" ? "an agent" : facts.role}.`,
    "",
    ...summary(words, aspects, facts),
    ...changes(facts, seed),
    ...findings(words, aspects),
    ...risks(words, aspects),
    ...detail(words, aspects),
    ...references(facts),
    "## Self-review",
    "",
    ...checklist(facts),
    "",
  ].join("\n");
}

function titleOf(facts: PromptFacts): string {
  if (facts.title !== "") return facts.title;
  const name =
    facts.artifact === null || facts.artifact === "commit" ? facts.deliverable : stemOf(facts.artifact);
  const words = name.replaceAll(/[-_.]+/g, " ").trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function stemOf(path: string): string {
  return (path.split("/").at(-1) ?? path).replace(/\.[^.]+$/, "");
}

function subjectOf(facts: PromptFacts): string {
  const goal = facts.goal.split(/[.;:]/)[0]?.trim() ?? "";
  return goal.length > 8 && goal.length < 70
    ? `the work on "${goal}"`
    : `the subject of ${facts.deliverable}`;
}

function summary(words: Wording, aspects: readonly string[], facts: PromptFacts): readonly string[] {
  return [
    "## L0: Summary",
    "",
    facts.goal === "" ? say("This document examines {subject}.", words) : `The question was: ${facts.goal}`,
    "",
    `The answer in short: ${aspects[0]} and ${aspects[1]} decide the outcome, ${aspects[2]} limits it, and the rest is routine.`,
    say(words.random.pick(OBSERVATIONS), words, aspects[0]),
    say(words.random.pick(REASONS), words),
    "",
  ];
}

function changes(facts: PromptFacts, seed: string): readonly string[] {
  if (facts.round < 2) return [];
  const rounds = Array.from({ length: facts.round - 1 }, (_, index) => index + 2);
  return [
    "## Changes since the first round",
    "",
    ...rounds.flatMap((round) => {
      const words = wordingOf(facts, seed, `changes/${round}`);
      return words.random
        .shuffle(REVISIONS)
        .slice(0, 3)
        .map((line) => `- Round ${round}: ${say(line, words)}`);
    }),
    ...facts.findingIds.map((id) => `- ${id}: answered in the section it names.`),
    "",
  ];
}

function findings(words: Wording, aspects: readonly string[]): readonly string[] {
  const rows = aspects.map((aspect, index) => {
    const source = words.inputs[index % Math.max(1, words.inputs.length)] ?? "brief";
    const confidence = words.random.pick(["high", "high", "medium", "low"]);
    return `| ${index + 1} | ${say(words.random.pick(OBSERVATIONS), words, aspect)} | ${source} | ${confidence} |`;
  });
  const actions = aspects.map(
    (aspect) => `1. ${say(words.random.pick(ACTIONS), words, aspect)} ${words.random.pick(REASONS)}`,
  );
  return [
    "## L1: Findings",
    "",
    "| No. | Finding | Source | Confidence |",
    "| --- | --- | --- | --- |",
    ...rows,
    "",
    "### Recommendations",
    "",
    ...actions,
    "",
  ];
}

function risks(words: Wording, aspects: readonly string[]): readonly string[] {
  const rows = words.random.shuffle(RISKS).map((risk, index) => {
    const aspect = aspects[index % aspects.length] ?? "scope";
    return `| ${say(risk, words, aspect)} | ${words.random.pick(["L", "M", "H"])} | ${say(words.random.pick(ACTIONS), words, aspect)} |`;
  });
  return ["### Risks", "", "| Risk | Likelihood | Mitigation |", "| --- | --- | --- |", ...rows, ""];
}

function detail(words: Wording, aspects: readonly string[]): readonly string[] {
  const parts = aspects.flatMap((aspect) => {
    const observations = words.random.shuffle(OBSERVATIONS);
    const [reason = "", other = ""] = words.random.shuffle(REASONS);
    return [
      `### On ${aspect}`,
      "",
      ...observations.slice(0, 2).map((text) => say(text, words, aspect)),
      reason,
      "",
      ...observations.slice(2, 3).map((text) => say(text, words, aspect)),
      other,
      "",
    ];
  });
  return ["## L2: Detail", "", ...parts];
}

function references(facts: PromptFacts): readonly string[] {
  const inputs =
    facts.inputs.length > 0
      ? facts.inputs.map((path) => `- \`${path}\``)
      : ["- The brief of this deliverable"];
  return ["## References", "", ...inputs, ""];
}

function checklist(facts: PromptFacts): readonly string[] {
  const criteria =
    facts.criteria.length > 0
      ? facts.criteria
      : ["Every recommendation names what to do", "Every claim has a source"];
  return criteria.map((criterion) => `- [x] ${criterion}`);
}
