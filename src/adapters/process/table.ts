/** The process table, and which processes carry a mark in their environment. */
import { readdirSync, readFileSync } from "node:fs";
import { type ProcessRow, parsePs, readProcRow, runPs } from "./identity.ts";

/** All processes of the machine that can be seen, zombies included. */
export function processTable(): readonly ProcessRow[] {
  return process.platform === "linux" ? linuxTable() : macTable();
}

/**
 * Pids among `rows` whose environment at their start contained exactly `marker` (`NAME=value`). Processes of other
 * users cannot be read and never match.
 */
export function markedPids(rows: readonly ProcessRow[], marker: string): ReadonlySet<number> {
  return process.platform === "linux" ? linuxMarked(rows, marker) : macMarked(marker);
}

function linuxTable(): readonly ProcessRow[] {
  return readdirSync("/proc").flatMap((name) => {
    const row = /^\d+$/.test(name) ? readProcRow(Number(name)) : null;
    return row === null ? [] : [row];
  });
}

function linuxMarked(rows: readonly ProcessRow[], marker: string): ReadonlySet<number> {
  return new Set(rows.filter((row) => environmentOf(row.pid).includes(marker)).map((row) => row.pid));
}

/** `NAME=value` lines that a process was started with, on Linux; none when it is gone or of another user. */
export function environmentOf(pid: number): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
  } catch {
    return [];
  }
}

function macTable(): readonly ProcessRow[] {
  return parsePs(runPs(["-axo", "pid=,ppid=,pgid=,stat=,lstart="]));
}

/** macOS prints the environment behind the arguments, separated by blanks. */
function macMarked(marker: string): ReadonlySet<number> {
  const lines = runPs(["-axwwE", "-o", "pid=,command="]).split("\n");
  return new Set(
    lines.filter((line) => `${line} `.includes(` ${marker} `)).map((line) => Number.parseInt(line, 10)),
  );
}
