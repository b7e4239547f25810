import type { Definition } from "../../src/core/definition.ts";
import type { PlanContext } from "../../src/core/plan/context.ts";
import { derivePlan } from "../../src/core/plan/derive-plan.ts";
import type { Notice, Plan } from "../../src/core/plan/plan.ts";
import { aPlanContext } from "./definitions.ts";

/** The plan of a definition that must be plannable; fails with the planner's errors otherwise. */
export function planOf(
  definition: Definition,
  context: PlanContext = aPlanContext(),
): { readonly plan: Plan; readonly notices: readonly Notice[] } {
  const { plan, notices } = derivePlan(definition, context);
  if (plan === null) throw new Error(errorsOf(notices).join("\n"));
  return { plan, notices };
}

/** Messages of the errors, each with its code. */
export function errorsOf(notices: readonly Notice[]): readonly string[] {
  return notices.filter(({ level }) => level === "error").map(({ code, message }) => `${code}: ${message}`);
}
