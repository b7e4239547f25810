/** What the author of a handoff is asked. The answer is structured; the coordinator writes the file. Source: domain §4, §7. */
import { handoffSchema } from "../quality/handoff.ts";
import { charterText } from "./charters.ts";
import type { PromptContext } from "./context.ts";
import { type HeaderField, items, layout, line, paths, type Section, section } from "./layout.ts";
import {
  constraintsSections,
  criteriaSection,
  findingLines,
  goalSections,
  headerOf,
  previousLines,
} from "./parts.ts";
import type { PromptRequest } from "./request.ts";
import { READ_ONLY, rolesOf } from "./tools.ts";

export function handoffPrompt(context: PromptContext, continued: boolean): PromptRequest {
  const { plan, planned } = context;
  const header: readonly HeaderField[] = [
    ...headerOf(context, {
      task: "handoff",
      role: planned.role,
      findings: 0,
      structured: true,
      artifact: "none",
    }),
    ...(continued ? [["continue", "true"] as const] : []),
  ];
  return {
    prompt: layout(header, planned.title, sectionsOf(context)),
    charter: charterText(rolesOf(planned), plan.roles),
    schema: handoffSchema({ sources: context.sources, criticality: planned.criticality.effective }),
    tools: READ_ONLY,
    writes: [],
    quote: [],
    quoteDiff: false,
  };
}

function sectionsOf(context: PromptContext): readonly Section[] {
  return [
    ...goalSections(context),
    directionSection(context),
    section("Inputs", [
      "The artifacts to draw from, and the only paths that `artifacts` may name:",
      "",
      ...paths(context.sources),
    ]),
    section("Output contract", items(contractOf(context))),
    criteriaSection(context),
    ...constraintsSections(context),
    section("Findings to answer", findingsOf(context)),
    section(
      "How to work",
      items([
        "Open every input first. Take over what matters to the receiving pipeline and turn it into what that pipeline has to do.",
        "Self-review (S-010): check each finding against the artifact it comes from before answering.",
        "Write no file, and start no other agents: the coordinator writes the document from the answer.",
      ]),
    ),
  ];
}

function directionSection({ planned, plan }: PromptContext): Section {
  const { handoff } = planned;
  if (handoff === undefined) return section("Direction", []);
  const name = (key: string, alias: string): string => {
    const title = plan.pipelines.find((pipeline) => pipeline.key === key)?.title;
    return title === undefined ? alias : `${alias} (${line(title)})`;
  };
  const from = name(handoff.from, handoff.fromAlias);
  return section("Direction", [
    `From ${from} to ${name(handoff.to, handoff.toAlias)}, at ${handoff.barrier}.`,
  ]);
}

function contractOf({ planned }: PromptContext): readonly string[] {
  return [
    "`purpose`: why the receiving pipeline gets this, in a sentence or two.",
    "`task`: what it has to do next.",
    "`key_findings`: three to five, each with what it rests on.",
    "`for_target`: what the receiving pipeline does with them, one action per entry.",
    "`success_criteria`: at least one way to tell that the handoff was used well.",
    "`artifacts`: paths from the inputs; never their content.",
    "`blockers`: what is open; one that outlives this phase starts with [PERSISTENT].",
    "`confidence`: 0 to 1, as the evidence allows.",
    `\`criticality\`: ${planned.criticality.effective} or higher; it never falls along a chain of handoffs.`,
  ];
}

function findingsOf(context: PromptContext): readonly string[] {
  if (context.open.length === 0 && context.previous === undefined) return [];
  const findings = context.open.length === 0 ? ["No finding is open."] : findingLines(context.open);
  return [
    ...previousLines(context),
    "Give the whole handoff again, changed so that each finding is answered.",
    "",
    ...findings,
  ];
}
