/** What has happened. Past tense, append-only, the only thing that the journal stores. */
import type { PredictedConflict } from "../conflicts/predicted.ts";
import type { ResolvedFile } from "../conflicts/resolved-file.ts";
import type { MergeOrder } from "../merging/order.ts";
import type { Adoption, Escalated, Plan } from "../plan/plan.ts";
import type { CommitId, Criticality, Instant } from "../vocabulary.ts";
import type { ReviewComment } from "./comment.ts";
import type { Approval, HandoffContent, Landing, Step } from "./deliverable.ts";
import type { Integration, PendingSync, SyncEntry } from "./integration.ts";
import type { Attachment, SessionMessage, Stopping } from "./live.ts";
import type { CheckResult, SessionOutcome } from "./outcome.ts";
import type { DecisionRecord, Question } from "./question.ts";
import type { Restart } from "./recovery.ts";
import type { Rejoin } from "./rejoin.ts";
import type { Finding, JudgeSample, PanelResult, Round } from "./round.ts";
import type { ServiceHold } from "./service.ts";
import type { SessionRecord } from "./session-record.ts";
import type { CheckpointEntry, PhaseGateState, ProtocolCheck } from "./stage-state.ts";
import type { Blocker, Lesson, LogEntry, Note, ResolvedIssue, WorkflowState } from "./state.ts";

export type WorkflowEvent = { readonly at: Instant } & EventBody;

