/** What a power cut does to files: the last line half written, the last records gone, temporary files and locks left behind. */
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { World } from "../support/user-world.ts";
import { journalPath } from "./processes.ts";
import type { Random } from "./random.ts";

/** The record under way when the power went: a part of a line that was never acknowledged. */
export function tearJournal(world: World, workflow: string, random: Random): void {
  const path = journalPath(world, workflow);
  const text = readFileSync(path);
  const line = text.subarray(text.lastIndexOf(10, text.length - 2) + 1, text.length - 1);
  const part = line.subarray(0, 1 + Math.floor(random() * (line.length - 1)));
  writeFileSync(path, Buffer.concat([text, part]));
}

/** A disk that lied about its last write: the last record is cut somewhere, although it was acted upon. */
export function cutJournal(world: World, workflow: string, random: Random): void {
  const path = journalPath(world, workflow);
  const text = readFileSync(path);
  const start = text.lastIndexOf(10, text.length - 2) + 1;
  // The first record makes the workflow: without it there is nothing to resume.
  if (start === 0) return;
  truncateSync(path, start + Math.floor(random() * (text.length - 1 - start)));
}

/** What a writer that died leaves: a pid that nobody has any more is in the name. */
function temporaryName(name: string): string {
  return `.${name}.${spawnSync("true").pid}.${crypto.randomUUID()}.tmp`;
}

/** Every file that is appended to loses a part of its last line; beside every file that is replaced lies a half-written successor. */
export function halfWrite(world: World, random: Random): void {
  for (const path of filesBelow(join(world.commonDir, "signalbox"))) {
    if (path.endsWith("events.jsonl")) truncateSync(path, lastLineCut(path, random));
    else if (path.endsWith(".json") && !path.includes(".tmp")) {
      const half = readFileSync(path).subarray(0, Math.floor(statSync(path).size / 2));
      const name = path.slice(dirname(path).length + 1);
      writeFileSync(join(dirname(path), temporaryName(name)), half);
    }
  }
}

/** Locks of a git that died: of the index of each worktree, and the one around adding and removing them. */
export function leaveLocks(world: World): void {
  for (const path of filesBelow(join(world.commonDir, "worktrees")))
    if (/\/worktrees\/[^/]+\/HEAD$/.test(path)) writeFileSync(join(dirname(path), "index.lock"), "");
}

function lastLineCut(path: string, random: Random): number {
  const text = readFileSync(path);
  const start = text.lastIndexOf(10, text.length - 2) + 1;
  return start + Math.floor(random() * Math.max(1, text.length - start));
}

/** Files, links and sockets, however deep. */
export function filesBelow(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { withFileTypes: true, recursive: true })
      .filter((entry) => !entry.isDirectory())
      .map((entry) => join(entry.parentPath, entry.name));
  } catch {
    return [];
  }
}
