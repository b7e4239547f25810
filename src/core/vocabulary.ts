/**
 * The words of the product as types: closed sets used by definition, plan, state and documents alike.
 * Source: domain §5 (enums), §8 (quality), design §3 (words).
 */

/** An instant as ISO 8601 text in UTC without fractions, such as `2026-02-20T10:00:00Z`. Comes in from outside; core never reads a clock. */
export type Instant = string;

/** A git object id, 40 hex digits. */
export type CommitId = string;

export const CRITICALITIES = ["C1", "C2", "C3", "C4"] as const;
export type Criticality = (typeof CRITICALITIES)[number];

export type WorkflowStatus = "ACTIVE" | "PAUSED" | "COMPLETE" | "FAILED" | "CANCELLED";

/** Status of a slot, handoff, synthesis or phase. An escalated unit is BLOCKED with a question open on it and prints as ESCALATED (domain §22 no. 23). */
export type UnitStatus = "PENDING" | "IN_PROGRESS" | "COMPLETE" | "FAILED" | "BLOCKED" | "SKIPPED";

export type BarrierStatus = "PENDING" | "IN_PROGRESS" | "COMPLETE" | "BLOCKED";
export type GroupStatus = "BLOCKED" | "READY" | "IN_PROGRESS" | "COMPLETE";
export type GateStatus = "PENDING" | "IN_PROGRESS" | "PASS" | "REVISE" | "ESCALATED" | "WAIVED" | "SKIPPED";
export type ExecutionMode = "PARALLEL" | "SEQUENTIAL" | "CHECKPOINT";

export type CheckpointTrigger =
  | "PHASE_COMPLETE"
  | "BARRIER_COMPLETE"
  | "WORKFLOW_COMPLETE"
  | "GATE_PASS"
  | "MANUAL";

export type ApprovalStatus = "PENDING" | "AWAITING" | "APPROVED" | "REJECTED";

export type FindingType = "BLIND_SPOT" | "WEAK_ASSUMPTION" | "MISSING_EVIDENCE" | "CONTRADICTION";
export type Severity = "CRITICAL" | "HIGH" | "MEDIUM" | "LOW";

/** Label of a composite score (domain §8.2). Only a label: REVISE and REJECTED both loop. */
export type Band = "PASS" | "REVISE" | "REJECTED";

/** What a round leads to (domain §10). HARDEN prints as REVISE with reason `min-rounds`. */
export type Verdict = "PASS" | "HARDEN" | "REVISE" | "ESCALATED";

export type StrategyId =
  | "S-001"
  | "S-002"
  | "S-003"
  | "S-004"
  | "S-007"
  | "S-010"
  | "S-011"
  | "S-012"
  | "S-013"
  | "S-014";

export type CriticPattern = "steelman" | "strawman" | "devils-advocate" | "red-team" | "blue-team";

export type WorkflowPattern =
  | "SEQUENTIAL"
  | "CONCURRENT"
  | "BARRIER_SYNC"
  | "HIERARCHICAL"
  | "FAN_OUT"
  | "FAN_IN"
  | "GENERATOR_CRITIC"
  | "HUMAN_IN_THE_LOOP";

export interface Dimension {
  /** Key in scores, such as `internal_consistency`. */
  readonly key: string;
  readonly name: string;
  /** Share of the composite; all weights of a rubric sum to 1. */
  readonly weight: number;
  readonly description?: string;
}
