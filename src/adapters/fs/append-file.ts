/**
 * Appends to one file in order. Appends that arrive while one is under way go out together as one write and one sync
 * (group commit), so that many small appends cost about one disk flush.
 */
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { mkdir, open } from "node:fs/promises";
import { dirname } from "node:path";

export interface AppendOptions {
  /** fdatasync before an append resolves; default true. */
  readonly sync?: boolean;
  readonly mode?: number;
  /** Runs before each write; what it throws fails the appends of that write. */
  readonly before?: (state: AppendState) => void;
  /** Runs after each write and sync, before the appends resolve; what it throws fails them. */
  readonly after?: () => void;
}

export interface AppendState {
  readonly fd: number;
  /** Where our last write ended: another size means that somebody else wrote or cut. */
  readonly expectedSize: number;
  /** Size of the file now. */
  readonly size: number;
}

export interface AppendFile {
  /** Resolves when the text is written (and synced). After a failure every later append fails with the same error. */
  append(text: string): Promise<void>;
  /** Waits for everything that was appended, then closes; again is the same. */
  close(): Promise<void>;
}

interface Waiting {
  readonly bytes: Buffer;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** Opens `path` for appending, creating it and its folders. */
export async function openAppendFile(path: string, options: AppendOptions = {}): Promise<AppendFile> {
  await mkdir(dirname(path), { recursive: true });
  const handle = await open(path, "a", options.mode ?? 0o644);
  let size = await handle.stat().then(
    (stats) => stats.size,
    async (error: unknown) => {
      await handle.close();
      throw error;
    },
  );
  let queue: Waiting[] = [];
  let running: Promise<void> | null = null;
  let broken: { readonly error: unknown } | null = null;
  let closing: Promise<void> | null = null;

  const writeBatch = async (batch: readonly Waiting[]): Promise<void> => {
    const start = fstatSync(handle.fd).size;
    options.before?.({ fd: handle.fd, expectedSize: size, size: start });
    const bytes = Buffer.concat(batch.map((it) => it.bytes));
    const { bytesWritten } = await handle.write(bytes);
    if (bytesWritten !== bytes.length) throw shortWrite(path, bytesWritten, bytes.length);
    if (options.sync !== false) await handle.datasync();
    options.after?.();
    if (options.before !== undefined) size = endOf(path, bytes, start, fstatSync(handle.fd).size);
  };

  const drain = async (): Promise<void> => {
    while (queue.length > 0) {
      const batch = queue;
      queue = [];
      try {
        if (broken !== null) throw broken.error;
        await writeBatch(batch);
        for (const it of batch) it.resolve();
      } catch (error) {
        // What reached the disk is unknown now: only opening the file again can tell.
        broken ??= { error };
        for (const it of batch) it.reject(error);
      }
    }
    running = null;
  };

  return {
    append: (text) =>
      new Promise((resolve, reject) => {
        queue.push({ bytes: Buffer.from(text, "utf8"), resolve, reject });
        running ??= Promise.resolve().then(drain);
      }),
    close: () => {
      closing ??= Promise.resolve(running).then(() => handle.close());
      return closing;
    },
  };
}

/**
 * Where our bytes end in a file that had `start` and has `end` bytes. Not simply its end: what somebody else wrote in the same moment
 * would count as ours, and the next write would be glued to it unseen. Throws where it stands in the middle of what they wrote.
 */
function endOf(path: string, bytes: Buffer, start: number, end: number): number {
  if (end === start + bytes.length) return end;
  const from = Math.max(0, start - 1);
  const region = readRegion(path, from, end);
  const at = region.indexOf(bytes);
  if (at >= 0 && (from + at === 0 || region[at - 1] === NEWLINE)) return from + at + bytes.length;
  throw new Error(`another program wrote into ${path} at the same moment`);
}

const NEWLINE = 10;

function readRegion(path: string, from: number, to: number): Buffer {
  const fd = openSync(path, "r");
  try {
    const region = Buffer.alloc(Math.max(0, to - from));
    return region.subarray(0, readSync(fd, region, 0, region.length, from));
  } finally {
    closeSync(fd);
  }
}

/** The system writes less than it was given only where there is no room for the rest. */
function shortWrite(path: string, written: number, wanted: number): Error {
  const error = new Error(`no space left: only ${written} of ${wanted} bytes were written to ${path}`);
  return Object.assign(error, { code: "ENOSPC" });
}
