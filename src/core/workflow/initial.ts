/** The state right after creation: everything waits, nothing has started. */
import type { Plan, PlannedDeliverable } from "../plan/plan.ts";
import type { Instant } from "../vocabulary.ts";
import type { DeliverableState } from "./deliverable.ts";
import type { WorkflowState } from "./state.ts";

export function initialState(plan: Plan, at: Instant): WorkflowState {
  return {
    id: plan.workflow.id,
    plan,
    seq: 0,
    status: "ACTIVE",
    epoch: 1,
    createdAt: at,
    updatedAt: at,
    head: null,
    openings: {},
    deliverables: Object.fromEntries(plan.deliverables.map((d) => [d.id, initialDeliverable(d, 1)])),
    barriers: Object.fromEntries(
      plan.stages.filter((s) => s.kind === "barrier").map((s) => [s.id, initialBarrier(s.id)]),
    ),
    phaseGates: Object.fromEntries(
      plan.stages.filter((s) => s.kind === "phase").map((s) => [s.id, initialPhaseGate(s.id)]),
    ),
    checkpoints: [],
    planApproved: false,
    finishApproved: false,
    questions: [],
    decisions: [],
    sessions: {},
    integrations: [],
    blockers: [],
    issues: [],
    lessons: [],
    notes: [],
    log: [],
    spend: { usd: 0, incomplete: false, turns: 0, durationMs: 0, sessions: 0, retries: 0 },
    counters: {
      question: 0,
      decision: 0,
      blocker: 0,
      issue: 0,
      lesson: 0,
      checkpoint: highestCheckpoint(plan),
      integration: 0,
    },
  };
}

/** A deliverable that has not started in this epoch. */
export function initialDeliverable(planned: PlannedDeliverable, epoch: number): DeliverableState {
  return {
    id: planned.id,
    epoch,
    attempt: 0,
    step: "blocked",
    tries: 0,
    conversationCost: 0,
    rounds: [],
    extraRounds: 0,
    criticality: planned.criticality.effective,
    escalations: planned.criticality.escalations,
    superseded: [],
    manual: false,
  };
}

export function initialBarrier(id: string): WorkflowState["barriers"][string] {
  return { id, status: "PENDING", retryCount: 0, preChecks: [], postChecks: [] };
}

export function initialPhaseGate(id: string): WorkflowState["phaseGates"][string] {
  return { id, status: "PENDING", criteria: [] };
}

/** Ad-hoc checkpoints are numbered after the highest planned one (domain §2). */
function highestCheckpoint(plan: Plan): number {
  return Math.max(0, ...plan.checkpoints.map((c) => Number(c.id.slice("CP-".length))));
}
