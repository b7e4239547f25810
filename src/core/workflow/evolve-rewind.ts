/** How going back changes the state. */
import type { DeliverableState } from "./deliverable.ts";
import type { WorkflowEvent } from "./event.ts";
import { withAbandoned } from "./evolve-deliverable.ts";
import { initialBarrier, initialDeliverable, initialPhaseGate } from "./initial.ts";
import { requirePlanned } from "./queries.ts";
import type { WorkflowState } from "./state.ts";

/** Everything from `stage` on starts anew in a new epoch; what it had merged is remembered as superseded (design §4). */
export function onRewound(
  state: WorkflowState,
  event: Extract<WorkflowEvent, { type: "workflow.rewound" }>,
): WorkflowState {
  const reset = (id: string): boolean => requirePlanned(state, id).stage >= event.stage;
  const laterStages = state.plan.stages.filter((s) => s.index >= event.stage).map((s) => s.id);
  const { completedAt: _, landed: __, mergeOrder: ___, suspects: ____, ...open } = withoutPause(state);
  return {
    ...open,
    epoch: event.epoch,
    deliverables: mapRecord(state.deliverables, (d) => (reset(d.id) ? restarted(state, d, event.epoch) : d)),
    barriers: mapRecord(state.barriers, (b) => (laterStages.includes(b.id) ? initialBarrier(b.id) : b)),
    phaseGates: mapRecord(state.phaseGates, (g) => (laterStages.includes(g.id) ? initialPhaseGate(g.id) : g)),
    openings: Object.fromEntries(
      Object.entries(state.openings).filter(([stage]) => Number(stage) < event.stage),
    ),
    checkpoints: state.checkpoints.map((c) => (c.position > event.stage ? { ...c, rolledBack: true } : c)),
    finishApproved: false,
    integrations: [],
    questions: state.questions.filter((q) => q.subject === "plan"),
    blockers: state.blockers.filter((b) => b.question === undefined),
  };
}

function restarted(state: WorkflowState, deliverable: DeliverableState, epoch: number): DeliverableState {
  const fresh = initialDeliverable(requirePlanned(state, deliverable.id), epoch);
  const ref = supersededRef(deliverable);
  return {
    ...fresh,
    ...withAbandoned(deliverable),
    rounds: deliverable.rounds,
    ...(deliverable.comments === undefined ? {} : { comments: deliverable.comments }),
    superseded:
      ref === null ? deliverable.superseded : [...deliverable.superseded, { epoch: deliverable.epoch, ref }],
  };
}

function supersededRef(deliverable: DeliverableState): string | null {
  const commit = deliverable.mergeCommit ?? deliverable.commit;
  if (commit === undefined) return null;
  return deliverable.artifact === undefined ? commit : `${commit}:${deliverable.artifact}`;
}

function mapRecord<T>(record: Readonly<Record<string, T>>, change: (value: T) => T): Record<string, T> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}

/** A workflow that goes on forgets why it was held. */
export function withoutPause(state: WorkflowState): WorkflowState {
  const { pausedReason: _, windingDown: __, ...rest } = state;
  return { ...rest, status: "ACTIVE" };
}
