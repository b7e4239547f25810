/** Processes that belong to one folder: working in it, named by it or carrying it in their environment. */
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { type ProcessIdentity, processIdentity, runPs } from "../../src/adapters/process/identity.ts";
import { eventually } from "./eventually.ts";

export interface FoundProcess extends ProcessIdentity {
  readonly command: string;
}

/** Living processes of `folder`, without this one. */
export function processesOf(folder: string): readonly FoundProcess[] {
  const found = process.platform === "linux" ? linuxProcesses(folder) : listedProcesses(folder);
  return found.flatMap(({ pid, command }) => {
    const identity = pid === process.pid ? null : processIdentity(pid);
    return identity === null ? [] : [{ ...identity, command }];
  });
}

/** Ends every process of `folder` by its id, one after the other until none is left. */
export async function endProcessesOf(folder: string): Promise<void> {
  await eventually(`no process of ${folder} is left`, () => {
    const left = processesOf(folder);
    for (const { pid } of left) kill(pid, "SIGKILL");
    return left.length === 0;
  });
}

/** Signals one process; one that has just ended is fine. */
export function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // ESRCH: it was faster.
  }
}

interface Row {
  readonly pid: number;
  readonly command: string;
}

function linuxProcesses(folder: string): readonly Row[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      const command = textOf(() => readFileSync(`/proc/${name}/cmdline`, "utf8")).replaceAll("\0", " ");
      const places = [
        command,
        textOf(() => readFileSync(`/proc/${name}/environ`, "utf8")),
        textOf(() => readlinkSync(`/proc/${name}/cwd`)),
      ];
      return places.some((text) => text.includes(folder)) ? [{ pid: Number(name), command }] : [];
    });
}

function listedProcesses(folder: string): readonly Row[] {
  return runPs(["-axwwE", "-o", "pid=,command="])
    .split("\n")
    .filter((line) => line.includes(folder))
    .map((line) => ({ pid: Number.parseInt(line, 10), command: line }));
}

function textOf(read: () => string): string {
  try {
    return read();
  } catch {
    return ""; // gone, or somebody else's
  }
}
