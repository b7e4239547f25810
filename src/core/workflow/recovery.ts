/**
 * How a slot goes on after a session of its maker has ended badly. The class of the end decides:
 *
 * - `same`: the conversation goes on in the worktree as it was left (network, silence, turns, a first crash).
 * - `fork`: a copy of the conversation goes on, because the conversation itself ended two sessions (a crash again).
 * - `fresh`: a new conversation with a summary, because there is none to go on with (programs and agents without, one that is lost) or the service
 *   refuses its history (too long, 400). What was left half-finished is committed as such first: nothing is built on loose files.
 * - `ask`: trying again is of no use.
 *
 * All are bounded by `limits.retries`.
 */
import { addMs } from "../instant.ts";
import type { DeliverableState } from "./deliverable.ts";
import type { Draft } from "./draft.ts";
import type { CommitReport, SessionOutcome } from "./outcome.ts";
import { requireDeliverable, requirePlanned } from "./queries.ts";
import type { SessionRecord } from "./session-record.ts";
import type { WorkflowState } from "./state.ts";
import { backoffMs, failDeliverable, retryOrFail } from "./trouble.ts";

export type Recovery = "same" | "fork" | "fresh" | "ask";

/** A conversation that does not go on as it is. */
export interface Restart {
  readonly how: "fork" | "fresh";
  /** How its last session ended. */
  readonly why: string;
  /** The conversation that is left. */
  readonly from: string;
  /** Fresh ones in this attempt, this one included. */
  readonly number: number;
  /** What was left half-finished, once it is committed; null when nothing was changed. */
  readonly commit?: string | null;
  /** Files in it, at most 30. */
  readonly files?: readonly string[];
}

type Trouble = Extract<SessionOutcome, { readonly kind: "limit" | "api" | "crashed" }>;

const MOST_FILES = 30;

/** Goes on, or fails and asks. `what` says how the session ended. */
export function recover(draft: Draft, record: SessionRecord, outcome: Trouble, what: string): void {
  const { subject } = record;
  const recovery = recoveryOf(draft.state, record, outcome);
  const afterMs = typeof outcome.retry === "object" ? outcome.retry.afterMs : undefined;
  switch (recovery) {
    case "ask":
      return failDeliverable(draft, subject, what);
    case "fresh":
      return startFresh(draft, record, what, afterMs);
    case "fork":
      leave(draft, record, {
        how: "fork",
        why: what,
        from: record.conversation,
        number: freshOnes(draft, subject),
      });
      return retryOrFail(draft, subject, what, afterMs);
    case "same":
      return retryOrFail(draft, subject, what, afterMs);
    default:
      return recovery satisfies never;
  }
}

export function recoveryOf(state: WorkflowState, record: SessionRecord, outcome: Trouble): Recovery {
  const { restart } = requireDeliverable(state, record.subject);
  if (outcome.retry === "never")
    return isHistoryRefused(state, record, outcome) && restart?.how !== "fresh" ? "fresh" : "ask";
  if (!keepsConversations(record.adapter) || outcome.sessionId === "" || isLost(outcome)) return "fresh";
  const again = outcome.kind === "crashed" && crashes(state, record.conversation) > 1;
  return again && canFork(record.adapter) && restart?.how !== "fork" ? "fork" : "same";
}

/** Programs started by an argv template have no conversation to continue. */
export function keepsConversations(adapter: string): boolean {
  return !adapter.startsWith("command:");
}

function canFork(adapter: string): boolean {
  return adapter === "claude" || adapter === "claude-cli";
}

/** The service refuses what was said before, not what is asked now: it was fine when the conversation began. */
function isHistoryRefused(state: WorkflowState, record: SessionRecord, outcome: Trouble): boolean {
  if (outcome.kind !== "api" || outcome.errorClass !== "bad-request") return false;
  if (/prompt is too long|request too large|context (?:length|window)/i.test(outcome.message)) return true;
  const isContinued = Object.values(state.sessions).some(
    (s) => s.id !== record.id && s.conversation === record.conversation && (s.outcome?.usage.turns ?? 0) > 0,
  );
  return isContinued && (outcome.status === 400 || outcome.status === 413);
}

function isLost(outcome: Trouble): boolean {
  return outcome.kind === "crashed" && /no conversation found/i.test(outcome.message);
}

function crashes(state: WorkflowState, conversation: string): number {
  const sessions = Object.values(state.sessions);
  return sessions.filter((s) => s.conversation === conversation && s.outcome?.kind === "crashed").length;
}

/** Commits what is there as half-finished, then begins anew with a summary of it. */
function startFresh(draft: Draft, record: SessionRecord, why: string, afterMs: number | undefined): void {
  const { subject } = record;
  const { tries } = requireDeliverable(draft.state, subject);
  const before = freshOnes(draft, subject);
  const { kind, settings } = requirePlanned(draft.state, subject);
  const used = tries + before;
  if (used >= settings.limits.retries)
    return failDeliverable(draft, subject, `${why} (after ${used + 1} ${used === 0 ? "try" : "tries"})`);
  const number = before + 1;
  leave(draft, record, { how: "fresh", why, from: record.conversation, number });
  // What a handoff says is an answer; there are no files.
  if (kind !== "handoff") commitUnfinished(draft, subject);
  const wait = afterMs ?? backoffMs(used, `${draft.state.id}/${subject}/fresh/${number}`);
  draft.emit({ type: "deliverable.delayed", subject, tries: 0, until: addMs(draft.at, wait) });
}

function commitUnfinished(draft: Draft, subject: string): void {
  const stopping = { by: "signalbox", reason: "", at: draft.at, step: "create", next: "continue" } as const;
  draft.emit({ type: "deliverable.stopping", subject, stopping });
  draft.move(subject, "commit");
}

/** The new conversation is told what it finds. */
export function noteKept(draft: Draft, subject: string, { commit, files }: CommitReport): void {
  const { restart, stopping } = requireDeliverable(draft.state, subject);
  if (restart === undefined || restart.commit !== undefined || stopping?.by !== "signalbox") return;
  const paths = files.slice(0, MOST_FILES).map(({ path }) => path);
  draft.emit({ type: "conversation.left", subject, restart: { ...restart, commit, files: paths } });
}

function leave(draft: Draft, { subject }: SessionRecord, restart: Restart): void {
  draft.emit({ type: "conversation.left", subject, restart });
  const how =
    restart.how === "fork" ? "a copy of the conversation goes on" : "a fresh conversation takes over";
  draft.log("CONVERSATION_LEFT", `${subject}: ${how}: ${restart.why}`);
}

function freshOnes(draft: Draft, subject: string): number {
  return requireDeliverable(draft.state, subject).restart?.number ?? 0;
}

/** The state with the conversation left; of a fork the agent goes on counting from what the original has cost. */
export function withRestart(deliverable: DeliverableState, restart: Restart): DeliverableState {
  if (restart.how === "fork") return { ...deliverable, restart };
  const { conversation: _, ...rest } = deliverable;
  return { ...rest, conversationCost: 0, restart };
}
