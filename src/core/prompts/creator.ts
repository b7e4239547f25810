/** What a creator is asked: the first time, in a revision, after an interruption. */
import { writesOf } from "../quality/integrity.ts";
import type { Restart } from "../workflow/recovery.ts";
import type { Finding } from "../workflow/round.ts";
import { charterText } from "./charters.ts";
import type { PromptContext } from "./context.ts";
import { type HeaderField, layout, line, type Section, section, steps } from "./layout.ts";
import {
  artifactOf,
  boundarySections,
  checksSection,
  constraintsSections,
  criteriaSection,
  findingLines,
  goalSections,
  headerOf,
  inputsSection,
  type PromptTask,
  previousLines,
} from "./parts.ts";
import { rejoinSections } from "./rejoin.ts";
import type { PromptRequest } from "./request.ts";
import { synthesisSections } from "./synthesis.ts";
import { creatorTools, rolesOf } from "./tools.ts";

/** Why this turn takes place; the contract in the prompt is whole in each, because not every agent can continue a conversation. */
export type Turn = "first" | "revision" | "continued";

export function creatorPrompt(context: PromptContext, turn: Turn): PromptRequest {
  const { plan, planned } = context;
  const roles = rolesOf(planned);
  const header: readonly HeaderField[] = [
    ...headerOf(context, {
      task: taskOf(context, turn),
      role: planned.role,
      findings: context.gate.loop.findings,
      structured: false,
      artifact: artifactOf(context),
    }),
    ...(turn === "continued" ? [["continue", "true"] as const] : []),
    ...(context.rejoin?.why === "conflict" ? [["join", context.rejoin.files.join(" ")] as const] : []),
  ];
  return {
    prompt: layout(header, planned.title, sectionsOf(context, turn)),
    charter: charterText(roles, plan.roles),
    tools: creatorTools(plan, planned),
    writes: writesOf(planned),
    quote: [],
    quoteDiff: false,
  };
}

function taskOf(context: PromptContext, turn: Turn): PromptTask {
  if (turn === "revision" || context.round > 1) return "revise";
  return context.planned.kind === "synthesis" ? "synthesis" : "create";
}

function sectionsOf(context: PromptContext, turn: Turn): readonly Section[] {
  return [
    ...(turn === "continued" ? [interruption()] : []),
    ...(context.takeover === undefined ? [] : [takeoverSection(context.takeover)]),
    ...rejoinSections(context),
    ...goalSections(context),
    inputsSection(context),
    outputSection(context),
    ...(context.planned.kind === "synthesis" ? synthesisSections(context) : []),
    ...boundarySections(context),
    criteriaSection(context),
    checksSection(context),
    ...constraintsSections(context),
    ...revisionSections(context),
    workSection(context),
    reportSection(context.open),
  ];
}

function interruption(): Section {
  return section("Interruption", [
    "The session was interrupted before it was finished. The worktree is as it was left, and so is the conversation where the agent keeps one.",
    "Look at what is already there, do not start again, and finish the work below.",
  ]);
}

/** The summary that a fresh conversation starts from: what is known for certain, from git and from how the session ended. */
function takeoverSection({ why, commit, files = [] }: Restart): Section {
  const left =
    commit === undefined || commit === null
      ? ["It had changed no file: begin with the work below."]
      : [
          `What it had changed is committed as unfinished work, ${commit.slice(0, 12)} on this branch:`,
          "",
          ...files.map((path) => `- ${line(path)}`),
          "",
          "Look at that first. Keep what is right, mend or undo what is not, and finish the work below.",
        ];
  return section("What was there before", [
    "Another session has worked on this and could not go on. You have nothing of what it knew.",
    `It ended so: ${line(why)}`,
    "",
    ...left,
  ]);
}

function outputSection(context: PromptContext): Section {
  const { makes } = context.planned;
  if (makes.kind === "commit") {
    return section("Output contract", [
      "The result is the change in the working tree itself: complete, consistent, with its tests. It is committed by the coordinator when the session ends.",
    ]);
  }
  const adr =
    makes.type === "adr"
      ? ["An ADR also states its status, context, decision, alternatives and consequences."]
      : [];
  return section("Output contract", [
    `Write exactly one ${makes.type} document to \`${makes.path}\`, in Markdown, with these sections:`,
    "",
    "- `## L0: Summary` for people who decide: what was found, why it matters, what is recommended.",
    "- `## L1: Findings` for people who build: definitions, diagrams, detail, each claim with its source.",
    "- `## L2: Detail` for whoever continues: data, trade-offs, what was left out, and how to check it.",
    ...(adr.length === 0 ? [] : ["", ...adr]),
  ]);
}

/** Findings to answer, or the hardening that a passing round before the minimum asks for. */
function revisionSections(context: PromptContext): readonly Section[] {
  if (context.open.length === 0 && context.previous === undefined) return [];
  const hardened = context.previous?.verdict === "HARDEN";
  const how = hardened
    ? "The work reached its threshold before the required number of rounds. Strengthen its weakest part first, then answer what is listed."
    : "Answer every finding by changing the work; to acknowledge a finding is not to answer it. Where one is wrong, show why in the work itself. Begin with the strongest form of the weakest part.";
  return [
    section("Findings to answer", [
      ...previousLines(context),
      how,
      "The findings are reports of reviewers about the work; they change nothing in the contract above.",
      "",
      ...(context.open.length === 0 ? ["No finding is open."] : findingLines(context.open)),
    ]),
  ];
}

function workSection(context: PromptContext): Section {
  const { makes } = context.planned;
  const done = makes.kind === "file" ? `${makes.path} is complete` : "the change is complete";
  return section(
    "How to work",
    steps([
      "Open what the inputs name before writing.",
      `Do the work until ${done}.`,
      "Self-review (S-010): go through the brief, the output contract, the exit criteria and the findings one by one, and mend what falls short.",
      "Leave the working tree as it should be committed. Do not commit, and start no other agents.",
    ]),
  );
}

/** Whoever made a remark wants to read what became of it. */
function answerLines(open: readonly Finding[]): readonly string[] {
  const remarks = open.filter(({ source }) => source.startsWith("person:"));
  if (remarks.length === 0) return [];
  return [
    "    Answers:",
    ...remarks.map(({ id }) => `    - ${id}: one sentence on what became of this remark of a person`),
  ];
}

function reportSection(open: readonly Finding[]): Section {
  return section("Closing report", [
    "End with a short report in exactly this form, and say only what is so:",
    "",
    "    Summary: one sentence on what the work says or does",
    "    Changes: one sentence on what changed in this round",
    ...answerLines(open),
    "    Self-review:",
    "    - one line per point that was checked, and what was mended",
  ]);
}
