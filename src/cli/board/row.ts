/** One deliverable on one line: symbol, id, what happens, round, score, time, title. */
import { textWidth } from "../../core/text-width.ts";
import { gateOf } from "../../core/view/gates.ts";
import { type Unit, unitName, units } from "../../core/view/unit.ts";
import { liveQuestions } from "../../core/workflow/live-questions.ts";
import {
  currentRounds,
  isActive,
  lastRound,
  openQuestion,
  requirePlanned,
  runningSessions,
} from "../../core/workflow/queries.ts";
import type { Question } from "../../core/workflow/question.ts";
import type { WorkflowState } from "../../core/workflow/state.ts";
import { clip, padded } from "../output/clip.ts";
import { sinceText } from "../output/live-text.ts";
import { plainLine } from "../output/plain.ts";
import type { Style } from "../output/style.ts";
import { clockText, durationText } from "../output/units.ts";

export interface RowOptions {
  readonly style: Style;
  readonly layout: RowLayout;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** What running agents did last, by subject; shown instead of the title. */
  readonly activities?: ReadonlyMap<string, Activity>;
}

/** The last thing that an agent was seen doing. */
export interface Activity {
  readonly text: string;
  /** ISO time of its newest event. */
  readonly at: string;
  /** True while a tool runs, which may say nothing for long without being stuck. */
  readonly runsTool?: true;
}

/** Columns of `59m59s`. */
const ELAPSED = 6;

/** Silence from which on the time since the last event is shown. */
const QUIET_MS = 10_000;

/**
 * Columns of the rows of one board; 0 = the column is left out. They follow from plan and width alone, not from what happens,
 * so that nothing jumps sideways while a board is live.
 */
export interface RowLayout {
  readonly name: number;
  readonly activity: number;
  readonly round: number;
  readonly score: number;
  /** Title, or what the agent did last. */
  readonly last: number;
}

/** Less than this tells nothing. */
const LEAST_LAST = 12;

/** On a narrow terminal the title goes first, then long names and activities shrink, then the round goes; the time always stays. */
export function rowLayout(state: WorkflowState, style: Style, screen: number): RowLayout {
  const all = units(state);
  const width = screen - 2 - textWidth(style.symbol.done) - 1 - ELAPSED;
  const wide = {
    name: Math.min(28, Math.max(8, ...all.map((unit) => textWidth(unitName(unit.plan))))),
    activity: 17,
    round: Math.max(4, ...all.map(({ plan }) => 2 + 2 * String(plan.gate.loop.max).length)),
    score: all.some(({ plan }) => plan.gate.judged) ? 4 : 0,
  };
  const left = width - used(wide);
  if (left >= LEAST_LAST + 2) return { ...wide, last: left - 2 };
  const name = Math.max(Math.min(wide.name, 12), wide.name + Math.min(0, left));
  const activity = Math.max(10, wide.activity + Math.min(0, width - used({ ...wide, name })));
  const narrow = { ...wide, name, activity, last: 0 };
  return used(narrow) <= width ? narrow : { ...narrow, round: 0 };
}

/** With the space behind each. */
function used({ name, activity, round, score }: Omit<RowLayout, "last">): number {
  return [name, activity, round, score].reduce((sum, one) => sum + (one === 0 ? 0 : one + 2), 0);
}

/** `  ● agent-a-001  judge 2/3          r2/3  0.88   4m12s  SDK surface and CLI automation audit` */
export function unitRow(state: WorkflowState, unit: Unit, options: RowOptions): string {
  const { style, layout, now, activities } = options;
  const columns = [
    cell(style, unitName(unit.plan), layout.name),
    cell(style, activityText(state, unit), layout.activity, toneOf(state, unit, style)),
    cell(style, roundText(state, unit), layout.round),
    cell(style, scoreText(state, unit), layout.score, scoreTone(state, unit, style)),
    elapsedText(unit, now).padStart(ELAPSED),
    troubleColumn(state, unit.plan.id, style, layout.last) ??
      lastColumn(unit, { style, now, activity: activities?.get(unit.plan.id), width: layout.last }),
  ];
  const symbol = padded(symbolOf(state, unit, style), textWidth(style.symbol.done));
  return `  ${symbol} ${columns.filter((column) => column !== "").join("  ")}`.trimEnd();
}

