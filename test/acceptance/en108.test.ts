/** The sequential workflow with a person at the end of each phase, to its end with the simulated agent, over real git, journal and documents. */
import { expect, it } from "vitest";
import { play } from "./play.ts";
import { EN108, EN108_CANCELLED } from "./stories.ts";

const LIMIT_MS = 600_000;

it("cancelled by a person it ends as that and leaves nothing running", { timeout: LIMIT_MS }, async () => {
  const played = await play(EN108_CANCELLED, { agent: "simulated", limitMs: LIMIT_MS });
  expect(played.problems).toEqual([]);
});

it.each(["two", "three"])(
  "a workflow with checkpoints to which everything happens ends the same with answers in another order and after other delays (seed %s)",
  { timeout: LIMIT_MS + 20_000 },
  async (shuffle) => {
    const played = await play(EN108, { agent: "simulated", shuffle, limitMs: LIMIT_MS });
    expect(played.problems).toEqual([]);
  },
);
