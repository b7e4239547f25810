/** ORCHESTRATION_WORKTRACKER.md in both flavours. Source: documents A2, B2. */
import { latestCheckpoint } from "../../core/view/checkpoints.ts";
import { pipelineViews } from "../../core/view/pipelines.ts";
import { barriers } from "../../core/view/stages.ts";
import { documentHeader } from "../header.ts";
import { fileName, pipelineName } from "../names.ts";
import { type DocumentSpec, renderDocument, type SectionSpec, type Source } from "../section.ts";
import { cell, codeCell, inline, table } from "../text/markdown.ts";
import { disclaimer } from "../words.ts";
import { BLOCKERS, BLOCKERS_IF_ANY } from "./blockers.ts";
import { CHECKPOINT_LOG, CHECKPOINT_RECOVERY, CHECKPOINTS } from "./checkpoints.ts";
import { GATE_TRACKING } from "./gate-tracking.ts";
import { LOOPS } from "./loops.ts";
import { METRICS, TASK_METRICS } from "./metrics.ts";
import { NEXT_ACTIONS, NEXT_ACTIONS_WITH_GRAPH } from "./next-actions.ts";
import { NOTES } from "./notes.ts";
import { PHASE_LOG } from "./phase-log.ts";
import { PIPELINES_DASHBOARD } from "./pipelines-dashboard.ts";
import { AGENT_QUEUE, GROUP_QUEUE } from "./queue.ts";
import { RESUMPTION } from "./resumption.ts";
import { TASK_LOG } from "./task-log.ts";
import { TASKS_DASHBOARD } from "./tasks-dashboard.ts";

const SECTIONS_A: readonly SectionSpec[] = [
  PIPELINES_DASHBOARD,
  PHASE_LOG,
  AGENT_QUEUE,
  GATE_TRACKING,
  LOOPS,
  BLOCKERS,
  CHECKPOINTS,
  METRICS,
  NOTES,
  NEXT_ACTIONS,
  RESUMPTION,
];

const SECTIONS_B: readonly SectionSpec[] = [
  TASKS_DASHBOARD,
  TASK_LOG,
  GROUP_QUEUE,
  GATE_TRACKING,
  CHECKPOINT_LOG,
  LOOPS,
  BLOCKERS_IF_ANY,
  TASK_METRICS,
  NEXT_ACTIONS_WITH_GRAPH,
  CHECKPOINT_RECOVERY,
  NOTES,
];

/** The tracker's text. */
export function renderTracker(source: Source): string {
  return renderDocument(source.state.plan.flavour === "A" ? flavourA(source) : flavourB(source), source);
}

function flavourA(source: Source): DocumentSpec {
  const { state } = source;
  const id = `${state.plan.workflow.documentPrefix}-ORCH-TRACKER`;
  return {
    title: fileName(state.plan.layout.trackerFile),
    header: documentHeader(source, id),
    disclaimer: disclaimer(state.plan.layout.stateFile),
    numbered: true,
    sections: SECTIONS_A,
    preface: outputs(source),
    footer: footer(source, id),
  };
}

function flavourB(source: Source): DocumentSpec {
  const { state } = source;
  const id = `${state.plan.workflow.documentPrefix}-ORCH-WORKTRACKER`;
  return {
    title: `${fileName(state.plan.layout.trackerFile)} - ${inline(state.plan.workflow.name)}`,
    header: documentHeader(source, id),
    disclaimer: disclaimer(state.plan.layout.stateFile),
    numbered: false,
    sections: SECTIONS_B,
    footer: footer(source, id),
  };
}

function outputs({ state }: Source): readonly string[] {
  const { folder } = state.plan.layout;
  const pipelines = pipelineViews(state)
    .filter((view) => view.phases.length > 0)
    .map(({ plan }) => [cell(pipelineName(plan)), codeCell(`${folder}${plan.alias}/`)]);
  const crossing =
    barriers(state).length === 0 ? [] : [["Cross-Pollination", codeCell(`${folder}cross-pollination/`)]];
  const rows = [["Base Path", codeCell(folder)], ...pipelines, ...crossing];
  return ["### Artifact Output Configuration", "", ...table(["Component", "Path Pattern"], rows)];
}

function footer({ state }: Source, id: string): readonly string[] {
  const last = latestCheckpoint(state);
  return [
    `Document ID: ${id}`,
    `Workflow ID: ${state.id}`,
    `State: ${fileName(state.plan.layout.stateFile)}, revision ${state.seq}, ${state.updatedAt}`,
    `Last Checkpoint: ${last === undefined ? "none" : `${last.id} (${last.trigger})`}`,
  ];
}
