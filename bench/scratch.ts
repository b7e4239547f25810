/** Folders and repositories to measure in, removed at the end. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodeLine } from "../src/adapters/journal/line.ts";
import type { WorkflowEvent } from "../src/core/workflow/event.ts";

/** Makes a folder, lends it, and removes it. */
export async function inFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "signalbox-bench-")));
  try {
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** A repository with one commit at `root`. */
export function makeRepository(root: string): void {
  mkdirSync(root, { recursive: true });
  writeFileSync(join(root, "README.md"), "# Bench\n");
  const identity = ["-c", "user.name=Bench", "-c", "user.email=bench@localhost"];
  for (const args of [
    ["init", "--quiet"],
    ["add", "--all"],
    [...identity, "commit", "--quiet", "-m", "Start"],
  ]) {
    const { status, stderr } = spawnSync("git", args, { cwd: root, encoding: "utf8" });
    if (status !== 0) throw new Error(`git ${args.join(" ")}: ${stderr}`);
  }
}

/** Writes the journal of a workflow below a git common dir, a few events to an entry as decisions do. Returns its size in bytes. */
export function writeJournal(commonDir: string, workflow: string, events: readonly WorkflowEvent[]): number {
  const folder = join(commonDir, "signalbox", workflow);
  mkdirSync(folder, { recursive: true });
  const lines: string[] = [];
  for (let at = 0; at < events.length; at += EVENTS_PER_ENTRY) {
    const entry = { seq: lines.length + 1, generation: 1, appendId: `append-${lines.length + 1}` };
    lines.push(encodeLine({ ...entry, events: events.slice(at, at + EVENTS_PER_ENTRY) }));
  }
  const text = lines.join("");
  writeFileSync(join(folder, "journal.jsonl"), text);
  return Buffer.byteLength(text);
}

const EVENTS_PER_ENTRY = 2;
