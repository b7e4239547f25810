/** The sequential workflow with a person at the end of each phase, to its end with the simulated agent, over real git, journal and documents. */
import { expect, it } from "vitest";
import { play } from "./play.ts";
import { EN108, EN108_CANCELLED } from "./stories.ts";

const LIMIT_MS = 280_000;

it.each([EN108, EN108_CANCELLED])(
  "$name: ends as it should and leaves nothing wrong behind",
  { timeout: LIMIT_MS + 20_000 },
  async (story) => {
    const played = await play(story, { agent: "simulated", limitMs: LIMIT_MS });
    expect(played.problems).toEqual([]);
  },
);

it.each(["two", "three"])(
  "a workflow with checkpoints to which everything happens ends the same with answers in another order and after other delays (seed %s)",
  { timeout: LIMIT_MS + 20_000 },
  async (shuffle) => {
    const played = await play(EN108, { agent: "simulated", shuffle, limitMs: LIMIT_MS });
    expect(played.problems).toEqual([]);
  },
);
