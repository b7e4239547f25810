/**
 * `npm run lines -- --seeds N [--from M]`: stories of merges on real repositories; every line that approved work added is on the
 * integration branch, or a person is told. Ends with 1 when one was lost.
 */
import { parseArgs } from "node:util";
import { play } from "./play.ts";

const { values } = parseArgs({
  options: { seeds: { type: "string", default: "100" }, from: { type: "string", default: "1" } },
});

async function main(): Promise<number> {
  const [seeds = 0, from = 1] = [values.seeds, values.from].map(Number);
  const seen: Record<string, number> = {};
  const began = performance.now();
  let wrong = 0;
  for (let seed = from; seed < from + seeds; seed += 1) {
    const {
      problems,
      trail,
      seen: found,
    } = await play(seed).catch((error: unknown) => ({
      problems: [error instanceof Error ? (error.stack ?? error.message) : String(error)],
      trail: [],
      seen: {},
    }));
    for (const [word, count] of Object.entries(found)) seen[word] = (seen[word] ?? 0) + count;
    if (problems.length === 0) continue;
    wrong += 1;
    for (const problem of problems) console.log(`seed ${seed}: ${problem}`);
    for (const step of trail) console.log(`  ${step}`);
    console.log(`  again: npm run lines -- --seeds 1 --from ${seed}`);
  }
  for (const word of Object.keys(seen).toSorted()) console.log(`${String(seen[word]).padStart(7)}  ${word}`);
  const seconds = ((performance.now() - began) / 1000).toFixed(0);
  console.log(
    `${seeds} stories, seeds ${from} to ${from + seeds - 1}, ${wrong} with lost lines; ${seconds} s`,
  );
  return wrong === 0 ? 0 : 1;
}

process.exitCode = await main();
