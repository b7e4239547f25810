/** Whether a workflow that was just resumed really goes on, for commands that do not stay to see it. */
import type { CoordinatorClient } from "../../adapters/coordinator/client.ts";
import type { WorkflowEvent } from "../../core/workflow/event.ts";
import { evolve } from "../../core/workflow/evolve.ts";
import { nextEffects } from "../../core/workflow/next-effects.ts";
import { hasEnded } from "../../core/workflow/queries.ts";
import type { WorkflowState } from "../../core/workflow/state.ts";
import { standsStill } from "../board/standstill.ts";
import { EXIT, exitCodeOfQuestion } from "../output/exit-code.ts";
import { Wakeup } from "./wakeup.ts";

/** An agent that cannot start, as without a login, says so within this time. */
const PROOF_MS = 8000;

/**
 * State once it is clear: an agent has done work, or nothing has to be started, or it stands still again, or `limitMs` have
 * passed. Subscribes `client`.
 */
export async function seenGoingOn(
  client: CoordinatorClient,
  workflow: string,
  limitMs = PROOF_MS,
): Promise<WorkflowState> {
  const wakeup = new Wakeup();
  let state: WorkflowState | undefined;
  let proven = false;
  const limit = setTimeout(() => {
    proven = true;
    wakeup.wake();
  }, limitMs);
  try {
    state = await client.subscribe(workflow, ({ events }) => {
      proven ||= events.some(isWork);
      state = events.reduce<WorkflowState | undefined>(
        (before, event) => (before === undefined ? before : evolve(before, event)),
        state,
      );
      wakeup.wake();
    });
    while (!proven && startsSomething(state) && !isStuck(state)) await wakeup.next();
    return state;
  } finally {
    clearTimeout(limit);
  }
}

/** Exit code for a workflow that cannot go on without a login or a higher limit; 0 for everything else. */
export function exitCodeOfResumed(state: WorkflowState): number {
  const codes: readonly number[] = state.questions.map(exitCodeOfQuestion);
  return [EXIT.auth, EXIT.limit].find((code) => codes.includes(code)) ?? EXIT.done;
}

function isWork(event: WorkflowEvent): boolean {
  return event.type === "session.ended" && event.outcome.kind === "ok";
}

/** Checks and merges need nobody's login, and what waits for its time is not started now. */
function startsSomething(state: WorkflowState): boolean {
  return nextEffects(state).some(({ kind }) => kind === "session" || kind === "provision");
}

function isStuck(state: WorkflowState): boolean {
  return hasEnded(state) || standsStill(state) || exitCodeOfResumed(state) !== EXIT.done;
}
