/** What a round leads to, from its panels, its open findings and what came before. Source: domain §10, design §7, H-17. */
import type { PlannedGate } from "../plan/plan.ts";
import type { RoundDecision } from "../workflow/event.ts";
import type { Round } from "../workflow/round.ts";
import type { DecidedPanel } from "./panel.ts";
import { band, compositeUnits, formatScore, reaches } from "./score.ts";

/** Below this a deliverable is beyond repair by rounds, from the third on. */
const HOPELESS = 0.5;
const HOPELESS_FROM = 3;
/** This many changes in a row smaller than `PLATEAU_STEP` stop a loop of more than three rounds. */
const PLATEAU_DELTAS = 3;
const PLATEAU_STEP = 0.01;

export interface RoundFacts {
  readonly gate: PlannedGate;
  /** One per reviewer whose panel is decided. */
  readonly panels: readonly DecidedPanel[];
  /** CRITICAL findings that are open; any blocks PASS whatever the score. */
  readonly openCriticals: number;
  /** All open findings, for the reason only. */
  readonly openFindings?: number;
  /** 1-based. */
  readonly round: number;
  /** Rounds that a person granted beyond the loop's maximum. */
  readonly extraRounds: number;
  /** Scores of the earlier rounds, oldest first; null where a round had none. */
  readonly previousScores: readonly (number | null)[];
  /** True where a score is required: then no score means no PASS (H-17). Default: the gate's own `judged`. */
  readonly judged?: boolean;
  /** Checks that failed and were not red on the base. Default 0. */
  readonly checksFailed?: number;
  /** Why the judges gave no valid panel, when they did not. */
  readonly invalid?: string;
}

/** The verdict of a round with the words that explain it. Decision by the lowest reviewer, display by the mean (domain §9.3). */
export function decideRound(facts: RoundFacts): RoundDecision {
  const score = lowestScore(facts);
  const { verdict, reason } = verdictOf(facts, score);
  return {
    verdict,
    reason,
    score,
    displayScore: meanScore(facts),
    band: score === null ? null : band(score, facts.gate.threshold),
    panels: facts.panels.map((panel) => panel.result),
  };
}

/** The round to offer where none passed: highest score, then fewest CRITICAL findings, then the later one. Only rounds with a commit. */
export function bestRound(rounds: readonly Round[]): Round | undefined {
  const versions = rounds.filter((round) => round.commit !== undefined);
  return versions.reduce<Round | undefined>(
    (best, round) => (best !== undefined && isBetter(best, round) ? best : round),
    undefined,
  );
}

interface Ruling {
  readonly verdict: RoundDecision["verdict"];
  readonly reason: string;
}

/** The table of domain §10, row by row. */
function verdictOf(facts: RoundFacts, score: number | null): Ruling {
  const max = facts.gate.loop.max + Math.max(0, facts.extraRounds);
  const last = facts.round >= max;
  if (score !== null && !reaches(score, HOPELESS) && facts.round >= HOPELESS_FROM) {
    return {
      verdict: "ESCALATED",
      reason: `score ${formatScore(score)} is below 0.50 in round ${facts.round}`,
    };
  }
  if (isJudged(facts) && score === null && !isBlocked(facts)) {
    return { verdict: "ESCALATED", reason: facts.invalid ?? "no valid score" };
  }
  const shortfall = shortfallOf(facts, score);
  if (shortfall === null && facts.round >= facts.gate.loop.min)
    return { verdict: "PASS", reason: passReason(facts, score) };
  if (shortfall === null && !last) return { verdict: "HARDEN", reason: "min-rounds" };
  const open = shortfall ?? "min-rounds";
  if (last) return { verdict: "ESCALATED", reason: `${open}; round ${facts.round} of ${max} was the last` };
  // Four scores are needed, so a loop of three rounds ends at its maximum before this can hold.
  if (isPlateau([...facts.previousScores, score])) {
    return { verdict: "ESCALATED", reason: `${open}; the last three changes of the score are below 0.01` };
  }
  return { verdict: "REVISE", reason: open };
}

/** What keeps the round from passing, null when nothing does. */
function shortfallOf(facts: RoundFacts, score: number | null): string | null {
  const failed = facts.checksFailed ?? 0;
  if (failed > 0) return `${count(failed, "check")} failed`;
  if (facts.openCriticals > 0)
    return `${count(facts.openCriticals, "open CRITICAL finding")}${amongAll(facts)}`;
  if (!isJudged(facts)) return null;
  if (score === null) return "no valid score";
  const failing = facts.panels.find((panel) => panel.outcome === "fail");
  if (failing !== undefined) return `${failing.result.reviewer}: ${failing.reason}`;
  const { threshold } = facts.gate;
  return reaches(score, threshold) ? null : `score ${formatScore(score)} is below ${threshold}`;
}

function isJudged(facts: RoundFacts): boolean {
  return facts.judged ?? facts.gate.judged;
}

function isBlocked(facts: RoundFacts): boolean {
  return (facts.checksFailed ?? 0) > 0 || facts.openCriticals > 0;
}

function amongAll(facts: RoundFacts): string {
  return facts.openFindings === undefined ? "" : ` among ${facts.openFindings}`;
}

function passReason(facts: RoundFacts, score: number | null): string {
  return score === null
    ? "integrity and checks"
    : `score ${formatScore(score)} reaches ${facts.gate.threshold}`;
}

/** Null unless every reviewer of the gate has a decided panel: a missing reviewer is a missing score. */
function lowestScore(facts: RoundFacts): number | null {
  const scores = facts.panels.map((panel) => panel.result.composite);
  const missing = scores.length < Math.max(1, facts.gate.reviewers.length);
  return missing || !scores.every(Number.isFinite) ? null : Math.min(...scores);
}

function meanScore(facts: RoundFacts): number | null {
  const units = facts.panels.map((panel) => compositeUnits(panel.result.composite));
  if (units.length === 0 || !units.every(Number.isFinite)) return null;
  return Math.floor(units.reduce((sum, unit) => sum + unit, 0) / units.length) / compositeUnits(1);
}

function isPlateau(scores: readonly (number | null)[]): boolean {
  const tail = scores.slice(-(PLATEAU_DELTAS + 1));
  if (tail.length <= PLATEAU_DELTAS) return false;
  const units = tail.map((score) => compositeUnits(score ?? Number.NaN));
  const step = compositeUnits(PLATEAU_STEP);
  return units.every(
    (unit, index) => index === 0 || Math.abs(unit - (units[index - 1] ?? Number.NaN)) < step,
  );
}

function isBetter(best: Round, candidate: Round): boolean {
  const difference = (best.score ?? -1) - (candidate.score ?? -1);
  if (difference !== 0) return difference > 0;
  return criticals(best) < criticals(candidate);
}

function criticals(round: Round): number {
  return round.findings.filter((finding) => finding.severity === "CRITICAL").length;
}

function count(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? "" : "s"}`;
}
