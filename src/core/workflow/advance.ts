/**
 * What follows by itself: stages open, places are filled, approved work queues for its merge, gates and barriers close, checkpoints are reached.
 *
 * Owns: every automatic transition, as an ordered list of rules applied to a fixpoint.
 * Invariants: A1 a stage opens only when everything before it is complete and its checkpoint approved; A2 only approved commits are queued
 * for merging (P2); A3 each rule makes progress or stays silent, so the loop ends.
 */

import { exhaustedLimit, type MoneyLimit, sessionsExhausted } from "./budget.ts";
import { askForReviews } from "./decide-landing.ts";
import type { DeliverableState, Step } from "./deliverable.ts";
import type { Draft } from "./draft.ts";
import { finishWorkflow } from "./finish.ts";
import { endsByItself, mergeCandidates, queueMerges } from "./merge-queue.ts";
import {
  adoptionOf,
  currentStage,
  isActive,
  isBlockedByPerson,
  isFinished,
  openQuestion,
  requireDeliverable,
  requirePlanned,
  runningSessions,
  stageDeliverables,
} from "./queries.ts";
import { closeStage, openStage } from "./stage.ts";
import { queueSync } from "./sync.ts";
import { pause } from "./trouble.ts";

type Rule = (draft: Draft) => void;

const RULES: readonly Rule[] = [
  askForPlan,
  start,
  queueSync,
  openNextStage,
  releaseDeliverables,
  fillPlaces,
  queueMerges,
  askForReviews,
  closeCurrentStage,
  finishWorkflow,
  stopAtLimits,
  restWhenFinished,
];

/** Applies the rules until none has anything to add. Does nothing unless the workflow is ACTIVE. */
export function advance(draft: Draft): void {
  for (let before = -1; before !== draft.events.length && draft.state.status === "ACTIVE"; ) {
    before = draft.events.length;
    for (const rule of RULES) {
      if (draft.state.status === "ACTIVE") rule(draft);
    }
  }
}

/** A plan that wants approval, or whose level rose above what its author wrote, asks before anything costs. */
function askForPlan(draft: Draft): void {
  const { plan, planApproved } = draft.state;
  if (planApproved || openQuestion(draft.state, "plan") !== undefined) return;
  if (plan.reviewPlan) {
    draft.ask("plan", "plan", "The plan waits for approval before anything starts", ["approve", "reject"]);
    return;
  }
  const raised = plan.deliverables.filter((d) => d.criticality.escalations.length > 0);
  if (raised.length === 0 || plan.escalateAuto) {
    draft.emit({ type: "plan.approved", by: "definition" });
    return;
  }
  const why = raised.map(
    (d) =>
      `${d.id} to ${d.criticality.effective} (${d.criticality.escalations.map((e) => e.rule).join(", ")})`,
  );
  draft.ask("criticality", "plan", `Rules raise the level above the definition: ${why.join("; ")}`, [
    "approve",
    "waive",
    "reject",
  ]);
}

function start(draft: Draft): void {
  const { startedAt, planApproved, head } = draft.state;
  if (startedAt !== undefined || !planApproved || head === null) return;
  draft.emit({ type: "workflow.started" });
}

function openNextStage(draft: Draft): void {
  const { state } = draft;
  if (state.startedAt === undefined || state.head === null || state.integrations.length > 0) return;
  if (state.sync !== undefined) return;
  if (state.questions.some((q) => q.kind === "checkpoint" || q.kind === "phase-gate" || q.kind === "barrier"))
    return;
  const stage = currentStage(state);
  if (state.openings[stage] !== undefined || stageDeliverables(state, stage).length === 0) return;
  const id = state.plan.stages[stage]?.id ?? "synthesis";
  if (isBlockedByPerson(state, id)) return;
  openStage(draft, stage, state.head);
}

function releaseDeliverables(draft: Draft): void {
  const stage = currentStage(draft.state);
  if (draft.state.openings[stage] === undefined) return;
  for (const deliverable of stageDeliverables(draft.state, stage)) {
    if (deliverable.step === "blocked" && mayStart(draft, deliverable)) draft.move(deliverable.id, "ready");
  }
}

function mayStart(draft: Draft, deliverable: DeliverableState): boolean {
  const planned = requirePlanned(draft.state, deliverable.id);
  if (isBlockedByPerson(draft.state, deliverable.id)) return false;
  return planned.after.every((id) => isFinished(requireDeliverable(draft.state, id)));
}

