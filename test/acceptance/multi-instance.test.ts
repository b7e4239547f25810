/**
 * The cross-pollinated workflow to its end with the simulated agent, over real git, journal and documents. Without chance and with more
 * seeds: `npm run acceptance -- --agents simulated`.
 */
import { expect, it } from "vitest";
import { play } from "./play.ts";
import { MULTI_INSTANCE } from "./stories.ts";

const LIMIT_MS = 600_000;

it.each(["one"])(
  "a cross-pollinated workflow to which everything happens ends complete and leaves nothing wrong behind, with answers in any order and after any delay (seed %s)",
  { timeout: LIMIT_MS + 20_000 },
  async (shuffle) => {
    const played = await play(MULTI_INSTANCE, { agent: "simulated", shuffle, limitMs: LIMIT_MS });
    expect(played.problems).toEqual([]);
  },
);
