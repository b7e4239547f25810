/** Phases and barriers of the plan, in execution order. Source: domain §2 (numbers), §4, §14 (execution mode). */
import type { RunOverrides } from "../definition.ts";
import type { Draft, Planning } from "./draft.ts";
import { barrierDependencies } from "./handoffs.ts";
import { highestLevel, type Levels } from "./levels.ts";
import type { PlannedCheckpoint, PlannedStage } from "./plan.ts";

export interface StageParts {
  readonly drafts: readonly Draft[];
  readonly levels: Levels;
  readonly checkpoints: readonly PlannedCheckpoint[];
  readonly reviewed: boolean;
}

export function planStages(planning: Planning, parts: StageParts): readonly PlannedStage[] {
  const { drafts, levels, checkpoints, reviewed } = parts;
  const { criticality } = planning.definition;
  return planning.frames.map((frame): PlannedStage => {
    const members = drafts.filter((draft) => draft.stage === frame.index).map((draft) => draft.id);
    const following = checkpoints.find(
      (entry) => entry.position === frame.index + 1 && entry.subject === undefined,
    );
    const common = {
      index: frame.index,
      id: frame.id,
      number: frame.number,
      name: frame.definition.name,
      criticality: highestLevel(levels, members, frame.definition.criticality ?? criticality),
      checkpoint: following?.id ?? null,
      ...moneyOf(frame.definition),
    };
    if (frame.kind === "barrier") {
      return {
        kind: "barrier",
        ...common,
        handoffs: members,
        dependsOn: barrierDependencies(planning, frame, drafts),
      };
    }
    const { sequential, exit, conditions, deliverables } = frame.definition;
    return {
      kind: "phase",
      ...common,
      pathId: frame.pathId,
      mode: members.length > 1 && !sequential ? "PARALLEL" : "SEQUENTIAL",
      slots: members,
      exit,
      conditions,
      deliverables,
      gateId: reviewed ? `QG-${frame.number}` : frame.id,
    };
  });
}

/** `none` at a stage means that it has no limit of its own. */
function moneyOf({ limits }: RunOverrides): { readonly usd?: number } {
  return typeof limits?.usd === "number" ? { usd: limits.usd } : {};
}
