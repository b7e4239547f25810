/** Patterns and totals as predicates and counts over the derived plan. Source: domain §15 (totals), §16 (predicates). */
import type { WorkflowPattern } from "../vocabulary.ts";
import { artifactOf, type Draft } from "./draft.ts";
import { inputDrafts } from "./inputs.ts";
import type { Plan, PlannedCheckpoint, PlannedDeliverable, PlannedGroup, PlannedStage } from "./plan.ts";

export interface Derived {
  readonly drafts: readonly Draft[];
  readonly stages: readonly PlannedStage[];
  readonly deliverables: readonly PlannedDeliverable[];
  readonly checkpoints: readonly PlannedCheckpoint[];
  readonly groups: readonly PlannedGroup[];
}

/** Patterns that hold, in the order of the vocabulary. The coordinator always delegates to workers: HIERARCHICAL. */
export function patternsOf(derived: Derived): readonly WorkflowPattern[] {
  const { drafts, stages, deliverables, checkpoints, groups } = derived;
  const pairs = pipelinePhases(deliverables);
  const holds: Readonly<Record<WorkflowPattern, boolean>> = {
    SEQUENTIAL: pairs.some((pair) => pairs.filter((other) => other.pipeline === pair.pipeline).length > 1),
    CONCURRENT: groups.some((group) => group.mode === "PARALLEL"),
    BARRIER_SYNC: stages.some((stage) => stage.kind === "barrier"),
    HIERARCHICAL: true,
    FAN_OUT: drafts.some((draft) => feedsSeveral(draft, drafts)),
    FAN_IN: drafts.some((draft) => draft.kind === "slot" && joinsPipelines(draft, drafts)),
    GENERATOR_CRITIC: deliverables.some(({ gate }) => gate.judged && gate.loop.profile !== "none"),
    HUMAN_IN_THE_LOOP: checkpoints.some((checkpoint) => checkpoint.approval !== undefined),
  };
  const order: readonly WorkflowPattern[] = [
    "SEQUENTIAL",
    "CONCURRENT",
    "BARRIER_SYNC",
    "HIERARCHICAL",
    "FAN_OUT",
    "FAN_IN",
    "GENERATOR_CRITIC",
    "HUMAN_IN_THE_LOOP",
  ];
  return order.filter((pattern) => holds[pattern]);
}

/** `phases` counts (pipeline, phase) pairs; `artifacts` counts files of slots and handoffs (domain §15). */
export function totalsOf({ stages, deliverables, checkpoints }: Derived): Plan["totals"] {
  const slots = deliverables.filter(({ kind }) => kind === "slot");
  const files = deliverables.filter(({ kind, makes }) => kind !== "synthesis" && makes.kind === "file");
  return {
    phases: pipelinePhases(deliverables).length,
    barriers: stages.filter((stage) => stage.kind === "barrier").length,
    agents: slots.length,
    artifacts: files.length,
    checkpoints: checkpoints.length,
  };
}

interface PipelinePhase {
  readonly pipeline: string | null;
  readonly stage: number;
}

function pipelinePhases(deliverables: readonly PlannedDeliverable[]): readonly PipelinePhase[] {
  const slots = deliverables.filter(({ kind }) => kind === "slot");
  return slots
    .map(({ pipeline, stage }) => ({ pipeline, stage }))
    .filter(
      (pair, index, all) =>
        all.findIndex((one) => one.pipeline === pair.pipeline && one.stage === pair.stage) === index,
    );
}

/** One artifact read by several slots of one stage. Declared reads do not count: nobody in the workflow made them. */
function feedsSeveral(source: Draft, drafts: readonly Draft[]): boolean {
  if (source.kind !== "slot" || artifactOf(source) === undefined) return false;
  const readers = drafts.filter(
    (draft) => draft.kind === "slot" && inputDrafts(draft, drafts).includes(source),
  );
  return readers.some((reader) => readers.filter((other) => other.stage === reader.stage).length > 1);
}

/** Own artifacts of several pipelines meet in one slot; an exchanged handoff alone is no fan-in. */
function joinsPipelines(draft: Draft, drafts: readonly Draft[]): boolean {
  const origins = inputDrafts(draft, drafts).filter((input) => input.kind === "slot");
  return new Set(origins.map((input) => input.pipeline?.key)).size > 1;
}
