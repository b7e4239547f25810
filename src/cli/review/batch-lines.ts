/** The one screen for several small approvals, and the same for programs. */
import { lineLabel } from "../../core/conflicts/lines.ts";
import { filesText } from "../../core/conflicts/words.ts";
import { linesOf, SMALL } from "../../core/review/approvals.ts";
import { lastRound } from "../../core/workflow/queries.ts";
import type { WorkflowState } from "../../core/workflow/state.ts";
import { resultLines } from "../board/check-lines.ts";
import { clip, wrap } from "../output/clip.ts";
import { plainLine } from "../output/plain.ts";
import { countText } from "../output/units.ts";
import { type BatchEntry, type BatchScreen, shownName, smallOnes } from "./batch.ts";
import { type LineOptions, marked } from "./meeting-lines.ts";

const READABLE = 100;

interface BatchOptions extends LineOptions {
  /** Put behind each command, such as ` -w id`. */
  readonly suffix: string;
}

/** Small ones first, then what needs a look of its own, then what is accepted and waits to be landed. */
export function batchLines({ state, entries }: BatchScreen, options: BatchOptions): readonly string[] {
  const { style } = options;
  const small = smallOnes(entries);
  const alone = entries.filter((one) => one.waiting.asks !== "land" && !small.includes(one));
  const toLand = entries.filter((one) => one.waiting.asks === "land");
  const blocks = (list: readonly BatchEntry[]): readonly string[] =>
    list.flatMap((entry) => ["", ...entryLines(state, entry, options)]);
  return [
    `${style.bold(state.id)}  ${headText(small.length, alone.length, toLand.length)}`,
    ...blocks(small),
    ...(alone.length === 0 ? [] : ["", style.bold("To be looked at alone"), ...blocks(alone)]),
    ...(toLand.length === 0 ? [] : ["", style.bold("Accepted, to be landed"), ...blocks(toLand)]),
    ...commandLines(small, toLand, options),
  ];
}

function headText(small: number, alone: number, toLand: number): string {
  const parts = [
    ...(small === 0 ? [] : [`${small} can be accepted from here`]),
    ...(alone === 0 ? [] : [`${alone} to be looked at alone`]),
    ...(toLand === 0 ? [] : [`${toLand} to be landed`]),
  ];
  return parts.join(", ");
}

function entryLines(state: WorkflowState, entry: BatchEntry, options: BatchOptions): readonly string[] {
  const { waiting, unit, because } = entry;
  const { style, width, suffix } = options;
  const room = Math.min(width, READABLE);
  const title = clip(plainLine(unit.plan.title), room - waiting.slot.length - 2, style.symbol.ellipsis);
  const reason = waiting.asks === "land" ? [] : wrap(plainLine(waiting.question.reason), room - 4);
  return [
    `${style.bold(waiting.slot)}  ${title}`,
    `    ${sizeText(entry)}`,
    ...reason.map((line) => `    ${style.dim(line)}`),
    ...standLines(state, entry, options),
    ...(because === null || waiting.asks === "land"
      ? []
      : marked(
          style.yellow(style.symbol.warn),
          `${because}: signalbox review ${waiting.slot}${suffix}`,
          width,
          "    ",
        )),
  ];
}

/** `2 files, +12 -3: src/a.ts, src/b.ts` */
function sizeText({ files }: BatchEntry): string {
  if (files.length === 0) return "no file differs";
  const added = files.reduce((sum, { lines }) => sum + (lines?.added ?? 0), 0);
  const names = filesText(files.map(({ path }) => ({ path: plainLine(path) })));
  return `${countText(files.length, "file")}, +${added} -${linesOf(files) - added}: ${names}`;
}

/** Checks, score, findings and conflicts, as far as there are any. */
function standLines(
  state: WorkflowState,
  { unit, spread, encounters }: BatchEntry,
  { style, width }: LineOptions,
): readonly string[] {
  const round = lastRound(unit.state);
  const open = (round?.findings ?? []).filter(({ resolved }) => !resolved);
  const score =
    typeof round?.score === "number" ? [scoreText(round.score, unit.plan.gate.threshold, spread)] : [];
  const conflicts = encounters.filter(({ result }) => result !== "overlaps");
  return [
    ...(round?.checks ?? []).flatMap((check) => resultLines(check, style)).map((line) => `  ${line}`),
    ...score.map((text) => `    ${style.symbol.info} ${text}`),
    ...(open.length === 0 ? [] : [`    ${style.symbol.info} ${countText(open.length, "open finding")}`]),
    ...conflicts.flatMap(({ line, files }) =>
      marked(
        style.red(style.symbol.fail),
        `conflicts with ${lineLabel(line, state.plan.base.target)} in ${filesText(files.map(({ path }) => ({ path: plainLine(path) })))}`,
        width,
        "    ",
      ),
    ),
  ];
}

function scoreText(score: number, threshold: number, spread: BatchEntry["spread"]): string {
  const apart = Math.max(0, ...(spread?.reviewers ?? []).map(({ composite }) => composite?.spread ?? 0));
  return `scored ${score.toFixed(2)} of ${threshold}, answers ${apart.toFixed(3)} apart`;
}

function commandLines(
  small: readonly BatchEntry[],
  toLand: readonly BatchEntry[],
  { style, suffix }: BatchOptions,
): readonly string[] {
  const accept = small.map(({ waiting }) => shownName(waiting)).join(" ");
  const land = toLand.map(({ waiting }) => waiting.slot).join(" ");
  const commands = [
    ...(small.length === 0 ? [] : [["accept them", `signalbox review --accept ${accept}${suffix}`] as const]),
    ...(toLand.length === 0 ? [] : [["land them", `signalbox land ${land}${suffix}`] as const]),
  ];
  return commands.flatMap(([does, command]) => ["", style.dim(`${does}:`), `    ${command}`]);
}

/** The answer for programs. */
export function batchDocument(screens: readonly BatchScreen[]): Readonly<Record<string, unknown>> {
  return { small: SMALL, workflows: screens.map(screenDocument) };
}

function screenDocument({ state, entries }: BatchScreen): Readonly<Record<string, unknown>> {
  const small = smallOnes(entries);
  return {
    workflow: state.id,
    waiting: entries.map((entry) => {
      const { waiting, unit, files, encounters, spread, because } = entry;
      const round = lastRound(unit.state);
      const isSmall = small.includes(entry);
      return {
        slot: waiting.slot,
        asks: waiting.asks,
        question: waiting.question.id,
        kind: waiting.question.kind,
        reason: waiting.question.reason,
        title: unit.plan.title,
        commit: waiting.commit,
        files,
        checks: round?.checks ?? [],
        protectedFiles: round?.protectedFiles ?? [],
        findings: (round?.findings ?? []).filter(({ resolved }) => !resolved),
        score: round?.score ?? null,
        spread: spread?.reviewers ?? [],
        conflicts: encounters,
        small: isSmall,
        because,
        accept: isSmall ? `signalbox review --accept ${shownName(waiting)}` : null,
        look: `signalbox review ${waiting.slot}`,
      };
    }),
  };
}
