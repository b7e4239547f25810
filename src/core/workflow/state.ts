/**
 * The state of one workflow: a fold of its events, plain JSON, no status that could be derived.
 * Statuses of phases, pipelines, barriers' groups and all metrics are functions of this (`core/view`).
 */
import type { Adoption, Escalated, Plan } from "../plan/plan.ts";
import type {
  ApprovalStatus,
  BarrierStatus,
  CheckpointTrigger,
  CommitId,
  Criticality,
  Instant,
  Severity,
  WorkflowStatus,
} from "../vocabulary.ts";
import type { Attachment, SessionMessage, Stopping } from "./live.ts";
import type { CheckResult, SessionOutcome } from "./outcome.ts";
import type { DecisionRecord, Question } from "./question.ts";
import type { Restart } from "./recovery.ts";
import type { Round } from "./round.ts";
import type { ServiceHold } from "./service.ts";

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
  };
  /** Messages of people on their way into running sessions, oldest first. */
  readonly messages?: readonly SessionMessage[];
  /** What a person wants brought in at the next stage boundary. */
  readonly sync?: PendingSync;
  /** What was brought in so far, oldest first. */
  readonly syncs?: readonly SyncEntry[];
  readonly landed?: { readonly target: string; readonly commit: CommitId; readonly at: Instant };
}

/**
 * Where a deliverable stands in its round.
 * `blocked` waits for its stage or for `after`; `ready` waits for a place; `waiting` has a question open;
 * `merge` is approved and queued; `merged`, `skipped` and `failed` are ends (until a rewind or a decision).
 */
export type Step =
  | "blocked"
  | "ready"
  | "provision"
  | "create"
  | "commit"
  | "checks"
  | "critique"
  | "judge"
  | "waiting"
  | "merge"
  | "merged"
  | "skipped"
  | "failed";

export interface DeliverableState {
  readonly id: string;
  readonly epoch: number;
  /** 1 for the first; a new attempt is a fresh conversation, branch and worktree. */
  readonly attempt: number;
  readonly step: Step;
  /** Tries of the current step after failures; reset when a step succeeds. */
  readonly tries: number;
  /** Backoff: nothing is started before this. */
  readonly notBefore?: Instant;
  readonly base?: CommitId;
  readonly branch?: string;
  /** Agent's conversation that revisions continue. */
  readonly conversation?: string;
  /** Money of that conversation so far as its agent counts it. */
  readonly conversationCost: number;
  /** Current round last. */
  readonly rounds: readonly Round[];
  /** Extra rounds a person granted beyond the loop's maximum. */
  readonly extraRounds: number;
  /** Guidance of the person for the next round. */
  readonly guidance?: string;
  /** Raised by AE rules on really changed files. */
  readonly criticality: Criticality;
  readonly escalations: readonly Escalated[];
  readonly commit?: CommitId;
  /** Recorded approval: the only thing a merge accepts (P2). */
  readonly approval?: Approval;
  readonly mergeCommit?: CommitId;
  /** Artifact path once merged. */
  readonly artifact?: string;
  readonly summary?: string;
  readonly startedAt?: Instant;
  readonly completedAt?: Instant;
  readonly error?: string;
  /** Old work left behind by a rewind: `<commit>:<path>`. */
  readonly superseded: readonly { readonly epoch: number; readonly ref: string }[];
  /** Structured content of a handoff, after contract check. */
  readonly handoff?: HandoffContent;
  /** A person writes the artifact in the worktree; waits for `decide ID done`. */
  readonly manual: boolean;
  /** A conversation of this attempt could not go on as it was. */
  readonly restart?: Restart;
  /** A person's stop is under way, or (by `signalbox`) unfinished work is committed before a fresh conversation. */
  readonly stopping?: Stopping;
  /** Work of a person that the attempt of this number is made of. */
  readonly adoption?: Adoption & { readonly attempt: number };
  /** Kept until what was handed back is committed. */
  readonly attached?: Attachment;
  /** True once the worktree of the merged attempt is gone. */
  readonly cleaned?: boolean;
  /** Where its work stands in the target, with `finish.per: slot`. */
  readonly landing?: Landing;
  /** True where a person decided not to land it. */
  readonly dropped?: true;
  /** Attempts that a newer one or a rewind has replaced, as long as their worktrees are there. */
  readonly abandoned?: readonly AbandonedAttempt[];
}

