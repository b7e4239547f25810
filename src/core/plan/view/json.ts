/** A plan as the document that `--json` prints: a shape of its own, so that the inner types may change without it. */
import type { Notice, Plan, PlannedDeliverable, PlannedStage } from "../plan.ts";

/** Version of the printed shape; keys are only added within one version. */
const PLAN_JSON_VERSION = 1;

export interface PlanJson {
  readonly schemaVersion: typeof PLAN_JSON_VERSION;
  readonly workflow: Plan["workflow"];
  readonly base: Plan["base"];
  readonly layout: Plan["layout"];
  readonly flavour: Plan["flavour"];
  readonly totals: Plan["totals"];
  readonly forecast: Plan["forecast"];
  readonly limits: Plan["settings"]["limits"];
  readonly reviewPlan: boolean;
  readonly pipelines: Plan["pipelines"];
  readonly stages: readonly PlannedStage[];
  readonly deliverables: readonly DeliverableJson[];
  readonly queue: Plan["groups"];
  readonly checkpoints: Plan["checkpoints"];
  readonly notices: readonly Notice[];
}

export interface DeliverableJson {
  readonly id: string;
  readonly kind: PlannedDeliverable["kind"];
  readonly stage: number;
  readonly pipeline: string | null;
  readonly title: string;
  readonly role: string;
  readonly partner: string | null;
  readonly task: string | null;
  /** Null where a commit is made. */
  readonly artifact: string | null;
  readonly inputs: readonly string[];
  readonly after: readonly string[];
  readonly writes: readonly string[];
  readonly criticality: PlannedDeliverable["criticality"];
  readonly adapter: string;
  readonly model: string | null;
  readonly gate: GateJson;
  readonly handoff: PlannedDeliverable["handoff"] | null;
}

export interface GateJson {
  readonly id: string;
  readonly judged: boolean;
  readonly threshold: number;
  readonly rounds: { readonly min: number; readonly max: number };
  readonly strategies: PlannedDeliverable["gate"]["strategies"];
  readonly patterns: PlannedDeliverable["gate"]["patterns"];
  readonly critic: string | null;
  readonly reviewers: PlannedDeliverable["gate"]["reviewers"];
  readonly criteria: readonly string[];
  readonly checks: readonly string[];
}

export function planJson(plan: Plan): PlanJson {
  return {
    schemaVersion: PLAN_JSON_VERSION,
    workflow: plan.workflow,
    base: plan.base,
    layout: plan.layout,
    flavour: plan.flavour,
    totals: plan.totals,
    forecast: plan.forecast,
    limits: plan.settings.limits,
    reviewPlan: plan.reviewPlan,
    pipelines: plan.pipelines,
    stages: plan.stages,
    deliverables: plan.deliverables.map(deliverableJson),
    queue: plan.groups,
    checkpoints: plan.checkpoints,
    notices: plan.notices,
  };
}

function deliverableJson(deliverable: PlannedDeliverable): DeliverableJson {
  const { makes, settings, folder } = deliverable;
  return {
    id: deliverable.id,
    kind: deliverable.kind,
    stage: deliverable.stage,
    pipeline: deliverable.pipeline,
    title: deliverable.title,
    role: deliverable.role,
    partner: deliverable.partner ?? null,
    task: deliverable.task ?? null,
    artifact: makes.kind === "file" ? makes.path : null,
    inputs: deliverable.inputs,
    after: deliverable.after,
    writes: [`${folder}**`, ...settings.writes],
    criticality: deliverable.criticality,
    adapter: settings.use,
    model: settings.model ?? null,
    gate: gateJson(deliverable.gate),
    handoff: deliverable.handoff ?? null,
  };
}

function gateJson(gate: PlannedDeliverable["gate"]): GateJson {
  return {
    id: gate.id,
    judged: gate.judged,
    threshold: gate.threshold,
    rounds: { min: gate.loop.min, max: gate.loop.max },
    strategies: gate.strategies,
    patterns: gate.patterns,
    critic: gate.critic,
    reviewers: gate.reviewers,
    criteria: gate.criteria,
    checks: gate.checks.map(({ name }) => name),
  };
}
