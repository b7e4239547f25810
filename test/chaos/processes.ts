/** Who is who among the processes of one world. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isAlive } from "../../src/adapters/process/identity.ts";
import { type FoundProcess, kill, processesOf } from "../support/e2e-processes.ts";
import { livingHost } from "../support/end-host.ts";
import { eventually } from "../support/eventually.ts";
import type { World } from "../support/user-world.ts";

export type Victim = "coordinator" | "host" | "watchdog" | "agent" | "everything";

/** Living processes of that kind; none where it does not run now. */
export async function victims(world: World, victim: Victim): Promise<readonly FoundProcess[]> {
  const all = processesOf(world.folder);
  const ids = async (): Promise<readonly (number | undefined)[]> => {
    switch (victim) {
      case "coordinator":
        return [(await world.coordinator())?.pid];
      case "host":
        return [(await livingHost(world.commonDir))?.pid];
      case "watchdog":
        return all.filter(({ command }) => command.includes("/host/watchdog.js {")).map(({ pid }) => pid);
      case "agent":
        return all.filter(({ command }) => command.includes("worker.sh")).map(({ pid }) => pid);
      case "everything":
        return all.map(({ pid }) => pid);
      default:
        return victim satisfies never;
    }
  };
  const wanted = new Set(await ids());
  return all.filter(({ pid }) => wanted.has(pid));
}

export async function killAll(found: readonly FoundProcess[]): Promise<void> {
  // Stopped first: none of them sees the others die, as in a power cut.
  for (const { pid } of found) kill(pid, "SIGSTOP");
  for (const { pid } of found) kill(pid, "SIGKILL");
  await eventually("they are dead", () => found.every((process) => !isAlive(process)));
}

/** Number of entries in the journal; 0 where there is none yet. */
export function journalLength(world: World, workflow: string): number {
  try {
    const text = readFileSync(journalPath(world, workflow));
    let lines = 0;
    for (const byte of text) if (byte === 10) lines += 1;
    return lines;
  } catch {
    return 0;
  }
}

export function journalPath(world: World, workflow: string): string {
  return join(world.commonDir, "signalbox", workflow, "journal.jsonl");
}
