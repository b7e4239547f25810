/** Checks that a state must pass. Source: domain §23; V2-V4, V22 hold by construction, V21 is the documents' drift check. */
import type { WorkflowState } from "../workflow/state.ts";
import { checkGates } from "./diagnose-gates.ts";
import { checkOrder } from "./diagnose-order.ts";
import { checkPlan } from "./diagnose-plan.ts";

/** One violated rule. Errors make a state unfit for writing; warnings are reported. */
export interface Diagnostic {
  /** `V1` to `V20`. */
  readonly rule: string;
  readonly level: "error" | "warning";
  readonly subject: string;
  readonly message: string;
}

/** All violations, in the order of the rules; empty for a sound state. */
export function validateState(state: WorkflowState): readonly Diagnostic[] {
  const found = [...checkPlan(state), ...checkGates(state), ...checkOrder(state)];
  return found.sort((a, b) => Number(a.rule.slice(1)) - Number(b.rule.slice(1)));
}
