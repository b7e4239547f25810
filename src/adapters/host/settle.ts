/** What is recorded for a session whose host died before it could: the agent's processes are ended first. */
import { mkdir } from "node:fs/promises";
import type { SessionEnd, SessionOutcome, SessionUsage } from "../../core/workflow/outcome.ts";
import { type RecoveredCost, recoverCost } from "../agents/claude-transcript.ts";
import { removeAbandoned } from "../fs/left-files.ts";
import { endTree } from "../process/tree.ts";
import {
  type HostRecord,
  loadEvents,
  loadHostRecord,
  loadResult,
  loadSpec,
  settleResult,
} from "./session-files.ts";
import { NOTHING_KNOWN, type Spent, spentOf } from "./spent.ts";

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
  const usage = await usageOf(folder, record);
  const chosen = (await loadEvents(folder)).findLast((event) => event.type === "conversation");
  return settleResult(folder, {
    sessionId: chosen?.type === "conversation" ? chosen.id : record.conversation,
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

/** Where the agent could not say what it cost, the program's own file may tell, else what it said of tokens on the way. */
async function usageOf(
  folder: string,
  { acceptedAt, agentFolder, conversation }: HostRecord,
): Promise<SessionUsage> {
  const events = await loadEvents(folder);
  const lastAt = events.at(-1)?.at ?? acceptedAt;
  const durationMs = Math.max(0, Date.parse(lastAt) - Date.parse(acceptedAt)) || 0;
  const last = events.findLast((event) => event.type === "usage");
  const told = last?.type === "usage" ? spentOf(last) : NOTHING_KNOWN;
  if (told.costUsd !== null) return { ...told, durationMs };
  const spec = await loadSpec(folder);
  const found =
    spec === null || agentFolder === undefined || spec.forkOf !== undefined
      ? null
      : await recoverCost(agentFolder, { ...spec, conversation });
  const guess = last?.type === "usage" ? (last.estimateUsd ?? 0) : 0;
  return { ...killedSpent(told.turns, guess, found), durationMs };
}

/** The larger of both: neither has seen everything. Null where nothing was seen; what counts then is for the core to say. */
function killedSpent(turns: number, guess: number, found: RecoveredCost | null): Spent {
  if (found !== null && found.costUsd > 0 && found.costUsd >= guess) {
    const { costUsd, estimatedUsd } = found;
    const known = { costUsd, turns: Math.max(turns, found.turns) };
    return estimatedUsd === 0 ? known : { ...known, estimatedUsd };
  }
  return guess === 0 ? { costUsd: null, turns } : { costUsd: guess, turns, estimatedUsd: guess };
}
