/** One thing in full: what was asked, what was made, found, scored and decided. */
import { resolvedText } from "../../core/conflicts/resolved-file.ts";
import type { PlannedStage } from "../../core/plan/plan.ts";
import { textWidth } from "../../core/text-width.ts";
import { gateOf, phaseGateView } from "../../core/view/gates.ts";
import { barrierView, phaseShown } from "../../core/view/stages.ts";
import { artifactPath, roleName, shownStatus, type Unit, unitsOfStage } from "../../core/view/unit.ts";
import { type LiveFact, whyHere } from "../../core/view/why.ts";
import type { SessionOutcome } from "../../core/workflow/outcome.ts";
import { hasEnded, isFinished } from "../../core/workflow/queries.ts";
import type { Finding, Round } from "../../core/workflow/round.ts";
import type { WorkflowState } from "../../core/workflow/state.ts";
import { wrap } from "../output/clip.ts";
import { outcomeParts } from "../output/events/round.ts";
import { plainLine } from "../output/plain.ts";
import type { Style } from "../output/style.ts";
import { ageText, clockText, durationText } from "../output/units.ts";
import { protectionLines, resultLines } from "./check-lines.ts";
import { rowLayout, unitRow } from "./row.ts";
import { waitingLines } from "./waiting-lines.ts";

export interface DetailOptions {
  readonly style: Style;
  readonly now: number;
  readonly width: number;
  /** Put behind commands, such as ` -w id`. */
  readonly suffix?: string;
  /** What is to be seen of the slot at this moment. */
  readonly live?: LiveFact;
}

/** A slot, handoff or synthesis. */
export function unitLines(state: WorkflowState, unit: Unit, options: DetailOptions): readonly string[] {
  const { style } = options;
  const { plan, state: standing } = unit;
  const gate = gateOf(state, unit);
  return [
    `${style.bold(plan.id)}  ${plan.title}  ${shownStatus(state, plan.id)}`,
    ...facts(options, [
      ["now", whyText(state, plan.id, options)],
      ["role", roleName(plan)],
      ["makes", artifactPath(plan) ?? "commit"],
      ["brief", plan.brief.join("; ") === plan.title ? "" : plan.brief.join("; ")],
      ["reads", plan.inputs.join(", ")],
      ["after", plan.after.join(", ")],
      ["agent", `${plan.settings.use}${plan.settings.model === undefined ? "" : `, ${plan.settings.model}`}`],
      ["level", levelText(unit)],
      [
        "gate",
        `${gate.id}: ${gate.status}${gate.judged ? `, threshold ${gate.threshold.toFixed(2)}` : ", not judged"}${gate.unverified ? ", UNVERIFIED" : ""}`,
      ],
      ["checks", plan.gate.checks.map((check) => check.name).join(", ")],
      ["branch", standing.branch ?? ""],
      ["commit", standing.commit ?? ""],
      ["merged", standing.mergeCommit ?? ""],
      ["comments", commentsText(unit)],
      ["resolved", (standing.resolved ?? []).map(resolvedText).join(", ")],
      ["error", isTold(state, standing.error) ? "" : (standing.error ?? "")],
    ]),
    ...standing.rounds.flatMap((round, index) =>
      roundLines(round, standing, options, index === standing.rounds.length - 1),
    ),
    ...sessionLines(state, plan.id, options),
    ...waitingOn(state, plan.id, options),
  ];
}

/** Remarks of people that nobody has settled. */
function commentsText({ plan, state }: Unit): string {
  const open = (state.comments ?? []).filter(({ resolved }) => resolved === undefined);
  if (open.length === 0) return "";
  return `${open.length} not resolved (${open.map(({ id }) => id).join(", ")}): signalbox review ${plan.id} --comments`;
}

/** `runs Bash npm test, since 10:42:03 (2m10s)`; empty for what is over, which the first line says. */
function whyText(state: WorkflowState, id: string, { live, now }: DetailOptions): string {
  const why = isOver(state, id) ? null : whyHere(state, id, live);
  if (why === null) return "";
  const since =
    why.since === null
      ? ""
      : `, since ${clockText(why.since)} (${durationText(Math.max(0, now - Date.parse(why.since)))})`;
  return `${plainLine(why.text)}${since}${why.until === undefined ? "" : `, goes on at ${clockText(why.until)}`}`;
}

function isOver(state: WorkflowState, id: string): boolean {
  const deliverable = state.deliverables[id];
  return hasEnded(state) || deliverable === undefined || isFinished(deliverable);
}

