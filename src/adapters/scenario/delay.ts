/** How long a scripted agent thinks before a step. */
import { type Random, randomOf } from "./random.ts";
import type { Delay } from "./scenario.ts";

/** Milliseconds for the next step, from a sequence that the key starts; `fallback` where nothing is given. */
export function createPacer(delay: Delay | undefined, key: string, fallback: number): () => number {
  const random: Random = randomOf(`delay/${key}`);
  if (delay === undefined) return () => fallback;
  return typeof delay === "number"
    ? () => delay
    : () => random.between(Math.min(...delay), Math.max(...delay));
}
