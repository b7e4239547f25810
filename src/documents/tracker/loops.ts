/** Rounds of every deliverable: what was made, criticised, revised and scored. Source: domain §9.4, documents B2. */
import { patternName } from "../../core/quality/strategies.ts";
import { phases } from "../../core/view/stages.ts";
import { type Unit, units } from "../../core/view/unit.ts";
import type { Severity } from "../../core/vocabulary.ts";
import type { Round } from "../../core/workflow/round.ts";
import { taskName } from "../names.ts";
import type { SectionSpec, Source } from "../section.ts";
import { maybeScore, shortCommit } from "../text/format.ts";
import { blocks, cell, code, codeCell, inline, labelled, table } from "../text/markdown.ts";

const SEVERITIES: readonly Severity[] = ["CRITICAL", "HIGH", "MEDIUM", "LOW"];

export const LOOPS: SectionSpec = {
  title: "Adversarial Loop Tracking",
  purpose: "Rounds of every deliverable with findings and scores",
  applies: (source) => looped(source).length > 0,
  body: (source, sub) =>
    blocks(
      ...looped(source).map((one) =>
        blocks([sub(heading(source, one))], artifactLine(one), roundRows(source, one)),
      ),
    ),
};

/** Flavour B prints a table for every task from the start, flavour A for what has a round. */
function looped({ state }: Source): readonly Unit[] {
  const early = state.plan.flavour === "B";
  return units(state).filter(({ plan, state: { rounds } }) => {
    if (plan.gate.judged) return early || rounds.length > 0;
    return rounds.length > 1 || rounds.some((round) => round.findings.length > 0);
  });
}

function artifactLine({ plan }: Unit): readonly string[] {
  return plan.makes.kind === "file" ? [labelled("Artifact", code(plan.makes.path))] : [];
}

function heading({ state }: Source, { plan }: Unit): string {
  const phase = phases(state).find((one) => one.index === plan.stage);
  return `${inline(taskName(plan))}${phase === undefined ? "" : ` (Phase ${phase.number})`}`;
}

/** Table of the rounds; one row of missing marks before the first. */
export function roundRows({ missing }: Pick<Source, "missing">, one: Unit): readonly string[] {
  const patterned = one.plan.gate.patterns.length > 0;
  const columns = [
    "Iteration",
    "Creator Output",
    patterned ? "Critic Patterns Used" : "Strategies Used",
    "Findings",
    "Creator Revision",
    "Score",
    "Verdict",
  ];
  const rows = one.state.rounds.map((round) => [
    iteration(one, round),
    output(round, missing),
    used(round, patterned) || missing,
    findings(round, missing),
    cell(round.revision ?? missing),
    maybeScore(round.score, missing),
    verdict(round, missing),
  ]);
  return table(columns, rows.length === 0 ? [columns.map(() => missing)] : rows);
}

/** `2`, or `2 (attempt 2)` and `2 (epoch 1)` where rounds of earlier tries stand beside it. */
function iteration({ state }: Unit, round: Round): string {
  const old = [
    ...(round.epoch === state.epoch ? [] : [`epoch ${round.epoch}, superseded`]),
    ...(round.attempt === state.attempt || round.epoch !== state.epoch ? [] : [`attempt ${round.attempt}`]),
  ];
  return old.length === 0 ? String(round.round) : `${round.round} (${old.join(", ")})`;
}

function output(round: Round, missing: string): string {
  return round.commit === undefined ? missing : codeCell(shortCommit(round.commit));
}

function used(round: Round, patterned: boolean): string {
  return patterned ? round.patternsUsed.map(patternName).join(", ") : round.strategiesUsed.join(", ");
}

function findings(round: Round, missing: string): string {
  if (round.findings.length === 0) return round.verdict === undefined ? missing : "none";
  const counts = SEVERITIES.map((severity) => ({
    severity,
    count: round.findings.filter((finding) => finding.severity === severity).length,
  }));
  const parts = counts.filter(({ count }) => count > 0).map(({ severity, count }) => `${count} ${severity}`);
  return `${round.findings.length}: ${parts.join(", ")}`;
}

function verdict(round: Round, missing: string): string {
  if (round.verdict === undefined) return missing;
  if (round.verdict === "HARDEN") return "REVISE (min-rounds)";
  return round.verdict;
}
