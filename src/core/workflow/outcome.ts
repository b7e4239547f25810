/**
 * How an effect ended, as data that goes into the journal. What to do next is in the value, never in an adapter.
 * Source: design §6 (one normalised outcome), agents.md §5 (classification rule).
 */
import type { CommitId } from "../vocabulary.ts";

/** A tool call that permission rules or the write-boundary hook refused. */
export interface Denial {
  readonly tool: string;
  readonly target: string;
}

export type LimitKind = "turns" | "usd" | "structured" | "wall" | "idle" | "startup";

/** `auth` and `usage-window` pause everything; the others are retried with backoff where `retry` says so. */
export type ApiErrorClass = "auth" | "rate-limit" | "overloaded" | "usage-window" | "bad-request" | "network";

export type RetryAdvice = "never" | "backoff" | { readonly afterMs: number };

/** What every session has cost, whatever its end. `costUsd` is null when the adapter cannot know. */
export interface SessionUsage {
  readonly costUsd: number | null;
  /** The part of it that is guessed from tokens, because the agent was ended before it could say; default 0. */
  readonly estimatedUsd?: number;
  readonly turns: number;
  readonly durationMs: number;
}

export type SessionOutcome = {
  /** Conversation that a later session can continue; empty when none was established. */
  readonly sessionId: string;
  readonly usage: SessionUsage;
} & SessionEnd;

export type SessionEnd =
  | {
      readonly kind: "ok";
      readonly text: string;
      readonly structured?: unknown;
      readonly denials: readonly Denial[];
    }
  | {
      readonly kind: "limit";
      readonly which: LimitKind;
      readonly message: string;
      readonly retry: RetryAdvice;
    }
  | {
      readonly kind: "api";
      readonly errorClass: ApiErrorClass;
      readonly status: number | null;
      readonly message: string;
      readonly retry: RetryAdvice;
    }
  | {
      readonly kind: "blocked";
      readonly text: string;
      readonly denials: readonly Denial[];
      readonly retry: RetryAdvice;
    }
  | { readonly kind: "cancelled"; readonly reason: string }
  | { readonly kind: "crashed"; readonly message: string; readonly retry: RetryAdvice };

/** A changed file of an attempt against its base. */
export interface ChangedFile {
  readonly path: string;
  readonly change: "added" | "modified" | "deleted" | "renamed" | "type" | "submodule";
  /** Where a rename came from. */
  readonly from?: string;
  /** True where the file on the base is an ADR with an accepted status (AE-004). */
  readonly baselined?: boolean;
  /** Says why a change to this path counts as protected beyond its name, such as `skips a test`. */
  readonly protected?: string;
  /** Line in the changed file that shows it, 1-based. */
  readonly protectedLine?: number;
}

/** `symlink`: the path itself; `behind-symlink`: a folder on the way to it. Git keeps links, not what they point to. */
export type ArtifactStandIn = "symlink" | "behind-symlink" | "folder" | "special";

/** What the coordinator found when it committed a session's work (domain §6.2, T6). */
export interface CommitReport {
  /** Tip of the attempt's branch; null when it does not differ from the base. */
  readonly commit: CommitId | null;
  readonly base: CommitId;
  /** Total difference of the attempt against its base. */
  readonly files: readonly ChangedFile[];
  /** Size of the artifact in bytes; null when missing (or not a regular file); undefined when the slot makes a commit. */
  readonly artifactBytes?: number | null;
  /** What is there instead of a regular file; absent where nothing is, or where it is one. */
  readonly artifactIs?: ArtifactStandIn;
  /** Files that appeared or changed in the main checkout during the session and that the session's events name. */
  readonly strays: readonly string[];
  /** What else of the user's the session changed: branches, the stash, settings of git, hooks. */
  readonly trespasses?: readonly {
    readonly name: string;
    readonly evidence: string;
    readonly action: string;
  }[];
  /** Only of work that was joined with what is merged. */
  readonly joined?: JoinedReport;
  /** Folders that are repositories of their own: nothing in them is in the commit. Relative, with a `/` at the end. */
  readonly nested: readonly string[];
}

/** What became of both sides in work that was joined. */
export interface JoinedReport {
  /** Marks of a conflict that are left, `src/app.ts:3`. */
  readonly marks: readonly string[];
  /** Lines that a side had added and the result lacks: `own` = the approved work, `merged` = what was merged meanwhile. At most 50. */
  readonly dropped: readonly {
    readonly side: "own" | "merged";
    readonly path: string;
    /** 1-based, in that side's version. */
    readonly line: number;
    readonly text: string;
  }[];
  /** Lines beyond those. */
  readonly more?: number;
}

export interface CheckResult {
  readonly name: string;
  readonly passed: boolean;
  /** Red at base too: reported, never a finding. */
  readonly redAtBase: boolean;
  readonly exitCode: number | null;
  readonly timedOut: boolean;
  /** Last lines of output, at most 4000 characters. */
  readonly tail: string;
  /** What the whole output names as failed, without what changes from run to run. */
  readonly failures?: readonly string[];
  /** Number of failures as the program counts them; absent where it is not known. */
  readonly failureCount?: number;
  /** How a failing result relates to that of the base, which fails too: nothing is new, something is, or nobody can tell. */
  readonly againstBase?: "same" | "new" | "unknown";
  /** Of `failures` those that the base does not have. */
  readonly newFailures?: readonly string[];
}
