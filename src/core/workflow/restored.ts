/**
 * A state that came from a pushed branch instead of a journal. What ran on the other machine is not here: its sessions count as over, and work
 * that was not merged yet starts a new attempt from the present tip, also where a person was asked about it: nothing here holds what the
 * question was about. What is merged, decided or asked about whole stages stays, and so do changes of the branch that were still queued.
 */
import type { CommitId } from "../vocabulary.ts";
import type { DeliverableState, Step } from "./deliverable.ts";
import { assumed } from "./evolve-session.ts";
import { isActive, isFinished } from "./queries.ts";
import type { SessionRecord } from "./session-record.ts";
import type { WorkflowState } from "./state.ts";

export function restoredState(
  { messages: _, sync: __, ...state }: WorkflowState,
  head: CommitId,
): WorkflowState {
  const deliverables = mapValues(state.deliverables, fromElsewhere);
  const questions = state.questions.filter(
    ({ kind, subject, session }) =>
      kind !== "sync" && session === undefined && deliverables[subject]?.step !== "ready",
  );
  const open = new Set(questions.map(({ id }) => id));
  return {
    ...state,
    head,
    deliverables,
    questions,
    blockers: state.blockers.filter(({ question }) => question === undefined || open.has(question)),
    // An approved commit may not be here either, nor one to bring in, so they go with what asked for them.
    integrations: state.integrations.filter(({ type }) => type !== "merge" && type !== "sync"),
    sessions: mapValues(state.sessions, ended),
  };
}

function ended(session: SessionRecord): SessionRecord {
  if (session.status === "ENDED") return session;
  const usage = { costUsd: null, turns: 0, durationMs: 0 };
  const outcome = { kind: "cancelled", reason: "it ran on another machine", sessionId: "", usage } as const;
  return { ...session, status: "ENDED", reservedUsd: 0, outcome, ...assumed(session, outcome) };
}

const STARTED: ReadonlySet<Step> = new Set(["waiting", "failed", "merge"]);

/** Branches of attempts may not have been pushed; worktrees and conversations certainly were not. */
function fromElsewhere(deliverable: DeliverableState): DeliverableState {
  const { conversation: _c, abandoned: _a, stopping: _s, attached: _t, restart: _r, ...kept } = deliverable;
  if (isFinished(deliverable)) return { ...kept, cleaned: true };
  // The commit that was adopted was never pushed.
  const { adoption: _d, ...rest } = kept;
  if (isActive(deliverable) || STARTED.has(deliverable.step)) return { ...rest, step: "ready", tries: 0 };
  return rest;
}

function mapValues<T>(record: Readonly<Record<string, T>>, change: (value: T) => T): Record<string, T> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}
