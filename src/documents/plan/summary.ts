/** Executive summary and identification. Source: documents A1 §1, B1 §1. */
import type { PlannedBase } from "../../core/plan/plan.ts";
import { expectedCheckpoints } from "../../core/view/checkpoints.ts";
import { pipelineViews } from "../../core/view/pipelines.ts";
import { barriers, phases } from "../../core/view/stages.ts";
import { currentStateSentence } from "../../core/view/summary.ts";
import { units } from "../../core/view/unit.ts";
import { pipelineName, pipelineWord } from "../names.ts";
import type { SectionSpec, Source } from "../section.ts";
import { plural } from "../text/format.ts";
import { blocks, bullets, cell, code, codeCell, inline, labelled, table } from "../text/markdown.ts";
import { patternTitle } from "../words.ts";

export const SUMMARY: SectionSpec = {
  title: "Executive Summary",
  purpose: "Goal, current state, identification",
  body: (source, sub) =>
    blocks(
      goal(source),
      [labelled("Scope", scope(source))],
      [labelled("Current State", inline(currentStateSentence(source.state)))],
      [labelled("Orchestration Pattern", source.state.plan.workflow.patterns.map(patternTitle).join(" + "))],
      [sub("Workflow Identification")],
      identification(source),
      ["**Pipelines:**"],
      pipelines(source),
      ["**Artifact Output Locations:**"],
      bullets(locations(source)),
    ),
};

function goal({ state }: Source): readonly string[] {
  const { goal: text, name } = state.plan.workflow;
  return [text.trim() === "" ? inline(name) : inline(text)];
}

function scope({ state }: Source): string {
  const slots = units(state).filter(({ plan }) => plan.kind === "slot").length;
  const asked = expectedCheckpoints(state).filter((one) => one.approval !== null).length;
  const counts: readonly (readonly [number, string])[] = [
    [phases(state).length, "phase"],
    [slots, "slot"],
    [barriers(state).length, "barrier"],
    [state.plan.checkpoints.length, "checkpoint"],
  ];
  const parts = counts.filter(([count]) => count > 0).map(([count, noun]) => plural(count, noun));
  return asked === 0 ? parts.join(", ") : `${parts.join(", ")} (${asked} for a person)`;
}

function identification({ state, missing }: Source): readonly string[] {
  const { workflow, base, layout, loop } = state.plan;
  const optional: readonly (readonly [string, string | undefined, string])[] = [
    ["Owner", workflow.parent, "definition"],
    ["Prior Art", workflow.priorArt, "definition"],
  ];
  const rows = [
    ["Workflow ID", codeCell(state.id), workflow.idSource],
    [
      "ID Format",
      workflow.idSource === "auto" ? "`{purpose}-{YYYYMMDD}-{NNN}`" : "chosen",
      workflow.idSource === "auto" ? "semantic-date-seq" : "definition",
    ],
    ["Base Path", codeCell(layout.folder), "layout"],
    [
      "Base",
      `${base.branch === null ? "" : `${codeCell(base.branch)} at `}${codeCell(base.commit.slice(0, 10))}${behindOf(base)}`,
      "repository",
    ],
    ["Target", base.target === null ? missing : codeCell(base.target), "definition"],
    ["Integration Branch", codeCell(`${layout.branchPrefix}/main`), "layout"],
    ["Review Loop", cell(loop.profile), "definition"],
    ...optional.flatMap(([field, value, source]) =>
      value === undefined ? [] : [[field, cell(value), source]],
    ),
    ...Object.keys(state.plan.inputs)
      .sort()
      .map((key) => [`Input ${cell(key)}`, cell(String(state.plan.inputs[key])), "input"]),
  ];
  return table(["Field", "Value", "Source"], rows);
}

function pipelines({ state, missing }: Source): readonly string[] {
  const rows = pipelineViews(state).map(({ plan, totalPhases }) => [
    pipelineWord(plan),
    codeCell(plan.alias),
    cell(plan.skill ?? missing),
    cell(plan.purpose ?? (plan.title || missing)),
    String(totalPhases),
  ]);
  return table(["Pipeline", "Alias", "Skill Source", "Role", "Phases"], rows);
}

function locations({ state }: Source): readonly string[] {
  const { folder } = state.plan.layout;
  const own = pipelineViews(state)
    .filter((view) => view.phases.length > 0)
    .map(({ plan }) => `${inline(pipelineName(plan))}: ${code(`${folder}${plan.alias}/`)}`);
  const crossing =
    barriers(state).length === 0 ? [] : [`Cross-pollination: ${code(`${folder}cross-pollination/`)}`];
  return own.length + crossing.length === 0 ? [`All: ${code(folder)}`] : [...own, ...crossing];
}

/** Only where it started late: what is up to date needs no word. */
function behindOf({ upstream }: PlannedBase): string {
  return upstream === undefined || upstream.behind === 0
    ? ""
    : `, ${upstream.behind} behind ${codeCell(upstream.name)} at the start`;
}
