/** The page on which a person decides about a slot. */
import { gateOf } from "../../core/view/gates.ts";
import { bySeverity } from "../../core/view/history.ts";
import { shownStatus, type Unit } from "../../core/view/unit.ts";
import { waiting } from "../../core/view/waiting.ts";
import { currentRounds, lastRound } from "../../core/workflow/queries.ts";
import type { Finding, Round } from "../../core/workflow/round.ts";
import type { WorkflowState } from "../../core/workflow/state.ts";
import { protectionLines, resultLines } from "../board/check-lines.ts";
import { answerLines, waitingHead } from "../board/waiting-lines.ts";
import { wrap } from "../output/clip.ts";
import { plainLine } from "../output/plain.ts";
import type { Style } from "../output/style.ts";
import { countText, durationText, moneyText } from "../output/units.ts";
import { commentLines } from "./comment-lines.ts";
import { commentDocument } from "./comments.ts";
import type { SlotFacts } from "./facts.ts";
import { joinedLines } from "./joined-lines.ts";
import { encounterLines, landingLines, mergingLines } from "./meeting-lines.ts";
import { scoreLines } from "./score-lines.ts";

export interface ReviewOptions {
  readonly style: Style;
  readonly now: number;
  readonly width: number;
}

const READABLE = 100;

/** `stat` = `git diff --stat` of the whole change. */
export function reviewLines(
  state: WorkflowState,
  unit: Unit,
  stat: string,
  facts: SlotFacts,
  options: ReviewOptions,
): readonly string[] {
  const { style } = options;
  const round = lastRound(unit.state);
  const title = `${style.bold(unit.plan.id)}  ${shownStatus(state, unit.plan.id)}  ${style.dim(costLine(state, unit))}`;
  return [
    title,
    ...block(
      "Asked",
      indented(unit.plan.brief.length === 0 ? [unit.plan.title] : unit.plan.brief, options),
      style,
    ),
    ...block("Said", indented(saidBy(unit), options), style),
    ...block(
      "Changed",
      stat === ""
        ? ["  nothing"]
        : stat
            .trimEnd()
            .split("\n")
            .map((line) => ` ${line}`),
      style,
    ),
    ...block("Joined", joinedLines(state, unit.state, style), style),
    ...block("Checked", checkLines(round, unit, style), style),
    ...block("Scores", scoreLines(currentRounds(unit.state), facts.spreads, options), style),
    ...block("Findings", findingLines(unit, options), style),
    ...block("Comments", commentLines(facts.comments, options), style),
    ...block("Other lines", encounterLines(state, facts, options), style),
    ...block("Merging", mergingLines(facts.merging, options), style),
    ...block("Landing", landingLines(facts.landing, unit.plan.id, state.id, options), style),
    ...answers(state, unit.plan.id, options),
  ];
}

/** The same as data. */
export function reviewDocument(
  state: WorkflowState,
  unit: Unit,
  facts: SlotFacts,
): Readonly<Record<string, unknown>> {
  const { plan, state: standing } = unit;
  const round = lastRound(standing);
  return {
    workflow: state.id,
    slot: plan.id,
    status: shownStatus(state, plan.id),
    task: plan.brief,
    summary: saidBy(unit).join("\n"),
    base: standing.base ?? null,
    commit: standing.commit ?? null,
    approval: standing.approval ?? null,
    checks: round?.checks ?? [],
    protectedFiles: round?.protectedFiles ?? [],
    joined: standing.rejoin ?? null,
    leftOut: round?.leftOut ?? [],
    rounds: currentRounds(standing).map(({ round: number, verdict, score, reason }) => ({
      round: number,
      verdict: verdict ?? null,
      score: score ?? null,
      reason: reason ?? null,
    })),
    findings: openFindings(unit),
    costUsd: costOf(state, plan.id).usd,
    files: facts.files,
    spread: facts.spreads,
    comments: facts.comments.map(commentDocument),
    conflicts: facts.encounters,
    merging: facts.merging,
    landing: facts.landing,
    waiting: waiting(state).filter((open) => open.subject === plan.id),
  };
}

function block(title: string, lines: readonly string[], style: Style): readonly string[] {
  return lines.length === 0 ? [] : ["", style.bold(title), ...lines];
}

function indented(texts: readonly string[], { width }: ReviewOptions): readonly string[] {
  const room = Math.min(width, READABLE) - 2;
  return texts
    .flatMap((text) => text.split("\n"))
    .filter((line) => line.trim() !== "")
    .flatMap((line) => wrap(plainLine(line), room))
    .map((line) => `  ${line}`);
}

function saidBy({ state }: Unit): readonly string[] {
  const said = state.summary ?? lastRound(state)?.revision;
  return said === undefined || said.trim() === "" ? [] : [said.trim()];
}

function checkLines(round: Round | undefined, unit: Unit, style: Style): readonly string[] {
  const checks = round?.checks ?? [];
  const guarded = protectionLines(round, style);
  if (checks.length === 0 && unit.plan.gate.checks.length === 0)
    return [`  ${style.yellow(style.symbol.warn)} no check is configured: UNVERIFIED`, ...guarded];
  return [...checks.flatMap((check) => resultLines(check, style)), ...guarded];
}

/** Without those that are told as comments. */
function openFindings({ state }: Unit): readonly Finding[] {
  const round = lastRound(state);
  if (round === undefined) return [];
  const told = (state.comments ?? []).flatMap(({ handed }) =>
    handed?.round === round.round && handed.attempt === round.attempt && handed.epoch === round.epoch
      ? [handed.finding]
      : [],
  );
  return bySeverity(round.findings.filter(({ id, resolved }) => !resolved && !told.includes(id)));
}

function findingLines(unit: Unit, options: ReviewOptions): readonly string[] {
  return openFindings(unit).flatMap((finding) => {
    // What a check printed is summed up under "Checked"; all of it: signalbox logs <slot> --checks.
    const evidence = finding.source.startsWith("check:")
      ? (finding.evidence.split("\n")[0] ?? "").replace(/:$/, "")
      : finding.evidence;
    const head = `${finding.severity}  ${finding.section === "" ? "" : `${finding.section}: `}${evidence}`;
    const [first = "", ...rest] = indented([`${head}  (${finding.source})`], options);
    return [first, ...rest.map((line) => `  ${line}`)];
  });
}

function costOf(
  state: WorkflowState,
  slot: string,
): { usd: number; ms: number; sessions: number; known: boolean } {
  const ended = Object.values(state.sessions).filter((session) => session.subject === slot);
  const usages = ended.flatMap((session) => (session.outcome === undefined ? [] : [session.outcome.usage]));
  return {
    usd: usages.reduce((sum, usage) => sum + (usage.costUsd ?? 0), 0),
    ms: usages.reduce((sum, usage) => sum + usage.durationMs, 0),
    sessions: ended.length,
    known: usages.every((usage) => usage.costUsd !== null),
  };
}

function costLine(state: WorkflowState, unit: Unit): string {
  const { usd, ms, sessions, known } = costOf(state, unit.plan.id);
  const gate = gateOf(state, unit);
  const rounds = countText(Math.max(1, gate.round), "round");
  return [rounds, countText(sessions, "session"), moneyText(usd, !known), durationText(ms)].join("  ");
}

function answers(state: WorkflowState, slot: string, options: ReviewOptions): readonly string[] {
  const open = waiting(state).filter((question) => question.subject === slot);
  // Without the line that says how to look at it: this is the page that it names.
  return open.flatMap((question) => [
    "",
    ...waitingHead(question, options),
    ...answerLines(question.answers, options),
  ]);
}