/** As many deliverables are worked on as there are agent places; those that wait for a person hold none. */
function fillPlaces(draft: Draft): void {
  const active = Object.values(draft.state.deliverables).filter(isActive).length;
  if (draft.state.windingDown === true) return;
  const places = draft.state.plan.settings.limits.parallel - active;
  const ready = draft.state.plan.deliverables
    .map((d) => requireDeliverable(draft.state, d.id))
    .filter((d) => d.step === "ready");
  for (const deliverable of ready.slice(0, Math.max(0, places))) startAttempt(draft, deliverable);
}

/** A fresh branch and worktree: first attempts start from the phase's opening commit, dependent and repeated ones from today's tip (design §8, §11 no. 4). */
function startAttempt(draft: Draft, deliverable: DeliverableState): void {
  const planned = requirePlanned(draft.state, deliverable.id);
  const opening = draft.state.openings[planned.stage];
  const fresh = deliverable.attempt === 0 && planned.after.length === 0;
  const attempt = deliverable.attempt + 1;
  const tip = fresh ? opening : (draft.state.head ?? opening);
  const base = adoptionOf(draft.state, deliverable, attempt)?.base ?? tip;
  if (base === undefined || base === null) return;
  const branch = `${draft.state.plan.layout.branchPrefix}/${deliverable.id}.${draft.state.epoch}.${attempt}`;
  draft.emit({ type: "deliverable.attempted", subject: deliverable.id, attempt, branch, base });
  draft.move(deliverable.id, "provision");
}

function closeCurrentStage(draft: Draft): void {
  const { state } = draft;
  const stage = state.plan.stages[currentStage(state)];
  if (stage === undefined || state.openings[stage.index] === undefined || state.integrations.length > 0)
    return;
  if (!stageDeliverables(state, stage.index).every(isFinished)) return;
  closeStage(draft, stage);
}

const HUNGRY: ReadonlySet<Step> = new Set(["create", "critique", "judge"]);

/** Money or sessions are used up and nothing that counts towards the limit runs any more: the work is kept and a person decides (P5). */
function stopAtLimits(draft: Draft): void {
  if (draft.state.windingDown === true) return;
  for (const { id, step } of Object.values(draft.state.deliverables)) {
    if (!HUNGRY.has(step) || draft.state.status !== "ACTIVE") continue;
    const limit = exhaustedLimit(draft.state, requirePlanned(draft.state, id));
    if (sessionsExhausted(draft.state) || limit?.subject === "workflow") pauseAtLimit(draft, id, limit);
    else if (limit !== null) askAtLimit(draft, limit, id);
  }
}

function pauseAtLimit(draft: Draft, hungry: string, limit: MoneyLimit | null): void {
  if (runningSessions(draft.state).length > 0) return;
  const reason = sessionsExhausted(draft.state)
    ? `The limit of ${draft.state.spend.sessions} sessions is reached`
    : `The money limit is reached: ${spentWords(limit)}`;
  pause(draft, `${reason}; ${hungry} waits`, "limit", ["add", "finish", "stop"]);
}

/** A person said to finish what runs, and that has ended: now only a new limit, or the end, is left to decide. */
function restWhenFinished(draft: Draft): void {
  const { state } = draft;
  if (state.windingDown !== true || Object.values(state.deliverables).some((one) => endsByItself(state, one)))
    return;
  // Approved work may still wait for its order.
  if (runningSessions(state).length > 0 || state.integrations.length > 0 || mergeCandidates(state).length > 0)
    return;
  pause(draft, "What ran at the limit has ended, and nothing new starts", "limit", ["add", "stop"]);
}

/** A limit of a stage or deliverable concerns nothing else, which goes on. */
function askAtLimit(draft: Draft, limit: MoneyLimit, hungry: string): void {
  const { subject } = limit;
  if (limit.held > 0 || openQuestion(draft.state, subject) !== undefined) return;
  const reason = `The money limit of ${subject} is reached: ${spentWords(limit)}`;
  if (subject !== hungry)
    return draft.askBlocking("limit", subject, `${reason}; ${hungry} waits`, ["add", "stop"]);
  const { step } = requireDeliverable(draft.state, hungry);
  // Whoever waits for a person holds no agent place.
  draft.move(hungry, "waiting");
  const extra = step === "create" || step === "critique" || step === "judge" ? { continues: step } : {};
  draft.askBlocking("limit", hungry, reason, ["add", "skip", "stop"], extra);
}

function spentWords(limit: MoneyLimit | null): string {
  return limit === null ? "--" : `${limit.spent.toFixed(2)} of ${limit.usd.toFixed(2)} USD spent`;
}
