/** The picture of a workflow: header, stages with their slots, what waits. A function of state, time and size. */

import type { PlannedStage } from "../../core/plan/plan.ts";
import { textWidth } from "../../core/text-width.ts";
import { approvalOf } from "../../core/view/checkpoints.ts";
import { barrierView, phaseShown } from "../../core/view/stages.ts";
import { type Unit, units, unitsOfStage } from "../../core/view/unit.ts";
import { isActive, runningSessions } from "../../core/workflow/queries.ts";
import type { WorkflowState } from "../../core/workflow/state.ts";
import { clip, padded } from "../output/clip.ts";
import { plainLine } from "../output/plain.ts";
import type { Style } from "../output/style.ts";
import { countText, durationText, moneyText } from "../output/units.ts";
import { redBaseLines } from "./check-lines.ts";
import { conflictLines } from "./conflict-lines.ts";
import { footLines, type Prompt } from "./foot.ts";
import { lateBaseLines } from "./late-base.ts";
import { resolvedLines } from "./resolved-lines.ts";
import { type Activity, rowLayout, unitRow } from "./row.ts";
import { runs, standsStill } from "./standstill.ts";
import { syncLines } from "./sync-line.ts";

export interface BoardOptions {
  readonly style: Style;
  readonly width: number;
  /** Most lines that may be used; finished and future stages shrink to one line, then slots are left out. Default no limit. */
  readonly height?: number;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Put behind commands in what waits, such as ` -w id`. */
  readonly suffix?: string;
  /** True where no coordinator runs, so that what is under way stands still. */
  readonly stopped?: boolean;
  /** Why the last coordinator stopped, where it could say so. */
  readonly stopReason?: string;
  /** What is being asked right now, instead of the commands that answer it. */
  readonly prompt?: Prompt;
  /** The viewer waits to leave: that it is paused is known. */
  readonly leaving?: boolean;
  /** What running agents did last, by subject. */
  readonly activities?: ReadonlyMap<string, Activity>;
}

/** Lines without newlines, never more than `height`. */
export function boardLines(state: WorkflowState, options: BoardOptions): readonly string[] {
  const { style, width } = options;
  const about = [lateBaseLines, redBaseLines, syncLines, conflictLines, resolvedLines];
  const notes = about.flatMap((lines) => lines(state, style, width));
  const head = [...headLines(state, options), ...notes, ""];
  const height = options.height ?? Number.POSITIVE_INFINITY;
  const foot = fittedFoot(footLines(state, options), height - head.length - LEAST_BODY, options);
  const room = height - head.length - foot.length;
  const body = [stageBlocks(state, options, () => true), stageBlocks(state, options, isOpen)].find(
    (lines) => lines.length <= room,
  );
  return [...head, ...(body ?? squeezed(state, options, Math.max(1, room))), ...foot];
}

/** Rows that stay visible however much waits. */
const LEAST_BODY = 3;

/** With an empty line before it. A picture higher than the terminal could not be painted over: its top would stay for ever. */
function fittedFoot(
  lines: readonly string[],
  room: number,
  { style, prompt }: BoardOptions,
): readonly string[] {
  if (lines.length === 0) return [];
  const kept = prompt?.lines.length ?? 0;
  if (lines.length + 1 <= room) return ["", ...lines];
  const others = lines.slice(0, lines.length - kept);
  const shown = others.slice(0, Math.max(0, room - kept - 2));
  const left = others.length - shown.length;
  const more = left === 0 ? [] : [style.dim(`  ${style.symbol.ellipsis} ${left} more: signalbox status`)];
  return ["", ...shown, ...more, ...lines.slice(lines.length - kept)];
}

/** `Three fixes  three-fixes-20260220-001  running · 2/3 done · 4m12s · $1.23 · 2 agents`, on two lines where one is too narrow. */
export function headLines(state: WorkflowState, options: BoardOptions): readonly string[] {
  const { style, now, stopped, width } = options;
  const facts = [
    statusText(state, style, stopped === true),
    progressText(state),
    elapsed(state, now),
    moneyText(state.spend.usd, state.spend.incomplete),
    agentsText(state),
  ].filter((fact) => fact !== "");
  const dot = style.dim(` ${style.symbol.dot} `);
  const name = plainLine(state.plan.workflow.name);
  if (textWidth(name) + state.id.length + WIDEST_FACTS + 4 <= width)
    return [`${style.bold(name)}  ${style.dim(state.id)}  ${facts.join(dot)}`];
  const title = clip(name, Math.max(8, width - state.id.length - 2), style.symbol.ellipsis);
  return [clip(`${style.bold(title)}  ${style.dim(state.id)}`, width), fitting(facts, dot, width)];
}

/** Columns of `waits for a decision · 10/12 done · 59m59s · ≥ $10.00 · 12 agents`: what happens never moves the rows below. */
const WIDEST_FACTS = 67;

/** The first facts that fit side by side: state, progress and time come before money and agents. */
function fitting(facts: readonly string[], dot: string, width: number): string {
  const count = facts.findLastIndex((_, i) => textWidth(facts.slice(0, i + 1).join(dot)) <= width) + 1;
  return facts.slice(0, Math.max(1, count)).join(dot);
}

