/** ORCHESTRATION.yaml: readable projections of the state, then the state itself. Source: documents A3; design §4. */

import { DOCUMENT_VERSION } from "../header.ts";
import type { Source } from "../section.ts";
import type { Json } from "./canonical.ts";
import { jsonBlock, yamlSection } from "./emit.ts";
import { adversarialSection, gatesSection } from "./gates.ts";
import { barriersSection, pipelinesSection } from "./pipelines.ts";
import {
  actionsSection,
  blockersSection,
  checkpointsSection,
  eventsSection,
  issuesSection,
  metricsSection,
  queueSection,
} from "./progress.ts";
import { resumptionSection } from "./resumption.ts";
import { pathsSection, qualitySection, workflowSection } from "./workflow.ts";

/** Format of the `signalbox` section; a reader refuses higher numbers. */
export const STATE_FORMAT = 1;

/** The file's text. */
export function renderStateFile(source: Source): string {
  const { state } = source;
  const sections: readonly (readonly [title: string, key: string, value: Json])[] = [
    ["Workflow", "workflow", workflowSection(state)],
    ["Quality framework", "quality", qualitySection(state)],
    ["Paths", "paths", pathsSection(state)],
    ["Pipelines", "pipelines", pipelinesSection(state)],
    ["Sync barriers", "barriers", barriersSection(state)],
    ["Quality gates", "quality_gates", gatesSection(state)],
    ["Execution queue", "execution_queue", queueSection(state)],
    ["Checkpoints", "checkpoints", checkpointsSection(state)],
    ["Metrics", "metrics", metricsSection(state)],
    ["Blockers and questions", "blockers", blockersSection(state)],
    ["Resolved issues", "issues", issuesSection(state)],
    ["Next actions", "next_actions", actionsSection(state)],
    ["Resumption context", "resumption", resumptionSection(state)],
    ["Event log", "events", eventsSection(state)],
    ["Review loops", "adversarial", adversarialSection(state)],
  ];
  return [
    header(source),
    yamlSection("schema_version", "2.0.0"),
    ...sections.map(([title, key, value]) => `${banner(title)}${yamlSection(key, value)}`),
    `${banner("Complete state: everything above is derived from it")}${stateSection(source)}`,
  ].join("\n");
}

function header({ state, version, hash }: Source): string {
  const lines = [
    "ORCHESTRATION.yaml",
    "Machine-readable state of one workflow.",
    `Document ID: ${state.plan.workflow.documentPrefix}-ORCH-STATE`,
    `Version: ${DOCUMENT_VERSION}`,
    `Last Updated: ${state.updatedAt}`,
    `Generator: signalbox ${version}, state revision ${state.seq}, hash ${hash.slice(0, 16)}`,
    "",
    "DISCLAIMER: written by the signalbox coordinator. Do not edit or merge it by hand:",
    "it is replaced as a whole, and a changed state section is refused.",
  ];
  return `${lines.map((line) => `# ${line}`.trimEnd()).join("\n")}\n`;
}

function banner(title: string): string {
  const rule = `# ${"=".repeat(77)}`;
  return `${rule}\n# ${title}\n${rule}\n`;
}

function stateSection({ state, stored, version, hash }: Source): string {
  return [
    "signalbox:",
    `  format: ${STATE_FORMAT}`,
    `  generator: ${JSON.stringify(`signalbox ${version}`)}`,
    `  seq: ${state.seq}`,
    `  hash: "${hash}"`,
    `  state: ${jsonBlock(stored, "    ")}`,
    "",
  ].join("\n");
}
