import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { aFinding, aGate, anInvalidSample, aSample } from "../../../test/builders/gates.ts";
import type { JudgeSample } from "../workflow/round.ts";
import { INVALID_ALLOWANCE, mostDraws, type PanelStatus, panelStatus } from "./panel.ts";
import { reaches } from "./score.ts";

const judge = { samples: 3, maxSamples: 7 };
const gate = aGate();
const valid = (...scores: readonly number[]): readonly JudgeSample[] =>
  scores.map((s, i) => aSample(i + 1, s));
const status = (samples: readonly JudgeSample[]): PanelStatus => panelStatus(gate, judge, samples);

describe("a panel", () => {
  it.each([
    ["one alone at first", [], 1],
    ["the rest of three after a good first", [0.95], 2],
    ["one more when one of three is still out", [0.95, 0.95], 1],
    ["up to seven when three disagree", [0.95, 0.95, 0.9], 4],
    ["one more when six disagree", [0.95, 0.95, 0.9, 0.95, 0.95, 0.95], 1],
  ] as const)("draws %s", (_, scores, count) => {
    expect(status(valid(...scores))).toEqual({ kind: "draw", count });
  });

  it.each([
    ["passes when all agree above", [0.92, 0.95, 0.93], "pass", 0.93],
    ["fails when all agree below", [0.91, 0.9, 0.88], "fail", 0.9],
    ["fails on one answer more than 0.05 below", [0.8699], "fail", 0.8699],
    ["fails on a clear answer among good ones", [0.95, 0.86, 0.95], "fail", 0.86],
    ["passes with five of seven", [0.95, 0.9, 0.95, 0.9, 0.95, 0.95, 0.95], "pass", 0.95],
    [
      "fails with four of seven, though the median passes",
      [0.95, 0.9, 0.95, 0.9, 0.95, 0.9, 0.95],
      "fail",
      0.95,
    ],
  ] as const)("%s", (_, scores, outcome, composite) => {
    expect(status(valid(...scores))).toMatchObject({ kind: "decided", outcome, result: { composite } });
  });

  it("takes exactly 0.05 below for noise", () => {
    expect(status(valid(0.87))).toEqual({ kind: "draw", count: 2 });
  });

  it("fails on a CRITICAL finding with evidence, whatever the score", () => {
    const proven = aSample(1, 0.99, { findings: [aFinding({ severity: "CRITICAL" })] });
    expect(status([proven])).toMatchObject({ kind: "decided", outcome: "fail" });
    const unproven = aSample(1, 0.99, { findings: [aFinding({ severity: "CRITICAL", evidence: " " })] });
    expect(status([unproven])).toEqual({ kind: "draw", count: 2 });
  });

  it("records spread, answers and how many reach the threshold", () => {
    expect(status(valid(0.92, 0.95, 0.93))).toMatchObject({
      result: { reviewer: "ps-validator", spread: 0.03, samples: 3, passing: 3 },
    });
  });

  it("draws again for invalid answers and counts them for nothing", () => {
    expect(status([anInvalidSample(1)])).toEqual({ kind: "draw", count: 1 });
    expect(status([aSample(1, 0.95), anInvalidSample(2), aSample(3, 0.95)])).toEqual({
      kind: "draw",
      count: 1,
    });
  });

  it("is invalid, never passed, when the bound of draws leaves too few valid answers", () => {
    const samples = [aSample(1, 0.99), aSample(2, 0.99), ...[3, 4, 5, 6, 7, 8, 9].map(anInvalidSample)];
    expect(samples).toHaveLength(mostDraws(judge));
    expect(status(samples)).toEqual({
      kind: "invalid",
      reason: "2 of 9 answers are valid, 3 are needed; last: answer is prose",
    });
  });

  it("does not count the scores of an answer that was found invalid", () => {
    expect(status([aSample(1, 0.99, { valid: false }), aSample(2, 0.2, { valid: false })])).toEqual({
      kind: "draw",
      count: 1,
    });
  });

  it("treats an answer without all dimensions as invalid even when it is marked valid", () => {
    expect(status([aSample(1, 0.95, { scores: { completeness: 1 } })])).toEqual({ kind: "draw", count: 1 });
  });

  it("fails where every answer passes but the medians of the dimensions do not", () => {
    const rubric = ["a", "b", "c"].map((key, i) => ({ key, name: key, weight: i === 0 ? 0.34 : 0.33 }));
    const strongIn = (key: string): Record<string, number> => ({ a: 0.9, b: 0.9, c: 0.9, [key]: 1 });
    const samples = ["a", "b", "c"].map((key, i) => aSample(i + 1, 1, { scores: strongIn(key) }));
    const uneven = aGate({ rubric });
    expect(panelStatus(uneven, judge, samples)).toMatchObject({
      kind: "decided",
      outcome: "fail",
      result: { passing: 3, composite: 0.9 },
    });
  });
});

