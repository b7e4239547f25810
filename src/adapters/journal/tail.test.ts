import { appendFile, readFile, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { aNote, openHeld, requireLease } from "../../../test/contracts/journal-contract.ts";
import { tempFolder } from "../../../test/support/temp-folder.ts";
import type { JournalEntry } from "../../ports/journal.ts";
import { openJournalStore } from "./jsonl.ts";
import { encodeLine, LINE_FORMAT } from "./line.ts";
import { openTail } from "./tail.ts";

async function aJournal(count: number): Promise<{ readonly file: string; readonly bytes: Buffer }> {
  const store = openJournalStore(await tempFolder());
  const lease = await requireLease(store, "wf-001");
  const journal = await openHeld(store, "wf-001", lease);
  for (let head = 0; head < count; head += 1)
    await journal.append(head, `append-${head + 1}`, [aNote(`entry ${head + 1}`)]);
  await journal.close();
  await lease.release();
  const file = join(store.folder("wf-001"), "journal.jsonl");
  return { file, bytes: await readFile(file) };
}

const seqs = (entries: readonly JournalEntry[]): readonly number[] => entries.map(({ seq }) => seq);

describe("a tail", () => {
  it("gives every entry once, wherever the writes of a line are cut", async () => {
    const { file, bytes } = await aJournal(3);
    const [first, second] = [bytes.indexOf(10) + 1, bytes.indexOf(10, bytes.indexOf(10) + 1) + 1];
    for (const cut of [0, 1, first - 1, first, first + 7, second - 1, second, bytes.length - 1]) {
      await writeFile(file, bytes.subarray(0, cut));
      const tail = openTail(file, LINE_FORMAT);
      const before = await tail.next();
      await appendFile(file, bytes.subarray(cut));
      expect(seqs([...before, ...(await tail.next())])).toEqual([1, 2, 3]);
      expect(await tail.next()).toEqual([]);
    }
  });

  it("reads nothing again that it has read", async () => {
    const { file, bytes } = await aJournal(2);
    const end = bytes.indexOf(10) + 1;
    await writeFile(file, bytes.subarray(0, end));
    const tail = openTail(file, LINE_FORMAT);
    expect(seqs(await tail.next())).toEqual([1]);
    await writeFile(file, Buffer.concat([Buffer.alloc(end, "x"), bytes.subarray(end)]));
    expect(seqs(await tail.next())).toEqual([2]);
  });

  it("names the line of the whole file where one is damaged", async () => {
    const { file } = await aJournal(2);
    const tail = openTail(file, LINE_FORMAT);
    await tail.next();
    await appendFile(file, "{}\n{}\n");
    await expect(tail.next()).rejects.toThrow(`${file}:3 is damaged`);
  });

  it("gives what a new holder wrote in the place of an unacknowledged entry, and skips a fenced writer's", async () => {
    const { file } = await aJournal(2);
    const tail = openTail(file, LINE_FORMAT);
    await tail.next();
    const line = (seq: number, generation: number): Buffer | string =>
      encodeLine(
        { seq, generation, appendId: `late-${generation}-${seq}`, events: [aNote("x")] },
        LINE_FORMAT,
      );
    await appendFile(file, line(2, 2));
    await appendFile(file, line(3, 1));
    await appendFile(file, line(3, 2));
    expect((await tail.next()).map(({ seq, generation }) => [seq, generation])).toEqual([
      [2, 2],
      [3, 2],
    ]);
  });

  it("begins anew where the file became another one", async () => {
    const { file, bytes } = await aJournal(3);
    const tail = openTail(file, LINE_FORMAT);
    await tail.next();
    await truncate(file, 0);
    await writeFile(file, bytes.subarray(0, bytes.indexOf(10) + 1));
    expect(seqs(await tail.next())).toEqual([1]);
  });

  it("of a journal that does not exist yet is empty", async () => {
    const tail = openTail(join(await tempFolder(), "journal.jsonl"), LINE_FORMAT);
    expect(await tail.next()).toEqual([]);
  });
});
