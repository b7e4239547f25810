/** Folds a journal into the state it describes. */
import type { WorkflowEvent } from "./event.ts";
import { evolve } from "./evolve.ts";
import { createFold } from "./fold.ts";
import type { WorkflowState } from "./state.ts";

/** State after all entries; null for an empty journal. Entries must be in order. */
export function replay(
  entries: readonly { readonly events: readonly WorkflowEvent[] }[],
): WorkflowState | null {
  const fold = createFold();
  let state: WorkflowState | null = null;
  for (const entry of entries) {
    for (const event of entry.events) state = evolve(state, event, fold);
  }
  return state;
}
