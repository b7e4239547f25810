/**
 * Journals as files: `<common dir>/signalbox/<workflow>/journal.jsonl`, with the lease beside it.
 *
 * Owns: the file, its lease files, the folder of the workflow. Does not own: what the events mean.
 * Invariant J4: nothing is acknowledged before it is synced and the lease was seen to be the newest *after* the write.
 *   A new holder reads the file after it took the lease, so whatever it does not read was never acknowledged.
 */
import { closeSync, fstatSync, ftruncateSync, openSync, readSync } from "node:fs";
import { mkdir, readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { SignalboxError } from "../../core/errors.ts";
import type {
  AppendResult,
  Journal,
  JournalEntry,
  JournalStore,
  Lease,
  LeaseHolder,
} from "../../ports/journal.ts";
import { type AppendFile, type AppendState, openAppendFile } from "../fs/append-file.ts";
import { isMissing, readFileIfThere } from "../fs/read-file.ts";
import { syncFolder } from "../fs/replace-file.ts";
import { type FileLease, leaseHolder, newestGeneration, takeLease } from "./lease.ts";
import { encodeLine, LINE_FORMAT, type LineFormat } from "./line.ts";
import { type Scan, scanJournal } from "./scan.ts";

export interface JournalStoreOptions {
  /** Line version and upcasts; default the current ones. */
  readonly format?: LineFormat;
}

/** The port, and who holds a workflow now (for views). */
export interface FileJournalStore extends JournalStore {
  /** Living holder of the lease; null when nobody holds it. */
  holder(workflow: string): Promise<LeaseHolder | null>;
}

class Fenced extends Error {}

/** All journals below a git common dir. Touches nothing until it is used. */
export function openJournalStore(commonDir: string, options: JournalStoreOptions = {}): FileJournalStore {
  const root = join(commonDir, "signalbox");
  const format = options.format ?? LINE_FORMAT;
  const leases = new WeakMap<Lease, FileLease>();
  const folder = (workflow: string): string => join(root, requireName(workflow));
  const file = (workflow: string): string => join(folder(workflow), "journal.jsonl");

  return {
    folder,
    list: () => listJournals(root),
    holder: (workflow) => leaseHolder(folder(workflow)),
    load: async (workflow) => (await loadScan(file(workflow), format)).entries,
    acquire: async (workflow, { steal = false } = {}) => {
      await makeFolder(folder(workflow));
      const above = await writtenGeneration(folder(workflow), file(workflow), format);
      const taken = await takeLease(folder(workflow), { steal, above });
      if (!taken.ok) return taken;
      const lease: Lease = { holder: taken.lease.holder, release: () => taken.lease.release() };
      leases.set(lease, taken.lease);
      return { ok: true, lease };
    },
    open: async (workflow, lease) => {
      const held = leases.get(lease);
      if (held === undefined || !held.isNewest()) throw leaseLost(workflow, lease);
      return openJournal(file(workflow), workflow, held, format);
    },
  };
}

async function openJournal(
  path: string,
  workflow: string,
  lease: FileLease,
  format: LineFormat,
): Promise<Journal> {
  const found = await loadScan(path, format);
  cutTornTail(path, found.soundSize, lease);
  const file = await openAppendFile(path, {
    before: (state) => requireOurs(path, lease, state),
    after: () => {
      if (!lease.isNewest()) throw new Fenced();
    },
  });
  await syncFolder(dirname(path));
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
  const size = fstatSync(state.fd).size;
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

/** A folder whose name survives a power cut. */
async function makeFolder(path: string): Promise<void> {
  const made = await mkdir(path, { recursive: true });
  if (made === undefined) return;
  await syncFolder(dirname(path));
  await syncFolder(dirname(dirname(path)));
}

async function loadScan(path: string, format: LineFormat): Promise<Scan> {
  const bytes = await readFileIfThere(path);
  return scanJournal(bytes ?? Buffer.alloc(0), path, format);
}

/** Generation to stay above when the lease files were lost: entries of a lower one would be taken for late writes. */
async function writtenGeneration(folder: string, path: string, format: LineFormat): Promise<number> {
  if ((await newestGeneration(folder)) > 0) return 0;
  return (await loadScan(path, format)).generation;
}

async function listJournals(root: string): Promise<readonly string[]> {
  const names = await readdir(root).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw error;
  });
  const found = await Promise.all(
    names.map(async (name) => (name.startsWith(".") ? [] : await readdir(join(root, name)).catch(() => []))),
  );
  return names.filter((_, index) => found[index]?.includes("journal.jsonl")).sort();
}

function requireName(workflow: string): string {
  if (/^[A-Za-z0-9_][A-Za-z0-9_.-]*$/.test(workflow)) return workflow;
  throw new SignalboxError("internal", "bad-workflow-id", `"${workflow}" cannot be the name of a folder`);
}

function leaseLost(workflow: string, lease: Lease): SignalboxError {
  return new SignalboxError(
    "lease",
    "lease-lost",
    `lease ${lease.holder.generation} of ${workflow} is not held any more`,
    [`To see who holds it now, run: signalbox status ${workflow}`],
  );
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
