/** Below the stages: what keeps it from going on, what waits, what is being asked. */
import { serviceText, serviceView } from "../../core/view/service.ts";
import { waiting } from "../../core/view/waiting.ts";
import { hasEnded } from "../../core/workflow/queries.ts";
import type { WorkflowState } from "../../core/workflow/state.ts";
import { clip, wrap } from "../output/clip.ts";
import { plainLine } from "../output/plain.ts";
import { momentText } from "../output/units.ts";
import { standsStill } from "./standstill.ts";
import { type WaitingOptions, waitingHead, waitingLines } from "./waiting-lines.ts";

/** A question that is being asked right below the board. */
export interface Prompt {
  /** Id of the question. */
  readonly question: string;
  /** Its picture. */
  readonly lines: readonly string[];
}

export interface FootOptions extends WaitingOptions {
  /** True where no coordinator runs, so that what is under way stands still. */
  readonly stopped?: boolean;
  /** Why the last coordinator stopped, where it could say so. */
  readonly stopReason?: string;
  readonly prompt?: Prompt;
  /** The viewer waits to leave: that it is paused is known. */
  readonly leaving?: boolean;
}

/** Lines without the empty one before them; none when all goes its way. */
export function footLines(state: WorkflowState, options: FootOptions): readonly string[] {
  return [
    ...trouble(state, options).flatMap(([text, command]) => troubleLines(text, command, options)),
    ...serviceLines(state, options),
    ...(options.prompt === undefined ? waitingLines(state, options) : askedLines(state, options)),
  ];
}

/** What stops it that no question tells, with the command that helps. */
function trouble(
  state: WorkflowState,
  { stopped, stopReason, leaving, suffix = "" }: FootOptions,
): readonly (readonly [text: string, command: string])[] {
  const nobody = stopped === true && state.status === "ACTIVE" && !standsStill(state);
  const blockers = state.blockers.filter((blocker) => blocker.question === undefined);
  return [
    ...(nobody ? [[nobodyText(stopReason), `signalbox resume${suffix}`] as const] : []),
    ...(leaving === true || isToldByQuestion(state)
      ? []
      : [[`paused: ${state.pausedReason ?? "no reason given"}`, `signalbox resume${suffix}`] as const]),
    ...blockers.map(
      ({ id, blocking, description }) =>
        [
          `${id} blocks ${blocking.join(", ")}: ${description}`,
          `signalbox unblock ${id} "…"${suffix}`,
        ] as const,
    ),
  ];
}

/** It goes on by itself, so no command stands behind it but the one that does not wait. */
function serviceLines(
  state: WorkflowState,
  { style, width, now, suffix = "" }: FootOptions,
): readonly string[] {
  const service = serviceView(state);
  if (service === null || hasEnded(state)) return [];
  const text = serviceText(service, (at) => momentText(at, now));
  const waits = service.until === null ? text : `waiting: ${text}`;
  const command = service.until === null ? "" : `  ${style.dim(`sooner: signalbox resume${suffix}`)}`;
  return [clip(`${style.yellow(style.symbol.warn)} ${waits}${command}`, width, style.symbol.ellipsis)];
}

function nobodyText(reason: string | undefined): string {
  if (reason === undefined) return "no coordinator runs, so nothing goes on";
  return `stopped: ${reason}; agents that run go on, nothing else does`;
}

/** A pause of our own comes with a question that gives the same reason. */
function isToldByQuestion({ status, questions, pausedReason }: WorkflowState): boolean {
  return status !== "PAUSED" || questions.some(({ reason }) => reason === pausedReason);
}

function troubleLines(text: string, command: string, { style, width }: FootOptions): readonly string[] {
  const mark = `${style.yellow(style.symbol.warn)} `;
  const plain = plainLine(text);
  if (plain.length + command.length + 4 <= width) return [`${mark}${plain}  ${style.dim(command)}`];
  const [first = "", ...rest] = wrap(plain, Math.min(width, 110) - 2);
  return [`${mark}${first}`, ...rest.map((line) => `    ${line}`), `    ${style.dim(command)}`];
}

/** Other questions in a line each, then the one that is asked. */
function askedLines(state: WorkflowState, options: FootOptions): readonly string[] {
  const { prompt } = options;
  const others = waiting(state).filter((open) => open.question !== prompt?.question);
  const waits = others.flatMap((open) => waitingHead(open, options));
  return [...waits, ...(waits.length === 0 ? [] : [""]), ...(prompt?.lines ?? [])];
}
