/** Many seeds on all cores: workers of their own process, which take one block of seeds after the other. */
import { fork } from "node:child_process";
import type { Failure } from "./check/watch.ts";
import { playHistory } from "./history.ts";

/** What a worker is asked for. */
interface Block {
  readonly from: number;
  readonly count: number;
}

/** What a worker says after each history. */
interface Played {
  readonly seed: number;
  readonly steps: number;
  readonly failure: Failure | null;
}

export interface Tally {
  seeds: number;
  steps: number;
  /** In the order in which they were found. */
  readonly failed: number[];
  seconds: number;
}

export interface Spread {
  readonly from: number;
  readonly seeds: number;
  readonly workers: number;
  /** No block begins after so many. */
  readonly minutes: number;
  /** Told of how far it has come, and at once of a seed that failed. */
  readonly say: (line: string) => void;
}

/** Small enough that no worker waits long for the last one. */
const BLOCK = 25;
const SAY_EVERY_MS = 10_000;

/** In a worker: plays every block that it is sent, until the parent lets it go. */
export function serveBlocks(): Promise<void> {
  return new Promise((resolve) => {
    process.on("disconnect", resolve);
    process.on("message", async ({ from, count }: Block) => {
      for (let seed = from; seed < from + count; seed += 1) {
        const { steps, failure } = await playHistory(seed);
        process.send?.({ seed, steps, failure } satisfies Played);
      }
    });
  });
}

/** Plays the seeds in workers; rejects when one of them ends before its time. */
export async function spread({ from, seeds, workers, minutes, say }: Spread): Promise<Tally> {
  const tally: Tally = { seeds: 0, steps: 0, failed: [], seconds: 0 };
  const began = performance.now();
  const secondsSoFar = (): number => (performance.now() - began) / 1000;
  let next = from;
  const take = (): Block | null => {
    const count = secondsSoFar() > minutes * 60 ? 0 : Math.min(BLOCK, from + seeds - next);
    next += count;
    return count === 0 ? null : { from: next - count, count };
  };
  const count = ({ seed, steps, failure }: Played): void => {
    tally.seeds += 1;
    tally.steps += steps;
    if (failure === null) return;
    tally.failed.push(seed);
    say(`seed ${seed} failed: ${failure.invariant}, ${failure.message}`);
  };
  const progress = setInterval(() => say(progressOf(tally, seeds, secondsSoFar())), SAY_EVERY_MS);
  try {
    await Promise.all(Array.from({ length: workers }, () => employ(take, count)));
  } finally {
    clearInterval(progress);
  }
  return { ...tally, seconds: secondsSoFar() };
}

/** One worker until there is nothing left to take. */
function employ(take: () => Block | null, told: (played: Played) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = fork(process.argv[1] ?? "", ["--worker"], {
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    });
    let left = 0;
    const send = (): void => {
      const block = take();
      left = block?.count ?? 0;
      if (block === null) worker.disconnect();
      else worker.send(block);
    };
    worker.on("message", (played: Played) => {
      told(played);
      left -= 1;
      if (left === 0) send();
    });
    worker.on("error", reject);
    worker.on("exit", (code) => (code === 0 ? resolve() : reject(new Error(`a worker ended with ${code}`))));
    send();
  });
}

function progressOf({ seeds, failed }: Tally, all: number, seconds: number): string {
  const rate = seeds / seconds;
  const minutesLeft = Math.ceil((all - seeds) / rate / 60);
  return `${seeds} of ${all} seeds, ${failed.length} failed; ${rate.toFixed(1)} seeds/s, ${minutesLeft} min left`;
}
