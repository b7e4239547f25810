/**
 * The state of one workflow: a fold of its events, plain JSON, no status that could be derived.
 * Statuses of phases, pipelines, barriers' groups and all metrics are functions of this (`core/view`).
 */
import type { PredictedConflict } from "../conflicts/predicted.ts";
import type { MergeOrder } from "../merging/order.ts";
import type { Plan } from "../plan/plan.ts";
import type { CommitId, Instant, Severity, WorkflowStatus } from "../vocabulary.ts";
import type { DeliverableState, Landing } from "./deliverable.ts";
import type { Integration, PendingSync, SyncEntry } from "./integration.ts";
import type { SessionMessage } from "./live.ts";
import type { CheckResult } from "./outcome.ts";
import type { DecisionRecord, Question } from "./question.ts";
import type { ServiceHold } from "./service.ts";
import type { SessionRecord } from "./session-record.ts";
import type { BarrierState, CheckpointEntry, PhaseGateState } from "./stage-state.ts";

export interface WorkflowState {
  readonly id: string;
  readonly plan: Plan;
  /** Number of events folded. */
  readonly seq: number;
  readonly status: WorkflowStatus;
  /** Why it is paused: a person, a limit, an expired login, a foreign ref. */
  readonly pausedReason?: string;
  /** A person said to finish what runs at a limit: no session starts, and then it is paused. */
  readonly windingDown?: true;
  /** When it last went on after a pause. */
  readonly resumedAt?: Instant;
  /** The model service refuses sessions, or has not recovered from that. */
  readonly service?: ServiceHold;
  /** Rises at every rewind and rejected checkpoint. */
  readonly epoch: number;
  readonly createdAt: Instant;
  readonly startedAt?: Instant;
  readonly updatedAt: Instant;
  readonly completedAt?: Instant;
  /** Tip of the integration branch as we last left it; null until the first commit. */
  readonly head: CommitId | null;
  /** Commit a stage started from, by stage index; reset by a rewind. */
  readonly openings: Readonly<Record<number, CommitId>>;
  readonly deliverables: Readonly<Record<string, DeliverableState>>;
  readonly barriers: Readonly<Record<string, BarrierState>>;
  /** Phase gates by phase id. */
  readonly phaseGates: Readonly<Record<string, PhaseGateState>>;
  /** Log of checkpoints made, by time. */
  readonly checkpoints: readonly CheckpointEntry[];
  readonly planApproved: boolean;
  readonly finishApproved: boolean;
  readonly questions: readonly Question[];
  readonly decisions: readonly DecisionRecord[];
  readonly sessions: Readonly<Record<string, SessionRecord>>;
  /** Work on the integration branch that is queued, first first. */
  readonly integrations: readonly Integration[];
  readonly blockers: readonly Blocker[];
  readonly issues: readonly ResolvedIssue[];
  readonly lessons: readonly Lesson[];
  readonly notes: readonly Note[];
  /** Session log of the tracker: upper-case names (domain §4). */
  readonly log: readonly LogEntry[];
  readonly spend: Spend;
  /** Checks run on the base once: name to result. */
  readonly baseChecks?: readonly CheckResult[];
  /** Highest numbers used, so that ids never repeat. */
  readonly counters: {
    readonly question: number;
    readonly decision: number;
    readonly blocker: number;
    readonly issue: number;
    readonly lesson: number;
    readonly checkpoint: number;
    readonly integration: number;
    readonly message?: number;
    readonly comment?: number;
  };
  /** Messages of people on their way into running sessions, oldest first. */
  readonly messages?: readonly SessionMessage[];
  /** Conflicts that are seen coming now; absent where there are none, or nobody looks. */
  readonly conflicts?: readonly PredictedConflict[];
  /** The order of merges on the tip that it was asked for. */
  readonly mergeOrder?: MergeOrder;
  /** Slots of which one makes the checks of a batch fail. */
  readonly suspects?: readonly string[];
  /** What a person wants brought in at the next stage boundary. */
  readonly sync?: PendingSync;
  /** What was brought in so far, oldest first. */
  readonly syncs?: readonly SyncEntry[];
  /** Where the result stands in the target, with `finish.per: workflow`. */
  readonly landed?: Landing;
}

export interface Blocker {
  readonly id: string;
  readonly description: string;
  readonly blocking: readonly string[];
  readonly severity: Severity;
  readonly owner?: string;
  readonly createdAt: Instant;
  readonly question?: string;
}

export interface ResolvedIssue {
  readonly id: string;
  readonly description: string;
  readonly resolution: string;
  readonly resolvedAt: Instant;
}

export interface Lesson {
  readonly id: string;
  readonly lesson: string;
  readonly application: string;
}

export interface Note {
  readonly at: Instant;
  readonly by: string;
  readonly subject: string;
  readonly text: string;
}

export interface LogEntry {
  readonly at: Instant;
  readonly event: string;
  readonly details: string;
}

export interface Spend {
  readonly usd: number;
  /** True when a session ended whose cost nobody knows: totals are then a floor. */
  readonly incomplete: boolean;
  readonly turns: number;
  readonly durationMs: number;
  readonly sessions: number;
  readonly retries: number;
  /** Limits raised by a person: replaces the plan's. */
  readonly usdLimit?: number | null;
  readonly sessionLimit?: number | null;
  /** The same for limits of stages and deliverables, by id. */
  readonly usdLimits?: Readonly<Record<string, number | null>>;
}
