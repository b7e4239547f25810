/**
 * A session host that runs the adapters in the caller's own process: for rehearsals, containers and tests.
 *
 * Deviations from the port: sessions end with this process (a later one finds them `crashed`), and nobody watches it, so
 * after kill -9 agents with processes of their own run on until a later process settles their session.
 */
import { randomUUID } from "node:crypto";
import type { AgentAdapter, SessionHost } from "../../ports/session-host.ts";
import { isAlive, ownIdentity } from "../process/identity.ts";
import { deliveryOnRecord } from "./delivery.ts";
import { sessionFolder } from "./paths.ts";
import { createSessionReader } from "./reader.ts";
import { createRunner } from "./runner.ts";
import type { HostRecord } from "./session-files.ts";
import { settleUnhosted } from "./settle.ts";

export interface InProcessHostOptions {
  readonly commonDir: string;
  readonly loadAdapter: (name: string) => Promise<AgentAdapter>;
  /** Time that an agent has to end by itself; default 10000. */
  readonly graceMs?: number;
  readonly onError?: (error: unknown) => void;
}

export function createInProcessHost(options: InProcessHostOptions): SessionHost {
  const { commonDir } = options;
  const host = ownIdentity();
  const instance = randomUUID();
  const runner = createRunner({ ...options, host, instance });
  const isHosted = (record: HostRecord): boolean =>
    record.host.pid === host.pid ? record.instance === instance : isAlive(record.host);
  return {
    ...createSessionReader(commonDir, isHosted),
    start: (spec) => runner.start(spec),
    stop: async (workflow, id, reason) => {
      await runner.stop(workflow, id, reason);
      await settleUnhosted(sessionFolder(commonDir, workflow, id), isHosted, reason);
    },
    deliver: async (workflow, message) => {
      const said = runner.deliver(workflow, message);
      if (said !== null && said !== "ended") return said;
      const folder = sessionFolder(commonDir, workflow, message.session);
      const recorded = await deliveryOnRecord(folder, message, isHosted);
      return recorded === "delivered" ? recorded : (said ?? recorded);
    },
    running: async () => runner.running(),
  };
}
