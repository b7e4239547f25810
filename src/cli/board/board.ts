/** The picture of a workflow: header, stages with their slots, what waits. A function of state, time and size. */

import type { PlannedStage } from "../../core/plan/plan.ts";
import { textWidth } from "../../core/text-width.ts";
import { approvalOf } from "../../core/view/checkpoints.ts";
import { overallProgress } from "../../core/view/metrics.ts";
import { barrierView, phaseShown } from "../../core/view/stages.ts";
import { type Unit, units, unitsOfStage } from "../../core/view/unit.ts";
import { isActive, runningSessions } from "../../core/workflow/queries.ts";
import type { WorkflowState } from "../../core/workflow/state.ts";
import { plainLine } from "../output/plain.ts";
import type { Style } from "../output/style.ts";
import { clip } from "../output/table.ts";
import { countText, durationText, moneyText } from "../output/units.ts";
import { type Activity, nameWidth, unitRow } from "./row.ts";
import { runs, standsStill } from "./standstill.ts";
import { waitingLines } from "./waiting-lines.ts";

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
  /** Leaves out what waits, because it is being asked right now. */
  readonly asking?: boolean;
  /** What running agents did last, by subject. */
  readonly activities?: ReadonlyMap<string, Activity>;
}

/** Lines without newlines. */
export function boardLines(state: WorkflowState, options: BoardOptions): readonly string[] {
  const head = [...headLines(state, options), ""];
  const foot = footLines(state, options);
  const room =
    options.height === undefined ? Number.POSITIVE_INFINITY : options.height - head.length - foot.length;
  const body = [stageBlocks(state, options, () => true), stageBlocks(state, options, isOpen)].find(
    (lines) => lines.length <= room,
  );
  return [...head, ...(body ?? squeezed(state, options, Math.max(1, room))), ...foot];
}

/** `Three fixes  three-fixes-20260220-001  2/3 · 4m12s · $1.23 · 2 agents`, on two lines where one is too narrow. */
export function headLines(
  state: WorkflowState,
  { style, now, stopped, width }: BoardOptions,
): readonly string[] {
  const facts = [
    statusText(state, style, stopped === true),
    progressText(state),
    elapsed(state, now),
    moneyText(state.spend.usd, state.spend.incomplete),
    agentsText(state),
  ];
  const name = plainLine(state.plan.workflow.name);
  const numbers = facts.filter((fact) => fact !== "").join(style.dim(` ${style.symbol.dot} `));
  if (textWidth(name) + state.id.length + textWidth(numbers) + 4 <= width)
    return [`${style.bold(name)}  ${style.dim(state.id)}  ${numbers}`];
  return [
    `${style.bold(clip(name, Math.max(8, width - state.id.length - 2)))}  ${style.dim(state.id)}`,
    numbers,
  ];
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
      return runs(state)
        ? style.cyan("running")
        : state.questions.length > 0
          ? style.magenta("waits for a decision")
          : style.cyan("active");
    default:
      return state.status satisfies never;
  }
}

export function progressText(state: WorkflowState): string {
  const { part, total } = overallProgress(state);
  return `${part}/${total} steps`;
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
  const done = members.every((unit) => unit.state.step === "merged" || unit.state.step === "skipped");
  const untouched = members.every((unit) => unit.state.step === "blocked");
  return !done && !untouched;
}

function stageBlocks(
  state: WorkflowState,
  options: BoardOptions,
  shown: (state: WorkflowState, stage: number) => boolean,
): readonly string[] {
  const names = nameWidth(units(state));
  const row = (unit: Unit): string => unitRow(state, unit, { ...options, nameWidth: names });
  const stages = state.plan.stages.flatMap((stage) => [
    stageLine(state, stage, options.style),
    ...(shown(state, stage.index) ? unitsOfStage(state, stage.index).map(row) : []),
    ...checkpointLine(state, stage, options.style),
  ]);
  return [...stages, ...unitsOfStage(state, state.plan.stages.length).map(row)];
}

function stageLine(state: WorkflowState, stage: PlannedStage, style: Style): string {
  const status = stage.kind === "phase" ? phaseShown(state, stage) : barrierView(state, stage).shown;
  const members = unitsOfStage(state, stage.index);
  const done = members.filter((unit) => unit.state.step === "merged" || unit.state.step === "skipped").length;
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
  return [`  ${symbol} ${stage.checkpoint}  ${style.dim(text)}`];
}

/** Only what moves or waits, as much as there is room for. */
function squeezed(state: WorkflowState, options: BoardOptions, room: number): readonly string[] {
  const all = units(state);
  const names = nameWidth(all);
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
    ...shown.map((unit) => unitRow(state, unit, { ...options, nameWidth: names })),
    options.style.dim(`  ${options.style.symbol.ellipsis} ${rest} more`),
  ].slice(-room);
}

function footLines(state: WorkflowState, options: BoardOptions): readonly string[] {
  const { style } = options;
  const waits =
    options.asking === true ? [] : waitingLines(state, style, options.now, options.width, options.suffix);
  const paused =
    state.status === "PAUSED"
      ? [
          `${style.yellow(style.symbol.warn)} paused: ${plainLine(state.pausedReason ?? "no reason given")}  ${style.dim(`signalbox resume${options.suffix ?? ""}`)}`,
        ]
      : [];
  const blockers = state.blockers
    .filter((blocker) => blocker.question === undefined)
    .map(
      (blocker) =>
        `${style.yellow(style.symbol.warn)} ${blocker.id} blocks ${blocker.blocking.join(", ")}: ${plainLine(blocker.description)}`,
    );
  const nobody =
    options.stopped === true && state.status === "ACTIVE" && !standsStill(state)
      ? [
          `${style.yellow(style.symbol.warn)} no coordinator runs, so nothing goes on  ${style.dim(`signalbox resume${options.suffix ?? ""}`)}`,
        ]
      : [];
  const lines = [...nobody, ...paused, ...blockers, ...waits];
  return lines.length === 0 ? [] : ["", ...lines];
}
