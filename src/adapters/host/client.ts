/**
 * The session host as its users see it: starts the detached host when it is needed, asks it over its socket, and reads
 * everything else from the files of the sessions, so that a restarted coordinator goes on where the last one stopped.
 */
import { setTimeout as pause } from "node:timers/promises";
import { SignalboxError } from "../../core/errors.ts";
import type { SessionHost } from "../../ports/session-host.ts";
import { isAlive } from "../process/identity.ts";
import { deliveryOnRecord } from "./delivery.ts";
import { createHostLink, DEFAULT_PATIENCE_MS, type HostLinkOptions } from "./link.ts";
import { sessionFolder } from "./paths.ts";
import { createSessionReader } from "./reader.ts";
import { type HostRecord, loadHostRecord, loadResult } from "./session-files.ts";
import { settleDead, settleUnhosted } from "./settle.ts";

export type SessionHostOptions = HostLinkOptions;

/** The embedded session host of the repository whose git common dir is `commonDir`. Starts nothing by itself. */
export function createSessionHost(options: SessionHostOptions): SessionHost {
  const { commonDir } = options;
  const link = createHostLink(options);
  const isHosted = (record: HostRecord): boolean => isAlive(record.host);
  return {
    ...createSessionReader(commonDir, isHosted),
    start: async (spec) => {
      const folder = sessionFolder(commonDir, spec.workflow, spec.id);
      if ((await loadResult(folder)) !== null) return;
      const record = await loadHostRecord(folder);
      if (record === null) await link.require({ op: "start", spec });
      else if (!isHosted(record)) await settleDead(folder, record);
    },
    stop: async (workflow, id, reason) => {
      const folder = sessionFolder(commonDir, workflow, id);
      const deadline = performance.now() + (options.patienceMs ?? DEFAULT_PATIENCE_MS);
      while ((await loadResult(folder)) === null) {
        // A host that is asked while it starts the session has no file of it yet, so it is asked first.
        const answer = await link.askLiving({ op: "stop", workflow, id, reason });
        if (answer?.ok !== true) await settleUnhosted(folder, isHosted, reason);
        if (performance.now() > deadline) throw stopFailed(id);
        await pause(50);
      }
    },
    deliver: async (workflow, message) => {
      const answer = await link.askLiving({ op: "deliver", workflow, message });
      if (answer?.ok === true && answer.delivery === undefined) return "deaf";
      const said = answer?.ok === true ? (answer.delivery ?? null) : null;
      if (said !== null && said !== "ended") return said;
      const folder = sessionFolder(commonDir, workflow, message.session);
      const recorded = await deliveryOnRecord(folder, message, isHosted);
      return recorded === "delivered" ? recorded : (said ?? recorded);
    },
    running: async () => {
      const answer = await link.askLiving({ op: "running" });
      return answer?.ok === true ? (answer.running ?? []) : [];
    },
  };
}

function stopFailed(id: string): SignalboxError {
  return new SignalboxError(
    "environment",
    "session-not-stopped",
    `the session host did not stop session ${id}`,
  );
}
