/**
 * The lifecycle of a session's worktree and process as one table: IDLE and nine states, T1 to T14 and the named extra edges.
 * Source: domain §19. `sessionState` says where a deliverable's attempt stands in it.
 */

import type { DeliverableState, Step } from "../workflow/deliverable.ts";
import { lastRound } from "../workflow/queries.ts";
import type { WorkflowState } from "../workflow/state.ts";

export const SESSION_STATES = [
  "IDLE",
  "PROVISIONING",
  "READY",
  "DISPATCHED",
  "RUNNING",
  "COMPLETED",
  "FAILED",
  "MERGING",
  "MERGED",
  "CLEANUP",
] as const;
export type SessionState = (typeof SESSION_STATES)[number];

export interface Transition {
  readonly id: string;
  readonly from: SessionState;
  readonly to: SessionState;
  readonly trigger: string;
}

const ACTIVE: readonly SessionState[] = ["PROVISIONING", "READY", "DISPATCHED", "RUNNING", "MERGING"];

/** Every legal edge. Ids without a number in the sources carry the letter that domain §19 gives them; `TC` is cancel from an active state. */
export const TRANSITIONS: readonly Transition[] = [
  { id: "T1", from: "IDLE", to: "PROVISIONING", trigger: "create_worktree" },
  { id: "T2", from: "PROVISIONING", to: "READY", trigger: "provisioning_complete" },
  { id: "T3", from: "PROVISIONING", to: "FAILED", trigger: "provisioning_failed" },
  { id: "T4", from: "READY", to: "DISPATCHED", trigger: "dispatch" },
  { id: "T5", from: "DISPATCHED", to: "RUNNING", trigger: "instance_running" },
  { id: "T5f", from: "DISPATCHED", to: "FAILED", trigger: "instance_crashed_at_start" },
  { id: "T6", from: "RUNNING", to: "COMPLETED", trigger: "instance_completed" },
  { id: "T7", from: "RUNNING", to: "FAILED", trigger: "instance_failed" },
  { id: "T8", from: "RUNNING", to: "FAILED", trigger: "instance_timeout" },
  { id: "T9", from: "COMPLETED", to: "MERGING", trigger: "begin_merge" },
  { id: "T10", from: "MERGING", to: "MERGED", trigger: "merge_success" },
  { id: "T11", from: "MERGED", to: "CLEANUP", trigger: "begin_cleanup" },
  { id: "T11e", from: "CLEANUP", to: "IDLE", trigger: "cleanup_done" },
  { id: "T12", from: "FAILED", to: "READY", trigger: "retry_dispatch" },
  { id: "T13", from: "FAILED", to: "CLEANUP", trigger: "abandon" },
  { id: "T13c", from: "COMPLETED", to: "CLEANUP", trigger: "not_to_be_merged" },
  { id: "T14", from: "MERGING", to: "FAILED", trigger: "merge_conflict_escalate" },
  { id: "T14r", from: "FAILED", to: "MERGING", trigger: "conflict_resolved" },
  ...ACTIVE.map((from): Transition => ({ id: "TC", from, to: "FAILED", trigger: "cancel" })),
];

/** The edge that a trigger takes from a state; undefined where it is not legal. */
export function transition(from: SessionState, trigger: string): Transition | undefined {
  return TRANSITIONS.find((t) => t.from === from && t.trigger === trigger);
}

const BY_STEP: Readonly<Record<Exclude<Step, "create" | "waiting" | "merged">, SessionState>> = {
  blocked: "IDLE",
  ready: "IDLE",
  provision: "PROVISIONING",
  commit: "COMPLETED",
  checks: "COMPLETED",
  critique: "COMPLETED",
  judge: "COMPLETED",
  merge: "MERGING",
  skipped: "IDLE",
  failed: "FAILED",
};

/** Lifecycle state of the attempt that a deliverable is in now. */
export function sessionState(state: WorkflowState, deliverable: DeliverableState): SessionState {
  switch (deliverable.step) {
    case "create":
      return creatingState(state, deliverable);
    case "waiting":
      return state.questions.some((q) => q.subject === deliverable.id && q.kind === "conflict")
        ? "FAILED"
        : "COMPLETED";
    case "merged":
      return deliverable.cleaned === true ? "IDLE" : "MERGED";
    default:
      return BY_STEP[deliverable.step];
  }
}

function creatingState(state: WorkflowState, deliverable: DeliverableState): SessionState {
  const round = lastRound(deliverable)?.round;
  const running = Object.values(state.sessions).some(
    (s) =>
      s.subject === deliverable.id &&
      s.status === "DISPATCHED" &&
      s.round === round &&
      s.attempt === deliverable.attempt,
  );
  return running ? "RUNNING" : "READY";
}
