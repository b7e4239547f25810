/** Flavour A: lanes of phases, barriers across them, joining phases in the middle. Source: documents A1 §2.1. */
import type { PlannedBarrier, PlannedPhase } from "../../core/plan/plan.ts";
import { barrierView, type PipelinePhase, partsOf } from "../../core/view/stages.ts";
import { roleName, shownStatus, type Unit, unitsOfStage } from "../../core/view/unit.ts";
import type { WorkflowState } from "../../core/workflow/state.ts";
import { directionKeys, pipelineName } from "../names.ts";
import { thresholdText } from "../text/format.ts";
import { centre, cut, DIVIDER, DOUBLE, frame, SINGLE, widest } from "../text/frame.ts";
import { oneLine } from "../text/markdown.ts";
import { boxRow, type Row, sameHeight, stack } from "./drawing.ts";

const BOX = 30;
const GAP = 6;
const LANES = 3;

/** The drawing, without fence. */
export function pipelineDiagram(state: WorkflowState): readonly string[] {
  const rows = state.plan.stages.flatMap((stage) =>
    stage.kind === "phase" ? phaseRows(state, stage) : [barrierRow(state, stage)],
  );
  const synthesis = unitsOfStage(state, state.plan.stages.length).map((one) =>
    boxRow([synthesisBox(state, one)], GAP),
  );
  return stack([...rows, ...synthesis]);
}

/** More than three lanes are drawn in several rows, so that the drawing stays readable. */
function phaseRows(state: WorkflowState, phase: PlannedPhase): readonly Row[] {
  const texts = partsOf(state, phase).map((part) => phaseText(state, part));
  const rows = texts.flatMap((_, index) => (index % LANES === 0 ? [texts.slice(index, index + LANES)] : []));
  return rows.map((row) => {
    const boxes = sameHeight(row).map((lines) => frame(lines, SINGLE, BOX));
    return boxRow(boxes, GAP);
  });
}

function phaseText(state: WorkflowState, part: PipelinePhase): readonly string[] {
  const head = part.pipeline === null ? [] : [cut(pipelineName(part.pipeline), BOX)];
  const alone = part.units.length === 1;
  return [
    ...head,
    cut(`PHASE ${part.phase.number}: ${oneLine(part.phase.name)}`, BOX),
    DIVIDER,
    ...part.units.flatMap((one) => slotLines(state, one, alone)),
    `STATUS: ${part.shown}`,
  ];
}

function slotLines(state: WorkflowState, one: Unit, alone: boolean): readonly string[] {
  const { plan } = one;
  const rules = one.state.escalations.map((rule) => rule.rule).join(", ");
  const level = rules === "" ? [] : [`CRITICALITY: ${one.state.criticality} (${rules})`];
  const status = alone ? [] : [`  ${shownStatus(state, plan.id)}`];
  const handoffs = inputsFrom(state, one);
  return [
    cut(plan.id, BOX),
    cut(`(${roleName(plan)})`, BOX),
    ...(plan.title === "" ? [] : [cut(oneLine(plan.title), BOX)]),
    ...handoffs.map((text) => cut(`INPUT: ${text}`, BOX)),
    ...level,
    ...status,
  ];
}

/** Handoffs among the inputs: `barrier-1 b-->a`. */
function inputsFrom(state: WorkflowState, { plan }: Unit): readonly string[] {
  return state.plan.deliverables.flatMap((one) => {
    if (one.handoff === undefined || one.makes.kind !== "file" || !plan.inputs.includes(one.makes.path))
      return [];
    return [`${one.handoff.barrier} ${directionKeys(one)}`];
  });
}

function barrierRow(state: WorkflowState, barrier: PlannedBarrier): Row {
  const view = barrierView(state, barrier);
  const directions = view.directions.map(({ unit }) =>
    cut(`${directionKeys(unit.plan)}: ${oneLine(unit.plan.handoff?.keyContent ?? "")}`, 2 * BOX),
  );
  const foot = [
    `QUALITY GATE: ${thresholdText(view.threshold)} weighted composite (S-014)`,
    `STATUS: ${view.shown}`,
  ];
  const inner = Math.max(2 * BOX, widest(directions) + 4, widest(foot));
  const title = centre(`SYNC BARRIER ${barrier.number}`, inner);
  const list = frame(directions, SINGLE, inner - 4);
  return { lines: frame([title, ...list, ...foot], DOUBLE, inner), centres: null };
}

function synthesisBox(state: WorkflowState, { plan }: Unit): readonly string[] {
  return frame(
    ["SYNTHESIS", DIVIDER, plan.id, `(${roleName(plan)})`, `STATUS: ${shownStatus(state, plan.id)}`],
    SINGLE,
    BOX,
  );
}
