import { writeFileSync } from "node:fs";
import { appendFile, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { aNote, openHeld, openNew, requireLease } from "../../../test/contracts/journal-contract.ts";
import { eventually } from "../../../test/support/eventually.ts";
import { bundleScript, runScript } from "../../../test/support/script.ts";
import { tempFolder } from "../../../test/support/temp-folder.ts";
import { openJournalStore } from "./jsonl.ts";
import { encodeLine, LINE_FORMAT, type StoredLine } from "./line.ts";
import { scanJournal } from "./scan.ts";

const WORKER = `
import { openJournalStore } from "./src/adapters/journal/jsonl.ts";
import { writeSync } from "node:fs";
const [commonDir, mode] = process.argv.slice(2);
const say = (text) => writeSync(1, text + "\\n");
const event = (text) => ({ type: "note.added", at: "2026-02-20T10:00:00Z", note: { at: "", by: "", subject: "", text } });
const store = openJournalStore(commonDir);
if (mode === "race") await new Promise((resolve) => process.stdin.once("data", resolve));
const taken = await store.acquire("wf-001");
if (!taken.ok) { say("held " + taken.holder.pid); process.exit(0); }
say("lease " + taken.lease.holder.generation);
if (mode === "race") setInterval(() => {}, 1000);
else {
  const journal = await store.open("wf-001", taken.lease);
  let head = (await journal.read(0)).length;
  for (;;) {
    const result = await journal.append(head, "append-" + (head + 1), [event("entry " + (head + 1))]);
    if (!result.ok) { say(result.reason); process.exit(0); }
    head = result.seq;
    say("acked " + head);
  }
}`;

const acked = (lines: readonly string[]): number =>
  Number(
    lines
      .filter((it) => it.startsWith("acked"))
      .at(-1)
      ?.split(" ")[1] ?? 0,
  );

async function aJournal(count: number): Promise<{ commonDir: string; file: string; bytes: Buffer }> {
  const commonDir = await tempFolder();
  const store = openJournalStore(commonDir);
  const lease = await requireLease(store, "wf-001");
  const journal = await openHeld(store, "wf-001", lease);
  for (let head = 0; head < count; head += 1)
    await journal.append(head, `append-${head + 1}`, [aNote(`entry ${head + 1}`)]);
  await lease.release();
  const file = join(store.folder("wf-001"), "journal.jsonl");
  return { commonDir, file, bytes: await readFile(file) };
}

describe("a torn tail", () => {
  test("is told from sound lines at every byte of the last line", async () => {
    const { bytes } = await aJournal(3);
    const lastLine = bytes.lastIndexOf(10, bytes.length - 2) + 1;
    for (let size = lastLine; size < bytes.length; size += 1) {
      const found = scanJournal(bytes.subarray(0, size), "journal.jsonl", LINE_FORMAT);
      expect(found).toMatchObject({ soundSize: lastLine, generation: 1 });
      expect(found.entries).toHaveLength(2);
    }
    expect(scanJournal(bytes, "journal.jsonl", LINE_FORMAT).entries).toHaveLength(3);
  });

  test("is cut when the journal is opened, and the next append takes its number", async () => {
    const { commonDir, file, bytes } = await aJournal(3);
    const lastLine = bytes.lastIndexOf(10, bytes.length - 2) + 1;
    const store = openJournalStore(commonDir);
    for (const size of [lastLine, lastLine + 1, lastLine + 60, bytes.length - 2, bytes.length - 1]) {
      await writeFile(file, bytes.subarray(0, size));
      expect(await store.load("wf-001")).toHaveLength(2);
      const lease = await requireLease(store, "wf-001");
      const journal = await store.open("wf-001", lease);
      expect(await readFile(file)).toEqual(bytes.subarray(0, lastLine));
      expect(await journal.append(2, `again-${size}`, [aNote("again")])).toEqual({ ok: true, seq: 3 });
      await journal.close();
      await lease.release();
      expect((await store.load("wf-001")).at(-1)?.appendId).toBe(`again-${size}`);
    }
  });

  test("of blocks that were never written is cut too", async () => {
    const { commonDir, file, bytes } = await aJournal(2);
    await writeFile(file, Buffer.concat([bytes, Buffer.alloc(300), Buffer.from("\n")]));
    await openNew(openJournalStore(commonDir));
    expect(await readFile(file)).toEqual(bytes);
  });

  test("is left alone by a reader without lease", async () => {
    const { commonDir, file, bytes } = await aJournal(2);
    await writeFile(file, bytes.subarray(0, -1));
    expect(await openJournalStore(commonDir).load("wf-001")).toHaveLength(1);
    expect(await readFile(file)).toEqual(bytes.subarray(0, -1));
  });
});

describe("damage", () => {
  test.each([
    ["a changed byte in the middle", (text: string) => text.replace("entry 2", "entry 9"), 2],
    ["a changed byte in the last line", (text: string) => text.replace("entry 3", "entry 9"), 3],
    ["a line that is missing", (text: string) => text.split("\n").toSpliced(1, 1).join("\n"), 2],
    ["a line that is there twice", (text: string) => text.replace(/^(.*\n)/, "$1$1"), 2],
    ["a foreign line in the middle", (text: string) => text.replace("\n", "\nhello\n"), 2],
    ["a line that was cut in the middle", (text: string) => text.replace(/.{30}\n/, "\n"), 1],
  ])("by %s is refused with file and line, and nothing is changed", async (_, damage, line) => {
    const { commonDir, file, bytes } = await aJournal(3);
    const changed = damage(bytes.toString());
    await writeFile(file, changed);
    const store = openJournalStore(commonDir);
    const lease = await requireLease(store, "wf-001");
    const expected = {
      kind: "environment",
      code: "journal-damaged",
      message: expect.stringContaining(`${file}:${line} `),
    };
    await expect(store.open("wf-001", lease)).rejects.toMatchObject(expected);
    await expect(store.load("wf-001")).rejects.toMatchObject(expected);
    expect(await readFile(file, "utf8")).toBe(changed);
  });

  test("is repaired by the command in the hint", async () => {
    const { commonDir, file, bytes } = await aJournal(3);
    await writeFile(file, bytes.toString().replace("entry 2", "entry 9"));
    const store = openJournalStore(commonDir);
    const error = await store.load("wf-001").catch((it: { hints: string[] }) => it);
    const command = ("hints" in error ? error.hints : []).at(-1)?.replace(/^.*?: /, "") ?? "false";
    const script = await bundleScript(
      commonDir,
      "shell",
      `import { execFileSync } from "node:child_process"; execFileSync("sh", ["-c", process.argv[2] ?? ""]);`,
    );
    expect((await runScript(script, [command]).ended).code).toBe(0);
    expect(await store.load("wf-001")).toHaveLength(1);
  });
});

describe("versions of lines", () => {
  test("a newer one is refused, also as the last line, and nothing is changed", async () => {
    const { commonDir, file } = await aJournal(1);
    const entry = { seq: 2, generation: 1, appendId: "b", events: [aNote("two")] };
    await appendFile(file, encodeLine(entry, { version: 2, upcasts: {} }));
    const before = await readFile(file);
    const store = openJournalStore(commonDir);
    const lease = await requireLease(store, "wf-001");
    await expect(store.open("wf-001", lease)).rejects.toMatchObject({
      kind: "environment",
      code: "journal-newer",
    });
    await writeFile(file, `${'{"v":7,"some":"other layout"}'}\n`);
    await expect(store.open("wf-001", lease)).rejects.toMatchObject({ code: "journal-newer" });
    await writeFile(file, before);
    await expect(store.load("wf-001")).rejects.toMatchObject({
      message: expect.stringContaining(`${file}:2 `),
    });
  });

  test("older ones are made current step by step, and the file keeps them as they are", async () => {
    const { commonDir, file, bytes } = await aJournal(2);
    const mark = (suffix: string) => (line: StoredLine) => ({ ...line, v: line.v + 1, id: line.id + suffix });
    const store = openJournalStore(commonDir, {
      format: { version: 3, upcasts: { 1: mark("+2"), 2: mark("+3") } },
    });
    expect((await store.load("wf-001")).map((it) => it.appendId)).toEqual(["append-1+2+3", "append-2+2+3"]);
    const journal = await openNew(store);
    await journal.append(2, "c", [aNote("three")]);
    expect((await readFile(file, "utf8")).split("\n").map((it) => it.slice(0, 6))).toEqual([
      '{"v":1',
      '{"v":1',
      '{"v":3',
      "",
    ]);
    expect((await readFile(file)).subarray(0, bytes.length)).toEqual(bytes);
  });
});

describe("generations", () => {
  test("stay above those in the file when the lease files are lost", async () => {
    const { commonDir } = await aJournal(1);
    const store = openJournalStore(commonDir);
    await (await requireLease(store, "wf-001")).release();
    const journal = await openNew(store);
    await journal.append(1, "b", [aNote("two")]);
    for (const name of await readdir(store.folder("wf-001"))) {
      if (name.startsWith("lease.")) await rm(join(store.folder("wf-001"), name));
    }
    expect(await journal.append(2, "c", [aNote("three")])).toMatchObject({ reason: "fenced" });
    expect((await requireLease(store, "wf-001")).holder.generation).toBe(4);
  });

  test("leave one lease file behind, however often a lease is taken", async () => {
    const store = openJournalStore(await tempFolder());
    for (let count = 0; count < 5; count += 1) await (await requireLease(store, "wf-001")).release();
    expect(await readdir(store.folder("wf-001"))).toEqual(["lease.5.json"]);
  });

  test("a late line of a fenced writer is skipped before and replaced behind the line of its successor", async () => {
    const { commonDir, file } = await aJournal(2);
    const line = (seq: number, generation: number, appendId: string): string =>
      encodeLine({ seq, generation, appendId, events: [aNote(appendId)] });
    await appendFile(
      file,
      line(3, 1, "late-1") + line(4, 1, "late-2") + line(3, 2, "good") + line(5, 1, "late-3"),
    );
    const store = openJournalStore(commonDir);
    expect((await store.load("wf-001")).map((it) => it.appendId)).toEqual(["append-1", "append-2", "good"]);
  });

  test("a takeover between a write and its acknowledgement fences it, although the line is on disk", async () => {
    const { commonDir, file } = await aJournal(1);
    const store = openJournalStore(commonDir);
    const journal = await openNew(store);
    const late = journal.append(1, "late", [aNote("late")]);
    for (let turn = 0; turn < 20; turn += 1) await null; // the write is with the system now
    writeFileSync(join(store.folder("wf-001"), "lease.3.json"), "{}");
    expect(await late).toEqual({ ok: false, reason: "fenced", head: 1 });
    expect(await readFile(file, "utf8")).toContain('"id":"late"');
  });

  test("whole lines that a fenced writer adds in between do not disturb the holder; half a line stops it", async () => {
    const { commonDir, file } = await aJournal(1);
    const store = openJournalStore(commonDir);
    const journal = await openNew(store);
    await appendFile(file, encodeLine({ seq: 2, generation: 1, appendId: "late", events: [aNote("late")] }));
    expect(await journal.append(1, "b", [aNote("two")])).toEqual({ ok: true, seq: 2 });
    expect((await journal.read(0)).map((it) => it.appendId)).toEqual(["append-1", "b"]);
    await appendFile(file, '{"v":1,');
    await expect(journal.append(2, "c", [aNote("three")])).rejects.toMatchObject({
      code: "journal-write-failed",
    });
  });
});

describe("leases between processes", () => {
  test("of many processes that race for a dead holder's lease exactly one gets it, and the others name it", async () => {
    const commonDir = await tempFolder();
    const script = await bundleScript(commonDir, "worker", WORKER);
    const folder = openJournalStore(commonDir).folder("wf-001");
    await mkdir(folder, { recursive: true });
    const dead = {
      pid: 4_000_000,
      startTime: "1",
      bootId: "gone",
      host: hostname(),
      generation: 6,
    };
    await writeFile(join(folder, "lease.6.json"), JSON.stringify(dead));
    const runs = Array.from({ length: 4 }, () => runScript(script, [commonDir, "race"]));
    for (const run of runs) run.child.stdin?.write("go\n");
    await eventually("every process answers", () => runs.every((it) => it.lines().length === 1));
    const winners = runs.filter((it) => it.lines()[0] === "lease 7");
    expect(winners).toHaveLength(1);
    const told = runs.filter((it) => it !== winners[0]).map((it) => it.lines()[0]);
    expect(told).toEqual(Array.from({ length: 3 }, () => `held ${winners[0]?.pid}`));
  });

  test("a holder on another host is never called dead", async () => {
    const store = openJournalStore(await tempFolder());
    await mkdir(store.folder("wf-001"), { recursive: true });
    const holder = { pid: 4_000_000, startTime: "1", bootId: "gone", host: "elsewhere", generation: 3 };
    await writeFile(join(store.folder("wf-001"), "lease.3.json"), JSON.stringify(holder));
    expect(await store.acquire("wf-001")).toEqual({ ok: false, holder });
    expect(await store.holder("wf-001")).toEqual(holder);
    expect((await requireLease(store, "wf-001", true)).holder.generation).toBe(4);
  });

  test("a stopped holder keeps its lease; after a forced takeover it is fenced when it goes on", async () => {
    const commonDir = await tempFolder();
    const run = runScript(await bundleScript(commonDir, "worker", WORKER), [commonDir, "append"]);
    await eventually("some appends", () => acked(run.lines()) > 5);
    process.kill(run.pid, "SIGSTOP");
    const store = openJournalStore(commonDir);
    expect(await store.acquire("wf-001")).toMatchObject({ ok: false, holder: { pid: run.pid } });
    const journal = await openHeld(store, "wf-001", await requireLease(store, "wf-001", true));
    const before = (await journal.read(0)).length;
    expect(await journal.append(before, "mine", [aNote("mine")])).toEqual({ ok: true, seq: before + 1 });
    process.kill(run.pid, "SIGCONT");
    expect((await run.ended).code).toBe(0);
    expect(run.lines().at(-1)).toBe("fenced");
    expect(acked(run.lines())).toBeLessThanOrEqual(before);
    expect((await store.load("wf-001")).map((it) => it.appendId).slice(before)).toEqual(["mine"]);
  });

  test("every append that was acknowledged before kill -9 is there afterwards, at once for the next holder", async () => {
    const commonDir = await tempFolder();
    const script = await bundleScript(commonDir, "worker", WORKER);
    const store = openJournalStore(commonDir);
    let sure = 0;
    for (let round = 1; round <= 3; round += 1) {
      const run = runScript(script, [commonDir, "append"]);
      await eventually("some appends", () => acked(run.lines()) > sure + 20);
      process.kill(run.pid, "SIGKILL");
      await run.ended;
      sure = acked(run.lines());
      const entries = await store.load("wf-001");
      expect(entries.length).toBeGreaterThanOrEqual(sure);
      expect(entries.map((it) => it.appendId)).toEqual(entries.map((_, index) => `append-${index + 1}`));
      expect(run.lines()[0]).toBe(`lease ${round}`);
    }
  });
});

test("a replay of 100,000 events costs little more than parsing them", async () => {
  const text =
    "a finding of the usual length, as agents write them, with some detail of what was seen. ".repeat(2);
  const lines = Array.from({ length: 100_000 }, (_, i) =>
    encodeLine({ seq: i + 1, generation: 1, appendId: `append-${i}`, events: [aNote(text)] }),
  );
  const bytes = Buffer.from(lines.join(""));
  const timed = (work: () => void): number => {
    const start = performance.now();
    work();
    return performance.now() - start;
  };
  // A ratio, because the machine may be busy: alone the replay takes about 0.45 s. One quiet moment in ten is enough.
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 10 && best > 3; round += 1) {
    const parse = timed(() => lines.map((line) => JSON.parse(line) as unknown));
    best = Math.min(best, timed(() => scanJournal(bytes, "journal.jsonl", LINE_FORMAT)) / parse);
  }
  expect(best).toBeLessThan(3);
});
