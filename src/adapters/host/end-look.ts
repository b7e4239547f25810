/** Looks for the end of a session in its folder, again and again, at the price of one `stat` while nothing has changed there. */
import { stat } from "node:fs/promises";
import type { SessionOutcome } from "../../core/workflow/outcome.ts";
import { type HostRecord, loadHostRecord, loadResult } from "./session-files.ts";

export interface Sight {
  /** Null while no end is recorded. */
  readonly result: SessionOutcome | null;
  /** Null while nobody has accepted the session. */
  readonly record: HostRecord | null;
}

/** What is known of the end now. `told` is true when the system told a change: then the files are read in any case. */
export type EndLook = (told: boolean) => Promise<Sight>;

/** Some file systems count whole seconds: a change in the second of the last look could not be told from none. */
const SETTLED_MS = 2_000;
/** Read in any case after so many looks: nothing that the system says about a folder is taken for granted for ever. */
const LOOKS = 20;

/** Both files are only ever put in place under their names, which changes the time of the folder. */
export function createEndLook(folder: string): EndLook {
  let known: (Sight & { readonly changedAt: number }) | null = null;
  let looks = 0;
  return async (told) => {
    const changedAt = (await stat(folder).catch(() => null))?.mtimeMs ?? Number.NaN;
    looks += 1;
    if (!told && known?.changedAt === changedAt && looks % LOOKS !== 0) return known;
    const sight = { result: await loadResult(folder), record: await loadHostRecord(folder) };
    known = Date.now() - changedAt >= SETTLED_MS ? { ...sight, changedAt } : null;
    return sight;
  };
}
