/** Execution dashboard of flavour B: counts, phases with their checkpoints, tasks with scores, declared facts. Source: documents B2. */
import { expectedCheckpoints } from "../../core/view/checkpoints.ts";
import { gateOf } from "../../core/view/gates.ts";
import { type Count, metrics } from "../../core/view/metrics.ts";
import { phaseShown, phases } from "../../core/view/stages.ts";
import { shownStatus, unitName, units } from "../../core/view/unit.ts";
import type { SectionSpec, Source } from "../section.ts";
import { bar, percentText, range, scoreText, thresholdText } from "../text/format.ts";
import { ASCII, centre, cut, DIVIDER, frame, padTo, widest } from "../text/frame.ts";
import { fence, oneLine } from "../text/markdown.ts";
import { patternTitle } from "../words.ts";
import { facts, titledBoxes } from "./facts.ts";

const CELLS = 20;
const INNER = 70;
const STATUS_WIDTH = 11;

export const TASKS_DASHBOARD: SectionSpec = {
  title: "Execution Dashboard",
  purpose: "Progress at a glance",
  body: (source) => fence([...intro(source), "", ...boxes(source), ...LEGEND]),
};

const LEGEND = [
  "Legend: PENDING = ready to start   | BLOCKED = waits for what comes before",
  "        IN_PROGRESS = being worked | COMPLETE = done | ESCALATED = a person must decide",
];

function intro({ state }: Source): readonly string[] {
  const title = `${oneLine(state.plan.workflow.name).toUpperCase()} PROGRESS`;
  const { loop, threshold, workflow } = state.plan;
  return [
    title,
    "=".repeat(title.length),
    `Workflow:          ${workflow.id}`,
    `Status:            ${state.status}`,
    `Quality Threshold: ${thresholdText(threshold)}`,
    `Iterations:        ${range(loop.min, loop.max)}`,
    `Pattern:           ${workflow.patterns.map(patternTitle).join(", ")}`,
  ];
}

function boxes(source: Source): readonly string[] {
  const all = [
    { title: "PHASE PROGRESS", lines: phaseLines(source) },
    { title: "TASK STATUS", lines: taskLines(source) },
    ...facts(source),
  ];
  const overall = overallLines(source);
  const inner = Math.max(INNER, widest(overall), ...all.map(({ lines }) => widest(lines)));
  const head = [centre("OVERALL PROGRESS", inner), DIVIDER, ...overall];
  return [...frame(head, ASCII, inner), "", ...titledBoxes(all, inner)];
}

function overallLines({ state, missing }: Source): readonly string[] {
  const { tasks } = metrics(state);
  const done: Count = {
    part: tasks.complete,
    total: tasks.total,
    percent: share(tasks.complete, tasks.total),
  };
  const line = (label: string, count: Count, word: string) =>
    `${label.padEnd(15)}[${bar(count.part, count.total, CELLS, "#", ".")}] ${percentText(count.percent, missing)} (${count.part}/${count.total} ${word})`;
  return [
    line("Tasks:", done, "complete"),
    line("Phases:", tasks.phases, "complete"),
    line("Quality Gates:", tasks.qualityGates, "passed"),
    line("Checkpoints:", tasks.approvals, "approved"),
    DIVIDER,
    `Adversarial Iterations: ${tasks.iterations} total | Escalations: ${tasks.escalations}`,
  ];
}

function phaseLines({ state }: Source): readonly string[] {
  const expected = expectedCheckpoints(state);
  return phases(state).flatMap((phase) => {
    const names = units(state)
      .filter(({ plan }) => plan.stage === phase.index)
      .map(({ plan }) => unitName(plan));
    const mode = names.length > 1 ? ` ${phase.mode.toLowerCase()}` : "";
    const own = expected.find((one) => one.plan.id === phase.checkpoint);
    const checkpoint = own?.approval
      ? [
          `  ${own.plan.id} [${centre(own.approval, STATUS_WIDTH)}] User checkpoint: ${cut(oneLine(own.plan.approval ?? own.plan.name), 60)}`,
        ]
      : [];
    return [
      `Phase ${phase.number} [${centre(phaseShown(state, phase), STATUS_WIDTH)}] ${phase.name} (${names.join(", ")}${mode})`,
      ...checkpoint,
    ];
  });
}

function taskLines({ state, missing }: Source): readonly string[] {
  const rows = units(state).map((one) => {
    const gate = gateOf(state, one);
    const title = cut(oneLine(one.plan.title), 32);
    return {
      name: title === "" ? `${unitName(one.plan)}:` : `${unitName(one.plan)} (${title}):`,
      status: shownStatus(state, one.plan.id),
      score: scoreText(gate, missing),
      round: gate.round,
    };
  });
  const names = widest(rows.map((row) => row.name));
  const scores = widest(rows.map((row) => row.score));
  return rows.map(
    (row) =>
      `${padTo(row.name, names)} ${row.status.padEnd(STATUS_WIDTH)} | Score: ${padTo(row.score, scores)} | Iter: ${row.round}`,
  );
}

function share(part: number, total: number): number | null {
  return total === 0 ? null : Math.floor((100 * part) / total);
}
