/** How far the answers of the judges lie apart: a score alone hides whether they agreed. Source: design §7 (spread recorded). */
import { composite, compositeUnits, median } from "../quality/score.ts";
import type { Dimension } from "../vocabulary.ts";
import type { Round } from "../workflow/round.ts";

/** In [0,1]; the median of an even number is the mean of the two in the middle, cut off to four digits. */
export interface Spread {
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

export interface DimensionSpread extends Spread {
  readonly key: string;
  readonly name: string;
}

/** Answers of one reviewer on one round. */
export interface ReviewerSpread {
  readonly reviewer: string;
  /** Valid answers; only they count. */
  readonly samples: number;
  readonly invalid: number;
  /** Composites of the answers, and highest minus lowest; null without a valid answer. */
  readonly composite: (Spread & { readonly spread: number }) | null;
  /** In the order of the rubric; a dimension that nobody scored is left out. */
  readonly dimensions: readonly DimensionSpread[];
}

export interface RoundSpread {
  readonly round: number;
  readonly reviewers: readonly ReviewerSpread[];
}

/** Per round, oldest first; rounds that nobody judged are left out. Each composite is computed from its scores, as the gate does. */
export function scoreSpreads(rounds: readonly Round[], rubric: readonly Dimension[]): readonly RoundSpread[] {
  return rounds.flatMap((round) => {
    const names = [...new Set(round.samples.map((sample) => sample.reviewer))];
    if (names.length === 0) return [];
    return [{ round: round.round, reviewers: names.map((name) => reviewerSpread(round, rubric, name)) }];
  });
}

function reviewerSpread({ samples }: Round, rubric: readonly Dimension[], reviewer: string): ReviewerSpread {
  const own = samples.filter((sample) => sample.reviewer === reviewer);
  const valid = own.filter((sample) => sample.valid);
  const composites = spreadOf(valid.map(({ scores }) => composite(rubric, scores)));
  return {
    reviewer,
    samples: valid.length,
    invalid: own.length - valid.length,
    composite: composites === null ? null : { ...composites, spread: distance(composites) },
    dimensions: rubric.flatMap(({ key, name }) => {
      const spread = spreadOf(valid.map(({ scores }) => scores[key] ?? Number.NaN));
      return spread === null ? [] : [{ key, name, ...spread }];
    }),
  };
}

/** Null for none; values that are no numbers count for nothing. */
export function spreadOf(values: readonly number[]): Spread | null {
  const known = values.filter(Number.isFinite);
  if (known.length === 0) return null;
  return { min: Math.min(...known), median: median(known), max: Math.max(...known) };
}

function distance({ min, max }: Spread): number {
  return (compositeUnits(max) - compositeUnits(min)) / compositeUnits(1);
}
