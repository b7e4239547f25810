/** One effect on its way, as the functions that carry effects out see it. */
import type { CommandBody } from "../core/workflow/command.ts";
import type { Effect } from "../core/workflow/effect.ts";
import type { WorkflowState } from "../core/workflow/state.ts";
import type { SubmitResult } from "./updates.ts";

export interface Flight<E extends Effect = Effect> {
  readonly effect: E;
  /** Aborted when the effect is no longer wanted or the engine closes. */
  readonly signal: AbortSignal;
  /** State now, not as it was when the effect started. */
  readonly state: () => WorkflowState;
  /** To be called when files of a session may have changed. */
  readonly changed: () => void;
  readonly submit: (command: CommandBody) => Promise<SubmitResult>;
}

export interface PerformedOutcome {
  readonly command: CommandBody;
  /** Time to decide with, where documents were rendered for it already. */
  readonly at?: string;
}
