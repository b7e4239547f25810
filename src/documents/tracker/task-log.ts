/** Flavour B: one part per phase with its tasks, criteria, checkpoint and deliverables. Source: documents B2. */
import type { PlannedPhase } from "../../core/plan/plan.ts";
import { patternName } from "../../core/quality/strategies.ts";
import { gateOf } from "../../core/view/gates.ts";
import { roleName, shownStatus, type Unit, unitName, unitsOfStage } from "../../core/view/unit.ts";
import { artifactCell, taskName } from "../names.ts";
import type { SectionSpec, Source, SubHeading } from "../section.ts";
import { plural, scoreText, stageLabel, thresholdText } from "../text/format.ts";
import { blocks, bullets, cell, code, inline, labelled, table } from "../text/markdown.ts";
import { barrierEntry } from "./barrier-entry.ts";
import { checkText, deliverableBoxes, supersededItems, titled } from "./phase-lists.ts";

export const TASK_LOG: SectionSpec = {
  title: "Phase Execution Log",
  purpose: "Every phase with its tasks, criteria and checkpoint",
  body: (source, sub) => {
    const { state } = source;
    const entries = state.plan.stages.map((stage) =>
      stage.kind === "phase" ? phaseEntry(source, stage, sub) : barrierEntry(source, stage, sub),
    );
    const last = unitsOfStage(state, state.plan.stages.length);
    const synthesis = last.length === 0 ? [] : blocks([sub("Synthesis")], taskRows(source, last));
    return blocks(...entries, synthesis);
  },
};

function phaseEntry(source: Source, phase: PlannedPhase, sub: SubHeading): readonly string[] {
  const units = unitsOfStage(source.state, phase.index);
  const mode = phase.mode === "PARALLEL" ? "Parallel" : "Sequential";
  const title = `Phase ${phase.number}: ${inline(phase.name)} (${mode} -- ${units.map(({ plan }) => unitName(plan)).join(", ")})`;
  const scope = units.flatMap(({ plan }) =>
    plan.brief.length === 0 ? [] : [`${unitName(plan)}: ${plan.brief.map(inline).join("; ")}`],
  );
  const inputs = [...new Set(units.flatMap(({ plan }) => plan.inputs))].map(code);
  return blocks(
    [sub(title)],
    taskRows(source, units),
    entryLines(source, phase, units),
    titled(`Phase ${phase.number} Scope`, bullets(scope)),
    titled(`Phase ${phase.number} Inputs`, bullets(inputs)),
    titled("Checks", bullets(units.flatMap(checkItem))),
    titled("Superseded Work", bullets(supersededItems(units))),
    titled("Deliverables", deliverableBoxes(source, phase)),
  );
}

function checkItem(one: Unit): readonly string[] {
  const text = checkText(one);
  return text === null ? [] : [`${unitName(one.plan)}: ${text}`];
}

function taskRows({ state, missing }: Source, units: readonly Unit[]): readonly string[] {
  const crossed = units.some(({ plan }) =>
    plan.gate.reviewers.some((reviewer) => reviewer.kind === "cross-check"),
  );
  const by = (one: Unit, kind: "validator" | "cross-check") =>
    one.plan.gate.reviewers.flatMap((reviewer) => (reviewer.kind === kind ? [reviewer.role] : []));
  const rows = units.map((one) => {
    const gate = gateOf(state, one);
    return [
      cell(taskName(one.plan)),
      cell(roleName(one.plan)),
      ...(crossed ? [cell(by(one, "cross-check").join(", ") || missing)] : []),
      shownStatus(state, one.plan.id),
      scoreText(gate, missing),
      `${gate.round}/${gate.maxRounds}`,
      one.plan.gate.patterns.map(patternName).join(", ") || missing,
      cell(by(one, "validator").join(", ") || missing),
      artifactCell(one, missing),
    ];
  });
  const cross = crossed ? ["Cross-Val"] : [];
  return table(
    ["Task", "Agent", ...cross, "Status", "Score", "Iterations", "Critic Patterns", "Validator", "Artifact"],
    rows,
  );
}

function entryLines({ state }: Source, phase: PlannedPhase, units: readonly Unit[]): readonly string[] {
  const checkpoint = state.plan.checkpoints.find((one) => one.id === phase.checkpoint);
  const lines = [
    labelled(`Phase ${phase.number} Entry Criteria`, entryText(state, phase)),
    labelled(`Phase ${phase.number} Exit Criteria`, exitText(state, phase, units)),
    ...(checkpoint === undefined
      ? []
      : [labelled("Checkpoint", inline(`${checkpoint.id} (${checkpoint.approval ?? checkpoint.name})`))]),
  ];
  return lines.flatMap((line, index) => (index === 0 ? [line] : ["", line]));
}

function entryText(state: Source["state"], phase: PlannedPhase): string {
  const before = state.plan.stages[phase.index - 1];
  if (before === undefined) return state.plan.reviewPlan ? "Plan approved" : "None";
  const checkpoint = state.plan.checkpoints.find((one) => one.id === before.checkpoint);
  return `${stageLabel(before.id)} complete${checkpoint?.approval === undefined ? "" : ` + ${checkpoint.id} approved`}`;
}

function exitText(state: Source["state"], phase: PlannedPhase, units: readonly Unit[]): string {
  const judged = units.filter(({ plan }) => plan.gate.judged).map(({ plan }) => unitName(plan));
  const score = judged.length === 0 ? [] : [`${judged.join(", ")} ${thresholdText(state.plan.threshold)}`];
  const all = [...score, ...phase.exit.map(inline), ...phase.conditions.map(inline)];
  return all.length === 0 ? `${plural(units.length, "slot")} accepted` : all.join(" + ");
}
