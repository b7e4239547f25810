/** A plan as a Mermaid flowchart: stages as boxes around their deliverables, arrows along inputs. */
import type { Plan, PlannedDeliverable, PlannedStage } from "../plan.ts";

/** The text of the diagram, ending in one newline. Node names are made of positions, so no id can break the syntax. */
export function planMermaid(plan: Plan): string {
  const lines = [
    "flowchart TD",
    ...plan.stages.flatMap((stage) => stageBox(plan, stage)),
    ...plan.deliverables.flatMap((one, index) => (one.kind === "synthesis" ? [node(one, index)] : [])),
    ...edges(plan),
    ...approvals(plan),
  ];
  return `${lines.join("\n")}\n`;
}

function stageBox(plan: Plan, stage: PlannedStage): readonly string[] {
  const name =
    stage.kind === "phase"
      ? `Phase ${stage.number}: ${stage.name}`
      : `Barrier ${stage.number}: ${stage.name}`;
  const members = plan.deliverables.flatMap((one, index) =>
    one.stage === stage.index ? [node(one, index)] : [],
  );
  return [
    `  subgraph s${stage.index}["${escaped(`${name} (${stage.criticality})`)}"]`,
    ...members.map((line) => `  ${line}`),
    "  end",
  ];
}

function node(deliverable: PlannedDeliverable, index: number): string {
  const role =
    deliverable.partner === undefined ? deliverable.role : `${deliverable.role} + ${deliverable.partner}`;
  const label = `${escaped(deliverable.id)}<br/>${escaped(role)}`;
  return deliverable.kind === "handoff" ? `  n${index}(["${label}"])` : `  n${index}["${label}"]`;
}

/** Along inputs and `after`; a stage from which nothing is read is joined to the next, so that the order stays visible. */
function edges(plan: Plan): readonly string[] {
  const { deliverables } = plan;
  const along = deliverables.flatMap((target, to) =>
    deliverables.flatMap((source, from) => (feeds(source, target) ? [`  n${from} --> n${to}`] : [])),
  );
  const between = plan.stages.slice(1).flatMap((stage) => {
    const members = deliverables.filter((one) => one.stage === stage.index);
    const before = deliverables.filter((one) => one.stage === stage.index - 1);
    const joined = members.some((target) => before.some((source) => feeds(source, target)));
    return joined ? [] : [`  s${stage.index - 1} --> s${stage.index}`];
  });
  return [...along, ...between];
}

function feeds(source: PlannedDeliverable, target: PlannedDeliverable): boolean {
  if (source.stage === target.stage) return target.after.includes(source.id);
  return (
    source.stage < target.stage && source.makes.kind === "file" && target.inputs.includes(source.makes.path)
  );
}

/** A user checkpoint stands between the stage that it follows and the one that it holds up. */
function approvals(plan: Plan): readonly string[] {
  return plan.checkpoints.flatMap(({ id, approval, position }, index) => {
    if (approval === undefined) return [];
    const next = plan.stages[position] === undefined ? [] : [`  c${index} -.-> s${position}`];
    return [
      `  c${index}{{"${escaped(id)}<br/>${escaped(approval)}"}}`,
      `  s${position - 1} -.-> c${index}`,
      ...next,
    ];
  });
}

function escaped(text: string): string {
  return text
    .replaceAll("#", "#35;")
    .replaceAll('"', "#quot;")
    .replaceAll("<", "#lt;")
    .replaceAll(">", "#gt;")
    .replace(/\s+/g, " ");
}
