/** A few of the stories that `npm run lines` plays by the hundred. */
import { expect, it } from "vitest";
import { play } from "./play.ts";

/** Between them: returns to creators, batches that fail, a rewind, conflicts joined by hand, work left out. */
const SEEDS = [12, 60, 114];

it.each(SEEDS)(
  "every line that approved work added is on the integration branch, or a person was told: story %i",
  async (seed) => {
    const { problems, trail } = await play(seed);
    expect(problems, trail.join("\n")).toEqual([]);
  },
);
