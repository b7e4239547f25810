/**
 * Scores as integers: a dimension's score counts ten-thousandths, a composite counts 1/100000000.
 * Nothing is ever rounded up towards a threshold. Source: domain §8.1, §8.2.
 */
import type { Band, Dimension } from "../vocabulary.ts";
import { weightUnits } from "./rubric.ts";

const SCORE_PARTS = 10_000;
const COMPOSITE_PARTS = 100_000_000;
/** Absorbs the binary error of values such as 0.57 * 10000 without lifting a really lower score. */
const TOLERANCE = 1e-6;
const REVISE_FLOOR = 0.85;

/** A score in ten-thousandths, cut off: 0.91999 is 9199. */
export function scoreUnits(score: number): number {
  return Math.floor(score * SCORE_PARTS + TOLERANCE);
}

/** A composite or threshold as an integer that can be compared exactly. */
export function compositeUnits(composite: number): number {
  return Math.round(composite * COMPOSITE_PARTS);
}

/**
 * Weighted sum of the scores of a rubric, in [0,1] (domain §8.1). All 0.92 gives exactly 0.92.
 * A dimension without a score makes it NaN, which reaches no threshold.
 */
export function composite(rubric: readonly Dimension[], scores: Readonly<Record<string, number>>): number {
  const units = rubric.reduce(
    (sum, d) => sum + weightUnits(d.weight) * scoreUnits(scores[d.key] ?? Number.NaN),
    0,
  );
  return units / COMPOSITE_PARTS;
}

/** True when `score` is at least `threshold`, compared as integers; NaN never is. */
export function reaches(score: number, threshold: number): boolean {
  return compositeUnits(score) >= compositeUnits(threshold);
}

/** Label of a composite; the floor of REVISE stays at 0.85 when the threshold moves (domain §8.2). */
export function band(score: number, threshold: number): Band {
  if (reaches(score, threshold)) return "PASS";
  return reaches(score, REVISE_FLOOR) ? "REVISE" : "REJECTED";
}

/** Three decimals, cut off: 0.9195 prints `0.919`, so nothing prints as a threshold that it does not reach. NaN prints `--`. */
export function formatScore(score: number): string {
  const thousandths = Math.floor(compositeUnits(score) / (COMPOSITE_PARTS / 1000));
  return Number.isFinite(thousandths) ? (thousandths / 1000).toFixed(3) : "--";
}

/** Middle value; of an even number the mean of the two in the middle, cut off to ten-thousandths. NaN for none or for a value that is no number. */
export function median(values: readonly number[]): number {
  if (!values.every(Number.isFinite)) return Number.NaN;
  const sorted = values.map(scoreUnits).sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  const units =
    sorted.length % 2 === 1 ? upper : Math.floor(((sorted[middle - 1] ?? Number.NaN) + upper) / 2);
  return units / SCORE_PARTS;
}

/** Median of every dimension of the rubric over several answers (design §7). */
export function dimensionMedians(
  rubric: readonly Dimension[],
  answers: readonly Readonly<Record<string, number>>[],
): Readonly<Record<string, number>> {
  return Object.fromEntries(rubric.map((d) => [d.key, median(answers.map((a) => a[d.key] ?? Number.NaN))]));
}
