/**
 * Why a coordinator stopped acting for a workflow, for whoever asks later. The usual reason is a full disk, on which nothing
 * new can be written: the note overwrites a file that was made while there was room, and the log gets what was laid by for it.
 */
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { SignalboxError } from "../../core/errors.ts";
import { claimFolder } from "./claim.ts";

export interface StopNote {
  /** ISO time. */
  readonly at: string;
  /** Clause without its beginning "stopped:", such as `the journal could not be written: no space left on /home`. */
  readonly reason: string;
}

const RESERVE_BYTES = 64 * 1024;
const NOTE_BYTES = 4096;

/** Lays room for the log's last lines by; without room for it there is none. */
export function layReserve(commonDir: string): void {
  try {
    mkdirSync(claimFolder(commonDir), { recursive: true, mode: 0o700 });
    writeFileSync(reservePath(commonDir), Buffer.alloc(RESERVE_BYTES, "x"), { mode: 0o600 });
  } catch {
    giveUpReserve(commonDir);
  }
}

/** Makes the reserve's room available; again is the same. */
export function giveUpReserve(commonDir: string): void {
  rmSync(reservePath(commonDir), { force: true });
}

/** Makes the file that a note would overwrite; what stood in it is over. */
export function prepareStopNote(commonDir: string, workflow: string): void {
  try {
    writeFileSync(notePath(commonDir, workflow), padded({}), { mode: 0o600 });
  } catch {
    rmSync(notePath(commonDir, workflow), { force: true }); // no room: an old note must not stand for a new one
  }
}

/** Writes down why `workflow` stands still. Never throws: the reason is only told, nothing depends on it. */
export function leaveStopNote(
  commonDir: string,
  workflow: string,
  at: string,
  error: SignalboxError,
): StopNote {
  const note = { at, reason: stopReason(error, commonDir) };
  for (const flag of ["r+", "w"]) {
    try {
      writeFileSync(notePath(commonDir, workflow), padded(note), { mode: 0o600, flag });
      return note;
    } catch {
      giveUpReserve(commonDir);
    }
  }
  return note;
}

/** Null where it goes on, or never stopped by itself. */
export function readStopNote(commonDir: string, workflow: string): StopNote | null {
  try {
    const note = JSON.parse(readFileSync(notePath(commonDir, workflow), "utf8")) as Partial<StopNote>;
    return typeof note.at === "string" && typeof note.reason === "string"
      ? { at: note.at, reason: note.reason }
      : null;
  } catch {
    return null;
  }
}

/** Folder at which the file system of `path` is mounted. */
export function mountOf(path: string): string {
  const { dev } = statSync(path);
  let at = path;
  while (dirname(at) !== at && statSync(dirname(at)).dev === dev) at = dirname(at);
  return at;
}

function stopReason(error: SignalboxError, commonDir: string): string {
  const cause = error.cause as { readonly code?: unknown } | undefined;
  if (cause?.code !== "ENOSPC" && cause?.code !== "EDQUOT") return error.message;
  const place = mountOf(commonDir);
  const what = cause.code === "ENOSPC" ? "no space left on" : "the quota is used up on";
  return `the journal could not be written: ${what} ${place}`;
}

/** Always as long, so that overwriting needs no new room. */
function padded(note: Partial<StopNote>): string {
  return `${JSON.stringify(note).padEnd(NOTE_BYTES - 1)}\n`;
}

function reservePath(commonDir: string): string {
  return join(claimFolder(commonDir), "reserve");
}

function notePath(commonDir: string, workflow: string): string {
  return join(commonDir, "signalbox", workflow, "stopped.json");
}
