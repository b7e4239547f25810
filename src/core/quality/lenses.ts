/** What a critic must apply, and how it is shared out over the critic sessions of a round. Source: domain §8.5, §9.2. */
import type { PlannedGate } from "../plan/plan.ts";
import type { CriticPattern, StrategyId } from "../vocabulary.ts";
import { patternStrategy } from "./strategies.ts";

/** Strategies that are not the critic's: S-010 is part of the creator's turn, S-014 is the judge. */
const NOT_CRITIQUE: ReadonlySet<StrategyId> = new Set(["S-010", "S-014"]);

export type CriticMode = "combined" | "separate";

/** What one critic session is asked to apply, each list in the order in which it must be applied. */
export interface Lenses {
  readonly strategies: readonly StrategyId[];
  readonly patterns: readonly CriticPattern[];
  /** Least number of findings of this session; 0 = none asked. */
  readonly findings: number;
}

/** Which session of a round is meant; default: the only one of a combined critique. */
export interface CritiqueContext {
  readonly mode?: CriticMode;
  /** 1-based. */
  readonly part?: number;
}

/** Strategies that the critic of a gate applies, in planned order. */
export function critiqueStrategies(gate: PlannedGate): readonly StrategyId[] {
  return gate.strategies.order.filter((id) => !NOT_CRITIQUE.has(id));
}

/** True when a round of this gate has a critique: a critic is planned and there is something to apply or to find. */
export function needsCritique(gate: PlannedGate): boolean {
  return gate.critic !== null && critiqueParts(gate, "combined").length > 0;
}

/**
 * The critic sessions of one round. `combined` = one session with everything (the default), `separate` = one session per
 * strategy, then one per pattern that no strategy covers; the minimum of findings is then shared out, rounded up.
 */
export function critiqueParts(gate: PlannedGate, mode: CriticMode): readonly Lenses[] {
  const strategies = critiqueStrategies(gate);
  const everything = { strategies, patterns: gate.patterns, findings: gate.loop.findings };
  if (strategies.length + gate.patterns.length + gate.loop.findings === 0) return [];
  if (mode === "combined") return [everything];
  const parts = separateParts(strategies, gate.patterns);
  const findings = Math.ceil(gate.loop.findings / Math.max(1, parts.length));
  return parts.length === 0 ? [everything] : parts.map((part) => ({ ...part, findings }));
}

/** What the given session was asked; nothing for a part that does not exist. */
export function lensesOf(gate: PlannedGate, context: CritiqueContext = {}): Lenses {
  const parts = critiqueParts(gate, context.mode ?? "combined");
  return parts[(context.part ?? 1) - 1] ?? { strategies: [], patterns: [], findings: 0 };
}

function separateParts(
  strategies: readonly StrategyId[],
  patterns: readonly CriticPattern[],
): readonly Omit<Lenses, "findings">[] {
  const byStrategy = strategies.map((id) => ({
    strategies: [id],
    patterns: patterns.filter((pattern) => patternStrategy(pattern) === id),
  }));
  const alone = patterns.filter((pattern) => !strategies.some((id) => patternStrategy(pattern) === id));
  return [...byStrategy, ...alone.map((pattern) => ({ strategies: [], patterns: [pattern] }))];
}
