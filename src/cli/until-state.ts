/** Waits for a workflow to come to a point. */
import type { CoordinatorClient } from "../adapters/coordinator/client.ts";
import { evolve } from "../core/workflow/evolve.ts";
import type { WorkflowState } from "../core/workflow/state.ts";

/** The first state for which `holds` is true, from the present one on; null when the coordinator ends before. */
export async function untilState(
  client: CoordinatorClient,
  workflow: string,
  holds: (state: WorkflowState) => boolean,
): Promise<WorkflowState | null> {
  return new Promise((resolve, reject) => {
    let now: WorkflowState | null = null;
    const look = (): void => (now !== null && holds(now) ? resolve(now) : undefined);
    client
      .subscribe(workflow, ({ events }) => {
        now = events.reduce<WorkflowState | null>((state, event) => evolve(state, event), now);
        look();
      })
      .then((state) => {
        now = state;
        look();
      }, reject);
    void client.closed.then(() => resolve(null));
  });
}
