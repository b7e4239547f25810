/** What waits for a person and the commands that answer it. */

import { type WaitingView, waiting } from "../../core/view/waiting.ts";
import type { Question } from "../../core/workflow/question.ts";
import type { WorkflowState } from "../../core/workflow/state.ts";
import { plainLine } from "../output/plain.ts";
import type { Style } from "../output/style.ts";
import { clip } from "../output/table.ts";
import { ageText } from "../output/units.ts";

/** One block per open question; empty when nothing waits. `suffix` is put behind each command, such as ` -w id`. */
export function waitingLines(
  state: WorkflowState,
  style: Style,
  now: number,
  width: number,
  suffix = "",
): readonly string[] {
  return waiting(state).flatMap((open) => {
    const about = aboutText(state.questions.find((question) => question.id === open.question));
    const [head = "", ...answers] = questionLines(open, style, now, width, suffix);
    return [head, ...(about === null ? [] : [`    ${style.dim(about)}`]), ...answers];
  });
}

/** What exactly would be approved, as a command that shows it; null where no commit is named. */
export function aboutText(question: Question | undefined): string | null {
  if (question?.commit === undefined) return null;
  const files = question.files ?? [];
  const named =
    files.length === 0 ? "" : ` -- ${files.slice(0, 3).join(" ")}${files.length > 3 ? " ..." : ""}`;
  return plainLine(`look at it: git show ${question.commit.slice(0, 8)}${named}`);
}

function questionLines(
  open: WaitingView,
  style: Style,
  now: number,
  width: number,
  suffix: string,
): readonly string[] {
  const head = `${style.magenta(style.symbol.ask)} ${style.bold(open.subject)} ${clip(plainLine(open.reason), Math.max(20, width - open.subject.length - 16))} ${style.dim(ageText(open.since, now))}`;
  const commands = open.answers.map((answer) => ({
    text: `${answer.command}${suffix}`,
    effect: answer.effect,
  }));
  const longest = Math.min(60, Math.max(0, ...commands.map(({ text }) => text.length)));
  return [head, ...commands.map(({ text, effect }) => `    ${text.padEnd(longest)}  ${style.dim(effect)}`)];
}
