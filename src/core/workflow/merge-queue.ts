/**
 * Which approved work is queued for its merge, and in which order.
 *
 * A slot that writes only its own artifact stands in nobody's way: plan order, once every earlier one of the stage is decided (design
 * §8). Slots that may change the same files wait until all of these are decided, because only then the order of fewest conflicts is
 * known (domain §20, decision 0026); it is asked for again on each new tip. With `finish.per: slot` nobody waits for anybody.
 */
import { nextBatch } from "../merging/batch.ts";
import { isCurrent, type MergeCandidate } from "../merging/order.ts";
import { sharesFiles } from "../merging/shares-files.ts";
import type { DeliverableState, Step } from "./deliverable.ts";
import type { Draft } from "./draft.ts";
import {
  currentStage,
  isActive,
  isFinished,
  requirePlanned,
  runningSessions,
  stageDeliverables,
} from "./queries.ts";
import type { WorkflowState } from "./state.ts";

interface Due {
  /** Their order is that of the plan. */
  readonly inOrder: readonly DeliverableState[];
  /** Their order is chosen. */
  readonly choice: readonly DeliverableState[];
}

/** Rule of `advance`. */
export function queueMerges(draft: Draft): void {
  const { inOrder } = dueMerges(draft.state);
  for (const { id, approval } of inOrder) {
    if (approval !== undefined && !isQueued(draft.state, id))
      draft.queue({ type: "merge", subject: id, commit: approval.commit });
  }
  queueChosen(draft);
}

/** One change of the branch at a time: the tip it leads to decides what is best after it. */
function queueChosen(draft: Draft): void {
  const { state } = draft;
  if (state.integrations.some(({ type }) => type === "merge")) return;
  const [first, ...more] = chosen(state);
  if (first === undefined) return;
  draft.queue({ type: "merge", ...first, ...(more.length === 0 ? {} : { together: more }) });
}

function chosen(state: WorkflowState): readonly MergeCandidate[] {
  const candidates = mergeCandidates(state);
  if (candidates.length < 2 || state.head === null) return candidates;
  const { mergeOrder } = state;
  if (mergeOrder === undefined || !isCurrent(mergeOrder, state.head, candidates)) return [];
  const order = mergeOrder.candidates.map(({ subject, commit }) => ({ subject, commit }));
  const batch = nextBatch(
    order.map(({ subject }) => subject),
    state.plan.merge?.batch ?? 1,
    state.suspects ?? [],
  );
  return order.filter(({ subject }) => batch.includes(subject));
}

/** Approved work whose order is to be chosen now, in plan order. */
export function mergeCandidates(state: WorkflowState): readonly MergeCandidate[] {
  return dueMerges(state).choice.flatMap(({ id, approval }) =>
    approval === undefined || isQueued(state, id) ? [] : [{ subject: id, commit: approval.commit }],
  );
}

function dueMerges(state: WorkflowState): Due {
  const members = stageDeliverables(state, currentStage(state));
  const waits = members.filter(({ step }) => step === "merge");
  const free = waits.filter(({ id }) => sharesFiles(requirePlanned(state, id)));
  const inOrder = waits.filter((one) => !free.includes(one) && isNext(state, members, one));
  if (state.plan.finish.per === "slot") return { inOrder, choice: free };
  const open = members.some((one) => isUndecided(state, one) && sharesFiles(requirePlanned(state, one.id)));
  return { inOrder, choice: open ? free.filter(({ id }) => isNeeded(state, members, id)) : free };
}

/** Every earlier one is decided; a waiting one counts as decided (design §8). */
function isNext(state: WorkflowState, members: readonly DeliverableState[], one: DeliverableState): boolean {
  const before = members.slice(0, members.indexOf(one));
  return state.plan.finish.per === "slot" || !before.some((earlier) => isUndecided(state, earlier));
}

/** After `finish` at a limit no agent starts: what needs one would keep from the branch what is approved. */
function isUndecided(state: WorkflowState, deliverable: DeliverableState): boolean {
  if (state.windingDown === true && !endsByItself(state, deliverable)) return false;
  return isActive(deliverable) || deliverable.step === "ready";
}

/** True where its step needs no agent, or one that runs already. */
export function endsByItself(state: WorkflowState, { id, step }: DeliverableState): boolean {
  return WITHOUT_AGENT.has(step) || runningSessions(state).some(({ subject }) => subject === id);
}

const WITHOUT_AGENT: ReadonlySet<Step> = new Set(["provision", "commit", "checks"]);

/** Another one cannot begin before it is merged. */
function isNeeded(state: WorkflowState, members: readonly DeliverableState[], id: string): boolean {
  return members.some((one) => !isFinished(one) && requirePlanned(state, one.id).after.includes(id));
}

function isQueued({ integrations }: WorkflowState, id: string): boolean {
  return integrations.some(
    (one) =>
      one.type === "merge" &&
      (one.subject === id || (one.together ?? []).some(({ subject }) => subject === id)),
  );
}
