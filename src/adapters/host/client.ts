/**
 * The session host as its users see it: starts the detached host when it is needed, asks it over its socket, and reads
 * everything else from the files of the sessions, so that a restarted coordinator goes on where the last one stopped.
 */
import type { SessionHost } from "../../ports/session-host.ts";
import { isAlive } from "../process/identity.ts";
import { createHostLink, type HostLinkOptions } from "./link.ts";
import { sessionFolder } from "./paths.ts";
import { createSessionReader } from "./reader.ts";
import { type HostRecord, loadHostRecord, loadResult } from "./session-files.ts";
import { settleDead } from "./settle.ts";

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
      const record = await loadHostRecord(folder);
      if (record === null) await link.require({ op: "start", spec });
      else if (!isHosted(record)) await settleDead(folder, record);
    },
    stop: async (workflow, id, reason) => {
      const folder = sessionFolder(commonDir, workflow, id);
      const record = await loadHostRecord(folder);
      if (record === null || (await loadResult(folder)) !== null) return;
      if (isHosted(record)) await link.askLiving({ op: "stop", workflow, id, reason });
      if (!isHosted(record)) await settleDead(folder, record, { kind: "cancelled", reason });
    },
    running: async () => {
      const answer = await link.askLiving({ op: "running" });
      return answer?.ok === true ? (answer.running ?? []) : [];
    },
  };
}
