import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { JudgeSample, Round } from "../workflow/round.ts";
import { scoreSpreads, spreadOf } from "./spread.ts";

const RUBRIC = [
  { key: "rigor", name: "Rigor", weight: 0.5 },
  { key: "clarity", name: "Clarity", weight: 0.5 },
];

function sample(reviewer: string, number: number, rigor: number, clarity: number, valid = true): JudgeSample {
  return {
    reviewer,
    sample: number,
    effectId: `${reviewer}/${number}`,
    at: "2026-02-20T10:00:00Z",
    valid,
    scores: valid ? { rigor, clarity } : {},
    evidence: {},
    composite: null,
    criteria: [],
    findings: [],
  };
}

function round(number: number, samples: readonly JudgeSample[]): Round {
  return {
    round: number,
    attempt: 1,
    epoch: 1,
    startedAt: "2026-02-20T10:00:00Z",
    patternsUsed: [],
    strategiesUsed: [],
    findings: [],
    samples,
    panels: [],
  };
}

describe("the spread of scores", () => {
  it("has lowest, middle and highest of every dimension and of the composite, per reviewer and round", () => {
    const first = round(1, [
      sample("val", 1, 0.9, 0.7),
      sample("val", 2, 0.8, 0.9),
      sample("val", 3, 0.7, 0.8),
    ]);
    const second = round(2, [sample("val", 1, 0.95, 0.95), sample("ver", 1, 0.5, 0.5)]);
    expect(scoreSpreads([first, round(3, []), second], RUBRIC)).toEqual([
      {
        round: 1,
        reviewers: [
          {
            reviewer: "val",
            samples: 3,
            invalid: 0,
            composite: { min: 0.75, median: 0.8, max: 0.85, spread: 0.1 },
            dimensions: [
              { key: "rigor", name: "Rigor", min: 0.7, median: 0.8, max: 0.9 },
              { key: "clarity", name: "Clarity", min: 0.7, median: 0.8, max: 0.9 },
            ],
          },
        ],
      },
      expect.objectContaining({
        round: 2,
        reviewers: [
          expect.objectContaining({ reviewer: "val", samples: 1 }),
          expect.objectContaining({
            reviewer: "ver",
            composite: { min: 0.5, median: 0.5, max: 0.5, spread: 0 },
          }),
        ],
      }),
    ]);
  });

  it("leaves invalid answers out and counts them", () => {
    const [only] = scoreSpreads([round(1, [sample("val", 1, 0, 0, false)])], RUBRIC);
    expect(only?.reviewers).toEqual([
      { reviewer: "val", samples: 0, invalid: 1, composite: null, dimensions: [] },
    ]);
  });

  it("is ordered, whatever the order of the answers, and contains every one of them", () => {
    const scores = fc.array(
      fc.integer({ min: 0, max: 100 }).map((n) => n / 100),
      { minLength: 1, maxLength: 9 },
    );
    fc.assert(
      fc.property(scores, (values) => {
        const spread = spreadOf(values);
        const { min, median, max } = spread ?? expect.fail("no spread");
        expect(min).toBeLessThanOrEqual(median);
        expect(median).toBeLessThanOrEqual(max);
        for (const value of values) expect(value >= min && value <= max).toBe(true);
        expect(spreadOf(values.toReversed())).toEqual(spread);
      }),
    );
  });
});
