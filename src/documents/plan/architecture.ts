/** Diagram, protocol, patterns, output levels. Source: documents A1 §2, B1 §2. */
import { phases } from "../../core/view/stages.ts";
import type { SectionSpec, Source } from "../section.ts";
import { range, thresholdText } from "../text/format.ts";
import { blocks, cell, fence, table } from "../text/markdown.ts";
import { PATTERNS, patternText, patternTitle } from "../words.ts";
import { stack } from "./drawing.ts";
import { pipelineDiagram } from "./pipeline-diagram.ts";
import { endRow, taskRows } from "./task-diagram.ts";

export const ARCHITECTURE: SectionSpec = {
  title: "Workflow Architecture",
  purpose: "Diagram, patterns, levels of output",
  body: (source, sub) =>
    blocks(
      [sub("Pipeline Diagram")],
      fence(pipelineDiagram(source.state)),
      [sub("Orchestration Pattern Classification")],
      patterns(source),
      [sub("Output Levels")],
      levels(source),
    ),
};

export const PROTOCOL_ARCHITECTURE: SectionSpec = {
  ...ARCHITECTURE,
  purpose: "Review protocol, diagram, patterns, levels of output",
  body: (source, sub) =>
    blocks(
      [sub("Review Protocol")],
      protocol(source),
      [sub("Pipeline Diagram")],
      fence(taskDiagram(source)),
      [sub("Orchestration Pattern Classification")],
      patterns(source),
      [sub("Output Levels")],
      levels(source),
    ),
};

/** A plan with barriers keeps the lanes even where the rest is drawn by task. */
function taskDiagram({ state }: Source): readonly string[] {
  if (state.plan.stages.some((stage) => stage.kind === "barrier")) return pipelineDiagram(state);
  return stack([...phases(state).flatMap((phase) => taskRows(state, phase)), endRow(state)]);
}

function protocol({ state, missing }: Source): readonly string[] {
  const { loop, threshold, deliverables } = state.plan;
  const scorers = [
    ...new Set(deliverables.flatMap((one) => one.gate.reviewers.map((reviewer) => reviewer.role))),
  ];
  const critics = [...new Set(deliverables.flatMap((one) => one.gate.critic ?? []))];
  return table(
    ["Protocol Element", "Implementation"],
    [
      ["Creator", "The slot's own role, in a worktree of its own"],
      ["Critic", cell(critics.join(", ") || missing)],
      ["Revision", "Findings go back to the creator's own conversation; naming them is not answering them"],
      ["Validator", cell(scorers.join(", ") || missing)],
      ["Quality Threshold", thresholdText(threshold)],
      ["Iterations", range(loop.min, loop.max)],
      ["Mandatory Findings", loop.findings === 0 ? "none" : `at least ${loop.findings} per critique`],
    ],
  );
}

function patterns({ state }: Source): readonly string[] {
  const applied = new Set(state.plan.workflow.patterns);
  const rows = PATTERNS.map((pattern) => [
    patternTitle(pattern),
    applied.has(pattern) ? "Yes" : "No",
    patternText(pattern),
  ]);
  return table(["Pattern", "Applied", "Description"], rows);
}

const DEFAULT_LEVELS = [
  ["L0", "Stakeholders", "What was decided and why, in a few sentences"],
  ["L1", "Developers", "Definitions, diagrams, what to change and how"],
  ["L2", "Orchestrator", "Raw findings, scores, state, trade-offs, recovery"],
] as const;

function levels({ state }: Source): readonly string[] {
  const declared = state.plan.levels.map((one) => [cell(one.level), cell(one.audience), cell(one.content)]);
  return table(["Level", "Audience", "Content"], declared.length === 0 ? DEFAULT_LEVELS : declared);
}
