/** Histories that play in every run of the tests; many more: `npm run simulate -- --seeds 10000`. */
import { describe, expect, it } from "vitest";
import { playHistory } from "./history.ts";

/** Cut in parts, so that a failing one says roughly where. */
const PARTS = 10;
const SEEDS_EACH = 20;

describe("the engine in a simulated world", () => {
  it.each(Array.from({ length: PARTS }, (_, part) => [1 + part * SEEDS_EACH, (part + 1) * SEEDS_EACH]))(
    "keeps every invariant in the histories %i to %i, whatever goes wrong in them",
    async (from, to) => {
      for (let seed = from; seed <= to; seed += 1) {
        const { failure } = await playHistory(seed);
        expect(failure, `npm run simulate -- --seed ${seed} --trace`).toBe(null);
      }
    },
  );

  it("plays the same seed in the same way every time", async () => {
    const [one, other] = [await playHistory(7, { trace: true }), await playHistory(7, { trace: true })];
    expect(one.trace.length).toBeGreaterThan(20);
    expect(other).toEqual(one);
  });

  it("needs no fault to come to its end", async () => {
    expect(await playHistory(1, { faults: [] })).toMatchObject({ failure: null, status: "COMPLETE" });
  });
});
