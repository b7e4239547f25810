/** What is recorded for a session whose host died before it could: the agent's processes are ended first. */
import { mkdir } from "node:fs/promises";
import type { SessionEnd, SessionOutcome } from "../../core/workflow/outcome.ts";
import type { SessionEvent } from "../../ports/session-host.ts";
import { removeAbandoned } from "../fs/left-files.ts";
import { endTree } from "../process/tree.ts";
import { type HostRecord, loadEvents, loadHostRecord, loadResult, settleResult } from "./session-files.ts";

/** Time that an agent without host has to end by itself. */
export const ORPHAN_GRACE_MS = 2_000;

/**
 * Ends what is left of a session and records `end` (default: crashed, retry with backoff) with the usage that its events
 * show, unless a result is recorded already. Only for records whose host is known to be dead.
 */
export async function settleDead(
  folder: string,
  record: HostRecord,
  end?: SessionEnd,
): Promise<SessionOutcome> {
  const earlier = await loadResult(folder);
  if (earlier !== null) return earlier;
  await removeAbandoned(folder);
  const left = await endTree({ leaders: record.processes, marker: record.marker, graceMs: ORPHAN_GRACE_MS });
  const trouble = left.length === 0 ? "" : `; processes that could not be ended: ${left.join(", ")}`;
  const message = `the session host (pid ${record.host.pid}) died while the session ran${trouble}`;
  const usage = usageOf(await loadEvents(folder), record.acceptedAt);
  return settleResult(folder, {
    sessionId: record.conversation,
    usage,
    ...(end ?? { kind: "crashed", message, retry: "backoff" }),
  });
}

/**
 * Records a stop for a session that no living host has: cancelled, after its processes are ended. One that was never
 * started is recorded too, so that `outcome` answers and a start that comes late does nothing.
 */
export async function settleUnhosted(
  folder: string,
  isHosted: (record: HostRecord) => boolean,
  reason: string,
): Promise<void> {
  const record = await loadHostRecord(folder);
  if (record !== null) {
    if (!isHosted(record)) await settleDead(folder, record, { kind: "cancelled", reason });
    return;
  }
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const usage = { costUsd: 0, turns: 0, durationMs: 0 };
  await settleResult(folder, { sessionId: "", usage, kind: "cancelled", reason });
}

function usageOf(events: readonly SessionEvent[], acceptedAt: string): SessionOutcome["usage"] {
  const usage = events.findLast((event) => event.type === "usage");
  const known =
    usage?.type === "usage" ? { costUsd: usage.costUsd, turns: usage.turns } : { costUsd: null, turns: 0 };
  const lastAt = events.at(-1)?.at ?? acceptedAt;
  return { ...known, durationMs: Math.max(0, Date.parse(lastAt) - Date.parse(acceptedAt)) || 0 };
}
