/**
 * Who a process is. A pid alone is re-used by the system, so every record of ours names pid, start time and boot.
 */

import { readFileSync } from "node:fs";

/** A process that cannot be mistaken for a later one with the same pid. */
export interface ProcessIdentity {
  readonly pid: number;
  /** The system's own unit: clock ticks since boot on Linux, a date text on macOS. Only for comparison. */
  readonly startTime: string;
  readonly bootId: string;
}

/** One line of the process table. */
export interface ProcessRow {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  /** Pid of the leader of its session (setsid); 0 where the system does not tell. */
  readonly session: number;
  readonly startTime: string;
  /** A zombie: holds its pid, runs nothing. */
  readonly dead: boolean;
  /** Stopped by a signal or a debugger: alive, but does nothing until somebody wakes it. */
  readonly frozen: boolean;
}

let knownBoot: string | undefined;

/** Identity of the running kernel; changes with every boot. Falls back to `unknown` where the system does not tell. */
export function bootId(): string {
  knownBoot ??= process.platform === "linux" ? linuxBootId() : macBootId();
  return knownBoot;
}

/** Identity of a living process; null when there is none with this pid or it is a zombie. */
export function processIdentity(pid: number): ProcessIdentity | null {
  const row = readRow(pid);
  return row === null || row.dead ? null : { pid, startTime: row.startTime, bootId: bootId() };
}

/** Identity of a child that was just started, also when it has ended already: its group may live on. Null once it is reaped. */
export function childIdentity(pid: number): ProcessIdentity | null {
  const row = readRow(pid);
  return row === null ? null : { pid, startTime: row.startTime, bootId: bootId() };
}

/** True while exactly this process runs; a stopped (SIGSTOP) process is alive, a zombie is not. */
export function isAlive(identity: ProcessIdentity): boolean {
  if (identity.bootId !== bootId()) return false;
  return processIdentity(identity.pid)?.startTime === identity.startTime;
}

/** True while exactly this process is there and was stopped (SIGSTOP): it is no fault of the agent, and no death. */
export function isFrozen(identity: ProcessIdentity): boolean {
  const row = identity.bootId === bootId() ? readRow(identity.pid) : null;
  return row?.startTime === identity.startTime && row.frozen;
}

/** Identity of this process. */
export function ownIdentity(): ProcessIdentity {
  return processIdentity(process.pid) ?? { pid: process.pid, startTime: "unknown", bootId: bootId() };
}

/** Reads `/proc/<pid>/stat`; null when the process is gone. */
export function readProcRow(pid: number): ProcessRow | null {
  try {
    return parseStat(readFileSync(`/proc/${pid}/stat`, "latin1"));
  } catch {
    return null;
  }
}

/**
 * Fields of a `stat` line. The program name may contain spaces and parentheses, so counting starts after the last `)`:
 * state is field 3, parent 4, group 5, session 6, start time 22.
 */
export function parseStat(line: string): ProcessRow | null {
  const close = line.lastIndexOf(")");
  const fields = line.slice(close + 2).split(" ");
  const [state, parent, group, session] = fields;
  const startTime = fields[19];
  if (close < 0 || state === undefined || startTime === undefined) return null;
  return {
    pid: Number.parseInt(line, 10),
    parent: Number(parent),
    group: Number(group),
    session: Number(session),
    startTime,
    dead: state === "Z" || state === "X" || state === "x",
    frozen: state === "T" || state === "t",
  };
}

/** Parses lines of `ps -o pid=,ppid=,pgid=,stat=,lstart=`. */
export function parsePs(output: string): readonly ProcessRow[] {
  return output.split("\n").flatMap((line) => {
    const match = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(.+?)\s*$/.exec(line);
    if (match === null) return [];
    const [, pid, parent, group, stat = "", startTime = ""] = match;
    return [
      {
        pid: Number(pid),
        parent: Number(parent),
        group: Number(group),
        session: 0,
        startTime,
        dead: stat.startsWith("Z"),
        frozen: stat.startsWith("T"),
      },
    ];
  });
}

/** Output of `ps` in a fixed language and time zone, or an empty text. */
export function runPs(args: readonly string[]): string {
  const env = { PATH: "/bin:/usr/bin:/sbin:/usr/sbin", LC_ALL: "C", TZ: "UTC" };
  return outputOf("ps", args, env);
}

/** Loads the module with the first call: a command that looks on Linux does without, and starts a tenth faster. */
function outputOf(program: string, args: readonly string[], env: Readonly<Record<string, string>>): string {
  const { spawnSync } = process.getBuiltinModule("node:child_process");
  return spawnSync(program, [...args], { env, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 }).stdout ?? "";
}

function readRow(pid: number): ProcessRow | null {
  if (!Number.isInteger(pid) || pid <= 0) return null;
  return process.platform === "linux" ? readProcRow(pid) : readPsRow(pid);
}

function readPsRow(pid: number): ProcessRow | null {
  return parsePs(runPs(["-o", "pid=,ppid=,pgid=,stat=,lstart=", "-p", String(pid)]))[0] ?? null;
}

function linuxBootId(): string {
  try {
    return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  } catch {
    return "unknown";
  }
}

function macBootId(): string {
  const env = { PATH: "/bin:/usr/bin:/sbin:/usr/sbin" };
  return outputOf("sysctl", ["-n", "kern.bootsessionuuid"], env).trim() || "unknown";
}
