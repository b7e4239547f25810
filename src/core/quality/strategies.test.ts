import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CRITICALITIES } from "../vocabulary.ts";
import {
  CRITIC_PATTERNS,
  effectiveStrategies,
  orderPatterns,
  patternName,
  patternStrategy,
  STRATEGIES,
  strategyName,
} from "./strategies.ts";

const orderOf = (level: (typeof CRITICALITIES)[number]) =>
  effectiveStrategies({ level, judged: true, patterns: [] }).order;

describe("effectiveStrategies", () => {
  it("runs only the self-review where nothing is judged", () => {
    expect(effectiveStrategies({ level: "C1", judged: false, patterns: [] })).toEqual({
      required: ["S-010"],
      implied: [],
      optional: ["S-003", "S-014"],
      leftOut: [],
      order: ["S-010"],
    });
  });

  it("adds critic and judge to C1 where somebody asked for them", () => {
    const { order, implied } = effectiveStrategies({ level: "C1", judged: true, patterns: [] });
    expect(order).toEqual(["S-010", "S-003", "S-014"]);
    expect(implied).toEqual([
      { id: "S-003", rule: "judge" },
      { id: "S-014", rule: "judge" },
    ]);
  });

  it("has the effective sets of C2, C3 and C4", () => {
    expect(orderOf("C2")).toEqual(["S-010", "S-003", "S-002", "S-007", "S-014"]);
    expect(orderOf("C3")).toEqual(["S-010", "S-003", "S-002", "S-004", "S-007", "S-012", "S-013", "S-014"]);
    expect(orderOf("C4")).toEqual(STRATEGIES.map(({ id }) => id));
    expect(STRATEGIES).toHaveLength(10);
  });

  it("accepts a lighter declared set, reports the rest, and keeps self-review and score", () => {
    expect(effectiveStrategies({ level: "C2", judged: true, patterns: [], declared: ["S-014"] })).toEqual({
      required: ["S-014"],
      implied: [{ id: "S-010", rule: "H-15" }],
      optional: ["S-003"],
      leftOut: ["S-007", "S-002"],
      order: ["S-010", "S-014"],
    });
    expect(
      effectiveStrategies({ level: "C2", judged: true, patterns: [], declared: ["S-002"] }).order,
    ).toEqual(["S-010", "S-003", "S-002", "S-014"]);
  });

  it("runs the strategies of the assigned patterns too", () => {
    const { implied, order } = effectiveStrategies({
      level: "C2",
      judged: true,
      patterns: ["red-team", "blue-team"],
    });
    expect(implied).toContainEqual({ id: "S-001", rule: "red-team" });
    expect(order).toEqual(["S-010", "S-003", "S-002", "S-001", "S-007", "S-014"]);
  });

  it("never runs S-002 without S-003 before it, begins with S-010 and ends with S-014", () => {
    const ids = STRATEGIES.map(({ id }) => id);
    const patterns = fc.subarray(CRITIC_PATTERNS.map(({ pattern }) => pattern));
    fc.assert(
      fc.property(
        fc.constantFrom(...CRITICALITIES),
        fc.option(fc.subarray(ids)),
        patterns,
        (level, declared, assigned) => {
          const { order, leftOut, optional } = effectiveStrategies({
            level,
            judged: true,
            patterns: assigned,
            ...(declared === null ? {} : { declared }),
          });
          expect([order[0], order.at(-1)]).toEqual(["S-010", "S-014"]);
          if (order.includes("S-002")) expect(order.indexOf("S-003")).toBeLessThan(order.indexOf("S-002"));
          if (order.includes("S-002")) expect(order).toContain("S-003");
          expect(order.filter((id) => leftOut.includes(id) || optional.includes(id))).toEqual([]);
          expect(new Set(order).size).toBe(order.length);
        },
      ),
    );
  });
});

describe("orderPatterns", () => {
  it("runs Steelman, Strawman, Devil's Advocate, Red Team, Blue Team", () => {
    const all = ["blue-team", "red-team", "devils-advocate", "strawman", "steelman"] as const;
    expect(orderPatterns(all)).toEqual({
      patterns: ["steelman", "strawman", "devils-advocate", "red-team", "blue-team"],
      steelmanInserted: false,
    });
  });

  it("inserts Steelman before Devil's Advocate and only there", () => {
    expect(orderPatterns(["devils-advocate"])).toEqual({
      patterns: ["steelman", "devils-advocate"],
      steelmanInserted: true,
    });
    expect(orderPatterns(["red-team"])).toEqual({ patterns: ["red-team"], steelmanInserted: false });
  });
});

describe("catalogue", () => {
  it("knows names of strategies and patterns, and that two patterns have no strategy", () => {
    expect(strategyName("S-014")).toBe("LLM-as-Judge");
    expect(patternName("devils-advocate")).toBe("Devil's Advocate");
    const bare = CRITIC_PATTERNS.filter(({ pattern }) => patternStrategy(pattern) === null);
    expect(bare.map(({ name }) => name)).toEqual(["Strawman", "Blue Team"]);
  });
});
