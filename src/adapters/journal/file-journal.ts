/**
 * One open journal file.
 *
 * Invariant J4: nothing is acknowledged before it is synced and the lease was seen to be the newest *after* the write.
 *   A new holder reads the file after it took the lease, so whatever it does not read was never acknowledged.
 */
import { closeSync, fstatSync, ftruncateSync, openSync, readSync } from "node:fs";
import { dirname } from "node:path";
import { SignalboxError } from "../../core/errors.ts";
import type { AppendResult, Journal, JournalEntry } from "../../ports/journal.ts";
import { type AppendFile, type AppendState, openAppendFile } from "../fs/append-file.ts";
import { readFileIfThere } from "../fs/read-file.ts";
import { syncFolder } from "../fs/replace-file.ts";
import type { FileLease } from "./lease.ts";
import { encodeLine, type LineFormat } from "./line.ts";
import { type Scan, scanJournal } from "./scan.ts";

class Fenced extends Error {}

/** Opens the journal at `path` for the holder of `lease`: cuts a torn tail, refuses damage. `workflow` is for messages. */
export async function openJournal(
  path: string,
  workflow: string,
  lease: FileLease,
  format: LineFormat,
): Promise<Journal> {
  const found = await loadScan(path, format);
  cutTornTail(path, found.soundSize, lease);
  // The file is there by now, and nothing can fail any more once it is open for good.
  await syncFolder(dirname(path));
  const file = await openAppendFile(path, {
    before: (state) => requireOurs(path, lease, state),
    after: () => {
      if (!lease.isNewest()) throw new Fenced();
    },
  });
  return createJournal({ path, workflow, lease, format, file, found });
}

interface JournalParts {
  readonly path: string;
  readonly workflow: string;
  readonly lease: FileLease;
  readonly format: LineFormat;
  readonly file: AppendFile;
  readonly found: Scan;
}

interface KnownAppend {
  readonly seq: number;
  /** JSON of the events, only for appends of this life; older ones are compared with the file. */
  readonly text?: string;
  readonly result: Promise<AppendResult>;
}

function createJournal(parts: JournalParts): Journal {
  const { path, lease, format, file } = parts;
  const known = new Map<string, KnownAppend>();
  for (const { appendId, seq } of parts.found.entries)
    known.set(appendId, { seq, result: Promise.resolve({ ok: true, seq }) });
  let head = parts.found.entries.length; // of what was handed to the file
  let acknowledged = head;
  let failure: unknown;
  // The scan of the open is handed to the first read, so that a replay parses the file once.
  let scanned: readonly JournalEntry[] | null = parts.found.entries;

  const refuse = (error: unknown): AppendResult => {
    failure = error;
    if (error instanceof Fenced) return { ok: false, reason: "fenced", head: acknowledged };
    throw writeFailed(path, parts.workflow, error);
  };

  const write = async (entry: JournalEntry): Promise<AppendResult> => {
    try {
      await file.append(encodeLine(entry, format));
    } catch (error) {
      return refuse(error);
    }
    acknowledged = Math.max(acknowledged, entry.seq);
    return { ok: true, seq: entry.seq };
  };

  const read = async (after: number): Promise<readonly JournalEntry[]> => {
    const fresh = scanned !== null && scanned.length === acknowledged;
    const entries = fresh && scanned !== null ? scanned : (await loadScan(path, format)).entries;
    scanned = null;
    return entries.slice(after, acknowledged);
  };

  const append = async (
    expected: number,
    appendId: string,
    events: JournalEntry["events"],
  ): Promise<AppendResult> => {
    const earlier = known.get(appendId);
    if (earlier !== undefined) {
      await requireSame(earlier, appendId, events, read);
      return earlier.result;
    }
    if (failure !== undefined) return refuse(failure);
    if (expected !== head)
      return { ok: false, reason: lease.isNewest() ? "conflict" : "fenced", head: acknowledged };
    head += 1;
    const result = write({ seq: head, generation: lease.holder.generation, appendId, events });
    known.set(appendId, { seq: head, text: JSON.stringify(events), result });
    return result;
  };

  return { append, read, durability: "fsync", close: () => file.close() };
}

async function requireSame(
  earlier: KnownAppend,
  appendId: string,
  events: JournalEntry["events"],
  read: (after: number) => Promise<readonly JournalEntry[]>,
): Promise<void> {
  const stored = earlier.text ?? JSON.stringify((await read(earlier.seq - 1))[0]?.events);
  if (stored === JSON.stringify(events)) return;
  throw new SignalboxError(
    "internal",
    "append-id-reused",
    `append ${appendId} was used before with other events (entry ${earlier.seq})`,
  );
}

/** Before each write: ours, and only whole lines of a fenced writer may have come in between. */
function requireOurs(path: string, lease: FileLease, state: AppendState): void {
  if (!lease.isNewest()) throw new Fenced();
  const { size } = state;
  if (size === state.expectedSize) return;
  if (size > state.expectedSize && endsLine(path, size)) return;
  throw new Error(
    `the file has ${size} bytes where ${state.expectedSize} are due: another program changed it`,
  );
}

function endsLine(path: string, size: number): boolean {
  const fd = openSync(path, "r");
  try {
    const last = Buffer.alloc(1);
    return readSync(fd, last, 0, 1, size - 1) === 1 && last[0] === 10;
  } finally {
    closeSync(fd);
  }
}

/** Check and cut are one synchronous step: a writer that is fenced already must not cut its successor's lines. */
function cutTornTail(path: string, soundSize: number, lease: FileLease): void {
  const fd = openSync(path, "a");
  try {
    if (fstatSync(fd).size > soundSize && lease.isNewest()) ftruncateSync(fd, soundSize);
  } finally {
    closeSync(fd);
  }
}

/** Reads and checks the whole file; an empty one when it does not exist. */
export async function loadScan(path: string, format: LineFormat): Promise<Scan> {
  const bytes = await readFileIfThere(path);
  return scanJournal(bytes ?? Buffer.alloc(0), path, format);
}

function writeFailed(path: string, workflow: string, cause: unknown): SignalboxError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new SignalboxError(
    "environment",
    "journal-write-failed",
    `${path} could not be written: ${why}`,
    [
      `Nothing was acted on. When the cause is gone (a full disk: df -h ${path}), run: signalbox resume ${workflow}`,
    ],
    cause,
  );
}
