import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { scoresOf } from "../../../test/builders/gates.ts";
import { SIX_DIMENSIONS, weightsSumToOne } from "./rubric.ts";
import { band, composite, dimensionMedians, formatScore, median, reaches } from "./score.ts";

describe("composite", () => {
  it("passes at 0.92 when every dimension has exactly 0.92", () => {
    expect(composite(SIX_DIMENSIONS, scoresOf(0.92))).toBe(0.92);
    expect(reaches(composite(SIX_DIMENSIONS, scoresOf(0.92)), 0.92)).toBe(true);
  });

  it("weights the dimensions", () => {
    const scores = { ...scoresOf(1), completeness: 0.5, traceability: 0 };
    expect(composite(SIX_DIMENSIONS, scores)).toBe(0.8);
  });

  it("never lifts a score that is a hair below the threshold", () => {
    expect(reaches(composite(SIX_DIMENSIONS, scoresOf(0.91999)), 0.92)).toBe(false);
  });

  it("reaches no threshold when a dimension has no score", () => {
    const { completeness: _, ...partial } = scoresOf(1);
    expect(reaches(composite(SIX_DIMENSIONS, partial), 0)).toBe(false);
  });

  it("gives equal scores back unchanged for every score with four decimals", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10_000 }), (units) => {
        expect(composite(SIX_DIMENSIONS, scoresOf(units / 10_000))).toBe(units / 10_000);
      }),
    );
  });
});

describe("band", () => {
  it.each([
    [0.92, "PASS"],
    [0.9199, "REVISE"],
    [0.85, "REVISE"],
    [0.8499, "REJECTED"],
    [0, "REJECTED"],
  ] as const)("labels %f at threshold 0.92 as %s", (score, label) => {
    expect(band(score, 0.92)).toBe(label);
  });

  it("moves its upper edge with the threshold and keeps its floor", () => {
    expect(band(0.94, 0.95)).toBe("REVISE");
    expect(band(0.82, 0.8)).toBe("PASS");
    expect(band(0.79, 0.8)).toBe("REJECTED");
  });
});

describe("printed scores", () => {
  it.each([
    [0.9195, "0.919"],
    [0.91999, "0.919"],
    [0.92, "0.920"],
    [0.57, "0.570"],
    [1, "1.000"],
    [0, "0.000"],
    [Number.NaN, "--"],
  ])("prints %f as %s", (score, text) => {
    expect(formatScore(score)).toBe(text);
  });

  it("never print as a threshold that the score does not reach", () => {
    const threshold = fc.integer({ min: 1, max: 1000 }).map((n) => n / 1000);
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), threshold, (score, edge) => {
        if (!reaches(score, edge)) expect(Number(formatScore(score))).toBeLessThan(edge);
      }),
    );
  });
});

describe("medians", () => {
  it("take the middle of an odd number, and of an even number the lower side of the mean", () => {
    expect(median([0.9, 0.1, 0.5])).toBe(0.5);
    expect(median([0.9, 0.9001])).toBe(0.9);
    expect(median([])).toBeNaN();
    expect(median([0.5, Number.NaN, 0.7])).toBeNaN();
  });

  it("are taken for each dimension by itself", () => {
    const medians = dimensionMedians(SIX_DIMENSIONS, [
      { ...scoresOf(0.9), completeness: 0.1 },
      { ...scoresOf(0.8), completeness: 0.2 },
      { ...scoresOf(0.7), completeness: 0.9 },
    ]);
    expect(medians.completeness).toBe(0.2);
    expect(medians.traceability).toBe(0.8);
  });
});

describe("weights", () => {
  it("of the default rubric sum to one", () => {
    expect(weightsSumToOne(SIX_DIMENSIONS)).toBe(true);
  });

  it.each([
    ["three times a tenth and seven tenths", [0.1, 0.1, 0.1, 0.7], true],
    ["eighths", [0.125, 0.125, 0.25, 0.5], true],
    ["too little", [0.5, 0.49], false],
    ["a negative one", [1.5, -0.5], false],
    ["one that is no number", [1, Number.NaN], false],
    ["none", [], false],
  ])("with %s are judged exactly", (_, weights, right) => {
    const rubric = weights.map((weight, index) => ({ key: `d${index}`, name: "", weight }));
    expect(weightsSumToOne(rubric)).toBe(right);
  });
});
