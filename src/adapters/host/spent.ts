/** What a session has spent so far, as its `usage` events tell. */
import type { SessionUsage } from "../../core/workflow/outcome.ts";
import type { SessionEvent } from "../../ports/session-host.ts";

export type Spent = Omit<SessionUsage, "durationMs">;

export const NOTHING_KNOWN: Spent = { costUsd: null, turns: 0 };

export function spentOf({ costUsd, estimatedUsd, turns }: Extract<SessionEvent, { type: "usage" }>): Spent {
  return { costUsd, turns, ...(estimatedUsd === undefined ? {} : { estimatedUsd }) };
}
