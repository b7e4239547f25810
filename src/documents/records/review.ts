/** Review record of one reviewer on one slot, all rounds. Source: domain §3 (flavour B), §9.4. */
import type { PlannedPhase } from "../../core/plan/plan.ts";
import type { ReviewerView } from "../../core/view/gates.ts";
import { bySeverity } from "../../core/view/history.ts";
import type { Unit } from "../../core/view/unit.ts";
import type { Round } from "../../core/workflow/round.ts";
import { recordHeader } from "../header.ts";
import { taskName } from "../names.ts";
import { renderDocument, type SectionSpec, type Source } from "../section.ts";
import { maybeScore, shortCommit, shortNumber, thresholdText } from "../text/format.ts";
import { blocks, bullets, cell, code, inline, labelled, table } from "../text/markdown.ts";
import { disclaimer } from "../words.ts";

/** The file's text; null while the reviewer has no decided round. */
export function renderReview(
  source: Source,
  phase: PlannedPhase,
  one: Unit,
  reviewer: Pick<ReviewerView, "role" | "kind">,
): string | null {
  const { state } = source;
  const rounds = one.state.rounds.filter((round) =>
    round.panels.some((panel) => panel.reviewer === reviewer.role),
  );
  if (rounds.length === 0) return null;
  return renderDocument(
    {
      title: `Review of ${inline(taskName(one.plan))} by ${inline(reviewer.role)}`,
      header: recordHeader(
        source,
        `${state.plan.workflow.documentPrefix}-${phase.gateId}-${one.plan.id}-${reviewer.role}`,
      ),
      disclaimer: disclaimer(state.plan.layout.stateFile),
      numbered: false,
      sections: rounds.map((round) => roundSection(one, reviewer.role, round)),
      footer: [`Workflow ID: ${state.id}`, `State: ${state.plan.layout.stateFile}`],
    },
    source,
  );
}

function roundSection(one: Unit, role: string, round: Round): SectionSpec {
  const superseded = round.epoch === one.state.epoch ? "" : `, epoch ${round.epoch}, superseded`;
  const attempt = round.attempt > 1 ? `, attempt ${round.attempt}` : "";
  return {
    title: `Round ${round.round}${attempt}${superseded}`,
    purpose: `Scores and findings of round ${round.round}`,
    body: (source) =>
      blocks(facts(source, one, role, round), scores(source, one, role, round), findings(source, round)),
  };
}

function facts({ missing }: Source, { plan }: Unit, role: string, round: Round): readonly string[] {
  const panel = round.panels.find((candidate) => candidate.reviewer === role);
  return bullets([
    labelled("Work under review", round.commit === undefined ? missing : code(shortCommit(round.commit))),
    labelled(
      "Composite",
      `${maybeScore(panel?.composite, missing)} (${thresholdText(plan.gate.threshold)} passes)`,
    ),
    labelled(
      "Samples",
      panel === undefined
        ? missing
        : `${panel.samples}, ${panel.passing} of them passing, spread ${shortNumber(panel.spread)}`,
    ),
    labelled(
      "Verdict of the round",
      round.verdict === undefined
        ? missing
        : round.verdict === "HARDEN"
          ? "REVISE (min-rounds)"
          : round.verdict,
    ),
  ]);
}

function scores({ missing }: Source, { plan }: Unit, role: string, round: Round): readonly string[] {
  const panel = round.panels.find((candidate) => candidate.reviewer === role);
  const sample = round.samples.find((candidate) => candidate.reviewer === role && candidate.valid);
  const rows = plan.gate.rubric.map((dimension) => [
    cell(dimension.name),
    shortNumber(dimension.weight),
    maybeScore(panel?.dimensions[dimension.key], missing),
    cell(sample?.evidence[dimension.key] ?? missing),
  ]);
  return table(["Dimension", "Weight", "Score", "Evidence"], rows);
}

function findings({ missing }: Source, round: Round): readonly string[] {
  const rows = bySeverity(round.findings).map((finding) => [
    cell(finding.id),
    finding.type,
    finding.severity,
    cell(finding.source),
    cell(`${finding.section}: ${finding.evidence}`),
    cell(finding.action),
    finding.resolved ? "yes" : "no",
  ]);
  const none = [[missing, missing, missing, missing, "No findings", missing, missing]];
  return table(
    ["ID", "Type", "Severity", "Source", "Evidence", "Required Action", "Resolved"],
    rows.length === 0 ? none : rows,
  );
}
