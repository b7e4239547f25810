/** Brings a person's message into a running session. */
import type { DeliverEffect } from "../core/workflow/effect.ts";
import type { Delivery } from "../ports/session-host.ts";
import type { EngineDependencies } from "./dependencies.ts";
import type { Flight, PerformedOutcome } from "./flight.ts";

const PROBLEMS: Readonly<Record<Exclude<Delivery, "delivered" | "not-started">, string>> = {
  ended: "the session has ended",
  closed: "the question is answered or its time is over",
  deaf: "this agent hears nothing while it runs",
};

/** A session that is journalled but not accepted by its host yet is waited for, unless it is known to have ended. */
const AGAIN_MS = 200;

export async function performDeliver(
  deps: EngineDependencies,
  { effect, signal, state }: Flight<DeliverEffect>,
): Promise<PerformedOutcome | null> {
  while (!signal.aborted) {
    const isOver = state().sessions[effect.message.session]?.status !== "DISPATCHED";
    const answer = await deps.host.deliver(state().id, effect.message);
    const delivery = answer === "not-started" && isOver ? "ended" : answer;
    if (delivery !== "not-started") {
      const problem = delivery === "delivered" ? null : PROBLEMS[delivery];
      return { command: { type: "delivered", effect: effect.id, problem } };
    }
    await deps.clock.pause(AGAIN_MS, signal);
  }
  return null;
}
