/** What checks said, and what else a person must see about a piece of work. */

import { againstBaseText, givesNoVerdict, redText } from "../../core/quality/against-base.ts";
import { failuresText } from "../../core/quality/failures.ts";
import type { CheckResult } from "../../core/workflow/outcome.ts";
import type { Round } from "../../core/workflow/round.ts";
import type { WorkflowState } from "../../core/workflow/state.ts";
import { clip } from "../output/clip.ts";
import { plainLine } from "../output/plain.ts";
import type { Style } from "../output/style.ts";

/** Lines of a failing check's output that are shown with it; all of it: `signalbox logs <slot> --checks`. */
const TAIL_LINES = 8;
const MOST_FAILURES = 8;

/** One per check that fails on the base already, within `width`; empty where all pass, or none has run yet. */
export function redBaseLines(state: WorkflowState, style: Style, width: number): readonly string[] {
  return (state.baseChecks ?? [])
    .filter((result) => !result.passed)
    .map((result) => {
      const text = `${plainLine(redText(result))}, held against nobody; new failures are`;
      return `${style.yellow(style.symbol.warn)} ${clip(text, width - 2, style.symbol.ellipsis)}`;
    });
}

/** A check with how it ended and what it names as failed; with `tail`, also the end of what a failing one printed. */
export function resultLines(result: CheckResult, style: Style, tail = false): readonly string[] {
  const mark = result.passed
    ? style.green(style.symbol.done)
    : givesNoVerdict(result)
      ? style.yellow(style.symbol.warn)
      : style.red(style.symbol.fail);
  const how = endText(result);
  const head = `  ${mark} ${plainLine(result.name)}${how === "" ? "" : `  ${style.dim(how)}`}`;
  if (result.passed) return [head];
  return [head, ...failureLines(result, style), ...(tail ? tailLines(result, style) : [])];
}

/** `skips a test: test/a.test.ts:12`, one per protected file that changed. */
export function protectionLines(round: Round | undefined, style: Style): readonly string[] {
  const reasons =
    round?.protectedReasons ?? (round?.protectedFiles ?? []).map((path) => `protected: ${path}`);
  return reasons.map((reason) => `  ${style.yellow(style.symbol.warn)} ${plainLine(reason)}`);
}

function endText(result: CheckResult): string {
  if (result.passed) return "";
  if (result.redAtBase) return againstBaseText(result);
  const end = result.timedOut
    ? "ran into its time limit"
    : result.exitCode === null
      ? "was ended"
      : `exit code ${result.exitCode}`;
  const failures = failuresText(result.failureCount);
  return failures === "" ? end : `${failures}, ${end}`;
}

function failureLines({ failures = [], newFailures = [] }: CheckResult, style: Style): readonly string[] {
  const known = failures.filter((name) => !newFailures.includes(name));
  const named = [
    ...newFailures.map((name) => `${style.red("new")}  ${plainLine(name)}`),
    ...known.map((name) => `     ${plainLine(name)}`),
  ];
  const more = named.length - MOST_FAILURES;
  const shown = named.slice(0, MOST_FAILURES).map((line) => `      ${line}`);
  return more > 0 ? [...shown, style.dim(`           ${style.symbol.ellipsis} ${more} more`)] : shown;
}

function tailLines({ tail }: CheckResult, style: Style): readonly string[] {
  const lines = tail.split("\n").filter((line) => line.trim() !== "");
  const shown = lines.slice(-TAIL_LINES).map((line) => style.dim(`      ${plainLine(line)}`));
  return lines.length > TAIL_LINES
    ? [style.dim(`      ${style.symbol.ellipsis} ${lines.length - TAIL_LINES} lines before`), ...shown]
    : shown;
}
