/** Sessions whose host died before it could record an end, and whose processes may still run. */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { isAlive } from "../process/identity.ts";
import { type HostRecord, loadHostRecord, loadResult } from "./session-files.ts";
import { settleDead } from "./settle.ts";

export interface OrphanSession {
  readonly workflow: string;
  readonly folder: string;
  readonly record: HostRecord;
}

/** Those of all workflows below a common dir. A host of an earlier boot is dead. */
export async function orphanSessions(commonDir: string): Promise<readonly OrphanSession[]> {
  const root = join(commonDir, "signalbox");
  const found: OrphanSession[] = [];
  for (const workflow of await namesIn(root)) {
    const sessions = join(root, workflow, "sessions");
    for (const name of await namesIn(sessions)) {
      const folder = join(sessions, name);
      const record = await unsettled(folder);
      if (record !== null) found.push({ workflow, folder, record });
    }
  }
  return found;
}

/** Ends its processes, with the proof of `endTree`, and records that it crashed; what the next coordinator would do. */
export async function settleOrphan({ folder }: OrphanSession): Promise<void> {
  const record = await unsettled(folder);
  if (record !== null) await settleDead(folder, record);
}

async function unsettled(folder: string): Promise<HostRecord | null> {
  if ((await loadResult(folder)) !== null) return null;
  const record = await loadHostRecord(folder);
  return record === null || isAlive(record.host) ? null : record;
}

async function namesIn(folder: string): Promise<readonly string[]> {
  return (await readdir(folder).catch(() => [])).filter((name) => !name.startsWith("."));
}
