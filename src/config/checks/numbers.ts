/** Rules between numbers: weights, rounds, samples. */
import { weightUnits } from "../../core/quality/rubric.ts";
import { dimensionKey } from "../normalise/rubric.ts";
import { type LevelOutline, levelsOf, type Outline } from "../outline.ts";
import type { Path, Problem } from "../source/diagnostic.ts";
import { asList, asMap, asText, own } from "../source/plain.ts";

/** Rounds where the author names no bounds (domain §10, profile `standard`). */
export const DEFAULT_ROUNDS = { min: 1, max: 3 } as const;

/** Samples of the judge in force where a level names only one of the two. */
export interface JudgeSamples {
  readonly samples: number;
  readonly maxSamples: number;
}

/** Rubrics, loops and judges whose numbers contradict each other; `judge` is what the configuration says. */
export function numberProblems(outline: Outline, judge: JudgeSamples): readonly Problem[] {
  return [
    ...rubricProblems(own(outline.root, "rubric")),
    ...levelsOf(outline).flatMap((level) => [...loopProblems(level), ...sampleProblems(level, judge)]),
  ];
}

/** Compared in ten-thousandths: in binary fractions 0.1 + 0.2 is not 0.3 (domain §8.1). */
function rubricProblems(value: unknown): readonly Problem[] {
  const dimensions = asList(value).map((dimension) => asMap(dimension));
  const weights = dimensions.map((dimension) => numberOf(own(dimension, "weight")));
  const keys = dimensions.map((dimension) => {
    const name = asText(own(dimension, "key")) ?? asText(own(dimension, "name"));
    return name === undefined ? undefined : dimensionKey(name);
  });
  const twice = keys.flatMap((key, index): readonly Problem[] => {
    const path = ["rubric", index, "name"];
    if (key === "")
      return [
        { path, message: "no key can be made from this name", hint: "Add a `key` of letters and digits." },
      ];
    return key !== undefined && keys.indexOf(key) < index
      ? [{ path, message: `the dimension ${key} is there twice` }]
      : [];
  });
  if (weights.length === 0 || weights.some((weight) => weight === undefined)) return twice;
  const units = weights.map((weight) => weightUnits(weight ?? 0));
  const fine = weights.flatMap((weight, index): readonly Problem[] =>
    Math.abs((weight ?? 0) * 10_000 - (units[index] ?? 0)) > 1e-6
      ? [{ path: ["rubric", index, "weight"], message: `the weight ${weight} has more than four decimals` }]
      : [],
  );
  const sum = units.reduce((total, unit) => total + unit, 0);
  if (sum === 10_000 || fine.length > 0) return [...twice, ...fine];
  return [
    ...twice,
    { path: ["rubric"], message: `the weights sum to ${sum / 10_000}`, expected: "weights that sum to 1" },
  ];
}

function loopProblems({ map, path }: LevelOutline): readonly Problem[] {
  const loop = asMap(own(map, "loop"));
  if (loop === undefined) return [];
  const min = numberOf(own(loop, "min"));
  const max = numberOf(own(loop, "max"));
  const at = [...path, "loop"];
  if (max === 0)
    return [
      {
        path: [...at, "max"],
        message: "a loop has at least one round",
        hint: "Write `loop: none` for no rounds.",
      },
    ];
  const effectiveMin = min ?? DEFAULT_ROUNDS.min;
  const effectiveMax = max ?? DEFAULT_ROUNDS.max;
  if (effectiveMin <= effectiveMax) return [];
  const key = min === undefined ? "max" : "min";
  const bound = max === undefined ? `the default \`max\` of ${effectiveMax}` : `\`max\` ${effectiveMax}`;
  return [
    { path: [...at, key], message: `\`min\` ${effectiveMin} is above ${bound}`, expected: "min at most max" },
  ];
}

/** Samples that can never be drawn would end every gate as escalated. */
export function sampleProblems({ map, path }: LevelOutline, inherited: JudgeSamples): readonly Problem[] {
  const judge = asMap(own(map, "judge"));
  const samples = numberOf(own(judge, "samples"));
  const most = numberOf(own(judge, "max_samples"));
  if (samples === undefined && most === undefined) return [];
  const fewest = samples ?? inherited.samples;
  const limit = most ?? inherited.maxSamples;
  if (fewest <= limit) return [];
  const at: Path = [...path, "judge", samples === undefined ? "max_samples" : "samples"];
  return [
    {
      path: at,
      message: `\`samples\` ${fewest} is above \`max_samples\` ${limit}`,
      expected: "samples at most max_samples",
    },
  ];
}

function numberOf(value: unknown): number | undefined {
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}
