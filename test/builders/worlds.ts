/** Plans of the documented workflows, ready to be run in a `World`. */
import { derivePlan } from "../../src/core/plan/derive-plan.ts";
import type { Plan } from "../../src/core/plan/plan.ts";
import {
  EN108_CONTEXT,
  en108,
  MULTI_INSTANCE_CONTEXT,
  multiInstance,
  THREE_FIXES_CONTEXT,
  threeFixes,
} from "./definitions.ts";

function planned(result: { readonly plan: Plan | null }): Plan {
  if (result.plan === null) throw new Error("the definition has errors");
  return result.plan;
}

export const MULTI: Plan = planned(derivePlan(multiInstance(), MULTI_INSTANCE_CONTEXT));
export const EN108: Plan = planned(derivePlan(en108({}, { allow: ["self-validation"] }), EN108_CONTEXT));
export const THREE: Plan = planned(derivePlan(threeFixes(), THREE_FIXES_CONTEXT));

/** A plan whose workflow-wide settings also hold for every deliverable. */
export function aWorkflowPlan(plan: Plan): Plan {
  return {
    ...plan,
    deliverables: plan.deliverables.map((d) => ({
      ...d,
      settings: { ...d.settings, limits: plan.settings.limits },
    })),
  };
}
