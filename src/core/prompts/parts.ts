/** Header and sections that several prompts share. */

import { bySeverity } from "../quality/findings.ts";
import { writesOf } from "../quality/integrity.ts";
import { formatScore } from "../quality/score.ts";
import type { Finding } from "../workflow/round.ts";
import type { PromptContext } from "./context.ts";
import { block, type HeaderField, items, line, paths, type Section, section } from "./layout.ts";

/** Longest text of one finding in a prompt, in characters. */
const LONGEST = 2000;

export type PromptTask = "create" | "revise" | "critique" | "judge" | "handoff" | "synthesis";

export interface HeaderFacts {
  readonly task: PromptTask;
  readonly role: string;
  /** Least number of findings of the answer. */
  readonly findings: number;
  readonly structured: boolean;
  /** What the session writes, or what is under review; `none` for structured answers that write nothing. */
  readonly artifact: string;
}

export function headerOf(context: PromptContext, facts: HeaderFacts): readonly HeaderField[] {
  const { plan, planned, gate } = context;
  return [
    ["signalbox-task", facts.task],
    ["workflow", plan.workflow.id],
    ["deliverable", planned.id],
    ["kind", planned.kind],
    ["role", facts.role],
    ["round", `${context.round} of ${Math.max(context.round, context.rounds)}`],
    ["attempt", context.attempt],
    ["epoch", context.epoch],
    ["artifact", facts.artifact],
    ["criticality", planned.criticality.effective],
    ["threshold", gate.threshold],
    ["findings-minimum", facts.findings],
    ["answer", facts.structured ? "structured" : "text"],
  ];
}

/** `commit`, or the path of the file. */
export function artifactOf(context: PromptContext): string {
  const { makes } = context.planned;
  return makes.kind === "file" ? makes.path : "commit";
}

export function goalSections(context: PromptContext): readonly Section[] {
  const { plan, planned } = context;
  const goal = plan.workflow.goal.trim() === "" ? plan.workflow.name : plan.workflow.goal;
  const content = planned.handoff === undefined ? [] : [planned.handoff.keyContent];
  const brief = [...new Set([...planned.brief, ...content])];
  return [section("Goal", [block(goal)]), section("Brief", items(brief))];
}

/** Paths only: the content is in the worktree. Inputs of skipped slots are named as such, so that nobody looks for them. */
export function inputsSection(context: PromptContext): Section {
  const { inputs } = context.planned;
  if (inputs.length === 0) return section("Inputs", ["None beside the brief and the repository itself."]);
  const there = inputs.filter((path) => !context.skipped.has(path));
  const gone = inputs.filter((path) => context.skipped.has(path));
  const note = gone.map(
    (path) => `- ${line(path)} was skipped by a person and does not exist; work without it.`,
  );
  return section("Inputs", [
    "Earlier work and files to build on, by path from the root of the repository:",
    "",
    ...paths(there),
    ...note,
  ]);
}

export function boundarySections(context: PromptContext): readonly Section[] {
  const { plan, planned } = context;
  const { protect } = planned.settings;
  const guarded = ["A change to any of these needs the approval of a person:", "", ...paths(protect)];
  return [
    section("Write boundary", [
      "Only paths that match these may change; a change anywhere else fails the round:",
      "",
      ...paths(writesOf(planned)),
      "",
      `Whatever the patterns say, the rest of \`${line(plan.layout.folder)}\` belongs to other slots and to the coordinator.`,
    ]),
    section("Protected paths", protect.length === 0 ? [] : guarded),
  ];
}

export function criteriaSection(context: PromptContext): Section {
  return section("Exit criteria", items(context.gate.criteria));
}

export function checksSection(context: PromptContext): Section {
  const checks = context.gate.checks.map((check) => `- ${line(check.name)}: \`${line(check.run)}\``);
  return section(
    "Checks",
    checks.length === 0 ? [] : ["These are run on the committed work, and each must pass:", "", ...checks],
  );
}

/** Decisions of people, oldest first, and the guidance for this round. */
export function constraintsSections(context: PromptContext): readonly Section[] {
  const decisions = context.constraints.map(
    (d) => `${d.id} (${line(d.by)}, on ${line(d.subject)}): ${d.text}`,
  );
  const guidance = context.guidance?.trim() ?? "";
  return [
    section(
      "Constraints",
      decisions.length === 0
        ? []
        : ["Decided by people; they hold without exception:", "", ...items(decisions)],
    ),
    section("Guidance from a person", guidance === "" ? [] : [block(guidance)]),
  ];
}

/** Findings as list items with their evidence and what they require, heaviest first. */
export function findingLines(findings: readonly Finding[]): readonly string[] {
  return bySeverity(findings).flatMap((finding) => [
    `- ${finding.id} [${finding.severity} ${finding.type}] ${line(finding.section)} (${line(finding.source)})`,
    `  - Evidence: ${nested(finding.evidence)}`,
    `  - Required: ${nested(finding.action)}`,
  ]);
}

/** How the round before ended, in one sentence; empty in the first round. */
export function previousLines(context: PromptContext): readonly string[] {
  const { previous } = context;
  if (previous?.verdict === undefined) return [];
  const score = typeof previous.score === "number" ? ` at ${formatScore(previous.score)}` : "";
  const why = previous.reason === undefined ? "" : `: ${line(previous.reason)}`;
  return [`Round ${previous.round} ended as ${previous.verdict}${score}${why}.`];
}

function nested(text: string): string {
  const clipped = text.length <= LONGEST ? text : `${text.slice(0, LONGEST)} [cut off]`;
  return block(clipped).replaceAll("\n", "\n  ");
}
