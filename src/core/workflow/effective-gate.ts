/** The gate that really holds: the planned one, or a heavier one where changed files raised the level (domain §11), or a lighter one where a person waived a rise. */
import type { PlannedGate } from "../plan/plan.ts";
import { criticFor, validatorsFor } from "../plan/roster.ts";
import { higherLevel } from "../quality/criticality.ts";
import { effectiveStrategies } from "../quality/strategies.ts";
import type { DeliverableState } from "./deliverable.ts";
import { requirePlanned } from "./queries.ts";
import type { WorkflowState } from "./state.ts";

export function effectiveGate(state: WorkflowState, deliverable: DeliverableState): PlannedGate {
  const planned = requirePlanned(state, deliverable.id);
  const { gate } = planned;
  const intents = intentsOf(state, deliverable);
  const level = intents.length === 0 ? deliverable.criticality : higherLevel(deliverable.criticality, "C2");
  if (level === planned.criticality.effective && intents.length === 0) return gate;
  const judged = gate.judged || level !== "C1";
  const strategies = effectiveStrategies({ level, judged, patterns: gate.patterns });
  const creators = planned.partner === undefined ? [planned.role] : [planned.role, planned.partner];
  const skill = state.plan.pipelines.find((p) => p.key === planned.pipeline)?.skill ?? null;
  return {
    ...gate,
    criteria: [...gate.criteria, ...intents],
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

/** Where an agent joins a conflict, what both sides were for is judged, whatever the level of the slot (domain §20 no. 5). */
function intentsOf(state: WorkflowState, { id, rejoin }: DeliverableState): readonly string[] {
  if (rejoin?.why !== "conflict" || rejoin.joined === undefined) return [];
  return [id, ...(rejoin.sides ?? [])].map((side) => {
    const { title, brief } = requirePlanned(state, side);
    return `What ${side} was for still holds: ${brief[0] ?? title}`;
  });
}
