/** The execution queue as table and drawing. Source: documents A2 §3, B2. */
import { type GroupView, groups } from "../../core/view/queue.ts";
import { phases } from "../../core/view/stages.ts";
import { shownStatus, unit, unitName } from "../../core/view/unit.ts";
import { agentName, directionName, pipelineAlias } from "../names.ts";
import type { SectionSpec, Source } from "../section.ts";
import { stageLabel, thresholdText } from "../text/format.ts";
import { ASCII, frame, widest } from "../text/frame.ts";
import { blocks, cell, fence, inline, table } from "../text/markdown.ts";

export const AGENT_QUEUE: SectionSpec = {
  title: "Agent Execution Queue",
  purpose: "What runs in which order",
  body: (source, sub) =>
    blocks(
      [sub("Current Queue (Priority Order)")],
      agentRows(source),
      [sub("Execution Groups")],
      fence(drawing(source)),
    ),
};

export const GROUP_QUEUE: SectionSpec = {
  title: "Agent Execution Queue",
  purpose: "What runs in which order",
  body: (source) => groupRows(source),
};

function agentRows(source: Source): readonly string[] {
  const { missing } = source;
  const all = groups(source.state);
  const rows = all.flatMap((group, index) => {
    const after = index === 0 ? "None" : `${whatEnds(source, all[index - 1])} complete`;
    if (group.plan.kind === "phase") return slotRows(source, group, after);
    return [
      [
        String(group.plan.order),
        missing,
        cell(kindName(group)),
        cell(whatEnds(source, group)),
        cell(after),
        group.shown,
      ],
    ];
  });
  return table(["Priority", "Agent", "Pipeline", "Phase", "Dependencies", "Status"], rows);
}

function slotRows(source: Source, group: GroupView, after: string): readonly (readonly string[])[] {
  const { state, missing } = source;
  return group.plan.agents.flatMap((id) => {
    const found = unit(state, id);
    if (found === undefined) return [];
    const within = found.plan.after
      .filter((other) => group.plan.agents.includes(other))
      .map((other) => `${other} merged`);
    const where = state.plan.stages[group.plan.stage];
    const phase = where === undefined ? "Synthesis" : `Phase ${where.number} (${where.name})`;
    const depends = [after, ...within].filter((text, _, all) => text !== "None" || all.length === 1);
    return [
      [
        String(group.plan.order),
        cell(agentName(found.plan)),
        cell(pipelineAlias(state, found.plan, missing)),
        cell(phase),
        cell(depends.join(", ")),
        shownStatus(state, id),
      ],
    ];
  });
}

function kindName({ plan }: GroupView): string {
  if (plan.kind === "barrier") return "Cross-Pollination";
  return plan.kind === "gate" ? "Quality Gate" : "User Checkpoint";
}

function whatEnds({ state }: Source, group: GroupView | undefined): string {
  if (group === undefined) return "";
  if (group.plan.kind === "checkpoint") return group.plan.checkpoint ?? group.plan.name;
  const stage = state.plan.stages[group.plan.stage];
  if (stage === undefined) return "Synthesis";
  return group.plan.kind === "gate" && stage.kind === "phase" ? stage.gateId : stageLabel(stage.id);
}

function drawing(source: Source): readonly string[] {
  const all = groups(source.state);
  const contents = all.map((group) => members(source, group));
  const inner = Math.max(59, ...contents.map(widest));
  const arrow = [`${" ".repeat(30)}|`, `${" ".repeat(30)}v`];
  return all.flatMap((group, index) => {
    const mode =
      group.plan.mode === "PARALLEL"
        ? "Parallel"
        : group.plan.mode === "CHECKPOINT"
          ? "Checkpoint"
          : "Sequential";
    const box = frame(contents[index] ?? [], ASCII, inner).map((line) => `  ${line}`);
    return [
      ...(index === 0 ? [] : arrow),
      `GROUP ${group.plan.order} (${mode} - ${inline(group.plan.name)}):`,
      ...box,
    ];
  });
}

function members({ state }: Source, group: GroupView): readonly string[] {
  const { plan } = group;
  if (plan.kind === "checkpoint") return [`${plan.checkpoint ?? plan.name} (user)`];
  if (plan.kind === "barrier") {
    const handoffs = state.plan.deliverables.filter(
      (one) => one.kind === "handoff" && one.stage === plan.stage,
    );
    const threshold = handoffs[0]?.gate.threshold ?? state.plan.threshold;
    return [
      ...handoffs.map((one) => `${directionName(one)} handoff`),
      `Quality gate check (${thresholdText(threshold)})`,
    ];
  }
  if (plan.kind === "gate") return reviewers({ state }, group);
  return plan.agents.flatMap((id) => {
    const found = unit(state, id);
    if (found === undefined) return [];
    const raised =
      found.state.criticality === state.plan.workflow.criticality
        ? ""
        : `, ${found.state.criticality} criticality`;
    return [`${agentName(found.plan)}${raised}`];
  });
}

function reviewers({ state }: Pick<Source, "state">, group: GroupView): readonly string[] {
  const slots = state.plan.deliverables.filter(
    (one) => one.stage === group.plan.stage && one.kind === "slot",
  );
  const lines = slots.flatMap((one) =>
    one.gate.reviewers.map((reviewer) => `${reviewer.role} reviews ${unitName(one)}`),
  );
  return lines.length === 0 ? [group.plan.name] : lines;
}

function groupRows({ state, missing }: Source): readonly string[] {
  const numbers = new Map(phases(state).map((phase) => [phase.index, String(phase.number)]));
  const rows = groups(state).map((group) => [
    String(group.plan.order),
    group.plan.id,
    numbers.get(group.plan.stage) ?? missing,
    group.plan.mode,
    cell(groupTasks({ state }, group)),
    group.shown,
  ]);
  return table(["Order", "Group", "Phase", "Mode", "Tasks", "Status"], rows);
}

function groupTasks({ state }: Pick<Source, "state">, group: GroupView): string {
  const { plan } = group;
  if (plan.kind === "checkpoint") return `${plan.checkpoint ?? plan.name} (user)`;
  if (plan.kind === "gate")
    return counted(reviewers({ state }, group).map((line) => line.split(" reviews ")[0] ?? line));
  if (plan.kind === "barrier") return plan.tasks.join(", ");
  return plan.agents.map((id) => state.plan.deliverables.find((one) => one.id === id)?.task ?? id).join(", ");
}

/** `ps-validator (x2), nse-requirements`. */
function counted(names: readonly string[]): string {
  const unique = [...new Set(names)];
  return unique
    .map((name) => ({ name, times: names.filter((other) => other === name).length }))
    .map(({ name, times }) => (times === 1 ? name : `${name} (x${times})`))
    .join(", ");
}
