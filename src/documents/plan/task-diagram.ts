/** Flavour B: phases below each other with their tasks, gates and user checkpoints. Source: documents B1 §2.2. */
import type { PlannedPhase } from "../../core/plan/plan.ts";
import { patternName } from "../../core/quality/strategies.ts";
import { approvalOf } from "../../core/view/checkpoints.ts";
import { phaseGateView } from "../../core/view/gates.ts";
import { blockedBy, phaseShown } from "../../core/view/stages.ts";
import { roleName, shownStatus, type Unit, unitName, unitsOfStage } from "../../core/view/unit.ts";
import type { WorkflowState } from "../../core/workflow/state.ts";
import { artifactText, fileName } from "../names.ts";
import { range, thresholdText } from "../text/format.ts";
import { centre, cut, DIVIDER, DOUBLE, frame, SINGLE } from "../text/frame.ts";
import { oneLine } from "../text/markdown.ts";
import { boxRow, type Row, sameHeight } from "./drawing.ts";

const INNER = 68;
const TASK = 29;
const TASKS_PER_ROW = 2;

/** Rows of one phase: the phase itself and the user checkpoint after it. */
export function taskRows(state: WorkflowState, phase: PlannedPhase): readonly Row[] {
  const checkpoint = state.plan.checkpoints.find((one) => one.id === phase.checkpoint);
  const approval = checkpoint === undefined ? null : approvalOf(state, checkpoint.id);
  const rows = [boxRow([phaseBox(state, phase)], 0)];
  if (checkpoint === undefined || approval === null) return rows;
  const lines = [
    centre(`${checkpoint.id}: USER CHECKPOINT`, INNER),
    cut(oneLine(checkpoint.approval ?? checkpoint.name), INNER),
    `STATUS: ${approval}`,
  ];
  return [...rows, boxRow([frame(lines, DOUBLE, INNER)], 0)];
}

/** The box in which the drawing ends. */
export function endRow(state: WorkflowState): Row {
  const owner = state.plan.workflow.parent ?? state.id;
  return boxRow([frame([centre(`${owner}: ${state.status}`, INNER)], SINGLE, INNER)], 0);
}

function phaseBox(state: WorkflowState, phase: PlannedPhase): readonly string[] {
  const units = unitsOfStage(state, phase.index);
  const gate = phaseGateView(state, phase);
  const tasks = units.flatMap((_, index) =>
    index % TASKS_PER_ROW === 0 ? [units.slice(index, index + TASKS_PER_ROW)] : [],
  );
  const names = units.map(({ plan }) => unitName(plan)).join(", ");
  const before = blockedBy(state, phase);
  return frame(
    [
      cut(`PHASE ${phase.number}: ${oneLine(phase.name).toUpperCase()} (${names})`, INNER),
      `Mode: ${phase.mode}${before === null ? "" : `, blocked by ${before}`}`,
      DIVIDER,
      ...tasks.flatMap((row) => taskLines(state, row)),
      ...(gate.required ? [`${gate.id}: ${thresholdText(state.plan.threshold)}, ${gate.status}`] : []),
      `STATUS: ${phaseShown(state, phase)}`,
    ],
    SINGLE,
    INNER,
  );
}

function taskLines(state: WorkflowState, row: readonly Unit[]): readonly string[] {
  const texts = sameHeight(row.map((one) => taskText(state, one)));
  return boxRow(
    texts.map((lines) => frame(lines, SINGLE, TASK)),
    2,
  ).lines;
}

function taskText(state: WorkflowState, one: Unit): readonly string[] {
  const { plan } = one;
  const { gate } = plan;
  const loop = gate.judged
    ? [
        "create > critique > revise",
        ...gate.patterns.map((pattern) => `  ${patternName(pattern)}`),
        ...gate.reviewers.map((reviewer) => cut(`  score: ${reviewer.role}`, TASK)),
        `  rounds ${range(gate.loop.min, gate.loop.max)}`,
      ]
    : ["integrity and checks"];
  return [
    cut(unitName(plan), TASK),
    cut(oneLine(plan.title), TASK),
    cut(`(${roleName(plan)})`, TASK),
    DIVIDER,
    ...loop,
    DIVIDER,
    cut(fileName(artifactText(one)), TASK),
    shownStatus(state, plan.id),
  ];
}
