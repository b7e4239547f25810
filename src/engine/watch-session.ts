/** Tells the core what a running session wants from people and what looks wrong in it, from the session's own events. */
import type { SessionCommand } from "../core/workflow/command.ts";
import type { SessionEvent } from "../ports/session-host.ts";
import type { EngineDependencies } from "./dependencies.ts";
import type { Flight } from "./flight.ts";

/**
 * Follows a session to its end, or until the signal aborts. What an earlier coordinator has told already is told again and changes nothing.
 * Never rejects: without it the session still runs to its end.
 */
export async function watchSession(
  deps: EngineDependencies,
  effect: string,
  { signal, state, submit, changed }: Pick<Flight, "signal" | "state" | "submit" | "changed">,
): Promise<void> {
  try {
    for await (const event of deps.host.follow(state().id, effect, signal)) {
      if (event.type === "tool-result" && !event.error) changed();
      const command = commandOf(effect, event);
      if (command !== null) await submit(command);
    }
  } catch (error) {
    if (!signal.aborted) deps.narrate(`${effect}: its events cannot be followed: ${String(error)}`);
  }
}

function commandOf(effect: string, event: SessionEvent): SessionCommand | null {
  switch (event.type) {
    case "asked": {
      const { at: _, type: _type, limitMs: _limit, ...ask } = event;
      return { type: "session-asked", effect, ask };
    }
    case "answered": {
      const reason =
        event.by === null ? `nobody answered in time; it goes on: ${event.text}` : `${event.by} answered`;
      return { type: "session-ask-closed", effect, ask: event.number, reason };
    }
    case "trouble": {
      const { at: _, type: _type, ...trouble } = event;
      return { type: "session-troubled", effect, trouble };
    }
    case "trouble-over":
      return { type: "session-trouble-over", effect, trouble: event.number };
    default:
      return null;
  }
}
