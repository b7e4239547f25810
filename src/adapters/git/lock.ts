/**
 * Lock files between processes.
 *
 * Invariants:
 * - L1: the lock file appears with its whole content, so nobody reads a lock without an owner.
 * - L2: only a lock whose owner is proven dead (pid, start time, boot id, same host) is broken, and each dead lock is broken
 *   by one process only: whoever holds the lock named after the dead one's token.
 */
import { unlink } from "node:fs/promises";
import { hostname } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { SignalboxError } from "../../core/errors.ts";
import { readJsonIfThere } from "../fs/read-file.ts";
import { createFileOnce } from "../fs/replace-file.ts";
import { isAlive, ownIdentity, type ProcessIdentity } from "../process/identity.ts";

interface LockContent extends ProcessIdentity {
  readonly host: string;
  readonly token: string;
}

const WAIT_MS = 5 * 60_000;
const queues = new Map<string, Promise<unknown>>();

/**
 * Runs `work` while this process alone holds the lock file `path`. Calls of one process queue up in order. Throws
 * `repository-busy` when another living process keeps the lock for `waitMs` (default 5 minutes).
 */
export function withLock<T>(path: string, work: () => Promise<T>, waitMs = WAIT_MS): Promise<T> {
  const before = queues.get(path) ?? Promise.resolve();
  const run = before.then(() => holding(path, work, waitMs));
  const settled = run.catch(() => {});
  queues.set(path, settled);
  void settled.then(() => {
    if (queues.get(path) === settled) queues.delete(path);
  });
  return run;
}

/** True when the owner of the lock file is proven dead. Any process that wants the lock breaks it as well. */
export async function isDeadLock(path: string): Promise<boolean> {
  const holder = await readJsonIfThere<LockContent>(path);
  return holder !== null && isDead(holder);
}

/** Breaks it, once more proven dead (L2). */
export async function breakDeadLock(path: string): Promise<void> {
  const holder = await readJsonIfThere<LockContent>(path);
  if (holder !== null && isDead(holder)) await breakLock(path, holder.token, performance.now() + WAIT_MS);
}

async function holding<T>(path: string, work: () => Promise<T>, waitMs: number): Promise<T> {
  await acquire(path, performance.now() + waitMs);
  try {
    return await work();
  } finally {
    await unlink(path).catch(() => {});
  }
}

async function acquire(path: string, deadline: number): Promise<void> {
  const content: LockContent = { ...ownIdentity(), host: hostname(), token: crypto.randomUUID() };
  for (let pauseMs = 2; ; pauseMs = Math.min(pauseMs * 2, 50)) {
    if (await createFileOnce(path, JSON.stringify(content))) return;
    const holder = await readJsonIfThere<LockContent>(path);
    if (holder !== null && isDead(holder)) {
      await breakLock(path, holder.token, deadline);
      continue;
    }
    if (performance.now() > deadline) throw busy(path, holder);
    await sleep(pauseMs * (0.5 + Math.random()));
  }
}

/** L2. Without the second lock a slow breaker would remove the lock that a quick one has just taken. */
async function breakLock(path: string, token: string, deadline: number): Promise<void> {
  await acquire(`${path}.${token}`, deadline);
  try {
    const now = await readJsonIfThere<LockContent>(path);
    if (now?.token === token) await unlink(path);
  } finally {
    await unlink(`${path}.${token}`).catch(() => {});
  }
}

function isDead(holder: LockContent): boolean {
  return holder.host === hostname() && !isAlive(holder);
}

function busy(path: string, holder: LockContent | null): SignalboxError {
  const who = holder === null ? "an unknown process" : `process ${holder.pid} on ${holder.host}`;
  return new SignalboxError("environment", "repository-busy", `${path} is held by ${who}`, [
    `To see whether that process still works, run: ps -p ${holder?.pid ?? "PID"}`,
  ]);
}
