/**
 * Described I/O, derived from state alone. Everything is at-least-once; the same id twice is the same work.
 * Ids: `<workflow>/<epoch>/<subject>/<attempt>/<kind>[.r<round>][.<extra>]` (design §2).
 */
import type { Check, RunSettings } from "../definition.ts";
import type { MergeCandidate } from "../merging/order.ts";
import type { CommitId, Instant } from "../vocabulary.ts";
import type { Integration } from "./integration.ts";
import type { SessionMessage } from "./live.ts";
import type { SessionPurpose } from "./session-record.ts";

export type EffectId = string;

export type Effect =
  | ProvisionEffect
  | JoinEffect
  | SessionEffect
  | CommitEffect
  | ChecksEffect
  | IntegrateEffect
  | StopEffect
  | DeliverEffect
  | OrderEffect
  | TimerEffect
  | CleanupEffect;

/** Make branch and worktree of an attempt and prepare it. Outcome: `provisioned`. */
export interface ProvisionEffect {
  readonly kind: "provision";
  readonly id: EffectId;
  readonly subject: string;
  readonly epoch: number;
  readonly attempt: number;
  readonly branch: string;
  /** Commit to start from. */
  readonly base: CommitId;
  /** Commit on top of it that the branch begins with: adopted work. */
  readonly start?: CommitId;
  readonly settings: RunSettings;
}

/** Put what is merged by now into the worktree of an attempt, with the marks of a conflict. Outcome: `joined`. */
export interface JoinEffect {
  readonly kind: "join";
  readonly id: EffectId;
  readonly subject: string;
  readonly branch: string;
  /** Tip of the integration branch. */
  readonly onto: CommitId;
  readonly message: string;
  readonly trailers: Readonly<Record<string, string>>;
}

/** Start (or attach to) one agent session. Outcome: `session-ended`. */
export interface SessionEffect {
  readonly kind: "session";
  readonly id: EffectId;
  readonly purpose: SessionPurpose;
  readonly subject: string;
  readonly epoch: number;
  readonly attempt: number;
  readonly round: number;
  /** Judge sample or critic strategy index, 1-based. */
  readonly part: number;
  readonly role: string;
  readonly settings: RunSettings;
  readonly adapter: string;
  readonly model?: string;
  /** Where it runs: the attempt's worktree, or a detached read-only review worktree of `commit`. A judge gets an empty folder. */
  readonly place:
    | { readonly type: "attempt" }
    | { readonly type: "review"; readonly commit: CommitId }
    | { readonly type: "empty" };
  /** Conversation to continue; absent = a new one. */
  readonly resume?: string;
  /** A copy of `resume` goes on, under an id of its own. */
  readonly fork?: true;
  readonly costBefore: number;
  /** Hard money limit of this session; null = the login is not billed by use or the author wrote `none`. */
  readonly usd: number | null;
  /** Reserved while it runs: the limit and the headroom for one request. */
  readonly reservedUsd: number;
  readonly prompt: string;
  /** Text for the system prompt: charter. */
  readonly charter: string;
  /** JSON Schema (draft-07, no `$schema`) of the structured answer. */
  readonly schema?: Readonly<Record<string, unknown>>;
  readonly tools: readonly string[];
  /** Repository-relative globs that it may write; empty = read-only. */
  readonly writes: readonly string[];
  /** Files whose content is put into the prompt as quoted data (judge: artifact), repository-relative, read at `commit`. */
  readonly quote: readonly string[];
  readonly quoteCommit?: CommitId;
  /** Base of the diff to quote for `makes: commit`. */
  readonly quoteDiffBase?: CommitId;
  /** Set once journalled: the conversation id that the dispatch event recorded. */
  readonly dispatched?: string;
}

/** Commit what a session left (or what the coordinator renders from a handoff's content). Outcome: `committed`. */
export interface CommitEffect {
  readonly kind: "commit";
  readonly id: EffectId;
  readonly subject: string;
  readonly epoch: number;
  readonly attempt: number;
  readonly round: number;
  readonly branch: string;
  readonly base: CommitId;
  readonly message: string;
  readonly trailers: Readonly<Record<string, string>>;
  /** Artifact whose size is to be reported. */
  readonly artifact?: string;
  /** Written into the worktree before the commit. */
  readonly files: readonly { readonly path: string; readonly content: string }[];
}

/** Run checks on a commit in a detached review worktree; subject `base` = the base, once per workflow. Outcome: `checked`. */
export interface ChecksEffect {
  readonly kind: "checks";
  readonly id: EffectId;
  readonly subject: string;
  readonly commit: CommitId;
  readonly checks: readonly Check[];
  readonly settings: RunSettings;
}

/** Change the integration branch by one candidate with compare-and-swap. Outcome: `integrated` or `integration-failed`. */
export interface IntegrateEffect {
  readonly kind: "integrate";
  readonly id: EffectId;
  readonly integration: Integration;
  readonly expectedHead: CommitId | null;
  /** Checks for the candidate of a merge. */
  readonly checks: readonly Check[];
  readonly message: string;
  readonly trailers: Readonly<Record<string, string>>;
}

/** Foresee what merging each of several approved commits would do to what is merged and to the others. Outcome: `ordered`. */
export interface OrderEffect {
  readonly kind: "order";
  readonly id: EffectId;
  /** Tip of the integration branch. */
  readonly head: CommitId;
  readonly candidates: readonly MergeCandidate[];
}

/** End a session's tree (rewind, cancel, pause). Outcome: `session-ended` of the session itself. */
export interface StopEffect {
  readonly kind: "stop";
  readonly id: EffectId;
  readonly session: EffectId;
  readonly reason: string;
}

/** Bring a person's message into a running session. Outcome: `delivered`. */
export interface DeliverEffect {
  readonly kind: "deliver";
  readonly id: EffectId;
  readonly message: SessionMessage;
}

/** Wake the core at a time. Outcome: `woken`. */
export interface TimerEffect {
  readonly kind: "timer";
  readonly id: EffectId;
  readonly at: Instant;
}

/** Remove the worktree of an attempt that is over; what no other ref reaches is preserved first (P1). Outcome: `cleaned`. */
export interface CleanupEffect {
  readonly kind: "cleanup";
  readonly id: EffectId;
  readonly subject: string;
  readonly branch: string;
}
