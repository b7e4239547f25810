/** What the tracker says about one slot: row, scope, inputs, artifact, gate. Source: documents A2 §2. */
import { type GateView, gateOf } from "../../core/view/gates.ts";
import { openQuestion, shownStatus, type Unit } from "../../core/view/unit.ts";
import { agentName, artifactCell, artifactText } from "../names.ts";
import type { Source } from "../section.ts";
import { levelName, type Missing, range, scoreText, strategyList, thresholdText } from "../text/format.ts";
import { blocks, box, bullets, cell, code, inline, table } from "../text/markdown.ts";
import { checkText, supersededItems } from "./phase-lists.ts";

/** Table of the slots of a phase or of the synthesis. */
export function agentRows(source: Source, units: readonly Unit[]): readonly string[] {
  const { state, missing } = source;
  const rows = units.map((one) => [
    cell(agentName(one.plan)),
    shownStatus(state, one.plan.id),
    one.state.startedAt ?? missing,
    one.state.completedAt ?? missing,
    artifactCell(one, missing),
    cell(note(source, one)),
  ]);
  return table(["Agent", "Status", "Started", "Completed", "Artifacts", "Notes"], rows);
}

/** Labelled lists below the table. */
export function slotDetails(source: Source, one: Unit, label: string): readonly string[] {
  const { plan, state } = one;
  const list = (title: string, items: readonly string[]) =>
    items.length === 0 ? [] : [`**${label} ${title}:**`, "", ...items];
  return blocks(
    list("Scope", bullets(plan.brief.map(inline))),
    list("Inputs", bullets(plan.inputs.map(code))),
    list("Artifacts", [box(state.step === "merged", artifactItem(one))]),
    list("Superseded Work", bullets(supersededItems([one]))),
    list("Quality Gate", bullets(gateLines(gateOf(source.state, one), one, source))),
  );
}

/** What is known about a unit in one line: error, open question or the agent's own summary. */
export function note({ state, missing }: Source, { plan, state: standing }: Unit): string {
  const question = openQuestion(state, plan.id);
  if (question !== undefined) return `${question.id}: ${question.reason}`;
  return standing.error ?? standing.summary ?? missing;
}

/** Bullets of a gate: level, threshold, strategies, rounds, score, verdict. */
export function gateLines(gate: GateView, one: Unit, { missing }: Source): readonly string[] {
  const { plan } = one;
  const { strategies } = plan.gate;
  const raised = one.state.escalations.map(
    (rule) => `${rule.rule} raised it from ${rule.from}: ${inline(rule.condition)}`,
  );
  const left =
    strategies.leftOut.length === 0
      ? []
      : [`Left out by the author: ${strategyList(strategies.leftOut, missing)}`];
  if (!gate.judged)
    return [
      `Criticality: ${levelName(one.state.criticality)}, nothing is scored`,
      ...checkLines(one),
      `Result: ${resultText(gate, missing)}`,
    ];
  return [
    `Criticality: ${[levelName(one.state.criticality), ...raised].join("; ")}`,
    `Threshold: ${thresholdText(gate.threshold)} weighted composite (S-014)`,
    `Strategies: ${strategyList(strategies.order, missing)}`,
    ...left,
    ...checkLines(one),
    `Rounds: ${gate.round} of ${range(gate.minRounds, gate.maxRounds)}`,
    `Score: ${scoreText(gate, missing)}`,
    `Verdict: ${verdictText(gate, missing)}`,
  ];
}

/** `REVISE (min-rounds)`; HARDEN is printed as REVISE so that bands stay three (domain §10). */
export function verdictText(gate: GateView, missing: string): string {
  if (gate.status === "WAIVED") return "WAIVED";
  if (gate.verdict === null) return missing;
  const word = gate.verdict === "HARDEN" ? "REVISE" : gate.verdict;
  return gate.reason === null || gate.reason === "" ? word : `${word} (${inline(gate.reason)})`;
}

function checkLines(one: Unit): readonly string[] {
  const text = checkText(one);
  return text === null ? [] : [`Checks: ${text}`];
}

function resultText(gate: GateView, missing: Missing): string {
  if (gate.status === "PASS") return "PASS (integrity and checks)";
  const score = scoreText(gate, missing);
  return score === missing ? gate.status : score;
}

function artifactItem(one: Unit): string {
  return one.plan.makes.kind === "file" ? code(one.plan.makes.path) : inline(artifactText(one));
}
