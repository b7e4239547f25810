/** The quality that a rehearsal gives to a round: a believable curve that rises, or exactly what the scenario says. */
import type { PromptFacts } from "./header.ts";
import { randomOf } from "./random.ts";
import { type Scenario, settingsFor } from "./scenario.ts";

export interface PlannedQuality {
  readonly composite: number;
  /** True when the scenario fixed it: then every dimension has exactly this value. */
  readonly exact: boolean;
  readonly critical: boolean;
  readonly unmet: boolean;
}

/** Highest score of the default curve: nothing is perfect. */
const CEILING = 0.985;

/** Quality of the round that a prompt names. */
export function plannedQuality(scenario: Scenario, facts: PromptFacts): PlannedQuality {
  const settings = settingsFor(scenario, facts);
  const fixed = settings.scores?.[facts.round - 1] ?? settings.scores?.at(-1);
  return {
    composite:
      fixed ?? defaultComposite(`${scenario.seed ?? ""}/${facts.deliverable}`, facts.round, facts.threshold),
    exact: fixed !== undefined,
    critical: settings.critical?.includes(facts.round) ?? false,
    unmet: settings.unmet?.includes(facts.round) ?? false,
  };
}

/** Score of one dimension in one sample: near the composite, on the same side of the threshold. */
export function dimensionScore(
  planned: PlannedQuality,
  facts: PromptFacts,
  dimension: string,
  sample: number,
): number {
  if (planned.exact) return planned.composite;
  const random = randomOf(`${facts.deliverable}/${facts.round}/${dimension}/${sample}`);
  const room = Math.min(0.012, Math.abs(planned.composite - facts.threshold) * 0.8);
  return Math.round(Math.min(1, Math.max(0, planned.composite + random.between(-room, room))) * 1000) / 1000;
}

/**
 * 0.80-0.88 in round 1, below or just above the threshold in round 2, clearly above it from round 3 on.
 * Never within 0.01 of the threshold, so that jitter cannot turn the verdict.
 */
function defaultComposite(seed: string, round: number, threshold: number): number {
  const random = randomOf(`${seed}/${round}`);
  const shift = threshold - 0.92;
  if (round <= 1) return random.between(0.8, 0.88);
  if (round === 2)
    return shift + (random.next() < 0.5 ? random.between(0.89, 0.908) : random.between(0.931, 0.938));
  return Math.max(threshold + 0.012, Math.min(CEILING, shift + random.between(0.945, 0.962)));
}
