/** ORCHESTRATION_PLAN.md in both flavours. Source: documents A1, B1. */
import { documentHeader } from "../header.ts";
import { fileName } from "../names.ts";
import { renderDocument, type SectionSpec, type Source } from "../section.ts";
import { inline } from "../text/markdown.ts";
import { disclaimer } from "../words.ts";
import { ARCHITECTURE, PROTOCOL_ARCHITECTURE } from "./architecture.ts";
import { BARRIER_PROTOCOL } from "./barriers.ts";
import { PLAN_RESUMPTION, RISKS } from "./closing.ts";
import { CONSTRAINTS } from "./constraints.ts";
import { PIPELINE_PHASES, TASK_PHASES } from "./phases.ts";
import { QUALITY } from "./quality.ts";
import { REGISTRY, SELECTION } from "./registry.ts";
import { REVIEW_GATES, REVIEW_LOOP } from "./reviews.ts";
import { STATE_MANAGEMENT } from "./state-management.ts";
import { SUCCESS } from "./success.ts";
import { SUMMARY } from "./summary.ts";

const SECTIONS_A: readonly SectionSpec[] = [
  SUMMARY,
  ARCHITECTURE,
  PIPELINE_PHASES,
  BARRIER_PROTOCOL,
  REGISTRY,
  QUALITY,
  STATE_MANAGEMENT,
  CONSTRAINTS,
  SUCCESS,
  RISKS,
  PLAN_RESUMPTION,
];

const SECTIONS_B: readonly SectionSpec[] = [
  SUMMARY,
  PROTOCOL_ARCHITECTURE,
  TASK_PHASES,
  BARRIER_PROTOCOL,
  REVIEW_LOOP,
  REVIEW_GATES,
  SELECTION,
  QUALITY,
  STATE_MANAGEMENT,
  CONSTRAINTS,
  RISKS,
  SUCCESS,
  PLAN_RESUMPTION,
];

/** The plan's text. */
export function renderPlan(source: Source): string {
  const { state } = source;
  const { flavour, layout, workflow, loop } = state.plan;
  const id = `${workflow.documentPrefix}-ORCH-PLAN`;
  const suffix = flavour === "A" ? "" : ` - ${inline(workflow.name)}`;
  const extra: readonly (readonly [string, string])[] =
    flavour === "A"
      ? []
      : [
          ["Protocol", loop.profile],
          ...(workflow.priorArt === undefined ? [] : [["Prior Art", inline(workflow.priorArt)] as const]),
        ];
  return renderDocument(
    {
      title: `${fileName(layout.planFile)}${suffix}`,
      header: documentHeader(source, id, extra),
      disclaimer: disclaimer(layout.stateFile),
      numbered: true,
      sections: flavour === "A" ? SECTIONS_A : SECTIONS_B,
      footer: [
        `Document ID: ${id}`,
        `Workflow ID: ${state.id}`,
        `State: ${fileName(layout.stateFile)}, revision ${state.seq}, ${state.updatedAt}`,
        "Cross-Session Portable: all paths are relative to the repository",
      ],
    },
    source,
  );
}