export interface AbandonedAttempt {
  readonly epoch: number;
  readonly attempt: number;
  readonly branch: string;
}

/** Accepted work of one slot, put on the target as one commit. */
export interface Landing {
  /** `here`: the local branch; `push`: the branch of the remote; `pr`: a pull request to it. */
  readonly way: "here" | "push" | "pr";
  /** Branch that it went to, without `refs/heads/`. */
  readonly target: string;
  readonly commit: CommitId;
  /** Address of the pull request. */
  readonly url?: string;
  readonly by: string;
  readonly at: Instant;
}

/** Says that exactly this commit may be merged. */
export interface Approval {
  readonly commit: CommitId;
  readonly round: number;
  readonly score: number | null;
  readonly by: "gate" | "person";
  /** Decision id for a waiver. */
  readonly decision?: string;
  /** `UNVERIFIED` work that a person accepted, `WAIVED` gates. */
  readonly kind: "PASS" | "WAIVED" | "UNVERIFIED";
  readonly at: Instant;
}

/** Handoff contract v2 (domain §4). */
export interface HandoffContent {
  readonly task: string;
  readonly purpose: string;
  readonly keyFindings: readonly string[];
  readonly forTarget: readonly string[];
  readonly successCriteria: readonly string[];
  readonly artifacts: readonly string[];
  readonly blockers: readonly string[];
  readonly confidence: number;
  readonly criticality: Criticality;
}

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

export interface SessionRecord {
  /** Effect id. */
  readonly id: string;
  readonly purpose: SessionPurpose;
  readonly subject: string;
  readonly epoch: number;
  readonly attempt: number;
  readonly round: number;
  /** Judge sample or critique part, 1-based. */
  readonly part: number;
  readonly role: string;
  readonly adapter: string;
  readonly model?: string;
  /** Agent's conversation id. */
  readonly conversation: string;
  readonly status: "DISPATCHED" | "ENDED";
  readonly dispatchedAt: Instant;
  readonly endedAt?: Instant;
  /** Money reserved while it runs; 0 where no limit counts. */
  readonly reservedUsd: number;
  /** What its agent may spend of that: less by the headroom for one request. Absent where no limit counts, and in old journals. */
  readonly usd?: number;
  /** What was reserved for it, where it has ended and its agent could not tell the cost. */
  readonly assumedUsd?: number;
  readonly outcome?: SessionOutcome;
  /** Highest numbers seen of its questions and troubles. */
  readonly asked?: number;
  readonly troubled?: number;
}

export type SessionPurpose = "create" | "revise" | "critique" | "judge" | "handoff" | "synthesis";

/** New commits of the target, or of whatever a person names, on their way into the integration branch. */
export interface PendingSync {
  readonly commit: CommitId;
  /** Branch or revision as a person knows it: `main`, `origin/main`. */
  readonly from: string;
  readonly by: string;
  readonly at: Instant;
  /** Checks that failed on it. */
  readonly failed?: readonly CheckResult[];
  /** A person takes it although they do. */
  readonly unchecked?: true;
}

export interface SyncEntry extends Omit<PendingSync, "unchecked" | "failed"> {
  /** Null where the integration branch had it already. */
  readonly mergeCommit: CommitId | null;
}

/** One change of the integration branch; done one at a time, in order. */
export type Integration = {
  readonly id: string;
} & IntegrationAction;

export type IntegrationAction =
  | { readonly type: "create" }
  | { readonly type: "merge"; readonly subject: string; readonly commit: CommitId }
  | { readonly type: "checkpoint"; readonly checkpoint: string }
  | { readonly type: "sync"; readonly commit: CommitId; readonly from: string; readonly unchecked?: true }
  | { readonly type: "record"; readonly reason: string }
  | {
      readonly type: "restore";
      /** Commit whose tree comes back; null keeps the present tree (a rejected checkpoint without `--clean`). */
      readonly commit: CommitId | null;
      readonly reason: string;
    }
  | { readonly type: "finish" };

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
