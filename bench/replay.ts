/** From a long journal on disk to the state: reading, checking and folding. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { openJournalStore } from "../src/adapters/journal/jsonl.ts";
import { replay } from "../src/core/workflow/replay.ts";
import { distribution, timed } from "./paired.ts";
import { inFolder, writeJournal } from "./scratch.ts";
import type { Section } from "./section.ts";
import { longHistory } from "./workflows.ts";

const EVENTS = 100_000;

export function longReplay(rounds: number): Promise<Section> {
  return inFolder(async (folder) => {
    const bytes = writeJournal(folder, "bench-001", longHistory(EVENTS));
    const store = openJournalStore(folder);
    const floor: number[] = [];
    const load: number[] = [];
    const fold: number[] = [];
    for (let round = -1; round < rounds; round += 1) {
      floor.push(await timed(() => parseAll(join(store.folder("bench-001"), "journal.jsonl"))));
      let entries: Awaited<ReturnType<typeof store.load>> = [];
      load.push(
        await timed(async () => {
          entries = await store.load("bench-001");
        }),
      );
      fold.push(await timed(() => replay(entries)));
    }
    const seconds = (values: readonly number[]) => distribution(values.slice(1).map((ms) => ms / 1000));
    const whole = seconds(load.map((ms, round) => ms + (fold[round] ?? Number.NaN)));
    const against = distribution(
      load.slice(1).map((ms, i) => (ms + (fold[i + 1] ?? Number.NaN)) / (floor[i + 1] ?? Number.NaN)),
    );
    return {
      id: "replay",
      title: `Replay of ${EVENTS.toLocaleString("en")} events`,
      about: `a journal of ${(bytes / 1024 / 1024).toFixed(0)} MiB, ${rounds} rounds`,
      rows: [
        { name: "load and replay", value: whole.median, unit: "s", spread: [whole.low, whole.high], aim: 1 },
        { name: "of it reading and checking", value: seconds(load).median, unit: "s" },
        { name: "of it folding", value: seconds(fold).median, unit: "s" },
        {
          name: "against parsing its lines alone",
          value: against.median,
          unit: "x",
          spread: [against.low, against.high],
          remark: `${seconds(floor).median.toFixed(2)} s`,
        },
      ],
    };
  });
}

/** What nobody can do without: every line as JSON, kept, because the state keeps most of it. */
function parseAll(path: string): readonly unknown[] {
  const lines = readFileSync(path, "utf8").split("\n");
  return lines.flatMap((line) => (line === "" ? [] : [JSON.parse(line) as unknown]));
}
