/** Journals in memory, for rehearsals and tests. Entries pass through JSON, so that they cannot share objects with the caller. */
import { SignalboxError } from "../../core/errors.ts";
import type {
  AppendResult,
  Journal,
  JournalEntry,
  JournalStore,
  Lease,
  LeaseHolder,
} from "../../ports/journal.ts";

export interface MemoryJournalStore extends JournalStore {
  /** What a crash of every holder does: their leases can be taken, their journals are fenced once they are. */
  expireLeases(): void;
}

interface Stored {
  readonly entries: JournalEntry[];
  readonly byAppendId: Map<string, JournalEntry>;
  generation: number;
  held: boolean;
  created: boolean;
}

export function createMemoryJournalStore(): MemoryJournalStore {
  const journals = new Map<string, Stored>();
  const stored = (workflow: string): Stored => {
    const found = journals.get(workflow) ?? {
      entries: [],
      byAppendId: new Map(),
      generation: 0,
      held: false,
      created: false,
    };
    journals.set(workflow, found);
    return found;
  };
  return {
    folder: (workflow) => `/memory/${workflow}`,
    list: async () =>
      [...journals]
        .filter(([, it]) => it.created)
        .map(([name]) => name)
        .sort(),
    load: async (workflow) => [...(journals.get(workflow)?.entries ?? [])],
    acquire: async (workflow, { steal = false } = {}) => {
      const it = stored(workflow);
      if (it.held && !steal) return { ok: false, holder: holderOf(it.generation) };
      it.generation += 1;
      it.held = true;
      return { ok: true, lease: toLease(it, it.generation) };
    },
    open: async (workflow, lease) => {
      const it = stored(workflow);
      const { generation } = lease.holder;
      if (generation !== it.generation || !it.held) {
        throw new SignalboxError(
          "lease",
          "lease-lost",
          `lease ${generation} of ${workflow} is not held any more`,
        );
      }
      it.created = true;
      return openMemoryJournal(it, generation);
    },
    expireLeases: () => {
      for (const it of journals.values()) it.held = false;
    },
  };
}

function openMemoryJournal(it: Stored, generation: number): Journal {
  const append = (expected: number, appendId: string, events: JournalEntry["events"]): AppendResult => {
    const head = it.entries.length;
    const text = JSON.stringify(events);
    const earlier = it.byAppendId.get(appendId);
    if (earlier !== undefined) {
      if (JSON.stringify(earlier.events) === text) return { ok: true, seq: earlier.seq };
      throw new SignalboxError(
        "internal",
        "append-id-reused",
        `append ${appendId} was used before with other events (entry ${earlier.seq})`,
      );
    }
    if (generation !== it.generation || !it.held) return { ok: false, reason: "fenced", head };
    if (expected !== head) return { ok: false, reason: "conflict", head };
    const entry = {
      seq: head + 1,
      generation,
      appendId,
      events: JSON.parse(text) as JournalEntry["events"],
    };
    it.entries.push(entry);
    it.byAppendId.set(appendId, entry);
    return { ok: true, seq: head + 1 };
  };
  return {
    append: async (expected, appendId, events) => append(expected, appendId, events),
    read: async (after) => it.entries.slice(after),
    durability: "memory",
    close: async () => {},
  };
}

function toLease(it: Stored, generation: number): Lease {
  return {
    holder: holderOf(generation),
    isNewest: () => it.held && it.generation === generation,
    release: async () => {
      if (it.generation === generation) it.held = false;
    },
  };
}

function holderOf(generation: number): LeaseHolder {
  return { pid: 1, startTime: "0", bootId: "memory", host: "memory", generation };
}
