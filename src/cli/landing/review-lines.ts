/** The page on which a person decides about a slot. */
import { gateOf } from "../../core/view/gates.ts";
import { bySeverity } from "../../core/view/history.ts";
import { shownStatus, type Unit } from "../../core/view/unit.ts";
import { waiting } from "../../core/view/waiting.ts";
import type { Landing } from "../../core/workflow/deliverable.ts";
import { currentRounds, lastRound } from "../../core/workflow/queries.ts";
import type { Finding, Round } from "../../core/workflow/round.ts";
import type { WorkflowState } from "../../core/workflow/state.ts";
import { protectionLines, resultLines } from "../board/check-lines.ts";
import { answerLines, waitingHead } from "../board/waiting-lines.ts";
import { wrap } from "../output/clip.ts";
import { plainLine } from "../output/plain.ts";
import type { Style } from "../output/style.ts";
import { countText, durationText, moneyText } from "../output/units.ts";

/** What landing it now would do. */
export type LandingOutlook =
  | { readonly kind: "clean"; readonly target: string; readonly moved: boolean }
  | { readonly kind: "conflict"; readonly target: string; readonly files: readonly string[] }
  | { readonly kind: "landed"; readonly landing: Landing }
  | { readonly kind: "no-target" }
  | { readonly kind: "nothing" };

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
  outlook: LandingOutlook,
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
    ...block("Checked", checkLines(round, unit, style), style),
    ...block("Scores", scoreLines(unit, style), style),
    ...block("Findings", findingLines(unit, options), style),
    ...block("Landing", [`  ${outlookText(outlook, unit.plan.id)}`], style),
    ...answers(state, unit.plan.id, options),
  ];
}

/** The same as data. */
export function reviewDocument(
  state: WorkflowState,
  unit: Unit,
  outlook: LandingOutlook,
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
    rounds: currentRounds(standing).map(({ round: number, verdict, score, reason }) => ({
      round: number,
      verdict: verdict ?? null,
      score: score ?? null,
      reason: reason ?? null,
    })),
    findings: openFindings(unit),
    costUsd: costOf(state, plan.id).usd,
    landing: outlook,
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

function scoreLines(unit: Unit, style: Style): readonly string[] {
  const rounds = currentRounds(unit.state);
  const plain = rounds.every((round) => round.score == null);
  if (plain && rounds.length < 2) return [];
  return rounds.map((round) => {
    const score = typeof round.score === "number" ? `  ${round.score.toFixed(2)}` : "";
    return `  round ${round.round}  ${round.verdict ?? "under way"}${score}  ${style.dim(plainLine(round.reason ?? ""))}`;
  });
}

function openFindings({ state }: Unit): readonly Finding[] {
  return bySeverity((lastRound(state)?.findings ?? []).filter((finding) => !finding.resolved));
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

function outlookText(outlook: LandingOutlook, slot: string): string {
  switch (outlook.kind) {
    case "landed":
      return `landed on ${outlook.landing.target} as ${outlook.landing.commit.slice(0, 8)} by ${outlook.landing.by}`;
    case "clean":
      return `one commit on ${outlook.target}${outlook.moved ? ", which has moved since the start; no conflict" : ""}`;
    case "conflict":
      return `conflicts with ${outlook.target} in ${outlook.files.join(", ")}; send it back to bring both together`;
    case "no-target":
      return `no target is known; name one: signalbox land ${slot} --to main`;
    case "nothing":
      return "nothing to land yet";
    default:
      return outlook satisfies never;
  }
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
