/** Workflows of this repository or of all registered ones, with what their worktrees take up on disk. */
import { livingClaims } from "../../adapters/coordinator/claim.ts";
import { readStopNote, type StopNote } from "../../adapters/coordinator/stop-note.ts";
import { folderSize } from "../../adapters/fs/folder-size.ts";
import { openJournalStore } from "../../adapters/journal/jsonl.ts";
import { SignalboxError } from "../../core/errors.ts";
import type { WorkflowState } from "../../core/workflow/state.ts";
import { type Place, placesFor } from "../inbox/places.ts";
import type { CliIo } from "../io.ts";
import { type Loaded, loadAll, openJournals } from "../project.ts";

/** Longest that worktrees are measured, over all of them. */
const MEASURE_MS = 400;

/** Worktrees of one workflow. */
export interface Trees {
  readonly count: number;
  readonly bytes: number;
  /** False where the time was up: `bytes` is then a floor. */
  readonly complete: boolean;
}

/** Null where nobody asked for sizes. */
type TreesOf = ReadonlyMap<string, Trees> | null;

export interface Row {
  /** Null with the workflows of one repository alone. */
  readonly place: Place | null;
  readonly state: WorkflowState;
  readonly stopped: boolean;
  /** Why the last coordinator stopped acting for it, where it could say so and none lives now. */
  readonly note: StopNote | null;
  readonly trees: TreesOf;
}

export interface Listing {
  readonly rows: readonly Row[];
  readonly unreadable: readonly {
    readonly place: Place | null;
    readonly workflow: string | null;
    readonly error: SignalboxError;
  }[];
  readonly vanished: readonly Place[];
}

/** What is to be listed. */
export interface ListingOptions {
  /** Every registered repository, and the one around the working folder. */
  readonly everywhere: boolean;
  /** Measure worktrees, as far as the time allows. */
  readonly sized: boolean;
}

/** From journals alone; one that cannot be read hides no other. Throws `not-a-repository` outside of one, unless `everywhere`. */
export async function listWorkflows(io: CliIo, { everywhere, sized }: ListingOptions): Promise<Listing> {
  const signal = sized ? AbortSignal.timeout(MEASURE_MS) : null;
  if (!everywhere) {
    const { commonDir } = await openJournals(io);
    return listingOf(null, commonDir, await loadAll({ store: openJournalStore(commonDir) }), signal);
  }
  const { places, vanished } = await placesFor(io, false);
  const listings = await Promise.all(places.map((place) => listPlace(place, signal)));
  return {
    rows: listings.flatMap(({ rows }) => rows),
    unreadable: listings.flatMap(({ unreadable }) => unreadable),
    vanished,
  };
}

async function listPlace(place: Place, signal: AbortSignal | null): Promise<Listing> {
  try {
    const loaded = await loadAll({ store: openJournalStore(place.commonDir) });
    return await listingOf(place, place.commonDir, loaded, signal);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const told =
      error instanceof SignalboxError ? error : new SignalboxError("environment", "unreadable", message);
    return { rows: [], unreadable: [{ place, workflow: null, error: told }], vanished: [] };
  }
}

async function listingOf(
  place: Place | null,
  commonDir: string,
  { states, unreadable }: Loaded,
  signal: AbortSignal | null,
): Promise<Listing> {
  const stopped = (await livingClaims(commonDir)).length === 0;
  const trees = signal === null ? null : await measured(commonDir, signal);
  return {
    rows: states.map((state) => ({
      place,
      state,
      stopped,
      note: stopped ? readStopNote(commonDir, state.id) : null,
      trees,
    })),
    unreadable: unreadable.map((one) => ({ place, ...one })),
    vanished: [],
  };
}

async function measured(commonDir: string, signal: AbortSignal): Promise<TreesOf> {
  const { recordedWorktrees } = await import("../../adapters/git/recorded-worktrees.ts");
  const sizes = new Map<string, Trees>();
  for (const [workflow, folders] of await recordedWorktrees(commonDir)) {
    const found = await Promise.all(folders.map((folder) => folderSize(folder, signal)));
    const there = found.filter((size) => size !== null);
    sizes.set(workflow, {
      count: there.length,
      bytes: there.reduce((sum, { bytes }) => sum + bytes, 0),
      complete: there.every(({ complete }) => complete),
    });
  }
  return sizes;
}
