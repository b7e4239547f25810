/** The events of one session as they are written, read from its file by any process. */
import { setMaxListeners } from "node:events";
import { type FileHandle, mkdir, open } from "node:fs/promises";
import type { SessionEvent } from "../../ports/session-host.ts";
import { createEndLook, type Sight } from "./end-look.ts";
import { EVENTS, eventsPath, type HostRecord, parseEvent } from "./session-files.ts";
import { watchFolder } from "./watch-folder.ts";

/** How long a line can stay unnoticed where the system does not tell. Who waits for the end looks more often. */
const LOOK_EVERY_MS = 2_000;
const CHUNK = 64 * 1024;

/** See `SessionHost.follow`. `isHosted` says whether the host of a record still runs. */
export async function* followEvents(
  folder: string,
  isHosted: (record: HostRecord) => boolean,
  signal: AbortSignal,
): AsyncGenerator<SessionEvent> {
  setMaxListeners(0, signal); // one signal of the engine serves every session that it follows
  await mkdir(folder, { recursive: true, mode: 0o700 }); // so that its start is seen
  const watch = watchFolder(folder);
  const look = createEndLook(folder);
  const tail = createTail(eventsPath(folder));
  try {
    for (let changed: ReadonlySet<string> | null = null; !signal.aborted; ) {
      // Asked before reading: what was written before the end is read after it.
      const ended = !onlyEvents(changed) && isOver(await look(changed !== null), isHosted);
      for (const line of await tail.lines()) yield* parseEvent(line);
      if (ended) return;
      changed = await watch.changed(LOOK_EVERY_MS, signal);
    }
  } finally {
    watch.close();
    await tail.close();
  }
}

/** True when nothing but events was written: the session goes on. */
export function onlyEvents(changed: ReadonlySet<string> | null): boolean {
  return changed !== null && [...changed].every((name) => name === EVENTS);
}

/** A session that nobody has accepted yet has not ended. */
function isOver({ result, record }: Sight, isHosted: (record: HostRecord) => boolean): boolean {
  return result !== null || (record !== null && !isHosted(record));
}

interface Tail {
  lines(): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** Whole lines of a growing file, each once; a file that is not there has none. */
function createTail(path: string): Tail {
  const chunk = Buffer.allocUnsafe(CHUNK);
  let file: FileHandle | null = null;
  let offset = 0;
  let rest: Buffer = Buffer.alloc(0);
  const readOn = async (open: FileHandle): Promise<void> => {
    for (;;) {
      const { bytesRead } = await open.read(chunk, 0, CHUNK, offset);
      if (bytesRead === 0) return;
      offset += bytesRead;
      rest = Buffer.concat([rest, chunk.subarray(0, bytesRead)]);
    }
  };
  return {
    lines: async () => {
      file ??= await open(path, "r").catch(() => null);
      if (file === null) return [];
      await readOn(file);
      const end = rest.lastIndexOf(10) + 1;
      const lines = rest.subarray(0, end).toString("utf8").split("\n").slice(0, -1);
      rest = rest.subarray(end);
      return lines;
    },
    close: async () => file?.close(),
  };
}
