/** What a process inherited, told by the environments that its ancestors were started with. */
import { readProcRow, runPs } from "./identity.ts";
import { environmentOf, processTable } from "./table.ts";

/**
 * Values of an environment variable in the ancestors of `pid`, nearest first, as they were started: a shell that unsets it for
 * its children still carries it. Ancestors of other users tell nothing; a process that cut itself off from its parents has none.
 */
export function inheritedValues(pid: number, name: string): readonly string[] {
  return process.platform === "linux" ? linuxValues(pid, name) : macValues(pid, name);
}

/** Value of a variable in the environment that the parent of `pid` was started with; undefined where it has none. */
export function parentValue(pid: number, name: string): string | undefined {
  if (process.platform !== "linux") return macParentValue(pid, name);
  const entry = environmentOf(readProcRow(pid)?.parent ?? 0).find((line) => line.startsWith(`${name}=`));
  return entry?.slice(name.length + 1);
}

function macParentValue(pid: number, name: string): string | undefined {
  const parent = runPs(["-o", "ppid=", "-p", String(pid)]).trim();
  if (!/^\d+$/.test(parent)) return undefined;
  return runPs(["-wwE", "-o", "command=", "-p", parent]).split(` ${name}=`)[1]?.split(" ")[0];
}

function linuxValues(pid: number, name: string): readonly string[] {
  const values: string[] = [];
  for (let at = readProcRow(pid)?.parent ?? 0; at > 1; at = readProcRow(at)?.parent ?? 0) {
    const entry = environmentOf(at).find((line) => line.startsWith(`${name}=`));
    if (entry !== undefined) values.push(entry.slice(name.length + 1));
  }
  return values;
}

/** macOS prints the environment behind the arguments, separated by blanks, so values must have none. */
function macValues(pid: number, name: string): readonly string[] {
  const parents = new Map(processTable().map((row) => [row.pid, row.parent]));
  const lines = runPs(["-axwwE", "-o", "pid=,command="]).split("\n");
  const texts = new Map(lines.map((line) => [Number.parseInt(line, 10), line]));
  const values: string[] = [];
  for (let at = parents.get(pid) ?? 0; at > 1; at = parents.get(at) ?? 0) {
    const start = texts.get(at)?.split(` ${name}=`)[1];
    if (start !== undefined) values.push(start.split(" ")[0] ?? "");
  }
  return values;
}
