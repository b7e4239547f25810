/** The gate that really holds: the planned one, or a heavier one where changed files raised the level (domain §11), or a lighter one where a person waived a rise. */
import type { PlannedGate } from "../plan/plan.ts";
import { criticFor, validatorsFor } from "../plan/roster.ts";
import { effectiveStrategies } from "../quality/strategies.ts";
import type { DeliverableState } from "./deliverable.ts";
import { requirePlanned } from "./queries.ts";
import type { WorkflowState } from "./state.ts";

export function effectiveGate(state: WorkflowState, deliverable: DeliverableState): PlannedGate {
  const planned = requirePlanned(state, deliverable.id);
  const { gate } = planned;
  if (deliverable.criticality === planned.criticality.effective) return gate;
  const judged = gate.judged || deliverable.criticality !== "C1";
  const strategies = effectiveStrategies({ level: deliverable.criticality, judged, patterns: gate.patterns });
  const creators = planned.partner === undefined ? [planned.role] : [planned.role, planned.partner];
  const skill = state.plan.pipelines.find((p) => p.key === planned.pipeline)?.skill ?? null;
  return {
    ...gate,
    judged,
    strategies,
    critic: judged ? (gate.critic ?? criticFor(creators)) : gate.critic,
    reviewers:
      judged && gate.reviewers.length === 0
        ? validatorsFor(skill, creators)
            .slice(0, 1)
            .map((role) => ({ role, kind: "validator" }))
        : gate.reviewers,
  };
}