/** What looks wrong in its session, which a person should see before what it did last; null where nothing does. */
function troubleColumn(state: WorkflowState, id: string, style: Style, width: number): string | null {
  const trouble = liveQuestions(state).find(({ kind, subject }) => kind === "trouble" && subject === id);
  if (trouble === undefined || width === 0) return null;
  return style.yellow(clip(`${plainLine(trouble.reason)}, ${sinceText(trouble)}`, width));
}

/** The question that its session waits with. */
function asked(state: WorkflowState, id: string): Question | undefined {
  return liveQuestions(state).find(({ kind, subject }) => kind !== "trouble" && subject === id);
}

/** What its agent did last, with the silence since then when it is long; else the title. */
function lastColumn(
  unit: Unit,
  options: {
    readonly style: Style;
    readonly now: number;
    readonly activity: Activity | undefined;
    readonly width: number;
  },
): string {
  const { style, now, activity, width } = options;
  if (width === 0) return "";
  if (activity === undefined)
    return style.dim(clip(plainLine(unit.plan.title), width, style.symbol.ellipsis));
  const quiet = now - Date.parse(activity.at);
  const word = activity.runsTool === true ? "for" : "quiet for";
  const silence = quiet < QUIET_MS ? "" : `  ${word} ${durationText(quiet)}`;
  const text = clip(plainLine(activity.text), Math.max(4, width - silence.length), style.symbol.ellipsis);
  const paint = activity.runsTool === true ? style.dim : style.yellow;
  return `${text}${silence === "" ? "" : paint(silence)}`;
}

/** What happens to a deliverable, in a few words. */
export function activityText(state: WorkflowState, { plan, state: unit }: Unit): string {
  if (isHeld(state, unit)) return "paused";
  if (unit.stopping !== undefined) return unit.stopping.patient === true ? "ends its turn" : "stopping";
  if (openQuestion(state, unit.id)?.kind === "attached") return `attached: ${unit.attached?.by ?? ""}`;
  if (asked(state, unit.id) !== undefined) return "asks you";
  if (isAtLimit(state, plan.stage, unit)) return "at the limit";
  if (waitsForService(state, unit)) return "waits for the service";
  switch (unit.step) {
    case "blocked":
      return blockedText(state, plan.id);
    case "ready":
      return unit.notBefore === undefined ? "ready" : "retries later";
    case "provision":
      return "making a worktree";
    case "create":
      if (unit.notBefore !== undefined) return `retries ${clockText(unit.notBefore).slice(0, 5)}`;
      return createText(state, plan.id);
    case "commit":
      return "committing";
    case "checks":
      return "checks";
    case "critique":
      return "critique";
    case "judge":
      return judgeText(state, plan.id);
    case "waiting":
      return "needs a decision";
    case "merge":
      return "merging";
    case "merged":
      return unit.landing === undefined ? "merged" : "landed";
    case "skipped":
    case "failed":
      return unit.step;
    default:
      return unit.step satisfies never;
  }
}

/** The money of its stage is spent, and a person was asked about that. */
function isAtLimit(state: WorkflowState, stage: number, { id, step }: Unit["state"]): boolean {
  const subject = state.plan.stages[stage]?.id;
  return (
    (step === "create" || step === "critique" || step === "judge") &&
    state.questions.some((question) => question.kind === "limit" && question.subject === subject) &&
    runningSessions(state).every((session) => session.subject !== id)
  );
}

/** It wants a session, and the model service lets none start. */
function waitsForService(state: WorkflowState, { id, step }: Unit["state"]): boolean {
  return (
    state.service?.until !== undefined &&
    (step === "create" || step === "critique" || step === "judge") &&
    runningSessions(state).every((session) => session.subject !== id)
  );
}

