/** Exit criteria per phase and for the whole. Source: documents A1 §9, B1 §9. */
import type { PlannedPhase } from "../../core/plan/plan.ts";
import { phaseGateView } from "../../core/view/gates.ts";
import { barriers, phases } from "../../core/view/stages.ts";
import { artifactPath, unitName, unitsOfStage } from "../../core/view/unit.ts";
import type { SectionSpec, Source } from "../section.ts";
import { thresholdText } from "../text/format.ts";
import { blocks, cell, codeCell, inline, table } from "../text/markdown.ts";

export const SUCCESS: SectionSpec = {
  title: "Success Criteria",
  purpose: "When a phase and the workflow are done",
  body: (source, sub) =>
    blocks(
      ...phases(source.state).map((phase) =>
        blocks([sub(`Phase ${phase.number} Exit Criteria (${inline(phase.name)})`)], exitRows(source, phase)),
      ),
      [sub("Workflow Completion Criteria")],
      completion(source),
    ),
};

function exitRows({ state }: Source, phase: PlannedPhase): readonly string[] {
  const gate = phaseGateView(state, phase);
  const named = [...phase.exit, ...phase.conditions].map((criterion) => {
    const recorded = gate.criteria.find((one) => one.criterion === criterion);
    const evidence =
      recorded === undefined ? "Reviewers judge it, with evidence" : `${recorded.by}: ${recorded.evidence}`;
    return [
      cell(criterion),
      cell(evidence),
      recorded === undefined ? "open" : recorded.met ? "met" : "unmet",
    ];
  });
  const slots = unitsOfStage(state, phase.index).map(({ plan }) => unitName(plan));
  const passed = gate.gates.every((one) => ["PASS", "WAIVED", "SKIPPED"].includes(one.status));
  const judged = gate.gates.some((one) => one.judged);
  const validation = judged
    ? `${slots.join(", ")} ${thresholdText(state.plan.threshold)} (S-014)`
    : `${slots.join(", ")} accepted`;
  return table(
    ["Criterion", "Validation", "Status"],
    [...named, ["Quality gate passed", cell(validation), passed ? "met" : "open"]],
  );
}

function completion({ state }: Source): readonly string[] {
  const last = state.plan.deliverables.filter(
    (one) => one.stage === Math.max(...state.plan.deliverables.map((other) => other.stage)),
  );
  const crossings = barriers(state);
  return table(
    ["Criterion", "Validation"],
    [
      ["All phases complete", "Every phase status is COMPLETE"],
      ...(crossings.length === 0 ? [] : [["All barriers synced", "Every barrier status is COMPLETE"]]),
      ...last.map((one) => {
        const path = artifactPath(one);
        return [
          `${unitName(one)} accepted`,
          path === null ? "Its commit is merged" : `${codeCell(path)} exists`,
        ];
      }),
      ...(state.plan.finish.approve ? [["End approved", "A person approves the result"]] : []),
    ],
  );
}
