/**
 * Journals as files: `<common dir>/signalbox/<workflow>/journal.jsonl`, with the lease beside it.
 *
 * Owns: the file, its lease files, the folder of the workflow. Does not own: what the events mean.
 */
import { mkdir, readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { SignalboxError } from "../../core/errors.ts";
import type { JournalStore, Lease, LeaseHolder } from "../../ports/journal.ts";
import { isMissing } from "../fs/read-file.ts";
import { syncFolder } from "../fs/replace-file.ts";
import { loadScan, openJournal } from "./file-journal.ts";
import { type FileLease, leaseHolder, newestGeneration, takeLease } from "./lease.ts";
import { LINE_FORMAT, type LineFormat } from "./line.ts";
import { type JournalTail, openTail } from "./tail.ts";

export interface JournalStoreOptions {
  /** Line version and upcasts; default the current ones. */
  readonly format?: LineFormat;
}

/** The port, and who holds a workflow now (for views). */
export interface FileJournalStore extends JournalStore {
  /** Living holder of the lease; null when nobody holds it. */
  holder(workflow: string): Promise<LeaseHolder | null>;
  /** Follows a journal from its beginning; each call to `next` reads only what is new. */
  tail(workflow: string): JournalTail;
}

/** All journals below a git common dir. Touches nothing until it is used. */
export function openJournalStore(commonDir: string, options: JournalStoreOptions = {}): FileJournalStore {
  const root = join(commonDir, "signalbox");
  const format = options.format ?? LINE_FORMAT;
  const leases = new WeakMap<Lease, FileLease>();
  const folder = (workflow: string): string => join(root, requireName(workflow));
  const file = (workflow: string): string => join(folder(workflow), "journal.jsonl");

  return {
    folder,
    list: () => listJournals(root),
    holder: (workflow) => leaseHolder(folder(workflow)),
    tail: (workflow) => openTail(file(workflow), format),
    load: async (workflow) => (await loadScan(file(workflow), format)).entries,
    acquire: async (workflow, { steal = false } = {}) => {
      await makeFolder(folder(workflow));
      const above = await writtenGeneration(folder(workflow), file(workflow), format);
      const taken = await takeLease(folder(workflow), { steal, above });
      if (!taken.ok) return taken;
      const { holder, isNewest } = taken.lease;
      const lease: Lease = { holder, isNewest, release: () => taken.lease.release() };
      leases.set(lease, taken.lease);
      return { ok: true, lease };
    },
    open: async (workflow, lease) => {
      const held = leases.get(lease);
      if (held === undefined || !held.isNewest()) throw leaseLost(workflow, lease);
      return openJournal(file(workflow), workflow, held, format);
    },
  };
}

/** A folder whose name survives a power cut. */
async function makeFolder(path: string): Promise<void> {
  const made = await mkdir(path, { recursive: true });
  if (made === undefined) return;
  await syncFolder(dirname(path));
  await syncFolder(dirname(dirname(path)));
}

/** Generation to stay above when the lease files were lost: entries of a lower one would be taken for late writes. */
async function writtenGeneration(folder: string, path: string, format: LineFormat): Promise<number> {
  if ((await newestGeneration(folder)) > 0) return 0;
  return (await loadScan(path, format)).generation;
}

async function listJournals(root: string): Promise<readonly string[]> {
  const names = await readdir(root).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw error;
  });
  const found = await Promise.all(
    names.map(async (name) => (name.startsWith(".") ? [] : await readdir(join(root, name)).catch(() => []))),
  );
  return names.filter((_, index) => found[index]?.includes("journal.jsonl")).sort();
}

function requireName(workflow: string): string {
  if (/^[A-Za-z0-9_][A-Za-z0-9_.-]*$/.test(workflow)) return workflow;
  throw new SignalboxError("internal", "bad-workflow-id", `"${workflow}" cannot be the name of a folder`);
}

function leaseLost(workflow: string, lease: Lease): SignalboxError {
  return new SignalboxError(
    "lease",
    "lease-lost",
    `lease ${lease.holder.generation} of ${workflow} is not held any more`,
    [`To see who holds it now, run: signalbox status ${workflow}`],
  );
}
