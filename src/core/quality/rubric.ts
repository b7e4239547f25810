/** The default rubric and the one rule that every rubric must keep. Source: domain §8.1, §23 V17. */
import type { Dimension } from "../vocabulary.ts";

/** The six default dimensions, in the order in which they are printed; weights sum to 1 (domain §8.1). */
export const SIX_DIMENSIONS: readonly Dimension[] = [
  {
    key: "completeness",
    name: "Completeness",
    weight: 0.2,
    description:
      "Everything that was asked for is there, and nothing that matters is left to the reader to find.",
  },
  {
    key: "internal_consistency",
    name: "Internal Consistency",
    weight: 0.2,
    description: "Parts agree with each other: terms, numbers, claims and conclusions do not contradict.",
  },
  {
    key: "methodological_rigor",
    name: "Methodological Rigor",
    weight: 0.2,
    description: "The way to the result is sound, stated and repeatable; alternatives were weighed.",
  },
  {
    key: "evidence_quality",
    name: "Evidence Quality",
    weight: 0.15,
    description: "Claims rest on facts that can be checked: sources, measurements, code, output of commands.",
  },
  {
    key: "actionability",
    name: "Actionability",
    weight: 0.15,
    description: "Whoever receives it can act on it at once, without asking what was meant.",
  },
  {
    key: "traceability",
    name: "Traceability",
    weight: 0.1,
    description: "Each result can be followed back to the input, requirement or decision that it answers.",
  },
];

/** Weights and scores are compared in ten-thousandths, so that binary fractions cannot decide a gate. */
const PARTS = 10_000;

/** A weight in ten-thousandths. */
export function weightUnits(weight: number): number {
  return Math.round(weight * PARTS);
}

/** True when the weights sum to exactly 1 and none is negative or not a number (domain §23 V17). */
export function weightsSumToOne(rubric: readonly Dimension[]): boolean {
  if (rubric.some((d) => !Number.isFinite(d.weight) || d.weight < 0)) return false;
  return rubric.reduce((sum, d) => sum + weightUnits(d.weight), 0) === PARTS;
}
