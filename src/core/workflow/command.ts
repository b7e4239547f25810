/** Requests to the core: what people ask and how effects ended. Clock and ids come only in the envelope (design §11 no. 8). */
import type { PredictedConflict } from "../conflicts/predicted.ts";
import type { UnresolvedFile } from "../conflicts/resolve-conflicts.ts";
import type { ResolvedFile } from "../conflicts/resolved-file.ts";
import type { MergeForecast } from "../merging/order.ts";
import type { Adoption, Plan } from "../plan/plan.ts";
import type { CommitId, Instant, Severity } from "../vocabulary.ts";
import type { Landing } from "./deliverable.ts";
import type { EffectId } from "./effect.ts";
import type { SessionAsk, SessionTrouble, SlotWord } from "./live.ts";
import type { ChangedFile, CheckResult, CommitReport, SessionOutcome } from "./outcome.ts";
import type { DecisionWord } from "./question.ts";

export type Command = { readonly at: Instant } & CommandBody;

export type CommandBody = PersonCommand | OutcomeCommand | SessionCommand | EngineCommand;

/** `opened`: an engine has taken the workflow up, so that what follows by itself happens; most often nothing does. */
export type EngineCommand =
  | { readonly type: "opened" }
  /** All conflicts between lines of the workflow as they are now. */
  | { readonly type: "conflicts-predicted"; readonly conflicts: readonly PredictedConflict[] };

/** What the engine sees in the events of a running session. `effect` is the session's id; the same number twice is the same thing. */
export type SessionCommand =
  | { readonly type: "session-asked"; readonly effect: EffectId; readonly ask: SessionAsk }
  /** The session goes on without an answer, or has got it: nobody needs to answer any more. */
  | {
      readonly type: "session-ask-closed";
      readonly effect: EffectId;
      readonly ask: number;
      readonly reason: string;
    }
  | { readonly type: "session-troubled"; readonly effect: EffectId; readonly trouble: SessionTrouble }
  | { readonly type: "session-trouble-over"; readonly effect: EffectId; readonly trouble: number };

export type PersonCommand =
  | { readonly type: "create"; readonly plan: Plan; readonly by: string }
  | {
      readonly type: "approve";
      readonly subject: string;
      readonly by: string;
      readonly note: string;
      /** What the person has seen; refused where something else waits by now. Absent: whatever the question is about. */
      readonly commit?: CommitId;
    }
  | {
      readonly type: "reject";
      readonly subject: string;
      readonly by: string;
      readonly note: string;
      /** Phase id or number to go back to; default the phase just finished. */
      readonly to?: string;
      /** Also take the files back to that point. */
      readonly clean: boolean;
    }
  | {
      readonly type: "decide";
      readonly subject: string;
      readonly word: DecisionWord;
      readonly text: string;
      readonly by: string;
      /** `back`: phase; `accept`: round to accept (default best). */
      readonly to?: string;
      readonly round?: number;
      /** `add`: new limit in USD. */
      readonly usd?: number;
      /** `add`: new limit of sessions that may be started. */
      readonly sessions?: number;
    }
  /** Changes the money limit of `workflow`, a stage or a deliverable, in USD; null = none. */
  | {
      readonly type: "limit";
      readonly subject: string;
      readonly change: { readonly add: number } | { readonly set: number | null };
      readonly by: string;
    }
  | { readonly type: "pause"; readonly by: string; readonly reason: string }
  | { readonly type: "resume"; readonly by: string }
  | { readonly type: "cancel"; readonly by: string; readonly reason: string }
  | { readonly type: "rewind"; readonly checkpoint: string; readonly by: string; readonly note: string }
  | { readonly type: "checkpoint"; readonly by: string; readonly note: string }
  /** Brings a commit, most often the target's tip, into the integration branch at the next stage boundary. */
  | { readonly type: "sync"; readonly commit: CommitId; readonly from: string; readonly by: string }
  | {
      readonly type: "note";
      readonly by: string;
      readonly subject: string;
      readonly text: string;
      readonly lesson: boolean;
      readonly application?: string;
    }
  | {
      readonly type: "block";
      readonly by: string;
      readonly subject: string;
      readonly text: string;
      readonly severity: Severity;
      readonly owner?: string;
    }
  | { readonly type: "unblock"; readonly by: string; readonly blocker: string; readonly resolution: string }
  /** Answers a question of a running session: `question` is its id, or the slot when it has only one open. */
  | { readonly type: "answer"; readonly question: string; readonly text: string; readonly by: string }
  /** Says something to the running session of a slot. */
  | { readonly type: "say"; readonly subject: string; readonly text: string; readonly by: string }
  /** Ends the present turn of a slot's session, whose conversation goes on with the text; without one it is a `stop`. */
  | { readonly type: "interrupt"; readonly subject: string; readonly text: string; readonly by: string }
  /** Ends what runs for a slot; its work is committed and a person decides how it goes on. */
  | { readonly type: "stop"; readonly subject: string; readonly by: string; readonly reason: string }
  /**
   * A person takes the worktree and the conversation of a slot into a terminal. What runs is ended, or waited for where `patient`. `again`:
   * the terminal that had it is known to be gone.
   */
  | {
      readonly type: "attach";
      readonly subject: string;
      readonly by: string;
      readonly patient?: true;
      readonly again?: true;
    }
  /** Hands it back: `gate` commits, checks and judges what is there, `agent` lets the conversation go on. */
  | { readonly type: "detach"; readonly subject: string; readonly by: string; readonly to: "gate" | "agent" }
  /** Takes work of a person as the next attempt of a slot. */
  | ({ readonly type: "adopt"; readonly subject: string } & Adoption)
  /** Says how a slot goes on: the answer where it asks, else what runs for it is ended first. */
  | {
      readonly type: "direct";
      readonly subject: string;
      readonly word: SlotWord;
      readonly text: string;
      readonly by: string;
    }
  | {
      readonly type: "send-back";
      readonly subject: string;
      /** What must be different; may be empty where there are comments. */
      readonly text: string;
      readonly comments: readonly LineComment[];
      readonly by: string;
    }
  /** A remark on the work under review, which is `commit`. */
  | {
      readonly type: "comment";
      readonly subject: string;
      readonly commit: CommitId;
      readonly comment: LineComment;
      readonly by: string;
    }
  | {
      readonly type: "resolve-comment";
      readonly subject: string;
      /** Id of the comment. */
      readonly comment: string;
      /** Why; may be empty. */
      readonly text: string;
      readonly by: string;
    }
  /** A person landed merged work, of a slot or (subject `workflow`) the whole result; the commit stands on the target already. */
  | ({ readonly type: "landed"; readonly subject: string } & Omit<Landing, "at">);

