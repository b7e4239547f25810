/** Work in progress of the planner: stages with their numbers, and deliverables before level, inputs and gate are known. */
import type {
  BarrierDefinition,
  Definition,
  Loop,
  PhaseDefinition,
  RunOverrides,
  RunSettings,
  SlotDefinition,
  SourcePosition,
} from "../definition.ts";
import type { Criticality } from "../vocabulary.ts";
import type { PlanContext } from "./context.ts";
import { slugOf } from "./names.ts";
import type { Notices } from "./notices.ts";
import type { Layout, PlannedDeliverable, PlannedHandoff, PlannedPipeline } from "./plan.ts";

/** What every step of the planner may look at. */
export interface Planning {
  readonly definition: Definition;
  readonly context: PlanContext;
  readonly layout: Layout;
  readonly pipelines: readonly PlannedPipeline[];
  readonly frames: readonly StageFrame[];
  readonly notices: Notices;
}

export type StageFrame = PhaseFrame | BarrierFrame;

export interface PhaseFrame {
  readonly kind: "phase";
  readonly index: number;
  /** Workflow-wide ordinal, from `first_phase` on. */
  readonly number: number;
  readonly id: string;
  readonly pathId: string;
  readonly definition: PhaseDefinition;
}

export interface BarrierFrame {
  readonly kind: "barrier";
  readonly index: number;
  readonly number: number;
  readonly id: string;
  readonly definition: BarrierDefinition;
}

/** A deliverable of which all that depends on others is still missing. */
export interface Draft {
  readonly id: string;
  readonly kind: PlannedDeliverable["kind"];
  readonly stage: number;
  readonly pipeline: PlannedPipeline | null;
  readonly title: string;
  readonly role: string;
  readonly partner?: string;
  readonly priority?: number;
  readonly task?: string;
  readonly brief: readonly string[];
  readonly makes: PlannedDeliverable["makes"];
  readonly folder: string;
  /** Declared reads, for slots. */
  readonly reads: readonly string[];
  readonly after: readonly string[];
  readonly touches: readonly string[];
  readonly declared: Criticality;
  readonly loop: Loop;
  readonly settings: RunSettings;
  readonly slot?: SlotDefinition;
  readonly handoff?: PlannedHandoff;
  readonly position?: SourcePosition;
}

/** Numbers phases from `first_phase` and barriers from 1 (domain §2). */
export function frameStages(definition: Definition): readonly StageFrame[] {
  let phases = definition.firstPhase - 1;
  let barriers = 0;
  return definition.stages.map((stage, index): StageFrame => {
    if (stage.kind === "barrier") {
      barriers += 1;
      return { kind: "barrier", index, number: barriers, id: `barrier-${barriers}`, definition: stage };
    }
    phases += 1;
    const slug = slugOf(stage.name);
    const id = `phase-${phases}`;
    return {
      kind: "phase",
      index,
      number: phases,
      id,
      pathId: slug === "" ? id : `${id}-${slug}`,
      definition: stage,
    };
  });
}

/** The running keys of a level and nothing else of it, so that layering cannot drag slots or names along. */
export function runKeys(level: RunOverrides): RunOverrides {
  const keys = {
    use: level.use,
    model: level.model,
    effort: level.effort,
    limits: level.limits,
    inherit: level.inherit,
    env: level.env,
    tools: level.tools,
    permissions: level.permissions,
    sandbox: level.sandbox,
    writes: level.writes,
    protect: level.protect,
    checks: level.checks,
    judge: level.judge,
    critic: level.critic,
    provision: level.provision,
    constitution: level.constitution,
  };
  // A key that is present but undefined would look like an override; the cast restores what the filter has made true.
  return Object.fromEntries(Object.entries(keys).filter(([, value]) => value !== undefined)) as RunOverrides;
}

/** The running keys that a stage hands down. Its money is a limit of the stage, for all its sessions together. */
export function stageKeys(stage: RunOverrides): RunOverrides {
  const { limits, ...keys } = runKeys(stage);
  if (limits === undefined) return keys;
  const { usd: _, ...others } = limits;
  return { ...keys, limits: others };
}

/** The artifact path of a draft; undefined where it makes a commit. */
export function artifactOf(draft: Pick<Draft, "makes">): string | undefined {
  return draft.makes.kind === "file" ? draft.makes.path : undefined;
}
