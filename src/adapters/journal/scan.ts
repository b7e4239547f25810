/**
 * Reads a whole journal file.
 *
 * Invariant J1: entries come out with seq 1, 2, 3, … without gap.
 * Invariant J2: a line of a lower generation behind a line of a higher one is the late write of a fenced writer and is
 *   skipped; a line of a higher generation replaces what lower ones wrote at its seq and after. Neither was acknowledged.
 * Invariant J3: only the last line can be torn; anything else that cannot be read is damage and is never repaired silently.
 */
import { SignalboxError } from "../../core/errors.ts";
import type { JournalEntry } from "../../ports/journal.ts";
import { type Decoded, decodeLine, type LineFormat } from "./line.ts";

export interface Scan {
  readonly entries: readonly JournalEntry[];
  /** Highest generation that wrote; 0 for an empty journal. */
  readonly generation: number;
  /** Bytes up to the end of the last whole line: what follows is a torn tail. */
  readonly soundSize: number;
}

/** Where an earlier scan of the same file has ended. */
export interface ScanStart {
  /** Sequence number of the last entry before. */
  readonly seq: number;
  readonly generation: number;
  /** Number of lines before. */
  readonly lines: number;
}

const BEGINNING: ScanStart = { seq: 0, generation: 0, lines: 0 };

/**
 * Throws `journal-damaged` or `journal-newer`, both naming file and line. `path` is only for messages. With `start`, `bytes` are
 * what follows behind it, and only entries and sizes of these are given; what a higher generation replaces comes again.
 */
export function scanJournal(
  bytes: Buffer,
  path: string,
  format: LineFormat,
  start: ScanStart = BEGINNING,
): Scan & ScanStart {
  const entries: JournalEntry[] = [];
  let { generation, seq, lines } = start;
  let offset = 0;
  for (let number = lines + 1; offset < bytes.length; number += 1) {
    const end = bytes.indexOf(10, offset);
    if (end < 0) break;
    const decoded = decodeLine(bytes.subarray(offset, end), format);
    if (!decoded.ok) {
      refuseNewer(decoded, path, number, format);
      if (decoded.problem === "unsealed" && end + 1 === bytes.length) break;
      throw damaged(path, number, "its checksum does not fit its content");
    }
    const { entry } = decoded;
    if (entry.generation >= generation) {
      const takesOver = entry.generation > generation && entry.seq >= 1 && entry.seq <= seq;
      if (takesOver) entries.length = Math.max(0, entries.length - (seq - entry.seq + 1));
      else if (entry.seq !== seq + 1)
        throw damaged(path, number, `it has sequence number ${entry.seq} where ${seq + 1} is due`);
      entries.push(entry);
      ({ generation, seq } = entry);
    }
    offset = end + 1;
    lines = number;
  }
  return { entries, generation, seq, lines, soundSize: offset };
}

function refuseNewer(decoded: Decoded, path: string, number: number, format: LineFormat): void {
  if (decoded.ok || decoded.problem !== "newer") return;
  throw new SignalboxError(
    "environment",
    "journal-newer",
    `${path}:${number} was written by a newer version (line format ${decoded.version}, this version reads up to ${format.version})`,
    ["Install the version that wrote it: npm install --global signalbox@latest"],
  );
}

function damaged(path: string, number: number, why: string): SignalboxError {
  const [file, copy] = [quote(path), quote(`${path}.damaged`)];
  const keep = `cp ${file} ${copy} && head -n ${number - 1} ${copy} > ${file}`;
  return new SignalboxError("environment", "journal-damaged", `${path}:${number} is damaged: ${why}`, [
    "Nothing was changed. Worktrees, branches and commits are not affected.",
    "Restore the file from a backup if there is one: everything after the damaged line may be good.",
    `To go on with what is recorded before line ${number}: ${keep}`,
  ]);
}

/** For a shell. */
function quote(path: string): string {
  return `'${path.replaceAll("'", "'\\''")}'`;
}
