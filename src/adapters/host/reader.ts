/** What can be known of sessions from their files alone, by any process. */
import { setMaxListeners } from "node:events";
import { SignalboxError } from "../../core/errors.ts";
import type { SessionOutcome } from "../../core/workflow/outcome.ts";
import type { SessionHost, SessionStatus } from "../../ports/session-host.ts";
import { createEndLook } from "./end-look.ts";
import { followEvents, onlyEvents } from "./follow-events.ts";
import { sessionFolder } from "./paths.ts";
import { type HostRecord, loadEvents, loadHostRecord, loadResult } from "./session-files.ts";
import { settleDead } from "./settle.ts";
import { type FolderWatch, watchFolder } from "./watch-folder.ts";

/** How long a dead host can stay unnoticed. */
const LOOK_EVERY_MS = 500;

export type SessionReader = Pick<SessionHost, "outcome" | "status" | "events" | "follow">;

/** `isHosted` says whether the host of a record still runs (and so will write the result). */
export function createSessionReader(
  commonDir: string,
  isHosted: (record: HostRecord) => boolean,
): SessionReader {
  const folderOf = (workflow: string, id: string): string => sessionFolder(commonDir, workflow, id);
  return {
    outcome: (workflow, id, signal) => waitForOutcome(folderOf(workflow, id), id, isHosted, signal),
    status: (workflow, id) => loadStatus(folderOf(workflow, id), isHosted),
    events: (workflow, id) => loadEvents(folderOf(workflow, id)),
    follow: (workflow, id, signal) => followEvents(folderOf(workflow, id), isHosted, signal),
  };
}

async function waitForOutcome(
  folder: string,
  id: string,
  isHosted: (record: HostRecord) => boolean,
  signal: AbortSignal,
): Promise<SessionOutcome> {
  setMaxListeners(0, signal); // one signal of the engine serves every session that it waits for
  signal.throwIfAborted();
  const watch = watchFolder(folder);
  const look = createEndLook(folder);
  try {
    for (let told = true; ; ) {
      const { result, record } = await look(told);
      if (result !== null) return result;
      if (record === null)
        throw new SignalboxError("internal", "session-unknown", `session ${id} was never started`);
      if (!isHosted(record)) return await settleDead(folder, (await loadHostRecord(folder)) ?? record);
      told = await moreThanEvents(watch, signal);
      signal.throwIfAborted();
    }
  } finally {
    watch.close();
  }
}

/** Waits for a change that may be its end; a talking agent writes events many times a second. False when none was told for long. */
async function moreThanEvents(watch: FolderWatch, signal: AbortSignal): Promise<boolean> {
  for (;;) {
    const changed = await watch.changed(LOOK_EVERY_MS, signal);
    if (!onlyEvents(changed)) return changed !== null;
  }
}

/** A session whose host died counts as ended: `outcome` says how. */
async function loadStatus(folder: string, isHosted: (record: HostRecord) => boolean): Promise<SessionStatus> {
  const [record, result] = [await loadHostRecord(folder), await loadResult(folder)];
  if (record === null) return { state: result === null ? "unknown" : "ended" };
  const ended = result !== null || !isHosted(record);
  const events = await loadEvents(folder);
  const started = events.findLast((event) => event.type === "started");
  const pid = started?.type === "started" ? started.pid : undefined;
  const lastEventAt = events.at(-1)?.at;
  return {
    state: ended ? "ended" : "running",
    ...(pid === undefined ? {} : { pid }),
    ...(lastEventAt === undefined ? {} : { lastEventAt }),
  };
}
