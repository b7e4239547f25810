/**
 * `npm run conflicts -- --pairs N [--seed S] [--branches B]`: predictions against what `git merge` then does, for every pair of generated
 * repositories. Ends with 1 when one was wrong.
 */
import { parseArgs } from "node:util";
import { compareFamily } from "./compare.ts";

const { values } = parseArgs({
  options: {
    pairs: { type: "string", default: "5000" },
    seed: { type: "string", default: "1" },
    branches: { type: "string", default: "24" },
  },
});

async function main(): Promise<number> {
  const [wanted, from, branches] = [values.pairs, values.seed, values.branches].map(Number);
  const seen: Record<string, number> = {};
  const wrong: string[] = [];
  const began = performance.now();
  let pairs = 0;
  let seed = from ?? 1;
  for (; pairs < (wanted ?? 0); seed += 1) {
    const found = await compareFamily(seed, branches ?? 24);
    pairs += found.pairs;
    wrong.push(...found.wrong);
    for (const [word, count] of Object.entries(found.seen)) seen[word] = (seen[word] ?? 0) + count;
    for (const line of found.wrong) console.log(line);
  }
  const seconds = ((performance.now() - began) / 1000).toFixed(0);
  for (const word of Object.keys(seen).toSorted()) console.log(`${String(seen[word]).padStart(7)}  ${word}`);
  console.log(`${pairs} pairs, seeds ${from} to ${seed - 1}, ${wrong.length} wrong; ${seconds} s`);
  return wrong.length === 0 ? 0 : 1;
}

process.exitCode = await main();