/** A phase with its gate, or a barrier with its directions. */
export function stageLines(
  state: WorkflowState,
  stage: PlannedStage,
  options: DetailOptions,
): readonly string[] {
  const { style } = options;
  const layout = rowLayout(state, style, options.width);
  const rows = unitsOfStage(state, stage.index).map((unit) => unitRow(state, unit, { ...options, layout }));
  if (stage.kind === "barrier") {
    const view = barrierView(state, stage);
    const checks = [...view.preChecks, ...view.postChecks].map(
      (check) =>
        `  ${check.passed ? style.green(style.symbol.done) : style.red(style.symbol.fail)} ${check.name}  ${style.dim(check.detail)}`,
    );
    return [
      `${style.bold(stage.id)}  ${stage.name}  ${view.shown}`,
      ...facts(options, [["retries", String(view.retryCount)]]),
      ...rows,
      ...checks,
      ...waitingOn(state, stage.id, options),
    ];
  }
  const gate = phaseGateView(state, stage);
  const criteria = gate.criteria.map(
    (one) =>
      `  ${one.met ? style.green(style.symbol.done) : style.red(style.symbol.fail)} ${one.criterion}  ${style.dim(one.evidence)}`,
  );
  return [
    `${style.bold(stage.id)}  ${stage.name}  ${phaseShown(state, stage)}`,
    ...facts(options, [
      ["gate", `${gate.id}: ${gate.status}`],
      ["exit", stage.exit.join("; ")],
      ["must", stage.conditions.join("; ")],
    ]),
    ...rows,
    ...criteria,
    ...waitingOn(state, stage.id, options),
  ];
}

/** A checkpoint: planned, made, approved. */
export function checkpointLines(state: WorkflowState, id: string, options: DetailOptions): readonly string[] {
  const { style, now } = options;
  const planned = state.plan.checkpoints.find((one) => one.id === id);
  const made = state.checkpoints.filter((one) => one.id === id);
  const since = made.findLast((one) => !one.rolledBack);
  const opening = since === undefined ? undefined : state.plan.base.commit;
  return [
    `${style.bold(id)}  ${planned?.name ?? since?.description ?? ""}  ${since === undefined ? "not reached" : ageText(since.at, now)}`,
    ...facts(options, [
      ["asks", planned?.approval ?? ""],
      ["recovers", planned?.recoveryPoint ?? since?.recoveryPoint ?? ""],
      ["commit", since?.commit ?? ""],
      [
        "approval",
        since?.approval === undefined
          ? ""
          : `${since.approval.status} ${since.approval.by ?? ""} ${since.approval.notes ?? ""}`.trim(),
      ],
      [
        "look",
        since?.commit === null || since?.commit === undefined || opening === undefined
          ? ""
          : `git diff --stat ${opening.slice(0, 8)} ${since.commit.slice(0, 8)}`,
      ],
    ]),
    ...waitingOn(state, id, options),
  ];
}

/** An open question by id, or what has no page of its own: `plan`, `finish`, `workflow`. */
export function questionLines(state: WorkflowState, id: string, options: DetailOptions): readonly string[] {
  const question = state.questions.find((one) => one.id === id);
  if (question === undefined) return [`${options.style.bold(id)}  nothing waits on it`];
  return [
    ...facts(options, [
      ["commit", question.commit ?? ""],
      ["files", (question.files ?? []).join(", ")],
    ]),
    ...waitingOn(state, question.subject, options),
  ];
}

function levelText({ plan, state }: Unit): string {
  const escalations = [...plan.criticality.escalations, ...state.escalations].map(
    (one) => `${one.rule} ${one.from} to ${one.to}`,
  );
  return `${state.criticality}${escalations.length === 0 ? "" : ` (${escalations.join(", ")})`}`;
}

/** True where an open question gives this reason already. */
function isTold({ questions }: WorkflowState, reason: string | undefined): boolean {
  return reason !== undefined && questions.some((question) => question.reason.includes(reason));
}

