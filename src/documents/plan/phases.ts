/** Phases per pipeline, or per phase with its tasks. Source: documents A1 §3, B1 §3. */
import type { PlannedPhase } from "../../core/plan/plan.ts";
import { type PipelineView, pipelineViews } from "../../core/view/pipelines.ts";
import { type PipelinePhase, phases, pipelinePhases } from "../../core/view/stages.ts";
import { roleName, shownStatus, unitName, unitsOfStage } from "../../core/view/unit.ts";
import { pipelineWord, taskName } from "../names.ts";
import type { SectionSpec, Source } from "../section.ts";
import { stageLabel } from "../text/format.ts";
import { blocks, bullets, cell, inline, labelled, table } from "../text/markdown.ts";

export const PIPELINE_PHASES: SectionSpec = {
  title: "Phase Definitions",
  purpose: "Phases of every pipeline",
  body: (source, sub) => {
    const views = pipelineViews(source.state).filter((view) => view.phases.length > 0);
    const loose = pipelinePhases(source.state).filter((part) => part.pipeline === null);
    return blocks(
      ...views.map((view) => blocks([sub(pipelineTitle(view))], partRows(view.phases))),
      ...(loose.length === 0 ? [] : [blocks([sub("Phases Without Pipeline")], partRows(loose))]),
    );
  },
};

export const TASK_PHASES: SectionSpec = {
  title: "Phase Definitions",
  purpose: "Phases with their tasks and deliverables",
  body: (source, sub) =>
    blocks(...phases(source.state).map((phase) => taskPhase(source, phase, sub(phaseTitle(phase))))),
};

function pipelineTitle({ plan }: PipelineView): string {
  const title = plan.title === "" ? plan.alias : plan.title;
  return plan.convergent
    ? `Convergent Phases (${inline(title)})`
    : `${pipelineWord(plan)} Phases (${inline(title)})`;
}

function partRows(parts: readonly PipelinePhase[]): readonly string[] {
  const rows = parts.map((part) => [
    String(part.phase.number),
    cell(part.phase.name),
    cell(part.units.map(({ plan }) => purpose(plan)).join("; ")),
    cell(part.units.map(({ plan }) => plan.id).join(", ")),
    part.shown,
  ]);
  return table(["Phase", "Name", "Purpose", "Agents", "Status"], rows);
}

function purpose(plan: { readonly brief: readonly string[]; readonly title: string }): string {
  return plan.brief.length === 0 ? plan.title : plan.brief.join("; ");
}

function phaseTitle(phase: PlannedPhase): string {
  return `Phase ${phase.number}: ${inline(phase.name)}`;
}

function taskPhase({ state, missing }: Source, phase: PlannedPhase, heading: string): readonly string[] {
  const units = unitsOfStage(state, phase.index);
  const rows = units.map(({ plan }) => [
    cell(unitName(plan)),
    cell(plan.title || missing),
    cell(roleName(plan)),
    cell(
      plan.gate.reviewers.flatMap((one) => (one.kind === "cross-check" ? [one.role] : [])).join(", ") ||
        phase.mode,
    ),
    shownStatus(state, plan.id),
  ]);
  const scope = units.flatMap(({ plan }) =>
    plan.brief.length === 0 ? [] : [`${inline(taskName(plan))}: ${plan.brief.map(inline).join("; ")}`],
  );
  return blocks(
    [heading],
    table(["Task", "Name", "Agent", "Execution/Cross-Validation", "Status"], rows),
    scope.length === 0 ? [] : ["**Scope:**", "", ...bullets(scope)],
    phase.deliverables.length === 0
      ? []
      : ["**Deliverables:**", "", ...bullets(phase.deliverables.map(inline))],
    [labelled("Blocking", blocking(state, phase))],
  );
}

function blocking(state: Source["state"], phase: PlannedPhase): string {
  const before = state.plan.stages[phase.index - 1];
  if (before === undefined)
    return state.plan.reviewPlan ? "starts when a person has approved the plan." : "starts at once.";
  const checkpoint = state.plan.checkpoints.find(
    (one) => one.id === before.checkpoint && one.approval !== undefined,
  );
  return `waits for ${stageLabel(before.id)}${checkpoint === undefined ? "" : ` and the approval of ${checkpoint.id}`}.`;
}
