/** Subject of the checks that run on the base, once per workflow. */
export const BASE_SUBJECT = "base";

/** Ids of effects: the same work has the same id, over crashes and replays (design §2). */
import type { DeliverableState } from "./deliverable.ts";
import type { WorkflowState } from "./state.ts";

export function effectId(state: WorkflowState, subject: string, attempt: number, kind: string): string {
  return `${state.id}/${state.epoch}/${subject}/${attempt}/${kind}`;
}

/** Id of something done for the present attempt of a deliverable. */
export function deliverableEffectId(
  state: WorkflowState,
  deliverable: DeliverableState,
  kind: string,
): string {
  return effectId(state, deliverable.id, deliverable.attempt, kind);
}

/**
 * Sessions are tried again under a new id: `.t<n>`. One that is still running keeps its id, so that asking again attaches.
 */
export function sessionTryId(state: WorkflowState, base: string): string {
  const tries = Object.values(state.sessions).filter((s) => s.id.startsWith(`${base}.t`));
  const running = tries.find((s) => s.status === "DISPATCHED");
  return running?.id ?? `${base}.t${tries.length + 1}`;
}
