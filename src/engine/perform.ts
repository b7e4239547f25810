/** Effect kind → port calls, exhaustive. The answer is the command that tells the core how it ended; null = nothing to tell. */
import type { CommandBody } from "../core/workflow/command.ts";
import type { Effect } from "../core/workflow/effect.ts";
import type { WorkflowState } from "../core/workflow/state.ts";
import type { EngineDependencies } from "./dependencies.ts";
import type { SubmitResult } from "./engine.ts";
import { performIntegrate } from "./perform-integrate.ts";
import { performSession, performStop } from "./perform-session.ts";
import { performChecks, performCleanup, performCommit, performProvision } from "./perform-work.ts";

export interface Flight<E extends Effect = Effect> {
  readonly effect: E;
  /** Aborted when the effect is no longer wanted or the engine closes. */
  readonly signal: AbortSignal;
  /** State now, not as it was when the effect started. */
  readonly state: () => WorkflowState;
  readonly submit: (command: CommandBody) => Promise<SubmitResult>;
}

export interface PerformedOutcome {
  readonly command: CommandBody;
  /** Time to decide with, where documents were rendered for it already. */
  readonly at?: string;
}

export function perform(deps: EngineDependencies, flight: Flight): Promise<PerformedOutcome | null> {
  const { effect } = flight;
  switch (effect.kind) {
    case "provision":
      return performProvision(deps, { ...flight, effect });
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
  return { command: { type: "woken", effect: effect.id }, at: now < effect.at ? effect.at : now };
}
