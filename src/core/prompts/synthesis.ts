/** What the final synthesis of a workflow must contain beyond an ordinary document. Source: domain §24. */
import type { PromptContext } from "./context.ts";
import { items, type Section, section } from "./layout.ts";

export function synthesisSections(context: PromptContext): readonly Section[] {
  const gates = context.plan.deliverables
    .filter((d) => d.kind !== "synthesis")
    .map((d) => `${d.id}: gate ${d.gate.id}`);
  return [
    section("Content of the synthesis", [
      "Go through every artifact and handoff of the inputs. Each claim cites the path it comes from; none is invented to fill a table.",
      "",
      ...items([
        "L0: the result of the workflow in a few sentences, for people who decide.",
        "L1 Key Findings: table Finding | Source | Confidence.",
        "L1 Cross-Cutting Patterns: table Pattern | Occurrences | Significance.",
        "L1 Recommendations: table Priority (P0, P1) | Recommendation | Supporting Evidence.",
        "L1 Adversarial Findings: table Finding Type | Description | Source Gate.",
        "L2: trade-offs, open questions, and an artifact registry Artifact | Pipeline | Phase | Path.",
        "At the end: a note that agents wrote the document and that people should check it before they rely on it.",
      ]),
    ]),
    section("Gates of the workflow", items(gates)),
  ];
}
