/** What became of an attempt, by the name of its branch: whether anybody still needs its worktree. */
import type { Instant } from "../vocabulary.ts";
import type { DeliverableState } from "../workflow/deliverable.ts";
import { awaitsLanding, hasEnded, isFinished, runningSessions } from "../workflow/queries.ts";
import type { WorkflowState } from "../workflow/state.ts";

/**
 * `running`: a session is in it. `waiting`: a person is asked about it. `under-way`: the workflow goes on with it.
 * The others are ends: `merged`, `skipped`, `replaced` by a newer attempt or a rewind, `failed`, and `left` where the
 * workflow ended in the middle of it.
 */
export type AttemptStanding =
  | "running"
  | "waiting"
  | "under-way"
  | "merged"
  | "skipped"
  | "replaced"
  | "failed"
  | "left";

export interface AttemptView {
  readonly slot: string;
  readonly epoch: number;
  readonly attempt: number;
  readonly standing: AttemptStanding;
  /** When it came to its end; for the others the last change of the workflow. */
  readonly since: Instant;
}

/** Null for a branch that is no attempt of this workflow's plan, such as the integration branch. */
export function attemptOf(state: WorkflowState, branch: string): AttemptView | null {
  const name = nameOf(state, branch);
  const deliverable = name === null ? undefined : state.deliverables[name.slot];
  if (name === null || deliverable === undefined) return null;
  const standing = standingOf(state, deliverable, name);
  return { ...name, standing, since: sinceOf(state, deliverable, standing) };
}

/** True where nobody needs the worktree any more: not now, and not when the workflow goes on. */
export function isAtEnd(standing: AttemptStanding): boolean {
  return standing !== "running" && standing !== "waiting" && standing !== "under-way";
}

type Name = Pick<AttemptView, "slot" | "epoch" | "attempt">;

/** `<prefix>/<slot>.<epoch>.<attempt>`; a slot may have points in its name. */
function nameOf(state: WorkflowState, branch: string): Name | null {
  const prefix = `${state.plan.layout.branchPrefix}/`;
  const parts = branch.startsWith(prefix) ? /^(.+)\.(\d+)\.(\d+)$/.exec(branch.slice(prefix.length)) : null;
  const [, slot, epoch, attempt] = parts ?? [];
  return slot === undefined ? null : { slot, epoch: Number(epoch), attempt: Number(attempt) };
}

function standingOf(state: WorkflowState, deliverable: DeliverableState, name: Name): AttemptStanding {
  if (isOccupied(state, name)) return "running";
  const order = name.epoch - deliverable.epoch || name.attempt - deliverable.attempt;
  if (order < 0) return "replaced";
  if (order > 0) return hasEnded(state) ? "left" : "under-way"; // nothing that is recorded speaks of it
  if (state.questions.some(({ subject }) => subject === name.slot) || awaitsLanding(state, deliverable))
    return "waiting";
  if (isFinished(deliverable)) return deliverable.step === "merged" ? "merged" : "skipped";
  if (!hasEnded(state)) return "under-way";
  return deliverable.step === "failed" ? "failed" : "left";
}

function isOccupied(state: WorkflowState, { slot, epoch, attempt }: Name): boolean {
  return runningSessions(state).some(
    (session) => session.subject === slot && session.epoch === epoch && session.attempt === attempt,
  );
}

function sinceOf(state: WorkflowState, deliverable: DeliverableState, standing: AttemptStanding): Instant {
  const ownEnd = standing === "merged" || standing === "skipped" ? deliverable.completedAt : undefined;
  return ownEnd ?? state.completedAt ?? state.updatedAt;
}
