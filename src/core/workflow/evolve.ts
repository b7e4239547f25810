/**
 * state × event → state. Never rejects: history already happened.
 *
 * Owns: how each fact changes the state. Does not own: whether a fact may happen (`decide`), what follows from it (`advance`).
 * Invariants: E1 pure and total; E2 `seq` counts events; E3 ids in counters never repeat, also over rewinds.
 */

import { type PredictedConflict, samePair } from "../conflicts/predicted.ts";
import { hasTerminalProgram } from "../session/steering.ts";
import type { EventBody, WorkflowEvent } from "./event.ts";
import { evolveDeliverable } from "./evolve-deliverable.ts";
import { onMessageQueued, onMessageSettled, onQuestionAsked } from "./evolve-live.ts";
import { onRewound, withoutPause } from "./evolve-rewind.ts";
import { onSessionDispatched, onSessionEnded } from "./evolve-session.ts";
import { COPYING, type Fold } from "./fold.ts";
import { initialBarrier, initialState } from "./initial.ts";
import { requirePlanned } from "./queries.ts";
import { restoredState } from "./restored.ts";
import type { WorkflowState } from "./state.ts";

type Of<T extends EventBody["type"]> = Extract<WorkflowEvent, { type: T }>;

/**
 * Folds one event. The first event of a history must be `workflow.created`. `fold` = the fold that this is a step of, where
 * nobody sees the states in between; without it nothing of `state` is changed.
 */
export function evolve(
  state: WorkflowState | null,
  event: WorkflowEvent,
  fold: Fold = COPYING,
): WorkflowState {
  if (event.type === "workflow.created") return touched(initialState(event.plan, event.at), event, fold);
  if (event.type === "workflow.restored") return touched(restoredState(event.state, event.head), event, fold);
  if (state === null) throw new Error(`history starts with ${event.type} instead of workflow.created`);
  return touched(apply(state, event, fold), event, fold);
}

function touched(state: WorkflowState, event: WorkflowEvent, fold: Fold): WorkflowState {
  return fold.patch(state, { seq: state.seq + 1, updatedAt: event.at });
}

function apply(
  state: WorkflowState,
  event: Exclude<WorkflowEvent, { type: "workflow.created" | "workflow.restored" }>,
  fold: Fold,
): WorkflowState {
  switch (event.type) {
    case "workflow.started":
      return fold.patch(state, { startedAt: state.startedAt ?? event.at });
    case "workflow.paused":
      return { ...withoutPause(state), status: "PAUSED", pausedReason: event.reason };
    case "workflow.resumed":
      return { ...withoutPause(state), resumedAt: event.at };
    case "service.held":
      return withHold(state, event.hold);
    case "workflow.winding-down":
      return fold.patch(state, { windingDown: true });
    case "workflow.completed":
      return fold.patch(state, { status: "COMPLETE", completedAt: event.at });
    case "workflow.landed":
      return fold.patch(state, { landed: event.landing });
    case "workflow.failed":
      return fold.patch(state, { status: "FAILED", completedAt: event.at });
    case "workflow.cancelled":
      return fold.patch(state, { status: "CANCELLED", completedAt: event.at });
    case "plan.approved":
      return fold.patch(state, { planApproved: true });
    case "finish.approved":
      return fold.patch(state, { finishApproved: true });
    case "stage.opened":
      return fold.patch(state, { openings: { ...state.openings, [event.stage]: event.commit } });
    case "session.dispatched":
      return onSessionDispatched(state, event, fold);
    case "session.ended":
      return onSessionEnded(state, event, fold);
    case "base.checked":
      return fold.patch(state, { baseChecks: event.results });
    case "barrier.moved":
      return onBarrierMoved(state, event);
    case "phase-gate.decided":
      return fold.patch(state, { phaseGates: { ...state.phaseGates, [event.gate.id]: event.gate } });
    case "checkpoint.reached":
      return onCheckpointReached(state, event);
    case "checkpoint.written":
      return patchCheckpoint(state, event.checkpoint, (entry) => ({ ...entry, commit: event.commit }));
    case "checkpoint.answered":
      return patchCheckpoint(state, event.checkpoint, (entry) => ({
        ...entry,
        approval: { status: event.status, by: event.by, at: event.at, notes: event.notes },
      }));
    case "integration.queued":
      return fold.patch(state, {
        integrations: [...state.integrations, event.integration],
        counters: { ...state.counters, integration: state.counters.integration + 1 },
      });
    case "integration.done":
      return { ...withoutIntegration(state, event.integration), head: event.head };
    case "integration.dropped":
      return withoutIntegration(state, event.integration);
    case "merges.ordered":
      return fold.patch(state, { mergeOrder: event.order });
    case "batch.suspected":
      return withSuspects(state, event.subjects);
    case "sync.asked":
      return fold.patch(state, { sync: event.sync });
    case "sync.settled":
      return onSyncSettled(state, event);
    case "question.asked":
      return onQuestionAsked(state, event, fold);
    case "question.closed":
      return fold.patch(state, { questions: state.questions.filter((q) => q.id !== event.question) });
    case "message.queued":
      return onMessageQueued(state, event);
    case "message.settled":
      return onMessageSettled(state, event);
    case "conflict.predicted":
      return withConflicts(state, [...otherConflicts(state, event.conflict), event.conflict]);
    case "conflict.cleared":
      return withConflicts(state, otherConflicts(state, event));
    case "decision.recorded":
      return fold.patch(state, {
        decisions: fold.append(state.decisions, [event.decision]),
        counters: { ...state.counters, decision: state.counters.decision + 1 },
      });
    case "workflow.rewound":
      return onRewound(state, event);
    case "limit.raised":
      return onLimitRaised(state, event);
    case "blocker.raised":
      return fold.patch(state, {
        blockers: [...state.blockers, event.blocker],
        counters: { ...state.counters, blocker: state.counters.blocker + 1 },
      });
    case "blocker.resolved":
      return fold.patch(state, {
        blockers: state.blockers.filter((b) => b.id !== event.blocker),
        issues: fold.append(state.issues, [event.issue]),
        counters: { ...state.counters, issue: state.counters.issue + 1 },
      });
    case "lesson.learned":
      return fold.patch(state, {
        lessons: fold.append(state.lessons, [event.lesson]),
        counters: { ...state.counters, lesson: state.counters.lesson + 1 },
      });
    case "note.added":
      return fold.patch(state, { notes: fold.append(state.notes, [event.note]) });
    case "logged":
      return fold.patch(state, { log: fold.append(state.log, [event.entry]) });
    case "comment.added": {
      const counters = { ...state.counters, comment: (state.counters.comment ?? 0) + 1 };
      return fold.patch(evolveDeliverable(state, event, fold), { counters });
    }
    case "deliverable.detached":
      return unknownSpend(evolveDeliverable(state, event, fold), event.subject, fold);
    default:
      return evolveDeliverable(state, event, fold);
  }
}

