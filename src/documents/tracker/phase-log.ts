/** Flavour A: one part per stage in execution order. Source: documents A2 §2. */

import type { PlannedPhase } from "../../core/plan/plan.ts";
import { partsOf, phaseShown } from "../../core/view/stages.ts";
import { shownStatus, unitsOfStage } from "../../core/view/unit.ts";
import { partLabel, pipelineWord } from "../names.ts";
import type { SectionSpec, Source, SubHeading } from "../section.ts";
import { blocks, inline } from "../text/markdown.ts";
import { barrierEntry } from "./barrier-entry.ts";
import { deliverableBoxes, titled } from "./phase-lists.ts";
import { agentRows, slotDetails } from "./slot-entry.ts";

export const PHASE_LOG: SectionSpec = {
  title: "Phase Execution Log",
  purpose: "Every stage with its slots, inputs, artifacts and gate",
  body: (source, sub) => [...stages(source, sub), ...synthesis(source, sub)],
};

function stages(source: Source, sub: SubHeading): readonly string[] {
  const { state } = source;
  const parts = state.plan.stages.map((stage) =>
    stage.kind === "phase" ? phaseEntry(source, stage, sub) : barrierEntry(source, stage, sub),
  );
  return blocks(...parts);
}

function phaseEntry(source: Source, phase: PlannedPhase, sub: SubHeading): readonly string[] {
  const { state } = source;
  const parts = partsOf(state, phase);
  const alone = parts.length === 1;
  const bodies = parts.map((part) => {
    const [only] = part.units;
    const subject =
      part.units.length === 1 && only !== undefined ? only.plan.title : (part.pipeline?.title ?? "");
    const heading =
      alone || part.pipeline === null
        ? []
        : [
            `#### ${pipelineWord(part.pipeline)} Phase ${phase.number}${subject === "" ? "" : `: ${inline(subject)}`}`,
          ];
    const details = part.units.map((one) =>
      slotDetails(source, one, part.units.length === 1 ? partLabel(part, alone) : one.plan.id),
    );
    return blocks(heading, agentRows(source, part.units), ...details);
  });
  const heading = sub(`PHASE ${phase.number} - ${inline(phase.name)} - ${phaseShown(state, phase)}`);
  return blocks(
    [heading],
    ...bodies,
    titled(`Phase ${phase.number} Deliverables`, deliverableBoxes(source, phase)),
  );
}

function synthesis(source: Source, sub: SubHeading): readonly string[] {
  const { state } = source;
  const units = unitsOfStage(state, state.plan.stages.length);
  const [first] = units;
  if (first === undefined) return [];
  const details = units.map((one) => slotDetails(source, one, "Synthesis"));
  return [
    "",
    ...blocks(
      [sub(`SYNTHESIS - ${shownStatus(state, first.plan.id)}`)],
      agentRows(source, units),
      ...details,
    ),
  ];
}
