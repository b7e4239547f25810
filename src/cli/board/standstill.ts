import { nextEffects } from "../../core/workflow/next-effects.ts";
import { isActive, runningSessions } from "../../core/workflow/queries.ts";
import type { WorkflowState } from "../../core/workflow/state.ts";

/** True while machines have something to do: a session, a step or a change of the integration branch. */
export function runs(state: WorkflowState): boolean {
  return (
    state.integrations.length > 0 ||
    runningSessions(state).length > 0 ||
    Object.values(state.deliverables).some(isActive)
  );
}

/**
 * True when nothing more happens without a person: ended, paused, asked, or blocked, and nothing under way. Effects alone
 * tell: a workflow that was paused in the middle of a step has work left and does none of it.
 */
export function standsStill(state: WorkflowState): boolean {
  return nextEffects(state).length === 0;
}
