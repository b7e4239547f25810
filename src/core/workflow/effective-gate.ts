/** The gate that really holds: the planned one, or a heavier one where changed files raised the level (domain §11), or a lighter one where a person waived a rise. */
import type { PlannedGate } from "../plan/plan.ts";
import { effectiveStrategies } from "../quality/strategies.ts";
import { requirePlanned } from "./queries.ts";
import type { DeliverableState, WorkflowState } from "./state.ts";

const DEFAULT_CRITIC = "ps-critic";
const DEFAULT_SCORER = "adv-scorer";

export function effectiveGate(state: WorkflowState, deliverable: DeliverableState): PlannedGate {
  const planned = requirePlanned(state, deliverable.id);
  const { gate } = planned;
  if (deliverable.criticality === planned.criticality.effective) return gate;
  const judged = gate.judged || deliverable.criticality !== "C1";
  const strategies = effectiveStrategies({ level: deliverable.criticality, judged, patterns: gate.patterns });
  const scorer = planned.role === DEFAULT_SCORER ? "ps-validator" : DEFAULT_SCORER;
  return {
    ...gate,
    judged,
    strategies,
    critic: judged ? (gate.critic ?? DEFAULT_CRITIC) : gate.critic,
    reviewers: judged && gate.reviewers.length === 0 ? [{ role: scorer, kind: "validator" }] : gate.reviewers,
  };
}
