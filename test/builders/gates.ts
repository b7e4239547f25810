/** Gates and judge answers for tests of quality rules. */
import type { PlannedGate } from "../../src/core/plan/plan.ts";
import { SIX_DIMENSIONS } from "../../src/core/quality/rubric.ts";
import { composite } from "../../src/core/quality/score.ts";
import { effectiveStrategies } from "../../src/core/quality/strategies.ts";
import type { Finding, JudgeSample } from "../../src/core/workflow/round.ts";

/** A C2 gate with one validator, the default loop and threshold 0.92. */
export function aGate(changes: Partial<PlannedGate> = {}): PlannedGate {
  return {
    id: "phase-1/ps",
    threshold: 0.92,
    rubric: SIX_DIMENSIONS,
    loop: { profile: "standard", min: 1, max: 3, findings: 0 },
    judged: true,
    strategies: effectiveStrategies({ level: "C2", judged: true, patterns: [] }),
    patterns: [],
    critic: "ps-critic",
    reviewers: [{ role: "ps-validator", kind: "validator" }],
    criteria: [],
    checks: [],
    ...changes,
  };
}

/** The same score in all six dimensions. */
export function scoresOf(score: number): Readonly<Record<string, number>> {
  return Object.fromEntries(SIX_DIMENSIONS.map((dimension) => [dimension.key, score]));
}

/** A valid answer with the same score everywhere. */
export function aSample(sample: number, score: number, changes: Partial<JudgeSample> = {}): JudgeSample {
  return {
    reviewer: "ps-validator",
    sample,
    effectId: `judge-${sample}`,
    at: "2026-02-20T10:00:00Z",
    valid: true,
    scores: scoresOf(score),
    evidence: {},
    composite: composite(SIX_DIMENSIONS, scoresOf(score)),
    criteria: [],
    findings: [],
    ...changes,
  };
}

export function anInvalidSample(sample: number): JudgeSample {
  return {
    ...aSample(sample, 1),
    valid: false,
    invalidReason: "answer is prose",
    scores: {},
    composite: null,
  };
}

export function aFinding(changes: Partial<Finding> = {}): Finding {
  return {
    id: "F-1-1",
    type: "BLIND_SPOT",
    severity: "HIGH",
    source: "critic:ps-critic",
    section: "Costs",
    evidence: "No figure for storage.",
    action: "Give the figure.",
    resolved: false,
    ...changes,
  };
}
