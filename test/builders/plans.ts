/** The two documented workflows, planned: what states, documents and views are built on in tests. */
import type { Plan } from "../../src/core/plan/plan.ts";
import { EN108_CONTEXT, en108, MULTI_INSTANCE_CONTEXT, multiInstance } from "./definitions.ts";
import { planOf } from "./derived.ts";

/** Two pipelines with two barriers and a joining decision (flavour A). */
export function crossPollinatedPlan(changes: Partial<Plan> = {}): Plan {
  return { ...planOf(multiInstance(), MULTI_INSTANCE_CONTEXT).plan, ...changes };
}

/** Four reviewed phases with user checkpoints (flavour B). */
export function sequentialPlan(changes: Partial<Plan> = {}): Plan {
  return { ...planOf(en108(), EN108_CONTEXT).plan, ...changes };
}
