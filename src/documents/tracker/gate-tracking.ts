/** Quality gates of phases with their reviewers. Source: documents B2. */
import { type PhaseGateView, phaseGateView } from "../../core/view/gates.ts";
import { phases } from "../../core/view/stages.ts";
import { unit, unitName } from "../../core/view/unit.ts";
import { reviewPath } from "../paths.ts";
import type { SectionSpec, Source } from "../section.ts";
import { maybeScore, scoreText, thresholdText } from "../text/format.ts";
import { blocks, box, cell, codeCell, inline, labelled, table } from "../text/markdown.ts";

export const GATE_TRACKING: SectionSpec = {
  title: "Quality Gate Tracking",
  purpose: "Reviewers, scores and pass conditions per gate",
  applies: ({ state }) => phases(state).some((phase) => phaseGateView(state, phase).required),
  body: (source, sub) => {
    const gates = phases(source.state)
      .map((phase) => phaseGateView(source.state, phase))
      .filter((gate) => gate.required);
    return blocks(
      ...gates.map((gate) =>
        blocks(
          [
            sub(
              `${gate.id}: ${inline(gate.phase.name)} Review (Phase ${gate.phase.number}) - ${gate.status}`,
            ),
          ],
          reviewerRows(source, gate),
          [labelled("Pass Condition", passCondition(source, gate))],
          criteria(gate),
        ),
      ),
    );
  },
};

function reviewerRows({ state, missing }: Source, gate: PhaseGateView): readonly string[] {
  const rows = gate.gates.flatMap((one) => {
    const found = unit(state, one.subject);
    if (found === undefined) return [];
    return one.reviewers.map((reviewer) => [
      cell(reviewer.role),
      cell(unitName(found.plan)),
      reviewer.status,
      reviewer.score === null && one.waivedBy !== null
        ? scoreText(one, missing)
        : maybeScore(reviewer.score, missing),
      codeCell(reviewPath(state, gate.phase, found.plan, reviewer)),
      reviewer.round === null ? missing : String(reviewer.round),
    ]);
  });
  return table(["Reviewer", "Task", "Status", "Score", "Artifact", "Iteration"], rows);
}

function passCondition({ state }: Source, gate: PhaseGateView): string {
  const judged = gate.gates.filter((one) => one.judged);
  const names = judged.flatMap((one) => {
    const found = unit(state, one.subject);
    return found === undefined ? [] : [unitName(found.plan)];
  });
  const threshold = judged[0]?.threshold ?? state.plan.threshold;
  const score =
    names.length === 0 ? "All slots accepted" : `${names.join(" and ")} ${thresholdText(threshold)}`;
  return [score, ...gate.phase.conditions.map(inline)].join(" AND ");
}

function criteria(gate: PhaseGateView): readonly string[] {
  if (gate.criteria.length === 0) return [];
  const lines = gate.criteria.map((one) =>
    box(one.met, `${inline(one.criterion)} (${inline(one.by)}: ${inline(one.evidence)})`),
  );
  return ["**Conditions:**", "", ...lines];
}
