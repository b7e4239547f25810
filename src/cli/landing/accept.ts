/** Work that no gate could pass (no checks, protected files) is accepted by the person who lands it. */
import type { CoordinatorClient } from "../../adapters/coordinator/client.ts";
import type { WorkflowEvent } from "../../core/workflow/event.ts";
import { evolve } from "../../core/workflow/evolve.ts";
import { isActive, openQuestion, requireDeliverable } from "../../core/workflow/queries.ts";
import type { WorkflowState } from "../../core/workflow/state.ts";
import { confirm } from "../confirm.ts";
import type { Context } from "../context.ts";
import { RejectedError } from "../output/report-error.ts";

/**
 * The state once the slot is merged. A slot that waits as `unverified` or `protect` is approved after the person has confirmed its reason; any
 * other is returned as it is, and landing says why it cannot be landed. Without a terminal nothing is approved.
 */
export async function acceptFirst(
  context: Context,
  client: CoordinatorClient,
  state: WorkflowState,
  slot: string,
): Promise<WorkflowState> {
  const question = openQuestion(state, slot);
  const acceptable = question?.kind === "unverified" || question?.kind === "protect";
  if (question === undefined || !acceptable || !context.canAsk) return state;
  if (!(await confirm(context, `${slot}: ${question.reason}. Accept it and land it?`, false))) return state;
  const { user: by } = context.io;
  const approved = await client.submit(state.id, { type: "approve", subject: slot, by, note: "landed" });
  if (!approved.ok) throw new RejectedError(approved.rejection);
  return merged(client, state.id, slot);
}

/** Resolves when nothing more happens to the slot by itself. */
function merged(client: CoordinatorClient, workflow: string, slot: string): Promise<WorkflowState> {
  return new Promise((resolve, reject) => {
    let state: WorkflowState | null = null;
    const early: WorkflowEvent[] = [];
    const look = (): void => {
      for (const event of early.splice(0)) state = evolve(state, event);
      if (state === null) return;
      const deliverable = requireDeliverable(state, slot);
      if (deliverable.step !== "merge" && !isActive(deliverable)) resolve(state);
    };
    const onPush = (events: readonly WorkflowEvent[]): void => {
      early.push(...events);
      if (state !== null) look();
    };
    client
      .subscribe(workflow, (push) => onPush(push.events))
      .then((first) => {
        state = first;
        look();
      }, reject);
  });
}
