/** Escalation file of a deliverable: what was tried, what is open, what can be decided, what was. Source: domain §9.5. */
import { bySeverity } from "../../core/view/history.ts";
import { openQuestion, shownStatus, type Unit } from "../../core/view/unit.ts";
import { waiting } from "../../core/view/waiting.ts";
import { acceptableRounds } from "../../core/workflow/rejoin.ts";
import type { Finding, Round } from "../../core/workflow/round.ts";
import { recordHeader } from "../header.ts";
import { artifactText, taskName } from "../names.ts";
import { renderDocument, type SectionSpec, type Source } from "../section.ts";
import { levelName, maybeScore, thresholdText } from "../text/format.ts";
import { blocks, bullets, cell, code, inline, labelled, table } from "../text/markdown.ts";
import { roundRows } from "../tracker/loops.ts";
import { disclaimer } from "../words.ts";

/** True where a round of it ever went to a person, or a person is asked now because a gate gave up. */
export function hasEscalated(source: Source, one: Unit): boolean {
  const asked = openQuestion(source.state, one.plan.id)?.kind === "escalation";
  return asked || one.state.rounds.some((round) => round.verdict === "ESCALATED");
}

/** The file's text. */
export function renderEscalation(source: Source, one: Unit): string {
  const { state } = source;
  return renderDocument(
    {
      title: `Escalation: ${inline(taskName(one.plan))}`,
      header: recordHeader(source, `${state.plan.workflow.documentPrefix}-ESCALATION-${one.plan.id}`),
      disclaimer: disclaimer(state.plan.layout.stateFile),
      numbered: false,
      sections: sections(one),
      footer: [`Workflow ID: ${state.id}`, `State: ${state.plan.layout.stateFile}`],
    },
    source,
  );
}

function sections(one: Unit): readonly SectionSpec[] {
  return [
    { title: "Summary", purpose: "Why a person is needed", body: (source) => summary(source, one) },
    {
      title: "Rounds",
      purpose: "What was tried, with scores",
      body: (source) => blocks(roundRows(source, one), keyFindings(one)),
    },
    {
      title: "Grave Findings",
      purpose: "CRITICAL and HIGH, resolved or not",
      body: (source) => graveFindings(source, one),
    },
    { title: "Options", purpose: "What can be decided", body: (source) => options(source, one) },
    { title: "Decision", purpose: "What was decided, by whom", body: (source) => decisions(source, one) },
  ];
}

function summary({ state, missing }: Source, one: Unit): readonly string[] {
  const { plan } = one;
  const best = bestRound(acceptableRounds(one.state));
  const question = openQuestion(state, plan.id);
  return bullets([
    labelled("Status", shownStatus(state, plan.id)),
    labelled("Reason", question === undefined ? "No question is open" : inline(question.reason)),
    labelled("Artifact", code(artifactText(one))),
    labelled("Criticality", levelName(one.state.criticality)),
    labelled("Threshold", thresholdText(plan.gate.threshold)),
    labelled(
      "Best version",
      best === undefined ? missing : `round ${best.round}, score ${maybeScore(best.score, missing)}`,
    ),
  ]);
}

function bestRound(rounds: readonly Round[]): Round | undefined {
  return rounds.reduce<Round | undefined>(
    (best, round) => (typeof round.score === "number" && round.score > (best?.score ?? -1) ? round : best),
    undefined,
  );
}

function keyFindings({ state }: Unit): readonly string[] {
  const lines = state.rounds.flatMap((round) => {
    const [first] = bySeverity(round.findings);
    return first === undefined ? [] : [`Round ${round.round}: ${first.severity}, ${inline(first.evidence)}`];
  });
  return lines.length === 0 ? [] : ["**Key finding of each round:**", "", ...bullets(lines)];
}

function graveFindings({ missing }: Source, { state }: Unit): readonly string[] {
  const all = state.rounds.flatMap((round) => round.findings.map((finding) => ({ round, finding })));
  const grave = all.filter(({ finding }) => finding.severity === "CRITICAL" || finding.severity === "HIGH");
  const rows = grave.map(({ round, finding }) => findingRow(round, finding));
  const none = [[missing, missing, missing, "None was reported", missing, missing]];
  return table(
    ["Round", "ID", "Severity", "Evidence", "Required Action", "Resolved"],
    rows.length === 0 ? none : rows,
  );
}

function findingRow(round: Round, finding: Finding): readonly string[] {
  return [
    String(round.round),
    cell(finding.id),
    finding.severity,
    cell(`${finding.section}: ${finding.evidence}`),
    cell(finding.action),
    finding.resolved ? "yes" : "no",
  ];
}

function options({ state, missing }: Source, { plan }: Unit): readonly string[] {
  const open = waiting(state).find((one) => one.subject === plan.id);
  if (open === undefined) return ["No decision is open."];
  const rows = open.answers.map((answer) => [
    answer.word,
    cell(answer.effect || missing),
    code(answer.command),
  ]);
  return table(["Word", "Effect", "Command"], rows);
}

function decisions({ state, missing }: Source, { plan }: Unit): readonly string[] {
  const own = state.decisions.filter((one) => one.subject === plan.id);
  if (own.length === 0) return ["Not decided yet."];
  const rows = own.map((one) => [one.id, one.word, cell(one.text || missing), cell(one.by), one.at]);
  return blocks(
    table(["ID", "Decision", "Reason", "By", "At"], rows),
    own.some((one) => one.word === "accept")
      ? ["The gate is WAIVED: a person accepted the work below its threshold (`human_override: true`)."]
      : [],
  );
}