describe("every panel", () => {
  const anyScore = fc.integer({ min: 8000, max: 10_000 }).map((n) => n / 10_000);
  const anySample = fc.record({
    score: anyScore,
    valid: fc.boolean(),
    critical: fc.integer({ min: 0, max: 9 }),
  });
  const toSample = (raw: { score: number; valid: boolean; critical: number }, index: number): JudgeSample => {
    if (!raw.valid) return anInvalidSample(index + 1);
    const findings = raw.critical === 0 ? [aFinding({ severity: "CRITICAL" })] : [];
    return aSample(index + 1, raw.score, { findings });
  };
  const anySamples = fc.array(anySample, { maxLength: 9 }).map((raws) => raws.map(toSample));
  const anyJudge = fc
    .record({ samples: fc.integer({ min: 0, max: 5 }), maxSamples: fc.integer({ min: 0, max: 7 }) })
    .map((settings) => settings);

  it("that passes has enough valid answers, a composite at the threshold and seven of ten answers with it", () => {
    fc.assert(
      fc.property(anySamples, anyJudge, (samples, settings) => {
        const result = panelStatus(gate, settings, samples);
        if (result.kind !== "decided" || result.outcome !== "pass") return;
        const counted = samples.filter((s) => s.valid);
        expect(counted.length).toBeGreaterThanOrEqual(Math.max(1, settings.samples));
        expect(reaches(result.result.composite, gate.threshold)).toBe(true);
        expect(result.result.passing).toBeGreaterThanOrEqual(Math.ceil((7 * counted.length) / 10));
        expect(counted.some((s) => s.findings.length > 0)).toBe(false);
      }),
      { numRuns: 500 },
    );
  });

  it("says the same whatever the order in which the answers came", () => {
    const shuffled = anySamples.chain((samples) =>
      fc.tuple(fc.constant(samples), fc.shuffledSubarray([...samples], { minLength: samples.length })),
    );
    fc.assert(
      fc.property(shuffled, ([samples, other]) => {
        expect(status(other)).toEqual({ ...status(samples), ...sameReason(status(other)) });
      }),
      { numRuns: 500 },
    );
  });

  it("ends within its bound of draws", () => {
    fc.assert(
      fc.property(fc.infiniteStream(anySample), anyJudge, (answers, settings) => {
        const samples: JudgeSample[] = [];
        for (let draws = 0; draws < 30; draws += 1) {
          const next = panelStatus(gate, settings, samples);
          if (next.kind !== "draw") break;
          for (let n = 0; n < next.count; n += 1)
            samples.push(toSample(answers.next().value, samples.length));
        }
        expect(samples.length).toBeLessThanOrEqual(mostDraws(settings));
        expect(panelStatus(gate, settings, samples).kind).not.toBe("draw");
      }),
    );
  });

  it("bounds its draws by the most samples and a stated allowance", () => {
    expect(mostDraws(judge)).toBe(7 + INVALID_ALLOWANCE);
  });
});

/** The reason of an invalid panel quotes the answer that came last, the only thing that may differ. */
function sameReason(result: PanelStatus): { readonly reason?: string } {
  return result.kind === "invalid" ? { reason: result.reason } : {};
}
