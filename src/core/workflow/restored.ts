/**
 * A state that came from a pushed branch instead of a journal. What ran on the other machine is not here: its sessions count as over, and work
 * that was under way starts a new attempt from the present tip. What is merged, decided or asked stays.
 */
import type { CommitId } from "../vocabulary.ts";
import { isActive, isFinished } from "./queries.ts";
import type { DeliverableState, SessionRecord, WorkflowState } from "./state.ts";

export function restoredState(state: WorkflowState, head: CommitId): WorkflowState {
  return {
    ...state,
    head,
    integrations: [],
    sessions: mapValues(state.sessions, ended),
    deliverables: mapValues(state.deliverables, fromElsewhere),
    checkpoints: state.checkpoints.map((c, index) =>
      c.commit === null && index === state.checkpoints.length - 1 ? { ...c, commit: head } : c,
    ),
  };
}

function ended(session: SessionRecord): SessionRecord {
  if (session.status === "ENDED") return session;
  return {
    ...session,
    status: "ENDED",
    reservedUsd: 0,
    outcome: {
      kind: "cancelled",
      reason: "it ran on another machine",
      sessionId: "",
      usage: { costUsd: null, turns: 0, durationMs: 0 },
    },
  };
}

/** Branches of attempts may not have been pushed; conversations certainly were not. */
function fromElsewhere(deliverable: DeliverableState): DeliverableState {
  const { conversation: _c, abandoned: _a, ...rest } = deliverable;
  if (isFinished(deliverable)) return { ...rest, cleaned: true };
  if (isActive(deliverable) || deliverable.step === "merge") return { ...rest, step: "ready", tries: 0 };
  return rest;
}

function mapValues<T>(record: Readonly<Record<string, T>>, change: (value: T) => T): Record<string, T> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}
