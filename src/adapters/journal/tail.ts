/** Reads what a journal gains, without a lease and without reading anything twice. */
import { open } from "node:fs/promises";
import type { JournalEntry } from "../../ports/journal.ts";
import { isMissing } from "../fs/read-file.ts";
import type { LineFormat } from "./line.ts";
import { type ScanStart, scanJournal } from "./scan.ts";

export interface JournalTail {
  /**
   * Entries appended since the last call, in order; the first call gives all. Entries that a new holder put in the place of
   * unacknowledged ones come with the sequence numbers of those. Throws `journal-damaged` and `journal-newer`.
   */
  next(): Promise<readonly JournalEntry[]>;
}

/** A file that does not exist yet is an empty journal; one that became shorter is another journal and is read anew. */
export function openTail(path: string, format: LineFormat): JournalTail {
  let offset = 0;
  let start: ScanStart | undefined;
  return {
    next: async () => {
      const { bytes, from } = await readFrom(path, offset);
      if (from < offset) start = undefined;
      const { entries, soundSize, ...end } = scanJournal(bytes, path, format, start);
      offset = from + soundSize;
      start = end;
      return entries;
    },
  };
}

/** The bytes of a file from `offset` on, or all where it is shorter than that. */
async function readFrom(
  path: string,
  offset: number,
): Promise<{ readonly bytes: Buffer; readonly from: number }> {
  const file = await open(path, "r").catch((error: unknown) => {
    if (isMissing(error)) return null;
    throw error;
  });
  if (file === null) return { bytes: Buffer.alloc(0), from: 0 };
  try {
    const { size } = await file.stat();
    const from = size < offset ? 0 : offset;
    const bytes = Buffer.alloc(size - from);
    const { bytesRead } = await file.read(bytes, 0, bytes.length, from);
    return { bytes: bytes.subarray(0, bytesRead), from };
  } finally {
    await file.close();
  }
}
