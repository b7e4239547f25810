/**
 * A panel of judge answers of one reviewer: how many more to draw, and what it says. A fail needs one answer, a pass
 * needs a panel; too few valid answers are never a pass. Source: design §7.
 */
import type { JudgeSettings } from "../definition.ts";
import type { PlannedGate } from "../plan/plan.ts";
import type { JudgeSample, PanelResult } from "../workflow/round.ts";
import { composite, compositeUnits, dimensionMedians, formatScore, reaches } from "./score.ts";

/** Answers that may be drawn beyond `maxSamples` to make up for invalid ones. */
export const INVALID_ALLOWANCE = 2;

/** A valid answer further below the threshold than this ends the round. */
const CLEAR_MARGIN = 0.05;

/** Part of the answers that must reach the threshold where they do not all agree. */
const MAJORITY_TENTHS = 7;

export interface DecidedPanel {
  readonly kind: "decided";
  readonly outcome: "pass" | "fail";
  readonly result: PanelResult;
  readonly reason: string;
}

export type PanelStatus =
  /** `count` answers are wanted beside those that came back; sessions still running count towards it. */
  | { readonly kind: "draw"; readonly count: number }
  | DecidedPanel
  /** Too few valid answers within the bound: a person is asked, never PASS. */
  | { readonly kind: "invalid"; readonly reason: string };

interface ValidSample {
  readonly sample: JudgeSample;
  readonly composite: number;
}

/**
 * Where the panel of one reviewer stands, from all its answers so far in any order. The composite of an answer is
 * computed here from its scores; an answer that lacks a dimension counts as invalid.
 */
export function panelStatus(
  gate: PlannedGate,
  judge: JudgeSettings,
  samples: readonly JudgeSample[],
): PanelStatus {
  const valid = validSamples(gate, samples);
  const clear = valid.find((v) => isClearFail(gate, v));
  if (clear !== undefined) return clearFail(gate, valid, clear);
  const wanted = Math.max(1, judge.samples);
  const most = Math.max(wanted, judge.maxSamples);
  const drawable = Math.max(0, most + INVALID_ALLOWANCE - samples.length);
  const count = Math.min(missing(gate, valid, wanted, most), drawable);
  if (count > 0) return { kind: "draw", count };
  return valid.length < wanted ? tooFew(samples, valid.length, wanted) : byMajority(gate, valid);
}

/** Most judge sessions that one reviewer can cost in one round. */
export function mostDraws(judge: JudgeSettings): number {
  return Math.max(1, judge.samples, judge.maxSamples) + INVALID_ALLOWANCE;
}

/** In the order of their numbers, so that the order of arrival decides nothing. */
function validSamples(gate: PlannedGate, samples: readonly JudgeSample[]): readonly ValidSample[] {
  return samples
    .filter((sample) => sample.valid)
    .map((sample) => ({ sample, composite: composite(gate.rubric, sample.scores) }))
    .filter((v) => v.composite >= 0 && v.composite <= 1)
    .toSorted((a, b) => a.sample.sample - b.sample.sample);
}

/** First one alone, because a clear fail needs no more; then the rest of the panel together; then up to the most. */
function missing(gate: PlannedGate, valid: readonly ValidSample[], wanted: number, most: number): number {
  if (valid.length === 0) return 1;
  if (valid.length < wanted) return wanted - valid.length;
  const passing = passingOf(gate, valid);
  return passing === 0 || passing === valid.length ? 0 : most - valid.length;
}

function isClearFail(gate: PlannedGate, { sample, composite: score }: ValidSample): boolean {
  const below = compositeUnits(gate.threshold) - compositeUnits(score);
  return below > compositeUnits(CLEAR_MARGIN) || hasProvenCritical(sample);
}

function hasProvenCritical(sample: JudgeSample): boolean {
  return sample.findings.some((f) => f.severity === "CRITICAL" && f.evidence.trim() !== "");
}

/** The answer that ended the round also gives its score: one answer is enough for a fail. */
function clearFail(gate: PlannedGate, valid: readonly ValidSample[], clear: ValidSample): DecidedPanel {
  const result = { ...resultOf(gate, valid), composite: clear.composite, dimensions: clear.sample.scores };
  const reason = hasProvenCritical(clear.sample)
    ? `answer ${clear.sample.sample} has a CRITICAL finding with evidence`
    : `answer ${clear.sample.sample} scores ${formatScore(clear.composite)}, more than 0.05 below ${gate.threshold}`;
  return { kind: "decided", outcome: "fail", result, reason };
}

/** Unanimous or at the end of the draws: the medians must reach the threshold and 70 % of the answers must as well. */
function byMajority(gate: PlannedGate, valid: readonly ValidSample[]): DecidedPanel {
  const result = resultOf(gate, valid);
  const needed = Math.ceil((valid.length * MAJORITY_TENTHS) / 10);
  const passes = reaches(result.composite, gate.threshold) && result.passing >= needed;
  const score = `${formatScore(result.composite)}, ${result.passing} of ${valid.length} answers reach ${gate.threshold}`;
  return { kind: "decided", outcome: passes ? "pass" : "fail", result, reason: score };
}

function tooFew(samples: readonly JudgeSample[], valid: number, wanted: number): PanelStatus {
  const why = samples.findLast((s) => !s.valid)?.invalidReason;
  const reason = `${valid} of ${samples.length} answers are valid, ${wanted} are needed`;
  return { kind: "invalid", reason: why === undefined ? reason : `${reason}; last: ${why}` };
}

function resultOf(gate: PlannedGate, valid: readonly ValidSample[]): PanelResult {
  const dimensions = dimensionMedians(
    gate.rubric,
    valid.map((v) => v.sample.scores),
  );
  const units = valid.map((v) => compositeUnits(v.composite));
  return {
    reviewer: valid[0]?.sample.reviewer ?? "",
    composite: composite(gate.rubric, dimensions),
    dimensions,
    spread: (Math.max(...units) - Math.min(...units)) / compositeUnits(1),
    samples: valid.length,
    passing: passingOf(gate, valid),
  };
}

function passingOf(gate: PlannedGate, valid: readonly ValidSample[]): number {
  return valid.filter((v) => reaches(v.composite, gate.threshold)).length;
}
