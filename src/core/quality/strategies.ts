/**
 * The ten selected adversarial strategies, what each level requires, what the H rules add, and the order in which
 * they run. Source: domain §8.3 (levels), §8.4 (catalogue), §8.5 (order), §9.2 (critic patterns).
 */
import type { PlannedStrategies } from "../plan/plan.ts";
import type { Criticality, CriticPattern, StrategyId } from "../vocabulary.ts";

export interface Strategy {
  readonly id: StrategyId;
  readonly name: string;
  readonly family: string;
  /** Execution group of domain §8.5: A self-review, B strengthen, C challenge, D verify, E decompose, F score. */
  readonly group: "A" | "B" | "C" | "D" | "E" | "F";
}

/** All ten, in the order in which they run: S-010 first, S-003 before S-002, S-014 last. */
export const STRATEGIES: readonly Strategy[] = [
  { id: "S-010", name: "Self-Refine", family: "Iterative Self-Correction", group: "A" },
  { id: "S-003", name: "Steelman Technique", family: "Dialectical Synthesis", group: "B" },
  { id: "S-002", name: "Devil's Advocate", family: "Role-Based Adversarialism", group: "C" },
  { id: "S-004", name: "Pre-Mortem Analysis", family: "Role-Based Adversarialism", group: "C" },
  { id: "S-001", name: "Red Team Analysis", family: "Role-Based Adversarialism", group: "C" },
  { id: "S-007", name: "Constitutional AI Critique", family: "Iterative Self-Correction", group: "D" },
  { id: "S-011", name: "Chain-of-Verification", family: "Structured Decomposition", group: "D" },
  { id: "S-012", name: "FMEA", family: "Structured Decomposition", group: "E" },
  { id: "S-013", name: "Inversion Technique", family: "Structured Decomposition", group: "E" },
  { id: "S-014", name: "LLM-as-Judge", family: "Iterative Self-Correction", group: "F" },
];

/** What a level requires before the H rules add to it (domain §8.3). */
const REQUIRED_STRATEGIES: Readonly<Record<Criticality, readonly StrategyId[]>> = {
  C1: ["S-010"],
  C2: ["S-007", "S-002", "S-014"],
  C3: ["S-007", "S-002", "S-014", "S-004", "S-012", "S-013"],
  C4: STRATEGIES.map((strategy) => strategy.id),
};

const OPTIONAL_STRATEGIES: Readonly<Record<Criticality, readonly StrategyId[]>> = {
  C1: ["S-003", "S-014"],
  C2: ["S-003", "S-010"],
  C3: ["S-001", "S-003", "S-010", "S-011"],
  C4: [],
};

/** Critic patterns in the order in which they run: the Blue Team answers, so it is last (domain §9.2). */
export const CRITIC_PATTERNS: readonly {
  readonly pattern: CriticPattern;
  readonly name: string;
  readonly strategy: StrategyId | null;
}[] = [
  { pattern: "steelman", name: "Steelman", strategy: "S-003" },
  { pattern: "strawman", name: "Strawman", strategy: null },
  { pattern: "devils-advocate", name: "Devil's Advocate", strategy: "S-002" },
  { pattern: "red-team", name: "Red Team", strategy: "S-001" },
  { pattern: "blue-team", name: "Blue Team", strategy: null },
];

/** Catalogue name of a strategy, such as `LLM-as-Judge`. */
export function strategyName(id: StrategyId): string {
  return STRATEGIES.find((strategy) => strategy.id === id)?.name ?? id;
}

/** Display name of a critic pattern, such as `Devil's Advocate`. */
export function patternName(pattern: CriticPattern): string {
  return CRITIC_PATTERNS.find((entry) => entry.pattern === pattern)?.name ?? pattern;
}

/** The strategy behind a pattern; `null` for Blue Team and Strawman, which have none. */
export function patternStrategy(pattern: CriticPattern): StrategyId | null {
  return CRITIC_PATTERNS.find((entry) => entry.pattern === pattern)?.strategy ?? null;
}

/** The given strategies without repetitions, in execution order. */
function orderStrategies(ids: readonly StrategyId[]): readonly StrategyId[] {
  return STRATEGIES.map((strategy) => strategy.id).filter((id) => ids.includes(id));
}

/** Patterns in run order; Steelman is inserted where Devil's Advocate stands without it (H-16). */
export function orderPatterns(patterns: readonly CriticPattern[]): {
  readonly patterns: readonly CriticPattern[];
  readonly steelmanInserted: boolean;
} {
  const inserted = patterns.includes("devils-advocate") && !patterns.includes("steelman");
  const wanted: readonly CriticPattern[] = inserted ? [...patterns, "steelman"] : patterns;
  const ordered = CRITIC_PATTERNS.map((entry) => entry.pattern).filter((pattern) => wanted.includes(pattern));
  return { patterns: ordered, steelmanInserted: inserted };
}

export interface StrategyRequest {
  readonly level: Criticality;
  /** False at C1 where nobody asked for a judge: only the creator's self-review runs. */
  readonly judged: boolean;
  /** A set chosen by the author (barriers, synthesis); what the level requires beyond it is reported as left out. */
  readonly declared?: readonly StrategyId[];
  /** Assigned critic patterns; their strategies run as well. */
  readonly patterns: readonly CriticPattern[];
}

/**
 * What runs on one deliverable and why (domain §8.3 "effective required set"): H-15 adds S-010, H-16 adds S-003
 * wherever S-002 runs, H-17 adds S-014 wherever something is judged. A person may leave out what a level requires
 * (P-020) except S-010 and S-014, without which a score cannot exist.
 */
export function effectiveStrategies(request: StrategyRequest): PlannedStrategies {
  const { level, judged, declared } = request;
  if (!judged)
    return { required: ["S-010"], implied: [], optional: ["S-003", "S-014"], leftOut: [], order: ["S-010"] };
  const required = declared ?? REQUIRED_STRATEGIES[level];
  const implied = impliedStrategies(request, required);
  const order = orderStrategies([...required, ...implied.map((entry) => entry.id)]);
  return {
    required,
    implied,
    optional: OPTIONAL_STRATEGIES[level].filter((id) => !order.includes(id)),
    leftOut: REQUIRED_STRATEGIES[level].filter((id) => !order.includes(id)),
    order,
  };
}

type Implied = PlannedStrategies["implied"][number];

function impliedStrategies(request: StrategyRequest, required: readonly StrategyId[]): readonly Implied[] {
  const found: Implied[] = [];
  const runs = (id: StrategyId) => required.includes(id) || found.some((entry) => entry.id === id);
  const imply = (id: StrategyId | null, rule: string) => {
    if (id !== null && !runs(id)) found.push({ id, rule });
  };
  imply("S-010", "H-15");
  if (runs("S-002")) imply("S-003", "H-16");
  for (const pattern of request.patterns) imply(patternStrategy(pattern), pattern);
  // Once more: a pattern may have brought S-002 in.
  if (runs("S-002")) imply("S-003", "H-16");
  if (request.level === "C1" && request.declared === undefined) imply("S-003", "judge");
  imply("S-014", request.level === "C1" ? "judge" : "H-17");
  return found;
}
