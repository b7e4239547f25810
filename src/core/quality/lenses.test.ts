import { describe, expect, it } from "vitest";
import { aGate } from "../../../test/builders/gates.ts";
import { critiqueParts, lensesOf, needsCritique } from "./lenses.ts";
import { effectiveStrategies } from "./strategies.ts";

const loop = { profile: "disc-002", min: 1, max: 3, findings: 3 } as const;
const gate = aGate({ loop, patterns: ["steelman", "strawman", "devils-advocate"] });

describe("the critique of a round", () => {
  it("is one session with every strategy but self-review and judge", () => {
    expect(critiqueParts(gate, "combined")).toEqual([
      { strategies: ["S-003", "S-002", "S-007"], patterns: gate.patterns, findings: 3 },
    ]);
  });

  it("in separate mode is one session per strategy, then one per pattern without a strategy", () => {
    expect(critiqueParts(gate, "separate")).toEqual([
      { strategies: ["S-003"], patterns: ["steelman"], findings: 1 },
      { strategies: ["S-002"], patterns: ["devils-advocate"], findings: 1 },
      { strategies: ["S-007"], patterns: [], findings: 1 },
      { strategies: [], patterns: ["strawman"], findings: 1 },
    ]);
    expect(lensesOf(gate, { mode: "separate", part: 9 })).toEqual({
      strategies: [],
      patterns: [],
      findings: 0,
    });
  });

  it("does not take place without a critic or without anything to apply", () => {
    const strategies = effectiveStrategies({ level: "C1", judged: false, patterns: [] });
    expect(needsCritique(gate)).toBe(true);
    expect(needsCritique({ ...gate, critic: null })).toBe(false);
    expect(needsCritique(aGate({ strategies }))).toBe(false);
  });
});
