/** What waits for a person and the commands that answer it. */

import { textWidth } from "../../core/text-width.ts";
import { shellWord } from "../../core/view/commands-at.ts";
import { type AnswerView, type WaitingView, waiting } from "../../core/view/waiting.ts";
import type { Question } from "../../core/workflow/question.ts";
import type { WorkflowState } from "../../core/workflow/state.ts";
import { padded, wrap } from "../output/clip.ts";
import { sinceText } from "../output/live-text.ts";
import { plainLine } from "../output/plain.ts";
import type { Style } from "../output/style.ts";
import { ageText } from "../output/units.ts";
import { type ReviewGroup, reviewGroup } from "./review-group.ts";

export interface WaitingOptions {
  readonly style: Style;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly width: number;
  /** Put behind each command, such as ` -w id`. */
  readonly suffix?: string;
}

/** Questions about the work of a slot: one page has all that is needed. */
const ABOUT_SLOTS: ReadonlySet<Question["kind"]> = new Set(["review", "unverified", "protect", "escalation"]);

/** Widest text that is read with ease. */
const READABLE = 110;

/** One block per open question, one for all slots that wait to be landed; empty when nothing waits. */
export function waitingLines(state: WorkflowState, options: WaitingOptions): readonly string[] {
  const all = waiting(state);
  const group = reviewGroup(all);
  const alone = group === null ? all : all.filter(({ kind }) => kind !== "review");
  return [...alone.flatMap((open) => questionLines(state, open, options)), ...groupLines(group, options)];
}

function groupLines(group: ReviewGroup | null, options: WaitingOptions): readonly string[] {
  if (group === null) return [];
  const room = Math.min(options.width, READABLE) - 4;
  return [
    ...waitingHead(group, options),
    ...wrap(group.slots.join(", "), room).map((line) => `    ${line}`),
    ...answerLines(group.answers, options),
  ];
}

function questionLines(state: WorkflowState, open: WaitingView, options: WaitingOptions): readonly string[] {
  const about = aboutText(state.questions.find((question) => question.id === open.question));
  return [
    ...waitingHead(open, options),
    ...(about === null ? [] : [`    ${options.style.dim(about)}`]),
    ...answerLines(open.answers, options),
  ];
}

/** `? CP-002  User approves design before implementation  12s ago`, wrapped where it is longer. */
export function waitingHead(
  open: Pick<WaitingView, "subject" | "reason" | "since"> & { readonly kind?: string },
  { style, now, width }: WaitingOptions,
): readonly string[] {
  const room = Math.min(width, READABLE) - 4;
  const age = open.kind === "trouble" ? sinceText({ askedAt: open.since }) : ageText(open.since, now);
  const [first = "", ...rest] = wrap(plainLine(open.reason), room - open.subject.length);
  const lines = [first, ...(rest.length === 0 ? [] : wrap(rest.join(" "), room))];
  const last = lines.at(-1) ?? "";
  const fits = textWidth(last) + age.length + 2 + (rest.length === 0 ? open.subject.length : 0) <= room;
  const told = fits ? [...lines.slice(0, -1), `${last}  ${style.dim(age)}`] : [...lines, style.dim(age)];
  const head = `${style.magenta(style.symbol.ask)} ${style.bold(open.subject)}  `;
  return told.map((line, i) => (i === 0 ? head + line : `    ${line}`));
}

/** What exactly would be approved, as a command that shows it; null where no commit is named. */
export function aboutText(question: Question | undefined): string | null {
  const command = question === undefined ? null : lookCommand(question);
  return command === null ? null : plainLine(`look at it: ${command}`);
}

/** The command that shows what a question is about; null where nothing is to be seen. */
export function lookCommand(question: Question): string | null {
  if (ABOUT_SLOTS.has(question.kind)) return `signalbox review ${question.subject}`;
  if (question.commit === undefined) return null;
  const files = question.files ?? [];
  const named = files.slice(0, 3).map(shellWord).join(" ");
  const more = files.length > 3 ? " ..." : "";
  return `git show ${question.commit.slice(0, 8)}${named === "" ? "" : ` -- ${named}${more}`}`;
}

/** Command and effect side by side where both fit on every line, else the effect below its command. */
export function answerLines(
  answers: readonly Pick<AnswerView, "command" | "effect">[],
  { style, width, suffix = "" }: WaitingOptions,
): readonly string[] {
  const commands = answers.map(({ command }) => `${command}${suffix}`);
  const longest = Math.max(0, ...commands.map((command) => command.length));
  const widest = longest + 6 + Math.max(0, ...answers.map(({ effect }) => effect.length));
  return answers.flatMap(({ effect }, i) => {
    const command = commands[i] ?? "";
    return widest <= width
      ? [`    ${padded(command, longest)}  ${style.dim(effect)}`]
      : [`    ${command}`, `        ${style.dim(effect)}`];
  });
}
