/** Barriers, phase gates and the checkpoints behind them. */
import type { ApprovalStatus, BarrierStatus, CheckpointTrigger, CommitId, Instant } from "../vocabulary.ts";

export interface BarrierState {
  readonly id: string;
  readonly status: BarrierStatus;
  /** Whole pre/execute/post passes that failed. */
  readonly retryCount: number;
  readonly startedAt?: Instant;
  readonly completedAt?: Instant;
  /** Result of the three protocol steps, for the tracker. */
  readonly preChecks: readonly ProtocolCheck[];
  readonly postChecks: readonly ProtocolCheck[];
}

export interface ProtocolCheck {
  readonly name: string;
  readonly passed: boolean;
  readonly detail: string;
}

export interface PhaseGateState {
  readonly id: string;
  readonly status: "PENDING" | "IN_PROGRESS" | "PASS" | "ESCALATED" | "WAIVED";
  /** Criterion text to who met it. */
  readonly criteria: readonly {
    readonly criterion: string;
    readonly met: boolean;
    readonly evidence: string;
    readonly by: string;
  }[];
  readonly at?: Instant;
}

export interface CheckpointEntry {
  readonly id: string;
  readonly at: Instant;
  readonly trigger: CheckpointTrigger;
  readonly position: number;
  readonly recoveryPoint: string;
  readonly description: string;
  readonly epoch: number;
  /** Commit on the integration branch that is the checkpoint; null until it is written. */
  readonly commit: CommitId | null;
  readonly rolledBack: boolean;
  readonly approval?: {
    readonly status: ApprovalStatus;
    readonly by?: string;
    readonly at?: Instant;
    readonly notes?: string;
  };
}
