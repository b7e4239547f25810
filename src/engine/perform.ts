/** Effect kind → port calls, exhaustive. The answer is the command that tells the core how it ended; null = nothing to tell. */
import type { Effect } from "../core/workflow/effect.ts";
import type { EngineDependencies } from "./dependencies.ts";
import type { Flight, PerformedOutcome } from "./flight.ts";
import { performDeliver } from "./perform-deliver.ts";
import { performIntegrate } from "./perform-integrate.ts";
import { performJoin } from "./perform-join.ts";
import { performOrder } from "./perform-order.ts";
import { performSession, performStop } from "./perform-session.ts";
import { performChecks, performCleanup, performCommit, performProvision } from "./perform-work.ts";

export function perform(deps: EngineDependencies, flight: Flight): Promise<PerformedOutcome | null> {
  const { effect } = flight;
  switch (effect.kind) {
    case "provision":
      return performProvision(deps, { ...flight, effect });
    case "join":
      return performJoin(deps, { ...flight, effect });
    case "session":
      return performSession(deps, { ...flight, effect });
    case "commit":
      return performCommit(deps, { ...flight, effect });
    case "checks":
      return performChecks(deps, { ...flight, effect });
    case "integrate":
      return performIntegrate(deps, { ...flight, effect });
    case "stop":
      return performStop(deps, { ...flight, effect });
    case "deliver":
      return performDeliver(deps, { ...flight, effect });
    case "order":
      return performOrder(deps, { ...flight, effect });
    case "timer":
      return performTimer(deps, { ...flight, effect });
    case "cleanup":
      return performCleanup(deps, { ...flight, effect });
    default:
      return effect satisfies never;
  }
}

async function performTimer(
  deps: EngineDependencies,
  { effect, signal }: Flight<Extract<Effect, { kind: "timer" }>>,
): Promise<PerformedOutcome | null> {
  await deps.clock.wait(effect.at, signal);
  if (signal.aborted) return null;
  const now = deps.clock.now();
  // A clock that was set back must not leave the core waiting for a wake-up that has come.
  return { command: { type: "woken", effect: effect.id }, at: [now, effect.at].toSorted().at(-1) ?? now };
}
