/**
 * `npm run simulate -- --seeds N [--from SEED] [--workers N] [--minutes N]`, or one history with everything that happens in it:
 * `npm run simulate -- --seed S --trace [--faults JSON]`, or every guard switched off once: `npm run simulate -- --mutations`. Ends with 1 when an invariant did not hold.
 */
import { fork } from "node:child_process";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { INVARIANTS } from "./check/invariants.ts";
import { type History, playHistory } from "./history.ts";
import { hunt } from "./mutate.ts";
import { MUTATIONS } from "./mutations.ts";
import { shrink } from "./shrink.ts";
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
  },
});

/** Lines of a trace that are printed, the last ones. */
const SHOWN = 60;
/** Failing seeds that are made short; more are only counted. */
const SHRUNK = 5;

interface Tally {
  seeds: number;
  steps: number;
  readonly failed: number[];
}

async function main(): Promise<number> {
  if (values.mutations) return mutations();
  if (values.seed !== undefined) return one(Number(values.seed));
  const [seeds, from] = [Number(values.seeds ?? 1000), Number(values.from)];
  if (process.send !== undefined) return work(from, seeds);
  const workers = Math.max(1, Number(values.workers ?? availableParallelism()));
  const began = performance.now();
  const tally = await spread(from, seeds, workers);
  const seconds = (performance.now() - began) / 1000;
  for (const seed of tally.failed.toSorted((a, b) => a - b).slice(0, SHRUNK)) await report(seed);
  const rate = (tally.seeds / seconds).toFixed(1);
  console.log(
    `${tally.seeds} seeds, ${tally.steps} steps, ${tally.failed.length} failed; ${seconds.toFixed(0)} s, ${rate} seeds/s with ${workers} workers`,
  );
  return tally.failed.length === 0 ? 0 : 1;
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

/** In a process of its own: every seed, told to the parent. */
async function work(from: number, seeds: number): Promise<number> {
  for (let seed = from; seed < from + seeds; seed += 1) {
    const { steps, failure } = await playHistory(seed);
    process.send?.({ seed, steps, failed: failure !== null });
  }
  process.disconnect();
  return 0;
}

/** Shares the seeds out; each worker gets a block after the other, so that none waits long for the last one. */
function spread(from: number, seeds: number, workers: number): Promise<Tally> {
  const tally: Tally = { seeds: 0, steps: 0, failed: [] };
  const block = Math.max(1, Math.min(200, Math.ceil(seeds / workers / 4)));
  const until = performance.now() + Number(values.minutes ?? Number.POSITIVE_INFINITY) * 60_000;
  let next = from;
  let running = 0;
  return new Promise((resolve, reject) => {
    const start = (): void => {
      if (next >= from + seeds || performance.now() > until)
        return running === 0 ? resolve(tally) : undefined;
      const count = Math.min(block, from + seeds - next);
      const args = ["--from", String(next), "--seeds", String(count)];
      next += count;
      running += 1;
      const child = fork(fileURLToPath(import.meta.url), args, {
        stdio: ["ignore", "inherit", "inherit", "ipc"],
      });
      child.on("message", ({ seed, steps, failed }: { seed: number; steps: number; failed: boolean }) => {
        tally.seeds += 1;
        tally.steps += steps;
        if (failed) tally.failed.push(seed);
      });
      child.on("exit", (code) => {
        running -= 1;
        if (code === 0) start();
        else reject(new Error(`a worker ended with ${code}`));
      });
    };
    for (let worker = 0; worker < workers; worker += 1) start();
  });
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