/** A remark of a person on a place of a change. `line` is 1-based in the new file; null = the whole file. */
export interface LineComment {
  readonly path: string;
  readonly line: number | null;
  readonly text: string;
  /** The line as it is, at most 200 characters. */
  readonly quote?: string;
}

export type OutcomeCommand =
  | { readonly type: "provisioned"; readonly effect: EffectId }
  /** A worktree for an attempt, for checks or for a merge candidate could not be prepared. */
  | { readonly type: "provision-failed"; readonly effect: EffectId; readonly message: string }
  | { readonly type: "session-dispatched"; readonly effect: EffectId; readonly conversation: string }
  | {
      readonly type: "joined";
      readonly effect: EffectId;
      readonly commit: CommitId;
      /** Files in conflict. */
      readonly files: readonly string[];
      /** Merged slots that changed them. */
      readonly sides: readonly string[];
    }
  | { readonly type: "session-ended"; readonly effect: EffectId; readonly outcome: SessionOutcome }
  | { readonly type: "committed"; readonly effect: EffectId; readonly report: CommitReport }
  | { readonly type: "checked"; readonly effect: EffectId; readonly results: readonly CheckResult[] }
  | {
      readonly type: "integrated";
      readonly effect: EffectId;
      readonly head: CommitId;
      readonly mergeCommit: CommitId | null;
      /** Files in conflict that were resolved by rules; of a batch those of its first. Absent = none. */
      readonly resolved?: readonly ResolvedFile[];
      /** Of a batch: what was merged behind its first, which may be less than was wanted. */
      readonly also?: readonly MergedMember[];
    }
  | { readonly type: "ordered"; readonly effect: EffectId; readonly forecasts: readonly MergeForecast[] }
  | { readonly type: "integration-failed"; readonly effect: EffectId; readonly failure: IntegrationFailure }
  | {
      readonly type: "effect-failed";
      readonly effect: EffectId;
      readonly message: string;
      readonly unknown: boolean;
      /** True where only a person can clear the way, so that trying again is of no use; the message says how. */
      readonly blocked?: boolean;
      /** True where every other effect would fail too, as on a full disk: everything waits for a person. */
      readonly everywhere?: boolean;
    }
  | { readonly type: "cleaned"; readonly effect: EffectId }
  /** A message reached its session; or why it could not. */
  | { readonly type: "delivered"; readonly effect: EffectId; readonly problem: string | null }
  | { readonly type: "woken"; readonly effect: EffectId };

/** Work of a batch that is merged. */
export interface MergedMember {
  readonly subject: string;
  readonly mergeCommit: CommitId;
  /** Files in conflict that were resolved by rules; absent = none. */
  readonly resolved?: readonly ResolvedFile[];
}

export type IntegrationFailure =
  | {
      readonly reason: "conflict";
      readonly files: readonly string[];
      /** Those of them that a rule would have resolved, had the others not been there. */
      readonly automatic?: readonly ResolvedFile[];
      /** Why a rule that is about one of them did not resolve it. */
      readonly reasons?: readonly UnresolvedFile[];
    }
  | {
      readonly reason: "checks";
      readonly results: readonly CheckResult[];
      /** Of a batch: slots whose merges were in the candidate; absent = one alone. */
      readonly tried?: readonly string[];
    }
  /** What merging really changes raises the level above that of its gate. */
  | { readonly reason: "raised"; readonly files: readonly ChangedFile[] }
  | { readonly reason: "foreign-ref"; readonly found: CommitId | null }
  | { readonly reason: "not-approved"; readonly message: string };

/** Why a command is not legal now: a value, never thrown. CLI exit 1 or 2, HTTP 409. */
export interface Rejection {
  readonly code:
    | "already-exists"
    | "no-such-workflow"
    | "no-such-subject"
    | "not-waiting"
    | "not-an-option"
    | "ended"
    | "unknown-effect"
    | "stale"
    | "bad-argument"
    | "not-yet";
  readonly message: string;
  readonly hint?: string;
}
