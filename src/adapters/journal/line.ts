/**
 * One line of a journal: `{"v":1,"seq":…,"gen":…,"id":…,"events":[…],"crc":"xxxxxxxx"}`. The checksum is the CRC-32 of all
 * bytes before `,"crc"`, so that it is verified without parsing. Described in docs/journal-format.md.
 */
import { crc32 } from "node:zlib";
import type { JournalEntry } from "../../ports/journal.ts";

/** The object of a line, in the current version. */
export interface StoredLine {
  readonly v: number;
  readonly seq: number;
  readonly gen: number;
  readonly id: string;
  readonly events: readonly unknown[];
}

/** Which versions can be read, and how older lines become current ones. */
export interface LineFormat {
  readonly version: number;
  /** By the version that is left behind: `upcasts[1]` makes a version 2 line of a version 1 line. */
  readonly upcasts: Readonly<Record<number, (line: StoredLine) => StoredLine>>;
}

export const LINE_FORMAT: LineFormat = { version: 1, upcasts: {} };

/** `unsealed`: no checksum at the end, as after a torn write. `damaged`: a checksum or shape that does not fit. */
export type Decoded =
  | { readonly ok: true; readonly entry: JournalEntry }
  | { readonly ok: false; readonly problem: "unsealed" | "damaged" }
  | { readonly ok: false; readonly problem: "newer"; readonly version: number };

const SEAL = ',"crc":"';
const END = '"}';
const SEAL_LENGTH = SEAL.length + 8 + END.length;

/** Text of an entry with its newline. */
export function encodeLine(entry: JournalEntry, format: LineFormat = LINE_FORMAT): string {
  const { seq, generation, appendId, events } = entry;
  const body = JSON.stringify({ v: format.version, seq, gen: generation, id: appendId, events }).slice(0, -1);
  return `${body}${SEAL}${hex(crc32(body))}${END}\n`;
}

/** Reads one line, without its newline. Never throws. */
export function decodeLine(bytes: Buffer, format: LineFormat = LINE_FORMAT): Decoded {
  const bodyLength = bytes.length - SEAL_LENGTH;
  const seal = bodyLength > 0 ? bytes.toString("latin1", bodyLength) : "";
  const sealed = seal.startsWith(SEAL);
  const fits = sealed && seal === `${SEAL}${hex(crc32(bytes.subarray(0, bodyLength)))}${END}`;
  const line = parse(bytes);
  if (line !== null && line.v > format.version) return { ok: false, problem: "newer", version: line.v };
  if (!fits) return { ok: false, problem: sealed && !bytes.includes(0) ? "damaged" : "unsealed" };
  return line === null ? { ok: false, problem: "damaged" } : toEntry(line, format);
}

function toEntry(stored: StoredLine, format: LineFormat): Decoded {
  let line = stored;
  while (line.v < format.version) {
    const upcast = format.upcasts[line.v];
    if (upcast === undefined) return { ok: false, problem: "damaged" };
    line = upcast(line);
  }
  if (!isStored(line)) return { ok: false, problem: "damaged" };
  const { seq, gen, id, events } = line;
  // The checksum proves that we wrote the line, so its events have the types that we wrote.
  const entry = { seq, generation: gen, appendId: id, events: events as JournalEntry["events"] };
  return { ok: true, entry };
}

function parse(bytes: Buffer): StoredLine | null {
  try {
    const value = JSON.parse(bytes.toString("utf8")) as Partial<StoredLine> | null;
    if (value === null || typeof value.v !== "number") return null;
    return value as StoredLine; // the rest of the shape is checked once the line is current
  } catch {
    return null;
  }
}

function isStored(value: Partial<StoredLine>): boolean {
  return (
    Number.isInteger(value.seq) &&
    Number.isInteger(value.gen) &&
    typeof value.id === "string" &&
    Array.isArray(value.events)
  );
}

function hex(checksum: number): string {
  return checksum.toString(16).padStart(8, "0");
}
