import { expect, test } from "vitest";
import { compareFamily } from "./compare.ts";

// More of the same, with any number of pairs: npm run conflicts -- --pairs 5000 --seed 1
test.each([11, 12])(
  "what is predicted for every pair of generated branches is what git merge does (seed %i)",
  async (seed) => {
    const { pairs, wrong } = await compareFamily(seed, 15);
    expect(wrong).toEqual([]);
    expect(pairs).toBe(105);
  },
);
