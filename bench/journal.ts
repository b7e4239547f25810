/** What the journal adds to the disk's own price of a durable write. */
import { randomUUID } from "node:crypto";
import { type FileHandle, open } from "node:fs/promises";
import { join } from "node:path";
import { openJournalStore } from "../src/adapters/journal/jsonl.ts";
import { encodeLine } from "../src/adapters/journal/line.ts";
import type { WorkflowEvent } from "../src/core/workflow/event.ts";
import type { Journal } from "../src/ports/journal.ts";
import { pair, timed } from "./paired.ts";
import { inFolder } from "./scratch.ts";
import type { Section } from "./section.ts";

const GROUP = 16;

export function journalAppends(rounds: number): Promise<Section> {
  return inFolder(async (folder) => {
    const store = openJournalStore(folder);
    const acquired = await store.acquire("bench-001");
    if (!acquired.ok) throw new Error("the lease is held");
    const journal = await store.open("bench-001", acquired.lease);
    const raw = await open(join(folder, "raw"), "a");
    const bytes = Buffer.from(encodeLine({ seq: 1, generation: 1, appendId: randomUUID(), events: ENTRY }));
    const state = { head: 0 };
    const result = await pair(
      {
        raw: () => timed(() => rawAppend(raw, bytes)),
        journal: () => timed(() => appendAll(journal, state, 1)),
        group: async () => (await timed(() => appendAll(journal, state, GROUP))) / GROUP,
      },
      rounds,
    );
    await raw.close();
    await journal.close();
    await acquired.lease.release();
    const { journal: single, group } = result.ratio;
    return {
      id: "journal",
      title: "Durable append to the journal",
      about: `an entry of ${bytes.length} bytes, against write + fdatasync of the same bytes (${result.ms.raw?.median.toFixed(2)} ms), ${rounds} rounds`,
      rows: [
        {
          name: "one append",
          value: single?.median ?? Number.NaN,
          unit: "x",
          spread: [single?.low ?? Number.NaN, single?.high ?? Number.NaN],
          aim: 1.5,
        },
        {
          name: `each of ${GROUP} at once`,
          value: group?.median ?? Number.NaN,
          unit: "x",
          spread: [group?.low ?? Number.NaN, group?.high ?? Number.NaN],
          remark: "group commit: one flush for all",
        },
      ],
    };
  });
}

async function rawAppend(file: FileHandle, bytes: Buffer): Promise<void> {
  await file.write(bytes);
  await file.datasync();
}

async function appendAll(journal: Journal, state: { head: number }, count: number): Promise<void> {
  const appends = Array.from({ length: count }, () => {
    const appended = journal.append(state.head, randomUUID(), ENTRY);
    state.head += 1;
    return appended;
  });
  for (const appended of await Promise.all(appends)) if (!appended.ok) throw new Error(appended.reason);
}

/** As long as the end of a judge's session with its sample. */
const ENTRY: readonly WorkflowEvent[] = [
  {
    type: "note.added",
    at: "2026-02-20T10:00:00Z",
    note: {
      at: "2026-02-20T10:00:00Z",
      by: "bench",
      subject: "workflow",
      text: "what was found in the report. ".repeat(70),
    },
  },
];