export type EventBody =
  | { readonly type: "workflow.created"; readonly plan: Plan; readonly by: string }
  | { readonly type: "workflow.restored"; readonly state: WorkflowState; readonly head: CommitId }
  | { readonly type: "workflow.started" }
  | { readonly type: "workflow.paused"; readonly reason: string; readonly by: string }
  | { readonly type: "workflow.resumed"; readonly by: string }
  /** The model service refuses sessions, lets fewer in at one time, or (null) serves all again. */
  | { readonly type: "service.held"; readonly hold: ServiceHold | null }
  /** No session starts any more; what needs none goes on to its end. */
  | { readonly type: "workflow.winding-down"; readonly by: string }
  | { readonly type: "workflow.completed" }
  | { readonly type: "workflow.failed"; readonly reason: string }
  | { readonly type: "workflow.cancelled"; readonly by: string; readonly reason: string }
  | { readonly type: "plan.approved"; readonly by: string }
  | { readonly type: "finish.approved"; readonly by: string }
  | { readonly type: "stage.opened"; readonly stage: number; readonly commit: CommitId }
  | {
      readonly type: "deliverable.moved";
      readonly subject: string;
      readonly step: Step;
      readonly error?: string;
      readonly summary?: string;
    }
  | {
      readonly type: "deliverable.attempted";
      readonly subject: string;
      readonly attempt: number;
      readonly branch: string;
      readonly base: CommitId;
      /** A person joins a conflict in this worktree, which holds something else than what was approved (`from`). */
      readonly resolves?: { readonly from: CommitId; readonly files: readonly string[] };
    }
  | {
      readonly type: "deliverable.delayed";
      readonly subject: string;
      readonly tries: number;
      readonly until: Instant | null;
    }
  | {
      readonly type: "deliverable.guided";
      readonly subject: string;
      readonly guidance: string;
      readonly extraRounds: number;
    }
  | {
      readonly type: "deliverable.escalated";
      readonly subject: string;
      readonly criticality: Criticality;
      readonly escalations: readonly Escalated[];
    }
  /** Approved work does not fit what is merged, and goes back to its creator. */
  | {
      readonly type: "deliverable.returned";
      readonly subject: string;
      readonly rejoin: Rejoin;
      readonly extraRounds: number;
    }
  /** Its worktree has both sides. */
  | {
      readonly type: "deliverable.joined";
      readonly subject: string;
      readonly commit: CommitId;
      readonly files: readonly string[];
      readonly sides: readonly string[];
    }
  | { readonly type: "deliverable.approved"; readonly subject: string; readonly approval: Approval }
  | {
      readonly type: "deliverable.merged";
      readonly subject: string;
      readonly mergeCommit: CommitId;
      /** Files in conflict that were resolved by rules; absent = none. */
      readonly resolved?: readonly ResolvedFile[];
      readonly artifact: string | null;
    }
  | {
      readonly type: "deliverable.cleaned";
      readonly subject: string;
      /** Default: the branch of the present attempt. */
      readonly branch?: string;
    }
  | { readonly type: "deliverable.manual"; readonly subject: string; readonly manual: boolean }
  | { readonly type: "deliverable.landed"; readonly subject: string; readonly landing: Landing }
  /** The result of the whole workflow. */
  | { readonly type: "workflow.landed"; readonly landing: Landing }
  /** A person decided that merged work is not to be landed. */
  | { readonly type: "deliverable.dropped"; readonly subject: string; readonly by: string }
  /** A conversation does not go on as it is; told again once what it left is committed. */
  | { readonly type: "conversation.left"; readonly subject: string; readonly restart: Restart }
  | { readonly type: "deliverable.stopping"; readonly subject: string; readonly stopping: Stopping }
  | {
      readonly type: "deliverable.adopted";
      readonly subject: string;
      readonly adoption: Adoption & { readonly attempt: number };
    }
  | { readonly type: "deliverable.attached"; readonly subject: string; readonly attachment: Attachment }
  | {
      readonly type: "deliverable.detached";
      readonly subject: string;
      readonly by: string;
      /** How long it was attached, milliseconds. */
      readonly forMs: number;
    }
  | { readonly type: "handoff.written"; readonly subject: string; readonly content: HandoffContent }
  | { readonly type: "round.started"; readonly subject: string; readonly round: number }
  | {
      readonly type: "round.noted";
      readonly subject: string;
      readonly patch: Partial<Omit<Round, "round" | "attempt" | "epoch" | "findings" | "samples">>;
    }
  | { readonly type: "round.found"; readonly subject: string; readonly findings: readonly Finding[] }
  | { readonly type: "round.sampled"; readonly subject: string; readonly sample: JudgeSample }
  | { readonly type: "round.decided"; readonly subject: string; readonly decision: RoundDecision }
  /** A person remarked on a line, or on a file as a whole. */
  | { readonly type: "comment.added"; readonly subject: string; readonly comment: ReviewComment }
  /** They went to the creator as findings of this round. */
  | {
      readonly type: "comment.handed";
      readonly subject: string;
      readonly round: number;
      readonly comments: readonly { readonly comment: string; readonly finding: string }[];
    }
  | {
      readonly type: "comment.answered";
      readonly subject: string;
      readonly comment: string;
      readonly round: number;
      /** What the creator said, one line. */
      readonly text: string;
    }
  | {
      readonly type: "comment.resolved";
      readonly subject: string;
      readonly comment: string;
      readonly by: string;
      readonly text: string;
    }
  | { readonly type: "session.dispatched"; readonly session: SessionRecord }
  | {
      readonly type: "session.ended";
      readonly session: string;
      readonly outcome: SessionOutcome;
      readonly retried: boolean;
    }
  | { readonly type: "base.checked"; readonly results: readonly CheckResult[] }
  | {
      readonly type: "barrier.moved";
      readonly barrier: string;
      readonly status: "PENDING" | "IN_PROGRESS" | "COMPLETE" | "BLOCKED";
      readonly retryCount: number;
      readonly preChecks?: readonly ProtocolCheck[];
      readonly postChecks?: readonly ProtocolCheck[];
    }
  | { readonly type: "phase-gate.decided"; readonly gate: PhaseGateState }
  | { readonly type: "checkpoint.reached"; readonly checkpoint: CheckpointEntry }
  | { readonly type: "checkpoint.written"; readonly checkpoint: string; readonly commit: CommitId }
  | {
      readonly type: "checkpoint.answered";
      readonly checkpoint: string;
      readonly status: "APPROVED" | "REJECTED";
      readonly by: string;
      readonly notes: string;
    }
  | { readonly type: "integration.queued"; readonly integration: Integration }
  | { readonly type: "integration.done"; readonly integration: string; readonly head: CommitId }
  | { readonly type: "integration.dropped"; readonly integration: string; readonly reason: string }
  /** In which order approved work is merged on this tip. */
  | { readonly type: "merges.ordered"; readonly order: MergeOrder }
  /** A batch failed, or what was suspected is settled: one of these slots makes the checks fail; none = nobody is suspected. */
  | { readonly type: "batch.suspected"; readonly subjects: readonly string[] }
  /** New commits are to come in at the next stage boundary. A later wish takes the place of one that still waits. */
  | { readonly type: "sync.asked"; readonly sync: PendingSync }
  /** It is in, or (`done` null) a person goes on without it. */
  | { readonly type: "sync.settled"; readonly commit: CommitId; readonly done: SyncEntry | null }
  | { readonly type: "question.asked"; readonly question: Question }
  | { readonly type: "question.closed"; readonly question: string; readonly decision: string | null }
  | { readonly type: "message.queued"; readonly message: SessionMessage }
  /** `problem` null = it is in the session; else why it never got there. */
  | { readonly type: "message.settled"; readonly message: string; readonly problem: string | null }
  /** Two lines of the workflow cannot be merged as they are, or in other files than before; nothing was tried. */
  | { readonly type: "conflict.predicted"; readonly conflict: PredictedConflict }
  | { readonly type: "conflict.cleared"; readonly first: string; readonly second: string }
  | { readonly type: "decision.recorded"; readonly decision: DecisionRecord }
  | {
      readonly type: "workflow.rewound";
      readonly stage: number;
      readonly epoch: number;
      readonly checkpoint: string | null;
      readonly keepFiles: boolean;
      readonly reason: string;
    }
  | {
      readonly type: "limit.raised";
      readonly usd?: number | null;
      readonly sessions?: number | null;
      /** Stage or deliverable whose money it is; absent = the workflow's. */
      readonly subject?: string;
    }
  | { readonly type: "blocker.raised"; readonly blocker: Blocker }
  | { readonly type: "blocker.resolved"; readonly issue: ResolvedIssue; readonly blocker: string }
  | { readonly type: "lesson.learned"; readonly lesson: Lesson }
  | { readonly type: "note.added"; readonly note: Note }
  | { readonly type: "logged"; readonly entry: LogEntry };

/** How a round ended (domain §10). */
export interface RoundDecision {
  readonly verdict: "PASS" | "HARDEN" | "REVISE" | "ESCALATED";
  readonly reason: string;
  readonly score: number | null;
  readonly displayScore: number | null;
  readonly band: "PASS" | "REVISE" | "REJECTED" | null;
  readonly panels: readonly PanelResult[];
}
