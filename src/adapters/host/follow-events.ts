/** The events of one session as they are written, read from its file by any process. */
import { setMaxListeners } from "node:events";
import { mkdir, open } from "node:fs/promises";
import type { SessionEvent } from "../../ports/session-host.ts";
import { eventsPath, type HostRecord, loadHostRecord, loadResult, parseEvent } from "./session-files.ts";
import { watchFolder } from "./watch-folder.ts";

/** How long a line can stay unnoticed where the system does not tell. */
const LOOK_EVERY_MS = 500;
const CHUNK = 256 * 1024;

/** See `SessionHost.follow`. `isHosted` says whether the host of a record still runs. */
export async function* followEvents(
  folder: string,
  isHosted: (record: HostRecord) => boolean,
  signal: AbortSignal,
): AsyncGenerator<SessionEvent> {
  setMaxListeners(0, signal); // one signal of the engine serves every session that it follows
  await mkdir(folder, { recursive: true, mode: 0o700 }); // so that its start is seen
  const watch = watchFolder(folder);
  const tail = createTail(eventsPath(folder));
  try {
    while (!signal.aborted) {
      // Asked before reading: what was written before the end is read after it.
      const ended = await hasEnded(folder, isHosted);
      for (const line of await tail.lines()) yield* parseEvent(line);
      if (ended) return;
      await watch.changed(LOOK_EVERY_MS, signal);
    }
  } finally {
    watch.close();
  }
}

/** A session that nobody has accepted yet has not ended. */
async function hasEnded(folder: string, isHosted: (record: HostRecord) => boolean): Promise<boolean> {
  if ((await loadResult(folder)) !== null) return true;
  const record = await loadHostRecord(folder);
  return record !== null && !isHosted(record);
}

/** Whole lines of a growing file, each once; a file that is not there has none. */
function createTail(path: string): { lines(): Promise<readonly string[]> } {
  let offset = 0;
  let rest: Buffer = Buffer.alloc(0);
  return {
    lines: async () => {
      const file = await open(path, "r").catch(() => null);
      if (file === null) return [];
      try {
        for (;;) {
          const { bytesRead, buffer } = await file.read(Buffer.alloc(CHUNK), 0, CHUNK, offset);
          if (bytesRead === 0) break;
          offset += bytesRead;
          rest = Buffer.concat([rest, buffer.subarray(0, bytesRead)]);
        }
      } finally {
        await file.close();
      }
      const end = rest.lastIndexOf(10) + 1;
      const lines = rest.subarray(0, end).toString("utf8").split("\n").slice(0, -1);
      rest = rest.subarray(end);
      return lines;
    },
  };
}
