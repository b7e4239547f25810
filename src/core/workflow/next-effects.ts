/**
 * The effects that are outstanding, from state alone. Recovery has no code of its own: replay, then ask again.
 *
 * Invariants: N1 no effect for a question that is open; N2 at most one change of the integration branch at a time; N3 sessions beyond
 * `parallel` are not started, those that run are always named, so that a new coordinator attaches to them.
 */

import { reservationFor, sessionsExhausted } from "./budget.ts";
import { checksOf } from "./decide-checks.ts";
import { orderEffects } from "./decide-order.ts";
import type { AbandonedAttempt, DeliverableState } from "./deliverable.ts";
import type { Effect } from "./effect.ts";
import { BASE_SUBJECT, effectId } from "./effect-id.ts";
import { integrateEffect } from "./effect-integrate.ts";
import { type SessionWish, sessionEffects } from "./effect-session.ts";
import { workEffects } from "./effect-work.ts";
import {
  awaitsLanding,
  hasEnded,
  isFinished,
  requireDeliverable,
  requirePlanned,
  runningSessions,
} from "./queries.ts";
import { agentPlaces } from "./service.ts";
import type { SessionRecord } from "./session-record.ts";
import type { WorkflowState } from "./state.ts";

/** What should be under way now. While PAUSED only sessions that run are followed; nothing new starts. */
export function nextEffects(state: WorkflowState): readonly Effect[] {
  const effects = allEffects(state);
  if (state.status !== "PAUSED") return effects;
  return effects.filter(
    (e) => e.kind === "stop" || e.kind === "deliver" || (e.kind === "session" && e.dispatched !== undefined),
  );
}

/** True when a workflow has ended and its last commits and clean-ups are done as well: nobody needs to open it again. */
export function isOver(state: WorkflowState): boolean {
  return hasEnded(state) && nextEffects(state).length === 0;
}

/** Prompts make this expensive, and one state is asked several times: by the engine before and after each effect, and by `decide`. */
const known = new WeakMap<WorkflowState, readonly Effect[]>();

/** What `nextEffects` says, as if not paused: outcomes of what was under way when a pause came still count. */
export function allEffects(state: WorkflowState): readonly Effect[] {
  const effects = known.get(state) ?? outstanding(state);
  known.set(state, effects);
  return effects;
}

function outstanding(state: WorkflowState): readonly Effect[] {
  const wishes = hasEnded(state) ? [] : wantedSessions(state);
  return [
    ...stopEffects(state, wishes),
    ...deliverEffects(state),
    ...integrateEffects(state),
    ...(hasEnded(state) ? [] : orderEffects(state)),
    ...baseChecks(state),
    ...(hasEnded(state) ? [] : stepEffects(state)),
    ...startable(state, wishes),
    ...timers(state),
    ...cleanups(state),
  ];
}

/** Sessions that nobody waits for any more: an older epoch, a decided round, a cancelled workflow. */
function stopEffects(state: WorkflowState, wishes: readonly SessionWish[]): readonly Effect[] {
  const wanted = new Set(wishes.map((w) => w.effect.id));
  return runningSessions(state)
    .filter((s) => !wanted.has(s.id))
    .map((s) => ({ kind: "stop", id: `${s.id}/stop`, session: s.id, reason: stopReason(state, s) }));
}

/** Messages go one by one, so that a session hears them in the order in which they were written. */
function deliverEffects(state: WorkflowState): readonly Effect[] {
  const first = new Map((state.messages ?? []).toReversed().map((message) => [message.session, message]));
  return [...first.values()].map((message) => ({
    kind: "deliver",
    id: `${message.session}/deliver/${message.id}`,
    message,
  }));
}

function stopReason(state: WorkflowState, session: SessionRecord): string {
  const stopping = state.deliverables[session.subject]?.stopping;
  if (stopping !== undefined)
    return `stopped by ${stopping.by}${stopping.reason === "" ? "" : `: ${stopping.reason}`}`;
  if (state.status === "CANCELLED") return "the workflow was cancelled";
  return session.epoch < state.epoch
    ? "the workflow was taken back to an earlier point"
    : "its round is decided";
}

