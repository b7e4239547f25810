/**
 * The detached session host of a repository.
 *
 * Owns: its lease (one host per repository and machine), socket, address file, watchdog, and when to leave.
 * Invariant H7: it leaves only with no session and no request under way; a request that comes too late is told so, and
 *   the asker starts the next host.
 */
import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import type { AgentAdapter } from "../../ports/session-host.ts";
import { removeAbandonedTemporary } from "../fs/temporary.ts";
import { takeLease } from "../journal/lease.ts";
import { ownIdentity } from "../process/identity.ts";
import { hostFolder } from "./paths.ts";
import { openPost } from "./post.ts";
import { createRunner, type Runner } from "./runner.ts";
import { startWatchdog } from "./watchdog.ts";
import type { HostAnswer, HostRequest } from "./wire.ts";

export interface HostConfig {
  readonly commonDir: string;
  readonly watchdogScript: string;
  /** Module with `loadAdapter(name)` instead of the built-in ones; for tests. */
  readonly adaptersModule?: string;
  /** How long it stays with nothing to do. */
  readonly idleExitMs: number;
  /** Time that an agent has to end by itself. */
  readonly graceMs: number;
}

/** Runs the host until it has been idle for long enough. Resolves at once when this repository has a host already. */
export async function serveHost(
  config: HostConfig,
  loadAdapter: (name: string) => Promise<AgentAdapter>,
): Promise<void> {
  const taken = await takeLease(hostFolder(config.commonDir));
  if (!taken.ok) return;
  const host = ownIdentity();
  const watchdog = startWatchdog(config.watchdogScript, host);
  const runner = createRunner({
    commonDir: config.commonDir,
    host,
    instance: randomUUID(),
    loadAdapter,
    watch: watchdog,
    graceMs: config.graceMs,
    onError: (error) => console.error(new Date().toISOString(), error),
  });
  // A host that was killed could not clear up what its sessions had there.
  void removeAbandonedTemporary();
  const desk = createDesk(runner, () => taken.lease.isNewest());
  const post = await openPost(config.commonDir, String(taken.lease.holder.generation), desk.answer);
  await desk.idleFor(config.idleExitMs, () => post.mend());
  await post.close();
  await taken.lease.release();
  watchdog.close();
}

interface Desk {
  answer(request: HostRequest): Promise<HostAnswer>;
  /** Resolves after `ms` in which nothing ran and nobody asked; from then on everybody is sent away. `look` is run now and then. */
  idleFor(ms: number, look: () => Promise<void>): Promise<void>;
}

function createDesk(runner: Runner, isCurrent: () => boolean): Desk {
  let open = 0;
  let leaving = false;
  let busyAt = performance.now();
  const handle = async (request: HostRequest): Promise<HostAnswer> => {
    // Without the lease another host may be there: what runs here goes on, but nothing new begins.
    if (request.op === "start" && !isCurrent()) return { ok: false, problem: "leaving" };
    if (request.op === "start") await runner.start(request.spec);
    if (request.op === "deliver")
      return { ok: true, delivery: runner.deliver(request.workflow, request.message) };
    if (request.op === "stop") await runner.stop(request.workflow, request.id, request.reason);
    return { ok: true, running: runner.running() };
  };
  return {
    answer: async (request) => {
      if (leaving) return { ok: false, problem: "leaving" };
      open += 1;
      try {
        return await handle(request);
      } finally {
        open -= 1;
        busyAt = performance.now();
      }
    },
    idleFor: async (ms, look) => {
      while (!leaving) {
        await pause(Math.min(200, ms));
        await look().catch((error: unknown) => console.error(new Date().toISOString(), error));
        if (open > 0 || runner.running().length > 0) busyAt = performance.now();
        leaving = performance.now() - busyAt >= ms;
      }
    },
  };
}
