/** How pipelines meet. Source: documents A1 §4, domain §7. */
import { barriers, barrierView } from "../../core/view/stages.ts";
import { artifactPath } from "../../core/view/unit.ts";
import { directionKeys } from "../names.ts";
import type { SectionSpec, Source } from "../section.ts";
import { range, stageLabel, strategyText, thresholdText } from "../text/format.ts";
import { blocks, bullets, cell, codeCell, fence, table } from "../text/markdown.ts";

export const BARRIER_PROTOCOL: SectionSpec = {
  title: "Sync Barrier Protocol",
  purpose: "Transition rules and what crosses each barrier",
  applies: ({ state }) => barriers(state).length > 0,
  body: (source, sub) =>
    blocks(
      [sub("Barrier Transition Rules")],
      fence(rules(source)),
      [sub("Barrier Definitions")],
      definitions(source),
      [sub("Quality Gate at Barriers")],
      [
        "Each direction is scored by itself; a direction that has passed is not scored again.",
        "",
        ...bullets(gate(source)),
      ],
    ),
};

function rules({ state }: Source): readonly string[] {
  return [
    "1. BEFORE THE BARRIER",
    "   - every slot of the phases before it has finished",
    "   - every artifact is at its registered path and is not empty",
    "   - no blocker on the barrier is open",
    "   - the creator's self-review (S-010) is recorded",
    `   - the gate of every incoming artifact has passed (${thresholdText(state.plan.threshold)}, S-014)`,
    "",
    "2. ONCE PER DIRECTION",
    "   - draw the findings from the artifacts of the source pipeline",
    "   - say what the target pipeline has to do with them",
    "   - check the handoff against its contract",
    "   - self-review, critic, score",
    "",
    "3. AFTER THE BARRIER",
    "   - the handoff is among the inputs of the next slots of its target",
    "   - the inputs are in the context of the next phase",
    "   - the barrier is COMPLETE",
    "   - a checkpoint is made",
  ];
}

function definitions({ state, missing }: Source): readonly string[] {
  const rows = barriers(state).flatMap((barrier) => {
    const view = barrierView(state, barrier);
    const before = state.plan.stages.findLast(
      (stage) => stage.kind === "phase" && stage.index < barrier.index,
    );
    return view.directions.map(({ unit, status }) => [
      barrier.id,
      before === undefined ? missing : stageLabel(before.id),
      cell(directionKeys(unit.plan)),
      codeCell(artifactPath(unit.plan) ?? missing),
      cell(unit.plan.handoff?.keyContent || missing),
      status,
    ]);
  });
  return table(["Barrier", "After Phase", "Direction", "Artifact", "Key Content", "Status"], rows);
}

function gate({ state }: Source): readonly string[] {
  const first = state.plan.deliverables.find((one) => one.kind === "handoff");
  if (first === undefined) return [];
  const { loop, strategies, threshold } = first.gate;
  return [
    `Threshold: ${thresholdText(threshold)} weighted composite`,
    `Rounds: ${range(loop.min, loop.max)} per direction`,
    `Strategies in order: ${strategies.order.map(strategyText).join(", ")}`,
    ...(strategies.leftOut.length === 0
      ? []
      : [`Left out by the author: ${strategies.leftOut.map(strategyText).join(", ")}`]),
    `Attempts: ${state.plan.constraints.maxBarrierRetries + 1}, then a person decides`,
  ];
}
