/** Which existing paths a handoff may name: the artifacts of its source pipeline that are on the integration branch. */
import type { PlannedDeliverable } from "../plan/plan.ts";
import type { WorkflowState } from "./state.ts";

export function handoffSources(state: WorkflowState, planned: PlannedDeliverable): readonly string[] {
  const declared = planned.handoff?.sources ?? planned.inputs;
  const merged = Object.values(state.deliverables).flatMap((d) =>
    d.step === "merged" && d.artifact !== undefined ? [d.artifact] : [],
  );
  return declared.filter((path) => merged.includes(path));
}
