/** CPU time and memory of processes that are not our children, by procfs; NaN where there is none. */
import { readdirSync, readFileSync } from "node:fs";

interface Entry {
  readonly pid: number;
  readonly parent: number;
  /** Ticks of itself. */
  readonly own: number;
  /** Ticks of itself and of the children that it waited for. */
  readonly ticks: number;
}

/** The usual number; asking for it takes a program. */
const TICKS_PER_SECOND = 100;

/** Seconds of processes, of what they waited for, and of everything that still runs below them; each process once. */
export function treeCpuSeconds(roots: readonly number[]): number {
  const entries = allEntries();
  if (entries.length === 0) return Number.NaN;
  const members = new Set(roots);
  for (let grew = true; grew; ) {
    grew = false;
    for (const { pid: child, parent } of entries) {
      if (members.has(child) || !members.has(parent)) continue;
      members.add(child);
      grew = true;
    }
  }
  const ticks = entries
    .filter((entry) => members.has(entry.pid))
    .reduce((sum, entry) => sum + entry.ticks, 0);
  return ticks / TICKS_PER_SECOND;
}

/** Seconds of these processes alone, without what they started. */
export function ownCpuSeconds(pids: readonly number[]): number {
  const entries = allEntries();
  if (entries.length === 0) return Number.NaN;
  const own = entries.filter(({ pid }) => pids.includes(pid)).reduce((sum, entry) => sum + entry.own, 0);
  return own / TICKS_PER_SECOND;
}

/** Memory of these processes, with their part of pages that they share with others. */
export function memoryMegabytes(pids: readonly number[]): number {
  const kilobytes = pids.map((pid) => /^Pss:\s+(\d+)/m.exec(textOf(`/proc/${pid}/smaps_rollup`))?.[1] ?? "0");
  return kilobytes.reduce((sum, value) => sum + Number(value), 0) / 1024;
}

function allEntries(): readonly Entry[] {
  return numbersIn("/proc").flatMap((pid) => {
    const stat = textOf(`/proc/${pid}/stat`);
    // The name in parentheses may hold anything; fields are counted behind it.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const times = fields.slice(11, 15).map(Number);
    if (times.length < 4) return [];
    const [user = 0, system = 0] = times;
    const ticks = times.reduce((sum, time) => sum + time, 0);
    return [{ pid, parent: Number(fields[1]), own: user + system, ticks }];
  });
}

function numbersIn(folder: string): readonly number[] {
  try {
    return readdirSync(folder).map(Number).filter(Number.isInteger);
  } catch {
    return [];
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

/** Seconds in the four numbers that the shell's `times` prints at the end of an output: itself and its children. */
export function shellSeconds(output: string): number {
  const numbers = [
    ...output
      .trim()
      .split("\n")
      .slice(-2)
      .join(" ")
      .matchAll(/(\d+)m([\d.]+)s/g),
  ];
  return numbers.reduce((sum, [, minutes, seconds]) => sum + Number(minutes) * 60 + Number(seconds), 0);
}
