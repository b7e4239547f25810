/**
 * `npm run simulate -- --seeds N [--from SEED] [--workers N] [--minutes N]`, or one history with everything that happens in it:
 * `npm run simulate -- --seed S --trace [--faults JSON]`, or every guard switched off once: `npm run simulate -- --mutations`. Ends with 1 when an invariant did not hold.
 */
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { INVARIANTS } from "./check/invariants.ts";
import { type History, playHistory } from "./history.ts";
import { hunt } from "./mutate.ts";
import { MUTATIONS } from "./mutations.ts";
import { shrink } from "./shrink.ts";
import { serveBlocks, spread } from "./spread.ts";
import type { Fault } from "./story/faults.ts";

const { values } = parseArgs({
  options: {
    seeds: { type: "string" },
    from: { type: "string", default: "1" },
    workers: { type: "string" },
    minutes: { type: "string" },
    seed: { type: "string" },
    trace: { type: "boolean", default: false },
    whole: { type: "boolean", default: false },
    faults: { type: "string" },
    mutations: { type: "boolean", default: false },
    only: { type: "string" },
    worker: { type: "boolean", default: false },
  },
});

/** Lines of a trace that are printed, the last ones. */
const SHOWN = 60;
/** Failing seeds that are made short; more are only counted. */
const SHRUNK = 5;

async function main(): Promise<number> {
  if (values.worker) return serveBlocks().then(() => 0);
  if (values.mutations) return mutations();
  if (values.seed !== undefined) return one(Number(values.seed));
  return many(Number(values.from), Number(values.seeds ?? 1000));
}

/** Progress goes to stderr, the figure to stdout. */
async function many(from: number, seeds: number): Promise<number> {
  const workers = Math.max(1, Number(values.workers ?? availableParallelism()));
  const minutes = Number(values.minutes ?? Number.POSITIVE_INFINITY);
  const tally = await spread({ from, seeds, workers, minutes, say: (line) => console.error(line) });
  const { failed, steps, seconds } = tally;
  for (const seed of failed.toSorted((a, b) => a - b).slice(0, SHRUNK)) await report(seed);
  const rate = `${seconds.toFixed(0)} s, ${(tally.seeds / seconds).toFixed(1)} seeds/s with ${workers} workers`;
  console.log(`${tally.seeds} seeds from ${from}, ${steps} steps, ${failed.length} failed; ${rate}`);
  if (failed.length > 0) console.log(`failed: ${failed.toSorted((a, b) => a - b).join(" ")}`);
  return failed.length === 0 ? 0 : 1;
}

async function one(seed: number): Promise<number> {
  const faults = values.faults === undefined ? {} : { faults: JSON.parse(values.faults) as Fault[] };
  const history = await playHistory(seed, { ...faults, trace: true });
  if (values.trace) for (const line of history.trace) console.log(line);
  print(history, 0);
  return history.failure === null ? 0 : 1;
}

/** Guards switched off one at a time: which seed and which invariant notices. The known seed is tried first. */
async function mutations(): Promise<number> {
  const most = values.seeds === undefined ? 300 : Number(values.seeds);
  let unnoticed = 0;
  for (const mutation of MUTATIONS.filter(({ name }) => name.includes(values.only ?? ""))) {
    const seeds = [mutation.seed, ...Array.from({ length: most }, (_, index) => index + 1)];
    const found = await hunt(mutation, seeds, "node_modules/.cache").catch((error: unknown) => {
      console.error(String(error).split("\n")[1] ?? error);
      return null;
    });
    const expected = found !== null && mutation.caughtBy.includes(found.failure.invariant);
    if (!expected) unnoticed += 1;
    const how =
      found === null
        ? "nobody notices"
        : `${found.failure.invariant} in seed ${found.seed}: ${found.failure.message}`;
    console.log(`${expected ? "ok    " : "FAILED"}  ${mutation.name}: ${how}`);
  }
  console.log(`${unnoticed} of ${MUTATIONS.length} guards can be switched off unnoticed`);
  return unnoticed === 0 ? 0 : 1;
}

async function report(seed: number): Promise<void> {
  print(await shrink(await playHistory(seed)), values.whole ? Number.POSITIVE_INFINITY : SHOWN);
}

function print({ seed, faults, failure, status, steps, trace }: History, shown: number): void {
  if (failure === null)
    return console.log(`seed ${seed}: ${status} after ${steps} steps, all invariants hold`);
  const promise = INVARIANTS.find(({ id }) => id === failure.invariant)?.promise;
  console.log(`\nseed ${seed}, step ${failure.step}: ${failure.invariant} does not hold: ${promise}`);
  console.log(`  ${failure.message}`);
  for (const line of trace.slice(-shown)) console.log(`  ${line}`);
  console.log(
    `To play it again: npm run simulate -- --seed ${seed} --trace --faults '${JSON.stringify(faults)}'`,
  );
}

process.exitCode = await main();
