/** Room for journals and worktrees: a full disk stops every workflow. */
import { statfsSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { mountOf } from "../../adapters/coordinator/stop-note.ts";
import { sizeText } from "../output/units.ts";
import type { Finding } from "./finding.ts";

const MIB = 1024 * 1024;
/** Below this a checkout of an ordinary repository may not fit any more. */
export const SPACE_WARN_BYTES = 1024 * MIB;
/** Below this agents, git and journals fail at any moment. */
export const SPACE_BAD_BYTES = 100 * MIB;
/** New files that a file system must still take; a checkout makes thousands. */
const FILES_BAD = 1000;

/** What a file system has left. */
export interface Room {
  readonly mount: string;
  readonly bytes: number;
  /** Files that may still be made; null where the file system has no limit of its own. */
  readonly files: number | null;
}

/** One finding for each file system that holds one of the folders; a folder that is not there yet counts as its parent. */
export function spaceFindings(folders: readonly string[]): readonly Finding[] {
  const rooms = new Map(folders.map((folder) => roomOf(existing(folder))).map((room) => [room.mount, room]));
  return [...rooms.values()].map(spaceFinding);
}

/** How a file system with so much room is to be judged. */
export function spaceFinding({ mount, bytes, files }: Room): Finding {
  const noFiles = files !== null && files < FILES_BAD;
  const free = noFiles ? `room for ${files} more files on ${mount}` : `${sizeText(bytes)} free on ${mount}`;
  if (bytes >= SPACE_WARN_BYTES && !noFiles) return { level: "ok", subject: "space", text: free };
  const bad = bytes < SPACE_BAD_BYTES || noFiles;
  return {
    level: bad ? "bad" : "warn",
    subject: "space",
    text: bad ? `${free}, too little for workflows to run` : `${free}, which agents may use up`,
    fix: `See what takes it: signalbox ps --all --size, or: du -xh ${mount} | sort -h | tail`,
  };
}

function roomOf(folder: string): Room {
  const { bavail, bsize, files, ffree } = statfsSync(folder);
  return { mount: mountOf(folder), bytes: bavail * bsize, files: files === 0 ? null : ffree };
}

function existing(folder: string): string {
  let at = folder;
  while (statSync(at, { throwIfNoEntry: false }) === undefined && dirname(at) !== at) at = dirname(at);
  return at;
}