/** What an agent's own program has spent in a person's terminal nobody tells us. */
function unknownSpend(state: WorkflowState, subject: string, fold: Fold): WorkflowState {
  const { settings } = requirePlanned(state, subject);
  if (!hasTerminalProgram(settings.use)) return state;
  return fold.patch(state, { spend: fold.patch(state.spend, { incomplete: true }) });
}

function withHold({ service: _, ...state }: WorkflowState, hold: Of<"service.held">["hold"]): WorkflowState {
  return hold === null ? state : { ...state, service: hold };
}

function otherConflicts(
  state: WorkflowState,
  pair: Pick<PredictedConflict, "first" | "second">,
): readonly PredictedConflict[] {
  return (state.conflicts ?? []).filter((one) => !samePair(one, pair));
}

function withConflicts(
  { conflicts: _, ...state }: WorkflowState,
  conflicts: readonly PredictedConflict[],
): WorkflowState {
  return conflicts.length === 0 ? state : { ...state, conflicts };
}

function withSuspects({ suspects: _, ...state }: WorkflowState, suspects: readonly string[]): WorkflowState {
  return suspects.length === 0 ? state : { ...state, suspects };
}

function withoutIntegration(state: WorkflowState, id: string): WorkflowState {
  return { ...state, integrations: state.integrations.filter((i) => i.id !== id) };
}

/** A wish that came meanwhile still waits. */
function onSyncSettled({ sync, ...rest }: WorkflowState, event: Of<"sync.settled">): WorkflowState {
  const later = sync === undefined || sync.commit === event.commit ? {} : { sync };
  const done = event.done === null ? {} : { syncs: [...(rest.syncs ?? []), event.done] };
  return { ...rest, ...later, ...done };
}

function onBarrierMoved(state: WorkflowState, event: Of<"barrier.moved">): WorkflowState {
  const before = state.barriers[event.barrier] ?? initialBarrier(event.barrier);
  const barrier = {
    ...before,
    status: event.status,
    retryCount: event.retryCount,
    ...(event.preChecks === undefined ? {} : { preChecks: event.preChecks }),
    ...(event.postChecks === undefined ? {} : { postChecks: event.postChecks }),
    ...(event.status === "IN_PROGRESS" && before.startedAt === undefined ? { startedAt: event.at } : {}),
    ...(event.status === "COMPLETE" ? { completedAt: event.at } : {}),
  };
  return { ...state, barriers: { ...state.barriers, [event.barrier]: barrier } };
}

function onCheckpointReached(state: WorkflowState, event: Of<"checkpoint.reached">): WorkflowState {
  const number = Number(event.checkpoint.id.slice("CP-".length));
  return {
    ...state,
    checkpoints: [...state.checkpoints, event.checkpoint],
    counters: { ...state.counters, checkpoint: Math.max(state.counters.checkpoint, number) },
  };
}

/** Changes the newest entry of that id: an epoch after a rewind logs the same planned id again. */
function patchCheckpoint(
  state: WorkflowState,
  id: string,
  patch: (entry: WorkflowState["checkpoints"][number]) => WorkflowState["checkpoints"][number],
): WorkflowState {
  const index = state.checkpoints.findLastIndex((c) => c.id === id);
  return { ...state, checkpoints: state.checkpoints.map((entry, i) => (i === index ? patch(entry) : entry)) };
}

function onLimitRaised(state: WorkflowState, event: Of<"limit.raised">): WorkflowState {
  const { subject, usd } = event;
  if (subject !== undefined) {
    const usdLimits = { ...state.spend.usdLimits, ...(usd === undefined ? {} : { [subject]: usd }) };
    return { ...state, spend: { ...state.spend, usdLimits } };
  }
  const spend = {
    ...state.spend,
    ...(usd === undefined ? {} : { usdLimit: usd }),
    ...(event.sessions === undefined ? {} : { sessionLimit: event.sessions }),
  };
  return { ...state, spend };
}
