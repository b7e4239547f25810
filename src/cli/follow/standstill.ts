import { nextEffects } from "../../core/workflow/next-effects.ts";
import type { WorkflowState } from "../../core/workflow/state.ts";
import { runs } from "../board/board.ts";

/** True when nothing more happens without a person: ended, paused, asked, or blocked, and nothing under way. */
export function standsStill(state: WorkflowState): boolean {
  return !runs(state) && nextEffects(state).length === 0;
}
