/** Planned checkpoints against the log of those made. Source: domain §13. */
import type { PlannedCheckpoint } from "../plan/plan.ts";
import type { ApprovalStatus } from "../vocabulary.ts";
import type { CheckpointEntry } from "../workflow/stage-state.ts";
import type { WorkflowState } from "../workflow/state.ts";

/** A planned checkpoint and what became of it. */
export interface ExpectedCheckpoint {
  readonly plan: PlannedCheckpoint;
  /** The valid entry of the log; undefined until it is reached, and again after a rewind to before it. */
  readonly entry: CheckpointEntry | undefined;
  readonly reached: boolean;
  /** Null where no person has to approve. */
  readonly approval: ApprovalStatus | null;
}

/** All planned checkpoints in execution order. */
export function expectedCheckpoints(state: WorkflowState): readonly ExpectedCheckpoint[] {
  return state.plan.checkpoints.map((plan) => {
    const entry = validEntry(state, plan.id);
    return { plan, entry, reached: entry !== undefined, approval: approvalOf(state, plan.id) };
  });
}

/** The first planned checkpoint that is not reached; undefined when all are. */
export function nextCheckpoint(state: WorkflowState): PlannedCheckpoint | undefined {
  return expectedCheckpoints(state).find((expected) => !expected.reached)?.plan;
}

/** The newest checkpoint of the log that a rewind has not left behind. */
export function latestCheckpoint(state: WorkflowState): CheckpointEntry | undefined {
  return state.checkpoints.findLast((entry) => !entry.rolledBack);
}

/** Where the approval of a checkpoint stands; null where no person has to approve. */
export function approvalOf(state: WorkflowState, checkpoint: string): ApprovalStatus | null {
  const planned = state.plan.checkpoints.find((candidate) => candidate.id === checkpoint);
  const entry = validEntry(state, checkpoint);
  if (entry?.approval !== undefined) return entry.approval.status;
  return planned?.approval === undefined ? null : "PENDING";
}

function validEntry(state: WorkflowState, id: string): CheckpointEntry | undefined {
  return state.checkpoints.findLast((entry) => entry.id === id && !entry.rolledBack);
}
