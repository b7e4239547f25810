/** Execution dashboard of flavour A: pipelines side by side, barriers, gates, overall progress. Source: documents A2 §1. */
import { phaseGateView } from "../../core/view/gates.ts";
import { overallProgress } from "../../core/view/metrics.ts";
import { type PipelineView, pipelineViews } from "../../core/view/pipelines.ts";
import {
  barriers,
  barrierView,
  type PipelinePhase,
  phases,
  stageCriticality,
} from "../../core/view/stages.ts";
import { isDone, shownStatus, unitsOfStage } from "../../core/view/unit.ts";
import type { SectionSpec, Source } from "../section.ts";
import { bar, maybeScore, percentText, scoreText, shortNumber } from "../text/format.ts";
import { ASCII_DOUBLE, beside, centre, cut, DIVIDER, frame, widest } from "../text/frame.ts";
import { fence } from "../text/markdown.ts";
import { facts, titledBoxes } from "./facts.ts";

const CELLS = 12;
const INNER = 77;
const GAP = 4;

export const PIPELINES_DASHBOARD: SectionSpec = {
  title: "Execution Dashboard",
  purpose: "Progress at a glance",
  body: (source) => {
    const declared = facts(source);
    const columns = Math.max(INNER, ...declared.map(({ lines }) => widest(lines)));
    const boxes = declared.length === 0 ? [] : ["", ...titledBoxes(declared, columns).slice(0, -1)];
    return fence([...dashboard(source), ...boxes]);
  },
};

function dashboard(source: Source): readonly string[] {
  const blocks = [...pipelineBlocks(source), barrierBlock(source), gateBlock(source), synthesisBlock(source)];
  const content = blocks.filter((block) => block.length > 0).flatMap((block) => ["", ...block]);
  const all = [...content, "", overallLine(source), ""];
  const inner = Math.max(INNER, widest(all));
  return frame([centre("ORCHESTRATION EXECUTION STATUS", inner), DIVIDER, ...all], ASCII_DOUBLE, inner);
}

function pipelineBlocks({ state }: Source): readonly (readonly string[])[] {
  const views = pipelineViews(state).filter((view) => view.phases.length > 0);
  const tracks = views.filter((view) => !view.plan.convergent);
  const joining = views.filter((view) => view.plan.convergent);
  const pairs = tracks.flatMap((_, index) => (index % 2 === 0 ? [tracks.slice(index, index + 2)] : []));
  return [...pairs.map((pair) => beside(pair.map(pipelineBlock), GAP)), ...joining.map(pipelineBlock)];
}

function pipelineBlock({ plan, phases: parts }: PipelineView): readonly string[] {
  const title = plan.convergent ? "CONVERGENT" : `PIPELINE ${plan.letter.toUpperCase()} (${plan.alias})`;
  const names = parts.map((part) => `Phase ${part.phase.number} (${cut(part.phase.name, 24)}):`);
  const width = widest(names);
  return headed(
    title,
    parts.map((part, index) => `${(names[index] ?? "").padEnd(width)} ${partBar(part)}`),
  );
}

function partBar({ done, units }: PipelinePhase): string {
  const percent = units.length === 0 ? 0 : Math.floor((100 * done) / units.length);
  return `${asciiBar(done, units.length)} ${String(percent).padStart(3)}%`;
}

function barrierBlock({ state }: Source): readonly string[] {
  const lines = barriers(state).map((plan) => {
    const view = barrierView(state, plan);
    const steps = view.directions.length + 1;
    const done = view.directions.filter(({ status }) => isDone(status)).length;
    return `Barrier ${plan.number}: ${asciiBar(view.status === "COMPLETE" ? steps : done, steps)} ${view.shown}`;
  });
  return lines.length === 0 ? [] : headed("SYNC BARRIERS", lines);
}

function gateBlock({ state, missing }: Source): readonly string[] {
  const ofBarriers = barriers(state).map((plan) => {
    const view = barrierView(state, plan);
    const unscored = view.directions.find(({ gate }) => gate.waivedBy !== null && gate.score === null);
    const score =
      unscored === undefined ? maybeScore(view.score, missing) : scoreText(unscored.gate, missing);
    return `Barrier ${plan.number} score: ${score}/${shortNumber(view.threshold)}`;
  });
  const ofPhases = phases(state).flatMap((phase) => {
    const view = phaseGateView(state, phase);
    const [first] = view.gates.filter((gate) => gate.score === null && gate.waivedBy !== null);
    if (view.gates.every((gate) => !gate.judged)) return [];
    const score = first === undefined ? maybeScore(view.score, missing) : scoreText(first, missing);
    return [
      `Phase ${phase.number} (${stageCriticality(state, phase)}) score: ${score}/${shortNumber(state.plan.threshold)}`,
    ];
  });
  const lines = [...ofBarriers, ...ofPhases];
  return lines.length === 0 ? [] : headed("QUALITY GATES", lines);
}

function synthesisBlock({ state }: Source): readonly string[] {
  const units = unitsOfStage(state, state.plan.stages.length);
  return units.length === 0
    ? []
    : headed(
        "SYNTHESIS",
        units.map(({ plan }) => `${plan.id}: ${shownStatus(state, plan.id)}`),
      );
}

function overallLine({ state, missing }: Source): string {
  const done = overallProgress(state);
  return `Overall Progress: ${asciiBar(done.part, done.total)} ${percentText(done.percent, missing)} ${state.status}`;
}

function headed(title: string, lines: readonly string[]): readonly string[] {
  return [title, "=".repeat(Math.max(13, title.length)), ...lines];
}

function asciiBar(part: number, total: number): string {
  return bar(part, total, CELLS, "#", "-");
}
