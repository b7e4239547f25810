/** Both documented workflows to their end with the simulated agent, over real git, journal and documents. */
import { describe, expect, it } from "vitest";
import { play } from "./play.ts";
import { EN108, EN108_CANCELLED, MULTI_INSTANCE, MULTI_INSTANCE_CANCELLED } from "./stories.ts";

const LIMIT_MS = 100_000;

describe("a workflow to which everything happens", { timeout: 2 * LIMIT_MS }, () => {
  it.each([MULTI_INSTANCE, EN108, MULTI_INSTANCE_CANCELLED, EN108_CANCELLED])(
    "$name ends as it should and leaves nothing wrong behind",
    async (story) => {
      const played = await play(story, { agent: "simulated", limitMs: LIMIT_MS });
      expect(played.problems).toEqual([]);
      if (process.env.SIGNALBOX_TEST_VERBOSE !== undefined) console.log(played);
    },
  );

  it.each([
    [MULTI_INSTANCE, "one"],
    [EN108, "two"],
    [MULTI_INSTANCE, "three"],
  ])(
    "$name ends the same with answers in another order and after other delays (seed %s)",
    async (story, shuffle) => {
      const played = await play(story, { agent: "simulated", shuffle, limitMs: LIMIT_MS });
      expect(played.problems).toEqual([]);
    },
  );
});