/** `running`, `paused`, `complete` and so on, coloured; `stopped` where work is outstanding and nobody does it. */
export function statusText(state: WorkflowState, style: Style, stopped: boolean): string {
  switch (state.status) {
    case "COMPLETE":
      return style.green("complete");
    case "FAILED":
      return style.red("failed");
    case "CANCELLED":
      return style.red("cancelled");
    case "PAUSED":
      return style.yellow("paused");
    case "ACTIVE":
      if (stopped && !standsStill(state)) return style.yellow("stopped");
      if (waitsForService(state)) return style.yellow("waiting");
      return runs(state) && !(state.questions.length > 0 && standsStill(state))
        ? style.cyan("running")
        : state.questions.length > 0
          ? style.magenta("waits for a decision")
          : style.cyan("active");
    default:
      return state.status satisfies never;
  }
}

/** No agent runs, and none may start before the model service serves it again. */
function waitsForService(state: WorkflowState): boolean {
  return state.service?.until !== undefined && runningSessions(state).length === 0;
}

/** `2/9 done`: what was merged or left out, of everything that is to be made. */
export function progressText(state: WorkflowState): string {
  return `${doneText(state)} done`;
}

/** `2/9`. */
export function doneText(state: WorkflowState): string {
  const all = units(state);
  return `${all.filter(isFinished).length}/${all.length}`;
}

function isFinished({ state }: Unit): boolean {
  return state.step === "merged" || state.step === "skipped";
}

function elapsed(state: WorkflowState, now: number): string {
  const end = state.completedAt === undefined ? now : Date.parse(state.completedAt);
  return durationText(end - Date.parse(state.createdAt));
}

function agentsText(state: WorkflowState): string {
  const running = runningSessions(state).length;
  return running === 0 ? "" : countText(running, "agent");
}

function isOpen(state: WorkflowState, stage: number): boolean {
  const members = unitsOfStage(state, stage);
  const done = members.every(isFinished);
  const untouched = members.every((unit) => unit.state.step === "blocked");
  return !done && !untouched;
}

function stageBlocks(
  state: WorkflowState,
  options: BoardOptions,
  shown: (state: WorkflowState, stage: number) => boolean,
): readonly string[] {
  const layout = rowLayout(state, options.style, options.width);
  const row = (unit: Unit): string => unitRow(state, unit, { ...options, layout });
  const cut = (line: string): string => clip(line, options.width, options.style.symbol.ellipsis);
  const stages = state.plan.stages.flatMap((stage) => [
    cut(stageLine(state, stage, options.style)),
    ...(shown(state, stage.index) ? unitsOfStage(state, stage.index).map(row) : []),
    ...checkpointLine(state, stage, options.style).map(cut),
  ]);
  return [...stages, ...unitsOfStage(state, state.plan.stages.length).map(row)];
}

function stageLine(state: WorkflowState, stage: PlannedStage, style: Style): string {
  const status = stage.kind === "phase" ? phaseShown(state, stage) : barrierView(state, stage).shown;
  const members = unitsOfStage(state, stage.index);
  const done = members.filter(isFinished).length;
  const title = `${stage.kind === "phase" ? "Phase" : "Barrier"} ${stage.number}  ${stage.name}`;
  const paint =
    status === "COMPLETE"
      ? style.green
      : status === "BLOCKED" || status === "PENDING"
        ? style.dim
        : status === "ESCALATED"
          ? style.magenta
          : style.bold;
  return `${paint(title)}  ${style.dim(`${done}/${members.length}`)}`;
}

function checkpointLine(state: WorkflowState, stage: PlannedStage, style: Style): readonly string[] {
  const approval = stage.checkpoint === null ? null : approvalOf(state, stage.checkpoint);
  if (stage.checkpoint === null || approval === null) return [];
  const symbol =
    approval === "APPROVED"
      ? style.green(style.symbol.done)
      : approval === "PENDING"
        ? style.dim(style.symbol.idle)
        : style.magenta(style.symbol.ask);
  const text =
    state.plan.checkpoints.find((checkpoint) => checkpoint.id === stage.checkpoint)?.approval ?? "";
  return [`  ${padded(symbol, textWidth(style.symbol.done))} ${stage.checkpoint}  ${style.dim(text)}`];
}

/** Only what moves or waits, as much as there is room for. */
function squeezed(state: WorkflowState, options: BoardOptions, room: number): readonly string[] {
  const all = units(state);
  const layout = rowLayout(state, options.style, options.width);
  const lively = all.filter(
    (unit) =>
      isActive(unit.state) ||
      unit.state.step === "waiting" ||
      unit.state.step === "merge" ||
      unit.state.step === "failed",
  );
  const shown = lively.slice(0, room - 1);
  const rest = all.length - shown.length;
  return [
    ...shown.map((unit) => unitRow(state, unit, { ...options, layout })),
    options.style.dim(`  ${options.style.symbol.ellipsis} ${rest} more`),
  ].slice(-room);
}
