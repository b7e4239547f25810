/** The life of a coordinator process: claim, answer, leave. */
import { rm } from "node:fs/promises";
import { SignalboxError } from "../../core/errors.ts";
import { removeAbandonedTemporary } from "../fs/temporary.ts";
import { type ClaimRecord, claimCoordinator } from "./claim.ts";
import type { EngineControl } from "./engine-control.ts";
import { PROTOCOL } from "./protocol.ts";
import { serveCoordinator } from "./server.ts";
import { socketPath, sweepSockets } from "./socket-path.ts";

export interface CoordinatorOptions {
  readonly commonDir: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly version: string;
  /** ISO time. */
  readonly since: string;
  readonly lingerMs?: number;
  /** Called once the claim is held, never before: opening takes leases. */
  readonly compose: () => Promise<{
    readonly engine: EngineControl;
    readonly reopen: () => Promise<readonly { readonly workflow: string; readonly reason: string }[]>;
  }>;
  readonly log: (line: string) => void;
}

export type StartResult =
  | { readonly ok: true; readonly coordinator: RunningCoordinator }
  | { readonly ok: false; readonly holder: ClaimRecord };

export interface RunningCoordinator {
  readonly socket: string;
  /** Resolves after the engine is closed and the claim is given back; sessions go on in their host. */
  readonly ended: Promise<void>;
  /** Ends it now; resolves like `ended`. */
  stop(): Promise<void>;
}

/** How often to see whether the claim still stands. */
const LOOK_MS = 2000;

/** Becomes the coordinator of the repository, or says who is. */
export async function startCoordinator(options: CoordinatorOptions): Promise<StartResult> {
  const path = socketPath(options.commonDir, options.env);
  const claimed = await claimCoordinator(options.commonDir, path, options.since, options.version);
  if (!claimed.ok) return { ok: false, holder: claimed.holder };
  try {
    await sweepSockets(path);
    const { engine, reopen } = await options.compose();
    const info = { protocol: PROTOCOL, version: options.version, pid: process.pid, since: options.since };
    const server = await serveCoordinator({
      engine,
      reopen,
      info,
      socketPath: path,
      log: options.log,
      ...(options.lingerMs === undefined ? {} : { lingerMs: options.lingerMs }),
    });
    const watch = setInterval(() => {
      if (claimed.claim.holds()) return;
      options.log("the repository is no longer the one that was claimed");
      server.stop();
    }, LOOK_MS);
    const ended = server.left.then(async (why) => {
      clearInterval(watch);
      options.log(why === "idle" ? "nothing runs and nobody looks: leaving" : "stopping");
      await engine.close();
      await rm(path, { force: true });
      // A session host that was killed meanwhile, with nothing to start another one for, has left these.
      await sweepSockets(path);
      await removeAbandonedTemporary();
      await claimed.claim.release();
    });
    const stop = (): Promise<void> => {
      server.stop();
      return ended;
    };
    return { ok: true, coordinator: { socket: path, ended, stop } };
  } catch (error) {
    await claimed.claim.release();
    throw error;
  }
}

/** The error for a command that wanted to be the coordinator itself. */
export function heldBy(holder: ClaimRecord): SignalboxError {
  return new SignalboxError(
    "lease",
    "coordinator-runs",
    `A coordinator already runs for this repository (pid ${holder.pid} on ${holder.host}, since ${holder.since})`,
    ["Watch what it does: signalbox watch", "End it, running agents go on: signalbox coordinator --stop"],
  );
}
