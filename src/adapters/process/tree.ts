/**
 * Ends everything that a session started.
 *
 * Invariant T1: a process is signalled only with proof that it belongs to the session: its recorded identity (pid, start
 * time, boot), the mark in its environment, or being a descendant of a proven process or a member of its group or session.
 * Invariant T2: `endTree` resolves with an empty list only when a whole scan found nobody.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { bootId, type ProcessIdentity, type ProcessRow } from "./identity.ts";
import { killGroup } from "./spawn.ts";
import { markedPids, processTable } from "./table.ts";

export interface TreeRequest {
  /** Recorded identities of the processes that were started; dead or re-used pids are ignored. */
  readonly leaders: readonly ProcessIdentity[];
  /** `NAME=value` that every process of the tree inherited, unique on this machine. */
  readonly marker: string;
  /** Time between the polite signal and SIGKILL; default 10000. 0 kills at once. */
  readonly graceMs?: number;
  /** How long to go on killing before giving up on unkillable processes; default 10000 after the grace time. */
  readonly giveUpMs?: number;
}

/** TERM, wait, KILL until nobody is left. Resolves with the pids that could not be ended, normally none. */
export async function endTree(request: TreeRequest): Promise<readonly number[]> {
  const proven = new Map(
    request.leaders.filter((it) => it.bootId === bootId()).map((it) => [it.pid, it.startTime]),
  );
  const scan = (): readonly ProcessRow[] => findTree(processTable(), request.marker, proven);
  const graceMs = request.graceMs ?? 10_000;
  if (graceMs > 0) {
    const found = scan();
    if (found.length === 0) return [];
    signalAll(found, "SIGTERM");
    if (await goneWithin(scan, graceMs)) return [];
  }
  const kill = (): readonly ProcessRow[] => {
    const left = scan();
    signalAll(left, "SIGKILL");
    return left;
  };
  await goneWithin(kill, request.giveUpMs ?? 10_000);
  return scan().map((row) => row.pid);
}

/** Living processes that belong to the tree; what is found is added to `proven`, so that an orphan stays known. */
function findTree(
  rows: readonly ProcessRow[],
  marker: string,
  proven: Map<number, string>,
): readonly ProcessRow[] {
  const marked = markedPids(rows, marker);
  const ours = provenLeaders(rows, proven);
  for (const pid of marked) ours.add(pid);
  growByKinship(rows, ours);
  for (const pid of protectedPids(rows)) ours.delete(pid);
  const found = rows.filter((row) => !row.dead && ours.has(row.pid));
  for (const row of found) proven.set(row.pid, row.startTime);
  return found;
}

/**
 * Recorded pids that still stand for the recorded process. One whose process is gone counts too: the system gives a pid
 * out again only when no group and no session of that number is left, so members of such a group are its orphans.
 */
function provenLeaders(rows: readonly ProcessRow[], proven: ReadonlyMap<number, string>): Set<number> {
  const starts = new Map(rows.map((row) => [row.pid, row.startTime]));
  const leaders = new Set<number>();
  for (const [pid, startTime] of proven) {
    if ((starts.get(pid) ?? startTime) === startTime) leaders.add(pid);
  }
  return leaders;
}

/** Adds descendants, and members of groups and sessions whose leader is proven, until nothing changes. */
function growByKinship(rows: readonly ProcessRow[], ours: Set<number>): void {
  let before: number;
  do {
    before = ours.size;
    for (const row of rows) {
      if (ours.has(row.parent) || ours.has(row.group) || ours.has(row.session)) ours.add(row.pid);
    }
  } while (ours.size > before);
}

/** We and our ancestors: a record that names one of them is wrong, and following it would end the host itself. */
function protectedPids(rows: readonly ProcessRow[]): ReadonlySet<number> {
  const parents = new Map(rows.map((row) => [row.pid, row.parent]));
  const chain = new Set<number>([0, 1]);
  for (
    let pid: number | undefined = process.pid;
    pid !== undefined && !chain.has(pid);
    pid = parents.get(pid)
  )
    chain.add(pid);
  return chain;
}

/** Signals each process once: whole groups where the leader is proven, the rest one by one. */
function signalAll(found: readonly ProcessRow[], signal: NodeJS.Signals): void {
  const leaders = new Set(found.filter((row) => row.pid === row.group).map((row) => row.pid));
  for (const leader of leaders) killGroup(leader, signal);
  for (const row of found) {
    if (!leaders.has(row.group)) killOne(row.pid, signal);
  }
}

function killOne(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // ESRCH: it ended between the scan and the signal.
  }
}

async function goneWithin(scan: () => readonly ProcessRow[], limitMs: number): Promise<boolean> {
  const end = performance.now() + limitMs;
  for (let pauseMs = 10; ; pauseMs = Math.min(pauseMs * 2, 200)) {
    if (scan().length === 0) return true;
    if (performance.now() >= end) return false;
    await sleep(Math.min(pauseMs, Math.max(1, end - performance.now())));
  }
}
