import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nextBatch, suspectsAfter } from "./batch.ts";

interface Outcome {
  readonly merged: readonly string[];
  readonly guilty: readonly string[];
  readonly runs: number;
}

/** Tries batches until nobody waits; a batch passes where none of it is bad. */
function mergeAll(order: readonly string[], size: number, bad: ReadonlySet<string>): Outcome {
  const merged: string[] = [];
  const guilty: string[] = [];
  let [waiting, suspects, runs] = [order, [] as readonly string[], 0];
  while (waiting.length > 0) {
    const batch = nextBatch(waiting, size, suspects);
    const passed = batch.every((one) => !bad.has(one));
    runs += 1;
    if (passed) merged.push(...batch);
    else if (batch.length === 1) guilty.push(...batch);
    suspects = suspectsAfter(suspects, batch, passed);
    if (passed || batch.length === 1) waiting = waiting.filter((one) => !batch.includes(one));
  }
  return { merged, guilty, runs };
}

const NAMES = ["a", "b", "c", "d", "e", "f", "g", "h"];

describe("a batch", () => {
  it("of good work is merged with one run", () => {
    expect(mergeAll(NAMES, 8, new Set())).toEqual({ merged: NAMES, guilty: [], runs: 1 });
  });

  it("with one bad piece is halved: the bad one is found in as many steps as halves, all others are merged", () => {
    expect(mergeAll(NAMES, 8, new Set(["f"]))).toEqual({
      merged: ["a", "b", "c", "d", "e", "g", "h"],
      guilty: ["f"],
      runs: 6,
    });
  });

  it("finds everybody who is guilty and merges everybody who is not, whatever its size", () => {
    fc.assert(
      fc.property(
        fc.subarray(NAMES),
        fc.subarray(NAMES),
        fc.integer({ min: 1, max: 9 }),
        (order, bad, size) => {
          const { merged, guilty } = mergeAll(order, size, new Set(bad));
          expect(new Set(guilty)).toEqual(new Set(order.filter((one) => bad.includes(one))));
          expect(new Set(merged)).toEqual(new Set(order.filter((one) => !bad.includes(one))));
        },
      ),
    );
  });

  it("takes at least one, and only those of the suspects who still wait", () => {
    expect(nextBatch(["a", "b"], 0, [])).toEqual(["a"]);
    expect(nextBatch(["a", "b", "c"], 3, ["b", "c", "gone"])).toEqual(["b"]);
    expect(nextBatch(["a"], 3, ["gone"])).toEqual(["a"]);
  });
});