/** Machines would work on it, but the workflow is paused and no session of it ends its turn. */
function isHeld(state: WorkflowState, unit: Unit["state"]): boolean {
  return (
    state.status === "PAUSED" &&
    (isActive(unit) || unit.step === "merge") &&
    runningSessions(state).every((session) => session.subject !== unit.id)
  );
}

function createText(state: WorkflowState, id: string): string {
  const deliverable = state.deliverables[id];
  const round = deliverable === undefined ? 1 : (lastRound(deliverable)?.round ?? 1);
  const attempt = deliverable?.attempt ?? 1;
  const running = runningSessions(state).some((session) => session.subject === id);
  const verb = running ? (round > 1 ? "revising" : "working") : "starting";
  return attempt > 1 ? `${verb} (try ${attempt})` : verb;
}

function judgeText(state: WorkflowState, id: string): string {
  const deliverable = state.deliverables[id];
  const valid =
    deliverable === undefined
      ? 0
      : (lastRound(deliverable)?.samples ?? []).filter((sample) => sample.valid).length;
  const wanted = Math.max(valid, requirePlanned(state, id).settings.judge.samples);
  return `judge ${valid}/${wanted}`;
}

/** A unit whose stage is open but that stands behind another, or whose stage is not open yet. */
function blockedText(state: WorkflowState, id: string): string {
  const { after } = requirePlanned(state, id);
  const open = after.filter(
    (one) => state.deliverables[one]?.step !== "merged" && state.deliverables[one]?.step !== "skipped",
  );
  return open[0] === undefined ? "" : `after ${open[0]}`;
}

function symbolOf(state: WorkflowState, { plan, state: unit }: Unit, style: Style): string {
  const { symbol } = style;
  if ((openQuestion(state, plan.id) ?? asked(state, plan.id)) !== undefined) return style.magenta(symbol.ask);
  if (unit.step === "merged") return style.green(symbol.done);
  if (unit.step === "failed") return style.red(symbol.fail);
  if (unit.step === "skipped") return style.dim(symbol.skip);
  if (unit.step === "blocked" || unit.step === "ready" || isHeld(state, unit)) return style.dim(symbol.idle);
  return style.cyan(symbol.run);
}

function toneOf(state: WorkflowState, { state: unit }: Unit, style: Style): (text: string) => string {
  if (isHeld(state, unit)) return style.dim;
  if (unit.step === "merged") return style.green;
  if (unit.step === "failed") return style.red;
  if (unit.step === "waiting" || asked(state, unit.id) !== undefined) return style.magenta;
  if (unit.step === "blocked" || unit.step === "ready" || unit.step === "skipped") return style.dim;
  return style.cyan;
}

function roundText(state: WorkflowState, unit: Unit): string {
  const gate = gateOf(state, unit);
  return gate.round === 0 ? "" : `r${gate.round}/${gate.maxRounds}`;
}

/** Score of the last decided round; empty where nothing was scored. */
function scoreText(state: WorkflowState, unit: Unit): string {
  const score = scoreOf(state, unit);
  return score === null ? "" : score.toFixed(2);
}

function scoreOf(state: WorkflowState, unit: Unit): number | null {
  const scored = currentRounds(unit.state).findLast((round) => typeof round.score === "number");
  return gateOf(state, unit).score ?? scored?.score ?? null;
}

function scoreTone(state: WorkflowState, unit: Unit, style: Style): (text: string) => string {
  const score = scoreOf(state, unit);
  return score !== null && score >= unit.plan.gate.threshold ? style.green : style.yellow;
}

function elapsedText({ state: unit }: Unit, now: number): string {
  if (unit.startedAt === undefined) return "";
  const end = unit.completedAt === undefined ? now : Date.parse(unit.completedAt);
  return durationText(end - Date.parse(unit.startedAt));
}

function cell(
  { symbol }: Style,
  text: string,
  width: number,
  tone: (text: string) => string = (plain) => plain,
): string {
  return width === 0 ? "" : padded(tone(clip(text, width, symbol.ellipsis)), width);
}
