/**
 * The planner: everything that follows from a definition before anything starts.
 *
 * Owns: ids, aliases, paths, inputs, levels, gates, checkpoints, queue, forecast.
 * Does not own: reading files, configuration layers, running anything.
 * Invariants: D1 the same definition and context give the same plan; D2 a plan exists only without errors, and all
 * errors are reported at once; D3 ids and artifact paths are unique, every reference resolves, order is acyclic.
 * Source: definition "Derivations", domain §§2, 3, 7, 8-16.
 */
import type { Definition } from "../definition.ts";
import { planCheckpoints } from "./checkpoints.ts";
import { type PlanContext, resolveLayout } from "./context.ts";
import { checkUnique, draftSynthesis, planDeliverables } from "./deliverables.ts";
import { type Draft, frameStages, type Planning, runKeys } from "./draft.ts";
import { forecastOf } from "./forecast.ts";
import { DEFAULT_THRESHOLD } from "./gates.ts";
import { planGroups } from "./groups.ts";
import { draftHandoffs } from "./handoffs.ts";
import { convergentPipelines } from "./inputs.ts";
import { levelsOf } from "./levels.ts";
import { lintLeftOut, lintPlan } from "./lints.ts";
import { Notices } from "./notices.ts";
import { type Derived, patternsOf, totalsOf } from "./patterns.ts";
import { markConvergent, planPipelines } from "./pipelines.ts";
import type { Notice, Plan } from "./plan.ts";
import { orderSlots } from "./slot-order.ts";
import { draftSlots } from "./slots.ts";
import { planStages } from "./stages.ts";

export interface Planned {
  /** Null where `notices` has an error. */
  readonly plan: Plan | null;
  /** Errors first; the plan carries the same list. */
  readonly notices: readonly Notice[];
}

/** Derives the plan of a definition. Never throws for what an author can get wrong: that is a notice of level `error`. */
export function derivePlan(definition: Definition, context: PlanContext): Planned {
  const planned = withConvergent(startPlanning(definition, context));
  const reviewed = isReviewed(definition);
  const { planning, drafts } = planned;
  const levels = levelsOf(planning, drafts);
  const deliverables = planDeliverables(planning, drafts, levels, reviewed);
  const checkpoints = planCheckpoints(planning, drafts, reviewed);
  const stages = planStages(planning, { drafts, levels, checkpoints, reviewed });
  const groups = planGroups(planning, { stages, deliverables, reviewed });
  checkUnique(planning, drafts);
  lintPlan(planning, drafts, deliverables);
  lintLeftOut(planning, stages, deliverables);
  const notices = planning.notices.all();
  if (notices.some(({ level }) => level === "error")) return { plan: null, notices };
  const plan = assemble(planning, { drafts, stages, deliverables, checkpoints, groups }, reviewed, notices);
  return { plan, notices };
}

/** Flavour B: a sequence of phases that people approve, without exchanges. */
function isReviewed(definition: Definition): boolean {
  const approved = definition.stages.some(
    (stage) => stage.kind === "phase" && stage.checkpoint !== undefined,
  );
  return (definition.reviewPhases || approved) && definition.stages.every((stage) => stage.kind === "phase");
}

function startPlanning(definition: Definition, context: PlanContext): Planning {
  const notices = new Notices();
  return {
    definition,
    context,
    layout: resolveLayout(context.layout, { id: context.id, project: definition.project ?? context.project }),
    pipelines: planPipelines(definition, notices),
    frames: frameStages(definition),
    notices,
  };
}

/** Drafts in merge order, and the pipelines with those marked that the drafts show to be joining ones. */
function withConvergent(start: Planning): { readonly planning: Planning; readonly drafts: readonly Draft[] } {
  const slots = orderSlots(start, draftSlots(start));
  const unsorted = [...slots, ...draftHandoffs(start, slots), ...draftSynthesis(start)];
  const drafts = unsorted.toSorted((one, other) => one.stage - other.stage);
  const pipelines = markConvergent(start.pipelines, convergentPipelines(start.pipelines, drafts));
  return { planning: { ...start, pipelines }, drafts };
}

function assemble(planning: Planning, derived: Derived, reviewed: boolean, notices: readonly Notice[]): Plan {
  const { definition, context, layout, pipelines } = planning;
  const settings = context.resolveRun(runKeys(definition));
  return {
    version: 1,
    workflow: workflowOf(planning, derived),
    base: context.base,
    layout,
    flavour: reviewed ? "B" : "A",
    loop: definition.loop,
    threshold: definition.loop.threshold ?? DEFAULT_THRESHOLD,
    rubric: definition.rubric,
    settings,
    pipelines,
    stages: derived.stages,
    deliverables: derived.deliverables,
    checkpoints: derived.checkpoints,
    groups: derived.groups,
    reviewPlan: definition.reviewPlan,
    escalateAuto: definition.escalate.auto,
    escalationRules: definition.escalate.rules ?? context.escalationRules,
    finish: definition.finish,
    ...(definition.merge === undefined ? {} : { merge: definition.merge }),
    roles: { ...context.roles, ...definition.roles },
    risks: definition.risks,
    levels: definition.levels,
    facts: definition.facts,
    constraints: {
      maxAgentNesting: 1,
      maxConcurrentAgents: settings.limits.parallel,
      maxBarrierRetries: definition.maxBarrierRetries,
      checkpointFrequency: definition.checkpointFrequency,
    },
    inputs: definition.inputs,
    notices,
    totals: totalsOf(derived),
    forecast: forecastOf(derived.deliverables, definition.merge),
  };
}

function workflowOf({ definition, context }: Planning, derived: Derived): Plan["workflow"] {
  const project = definition.project ?? context.project;
  return {
    id: context.id,
    idSource: context.idSource,
    name: definition.name,
    slug: definition.slug,
    project,
    documentPrefix: definition.parent ?? /^PROJ-\d{3}/.exec(project)?.[0] ?? project,
    ...(definition.parent === undefined ? {} : { parent: definition.parent }),
    goal: definition.goal ?? "",
    criticality: definition.criticality,
    patterns: patternsOf(derived),
    createdAt: context.createdAt,
    ...(definition.priorArt === undefined ? {} : { priorArt: definition.priorArt }),
    next: definition.finish.next,
  };
}
