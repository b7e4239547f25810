/** Where one deliverable stands, what it has been through, and what was approved of it. */
import type { ResolvedFile } from "../conflicts/resolved-file.ts";
import type { Adoption, Escalated } from "../plan/plan.ts";
import type { CommitId, Criticality, Instant } from "../vocabulary.ts";
import type { ReviewComment } from "./comment.ts";
import type { Attachment, Stopping } from "./live.ts";
import type { Restart } from "./recovery.ts";
import type { Rejoin } from "./rejoin.ts";
import type { Round } from "./round.ts";

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
  /** Files in conflict that this merge resolved by rules. */
  readonly resolved?: readonly ResolvedFile[];
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
  /** The attempt went back to its creator, because it did not fit what was merged. */
  readonly rejoin?: Rejoin;
  /** Kept until what was handed back is committed. */
  readonly attached?: Attachment;
  /** True once the worktree of the merged attempt is gone. */
  readonly cleaned?: boolean;
  /** Where its work stands in the target, with `finish.per: slot`. */
  readonly landing?: Landing;
  /** True where a person decided not to land it. */
  readonly dropped?: true;
  /** Remarks of people on its lines, oldest first; over all attempts and epochs. */
  readonly comments?: readonly ReviewComment[];
  /** Attempts that a newer one or a rewind has replaced, as long as their worktrees are there. */
  readonly abandoned?: readonly AbandonedAttempt[];
}

export interface AbandonedAttempt {
  readonly epoch: number;
  readonly attempt: number;
  readonly branch: string;
}

/** Accepted work, put on the target: of one slot as one commit, or of a whole workflow. */
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
