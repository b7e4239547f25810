/** Where the generated records lie. Source: domain §3, §9.5. */
import type { PlannedDeliverable, PlannedPhase } from "../core/plan/plan.ts";
import type { ReviewerView } from "../core/view/gates.ts";
import type { WorkflowState } from "../core/workflow/state.ts";

/** `<folder>escalations/<id>-escalation.md`. */
export function escalationPath(state: WorkflowState, plan: PlannedDeliverable): string {
  return `${state.plan.layout.folder}escalations/${plan.id}-escalation.md`;
}

/** `<folder>quality-gates/qg-1/task-003-review.md`; cross-checks carry the role: `task-003-nse-requirements-review.md`. */
export function reviewPath(
  state: WorkflowState,
  phase: PlannedPhase,
  plan: PlannedDeliverable,
  reviewer: Pick<ReviewerView, "role" | "kind">,
): string {
  const first = plan.gate.reviewers.find((one) => one.kind === "validator")?.role;
  const by = reviewer.role === first ? "" : `${reviewer.role}-`;
  return `${state.plan.layout.folder}quality-gates/qg-${phase.number}/${plan.id}-${by}review.md`;
}