/** A rewind's commit waits until the sessions of the old epoch have ended (design §4). */
function integrateEffects(state: WorkflowState): readonly Effect[] {
  const [integration] = state.integrations;
  if (integration === undefined) return [];
  if (integration.type === "restore" && runningSessions(state).some((s) => s.epoch < state.epoch)) return [];
  return [integrateEffect(state, integration)];
}

function baseChecks(state: WorkflowState): readonly Effect[] {
  const checks = checksOf(state.plan);
  if (
    hasEnded(state) ||
    checks.length === 0 ||
    state.baseChecks !== undefined ||
    state.startedAt === undefined
  )
    return [];
  const id = effectId({ ...state, epoch: 1 }, BASE_SUBJECT, 0, "checks");
  return [
    {
      kind: "checks",
      id,
      subject: BASE_SUBJECT,
      commit: state.plan.base.commit,
      checks,
      settings: state.plan.settings,
    },
  ];
}

function stepEffects(state: WorkflowState): readonly Effect[] {
  return planOrder(state).flatMap((deliverable) => workEffects(state, deliverable));
}

function wantedSessions(state: WorkflowState): readonly SessionWish[] {
  return planOrder(state).flatMap((d) => sessionEffects(state, d));
}

/** Running ones first, then by priority while there are places: judge before critic before revision before new work (definition, `limits`). */
function startable(state: WorkflowState, wishes: readonly SessionWish[]): readonly Effect[] {
  const running = wishes.filter((w) => w.effect.dispatched !== undefined);
  const places = agentPlaces(state) - runningSessions(state).length;
  if (places <= 0 || !mayStart(state)) return running.map((w) => w.effect);
  const waiting = wishes
    .filter((w) => w.effect.dispatched === undefined)
    .filter((w) => requireDeliverable(state, w.effect.subject).notBefore === undefined)
    .toSorted((a, b) => a.priority - b.priority)
    .flatMap((w) => {
      const money = reservationFor(state, requirePlanned(state, w.effect.subject));
      if (money === "exhausted") return [];
      return [money === null ? w.effect : { ...w.effect, usd: money.usd, reservedUsd: money.reserved }];
    });
  return [...running.map((w) => w.effect), ...waiting.slice(0, places)];
}

/** False while no session may start at all. */
function mayStart(state: WorkflowState): boolean {
  return (
    state.windingDown !== true &&
    state.service?.until === undefined &&
    !sessionsExhausted(state) &&
    !state.integrations.some((i) => i.type === "restore")
  );
}

function timers(state: WorkflowState): readonly Effect[] {
  const times = Object.values(state.deliverables).flatMap((d) =>
    d.notBefore === undefined ? [] : [d.notBefore],
  );
  const wait = state.service?.until;
  const [at] = [...times, ...(wait === undefined ? [] : [wait])].toSorted();
  return at === undefined || hasEnded(state) ? [] : [{ kind: "timer", id: `${state.id}/timer/${at}`, at }];
}

/** Worktrees of merged work go once it is reachable from the integration branch; those of skipped and replaced work once no session is in them. */
function cleanups(state: WorkflowState): readonly Effect[] {
  return planOrder(state).flatMap((d): readonly Effect[] => {
    const ended = isFinished(d) && d.branch !== undefined && d.cleaned !== true && !awaitsLanding(state, d);
    const present = ended ? [{ epoch: d.epoch, attempt: d.attempt, branch: d.branch }] : [];
    return [...present, ...(d.abandoned ?? [])]
      .filter((one) => !isOccupied(state, d.id, one))
      .map(({ epoch, attempt, branch }) => ({
        kind: "cleanup",
        id: effectId({ ...state, epoch }, d.id, attempt, "cleanup"),
        subject: d.id,
        branch,
      }));
  });
}

function isOccupied(state: WorkflowState, subject: string, { epoch, attempt }: AbandonedAttempt): boolean {
  return runningSessions(state).some(
    (s) => s.subject === subject && s.epoch === epoch && s.attempt === attempt,
  );
}

function planOrder(state: WorkflowState): readonly DeliverableState[] {
  return state.plan.deliverables.map((d) => requireDeliverable(state, d.id));
}