/** Output of checks belongs to the latest round: what was red before has been answered since. */
function roundLines(
  round: Round,
  { step }: Unit["state"],
  options: DetailOptions,
  latest: boolean,
): readonly string[] {
  const { style } = options;
  const score = typeof round.score === "number" ? ` ${round.score.toFixed(2)}` : "";
  const standing = latest && step !== "failed" ? "under way" : "not decided";
  const about = [round.commit?.slice(0, 8), round.strategiesUsed.join(" ")].filter(Boolean).join("  ");
  const head = `${style.bold(`round ${round.round}`)}  ${round.verdict ?? standing}${score}  ${style.dim(about)}`;
  const checks = (round.checks ?? []).flatMap((check) => resultLines(check, style, latest));
  const panels = round.panels.map(
    (panel) =>
      `  ${panel.reviewer}  ${panel.composite.toFixed(2)}  ${style.dim(`${panel.passing}/${panel.samples} samples pass, spread ${panel.spread.toFixed(2)}`)}`,
  );
  return [
    "",
    about === "" ? head.trimEnd() : head,
    ...(round.reason === undefined || round.reason === "" ? [] : hanging("  ", round.reason, options)),
    ...(round.revision === undefined || round.revision.trim() === ""
      ? []
      : hanging("  changed  ", round.revision, options)),
    ...checks,
    ...protectionLines(round, style),
    ...round.findings.flatMap((finding) => findingLines(finding, options)),
    ...panels,
  ];
}

/** Lines of evidence beyond the first one. */
const EVIDENCE_LINES = 6;

function findingLines(finding: Finding, options: DetailOptions): readonly string[] {
  const { style } = options;
  const paint =
    finding.severity === "CRITICAL" || finding.severity === "HIGH"
      ? style.red
      : finding.severity === "MEDIUM"
        ? style.yellow
        : style.dim;
  const mark = finding.resolved ? style.green(style.symbol.done) : style.symbol.dot;
  const [first = "", ...lines] = finding.evidence.split("\n").filter((line) => line.trim() !== "");
  // What a check printed stands with the check.
  const rest = finding.source.startsWith("check:") ? [] : lines;
  const more = rest.length - EVIDENCE_LINES;
  return [
    `  ${mark} ${finding.id}  ${paint(finding.severity)}  ${style.dim(`${finding.section} (${finding.source})`)}`,
    ...hanging("      ", first.replace(/:$/, ""), options),
    ...rest.slice(0, EVIDENCE_LINES).map((line) => style.dim(`      ${line}`)),
    ...(more > 0 ? [style.dim(`      ${style.symbol.ellipsis} ${more} more lines`)] : []),
    ...hanging(`      ${style.symbol.arrow} `, finding.action, options),
  ];
}

function sessionLines(
  state: WorkflowState,
  subject: string,
  { style, suffix = "" }: DetailOptions,
): readonly string[] {
  const sessions = Object.values(state.sessions).filter((session) => session.subject === subject);
  if (sessions.length === 0) return [];
  const purposes = Math.max(...sessions.map(({ purpose }) => purpose.length));
  const lines = sessions.map((session) => {
    const end = session.outcome === undefined ? "running" : endText(state, session.outcome);
    return `  ${session.purpose.padEnd(purposes)} r${session.round}  ${session.role}  ${session.adapter}  ${style.dim(end)}`;
  });
  return [
    "",
    style.bold("sessions"),
    ...lines,
    style.dim(`  signalbox logs ${subject}${suffix}`),
    ...checksHint(state, subject, style, suffix),
  ];
}

/** Without the reason where an open question gives it. */
function endText(state: WorkflowState, outcome: SessionOutcome): string {
  const { text, why } = outcomeParts(outcome);
  return why === undefined || isTold(state, why) ? text : `${text}: ${why}`;
}

/** Where what the checks printed can be read, once they have. */
function checksHint(state: WorkflowState, subject: string, style: Style, suffix: string): readonly string[] {
  const ran = state.deliverables[subject]?.rounds.some((round) => (round.checks ?? []).length > 0) === true;
  return ran ? [style.dim(`  signalbox logs ${subject} --checks${suffix}`)] : [];
}

function waitingOn(state: WorkflowState, subject: string, options: DetailOptions): readonly string[] {
  const only = { ...state, questions: state.questions.filter((question) => question.subject === subject) };
  const lines = waitingLines(only, options);
  return lines.length === 0 ? [] : ["", ...lines];
}

function facts(options: DetailOptions, pairs: readonly (readonly [string, string])[]): readonly string[] {
  return pairs
    .filter(([, value]) => value !== "")
    .flatMap(([name, value]) => hanging(`  ${name.padEnd(9)} `, value, options));
}

/** A text behind its dimmed beginning, wrapped with its further lines below its first. */
function hanging(
  beginning: string,
  text: string,
  { style, width }: Pick<DetailOptions, "style" | "width">,
): readonly string[] {
  const indent = textWidth(beginning);
  return wrap(text, Math.max(20, width - indent)).map((line, i) =>
    i === 0 ? `${style.dim(beginning)}${line}` : `${" ".repeat(indent)}${line}`,
  );
}
