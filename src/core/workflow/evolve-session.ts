/** How session facts change the record of sessions, the spend and the conversation of a deliverable. */
import { LARGE_REQUEST_USD } from "./budget.ts";
import type { DeliverableState } from "./deliverable.ts";
import type { WorkflowEvent } from "./event.ts";
import type { Fold } from "./fold.ts";
import type { SessionOutcome } from "./outcome.ts";
import type { SessionPurpose, SessionRecord } from "./session-record.ts";
import type { WorkflowState } from "./state.ts";

type Of<T extends WorkflowEvent["type"]> = Extract<WorkflowEvent, { type: T }>;

const CREATORS: ReadonlySet<SessionPurpose> = new Set(["create", "revise", "handoff", "synthesis"]);

/** True for sessions whose conversation later rounds continue. */
export function isCreator(purpose: SessionPurpose): boolean {
  return CREATORS.has(purpose);
}

export function onSessionDispatched(
  state: WorkflowState,
  event: Of<"session.dispatched">,
  fold: Fold,
): WorkflowState {
  return fold.patch(state, {
    sessions: fold.put(state.sessions, event.session.id, event.session),
    spend: fold.patch(state.spend, { sessions: state.spend.sessions + 1 }),
  });
}

export function onSessionEnded(state: WorkflowState, event: Of<"session.ended">, fold: Fold): WorkflowState {
  const record = state.sessions[event.session];
  if (record === undefined) return state;
  const { usage } = event.outcome;
  const ended: SessionRecord = {
    ...record,
    status: "ENDED",
    endedAt: event.at,
    reservedUsd: 0,
    outcome: event.outcome,
    ...assumed(record, event.outcome),
  };
  return fold.patch(state, {
    sessions: fold.put(state.sessions, record.id, ended),
    deliverables: remembered(state, ended, fold),
    spend: fold.patch(state.spend, {
      usd: state.spend.usd + (usage.costUsd ?? 0),
      incomplete: state.spend.incomplete || usage.costUsd === null,
      turns: state.spend.turns + usage.turns,
      durationMs: state.spend.durationMs + usage.durationMs,
      retries: state.spend.retries + (event.retried ? 1 : 0),
    }),
  });
}

/**
 * What counts as spent where nobody knows: all that was reserved, or one large request where the model had not replied once. Programs of an
 * argv template and many agents over ACP never tell, so that no limit of money can stop them; simulated agents spend none.
 */
export function assumed(
  { adapter, reservedUsd }: SessionRecord,
  { usage }: SessionOutcome,
): Pick<SessionRecord, "assumedUsd"> {
  const spends = adapter !== "simulated" && !/^(?:acp|command):/.test(adapter);
  if (usage.costUsd !== null || reservedUsd === 0 || !spends) return {};
  return { assumedUsd: usage.turns === 0 ? Math.min(reservedUsd, LARGE_REQUEST_USD) : reservedUsd };
}

/** Keeps the conversation to continue, unless the session belongs to an epoch or attempt that is over. */
function remembered(state: WorkflowState, record: SessionRecord, fold: Fold): WorkflowState["deliverables"] {
  const deliverable = state.deliverables[record.subject];
  if (
    deliverable === undefined ||
    !isCreator(record.purpose) ||
    record.epoch !== deliverable.epoch ||
    record.attempt !== deliverable.attempt
  ) {
    return state.deliverables;
  }
  return fold.put(state.deliverables, record.subject, withConversation(deliverable, record));
}

function withConversation(deliverable: DeliverableState, record: SessionRecord): DeliverableState {
  const conversation = record.outcome?.sessionId ?? "";
  const { conversation: _, ...rest } = deliverable;
  if (conversation === "") return { ...rest, conversationCost: 0 };
  return {
    ...rest,
    conversation,
    // What was guessed for a run that was killed, the agent has forgotten.
    conversationCost:
      deliverable.conversationCost +
      (record.outcome?.usage.costUsd ?? 0) -
      (record.outcome?.usage.estimatedUsd ?? 0),
  };
}
