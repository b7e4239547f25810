/**
 * Structured answers of judges and critics, read strictly: whatever is missing, misspelt or out of range makes the
 * answer invalid, with the reason. Nothing here throws, whatever an agent sends. Source: design §7, domain §9.2.
 */
import type { PlannedGate } from "../plan/plan.ts";
import type { CriticPattern, FindingType, StrategyId } from "../vocabulary.ts";
import type { CriterionVerdict } from "../workflow/round.ts";
import { type CritiqueContext, lensesOf } from "./lenses.ts";
import { findingsSchema, type RawFinding, readFindings } from "./raw-finding.ts";
import {
  bad,
  type Fields,
  field,
  good,
  type Read,
  readFields,
  readList,
  readShare,
  readText,
  readWord,
} from "./read.ts";
import { type JsonSchema, listSchema, objectSchema, shareSchema, textSchema, wordSchema } from "./schema.ts";
import { CRITIC_PATTERNS, STRATEGIES } from "./strategies.ts";

const STRATEGY_IDS: readonly StrategyId[] = STRATEGIES.map((strategy) => strategy.id);
const PATTERNS: readonly CriticPattern[] = CRITIC_PATTERNS.map((entry) => entry.pattern);

/** Types of which every critique with a minimum has at least one (domain §9.2). */
const ALWAYS_FOUND: readonly FindingType[] = ["BLIND_SPOT", "WEAK_ASSUMPTION"];

const CRITERION_VERDICTS = ["met", "unmet", "not_applicable"] as const;

/** What a judge said, complete: one score with evidence per dimension, one verdict per criterion. */
export interface Judgement {
  readonly ok: true;
  readonly scores: Readonly<Record<string, number>>;
  readonly evidence: Readonly<Record<string, string>>;
  /** In the order of the gate's criteria. Blank evidence is kept: it becomes a CRITICAL finding. */
  readonly criteria: readonly CriterionVerdict[];
  readonly findings: readonly RawFinding[];
}

export interface Critique {
  readonly ok: true;
  readonly findings: readonly RawFinding[];
  readonly patternsUsed: readonly CriticPattern[];
  readonly strategiesUsed: readonly StrategyId[];
}

/** `reason` is one clause, such as `scores.completeness.score is missing, not a number`. */
export interface InvalidAnswer {
  readonly ok: false;
  readonly reason: string;
}

/**
 * The structured answer of an ended session: its structured value, else the text where that is one JSON document
 * (alone or in a single code fence), else the text itself, which every parser here refuses.
 */
export function answerOf(end: { readonly text: string; readonly structured?: unknown }): unknown {
  if (end.structured !== undefined) return end.structured;
  const text = end.text.trim();
  const fenced = /^```(?:json)?\n([\s\S]*?)\n```$/.exec(text);
  try {
    return JSON.parse(fenced?.[1] ?? text) as unknown;
  } catch {
    return text;
  }
}

/** Key of a criterion in a judge's answer: `criterion_1` for the first of the gate. */
export function criterionKey(index: number): string {
  return `criterion_${index + 1}`;
}

/** Least number of findings asked of a judge: only where no critic reports any. */
export function judgeMinimum(gate: PlannedGate): number {
  return gate.critic === null ? gate.loop.findings : 0;
}

export function parseJudgement(value: unknown, gate: PlannedGate): Judgement | InvalidAnswer {
  const answer = readFields(value, "answer");
  if (!answer.ok) return answer;
  const scored = readScores(field(answer.value, "scores"), gate);
  if (!scored.ok) return scored;
  const criteria = readCriteria(field(answer.value, "criteria"), gate);
  if (!criteria.ok) return criteria;
  const findings = readFindings(field(answer.value, "findings"), "findings");
  if (!findings.ok) return findings;
  const short = shortOfMinimum(findings.value, judgeMinimum(gate));
  if (short !== null) return bad(short);
  return { ok: true, ...scored.value, criteria: criteria.value, findings: findings.value };
}

/**
 * Everything that was asked must be reported as applied, in the order asked, S-003 before S-002 (H-16). The types that a
 * critique must contain are asked of a combined one only: a session with one strategy cannot be held to them.
 */
export function parseCritique(
  value: unknown,
  gate: PlannedGate,
  context: CritiqueContext = {},
): Critique | InvalidAnswer {
  const answer = readFields(value, "answer");
  if (!answer.ok) return answer;
  const get = (key: string): unknown => field(answer.value, key);
  const asked = lensesOf(gate, context);
  const patterns = readUsed(get("patterns_used"), "patterns_used", PATTERNS, asked.patterns);
  if (!patterns.ok) return patterns;
  const strategies = readUsed(get("strategies_used"), "strategies_used", STRATEGY_IDS, asked.strategies);
  if (!strategies.ok) return strategies;
  const findings = readFindings(get("findings"), "findings");
  if (!findings.ok) return findings;
  const check = context.mode === "separate" ? fewerThan : shortOfMinimum;
  const short = check(findings.value, asked.findings);
  if (short !== null) return bad(short);
  return {
    ok: true,
    findings: findings.value,
    patternsUsed: patterns.value,
    strategiesUsed: strategies.value,
  };
}

/**
 * Why findings fall short of the minimums of domain §9.2, null when they do not: `minimum` in all, and at least one
 * BLIND_SPOT and one WEAK_ASSUMPTION. With minimum 0 nothing is asked.
 */
export function shortOfMinimum(findings: readonly RawFinding[], minimum: number): string | null {
  const few = fewerThan(findings, minimum);
  if (few !== null || minimum <= 0) return few;
  const missing = ALWAYS_FOUND.filter((type) => !findings.some((f) => f.type === type));
  return missing.length === 0 ? null : `findings have no ${missing.join(" and no ")}`;
}

export function judgeSchema(gate: PlannedGate): JsonSchema {
  const score = objectSchema({
    score: shareSchema("0 to 1"),
    evidence: textSchema("what in the work supports it"),
  });
  const criterion = objectSchema({
    verdict: wordSchema(CRITERION_VERDICTS),
    evidence: textSchema("where it shows"),
  });
  return objectSchema({
    scores: objectSchema(Object.fromEntries(gate.rubric.map((d) => [d.key, score]))),
    criteria: objectSchema(
      Object.fromEntries(gate.criteria.map((_, index) => [criterionKey(index), criterion])),
    ),
    findings: findingsSchema(judgeMinimum(gate)),
  });
}

export function critiqueSchema(gate: PlannedGate, context: CritiqueContext = {}): JsonSchema {
  const asked = lensesOf(gate, context);
  return objectSchema({
    patterns_used: listSchema(wordSchema(PATTERNS), asked.patterns.length),
    strategies_used: listSchema(wordSchema(STRATEGY_IDS), asked.strategies.length),
    findings: findingsSchema(asked.findings),
  });
}

function fewerThan(findings: readonly RawFinding[], minimum: number): string | null {
  return findings.length < minimum ? `findings has ${findings.length} entries, fewer than ${minimum}` : null;
}

function readScores(value: unknown, gate: PlannedGate): Read<Pick<Judgement, "scores" | "evidence">> {
  const scores = readFields(value, "scores");
  if (!scores.ok) return scores;
  const unknown = Object.keys(scores.value).find((key) => !gate.rubric.some((d) => d.key === key));
  if (unknown !== undefined) return bad(`scores.${unknown} is no dimension of the rubric`);
  const numbers: [string, number][] = [];
  const evidence: [string, string][] = [];
  for (const { key } of gate.rubric) {
    const entry = readFields(field(scores.value, key), `scores.${key}`);
    if (!entry.ok) return entry;
    const score = readShare(field(entry.value, "score"), `scores.${key}.score`);
    if (!score.ok) return score;
    const text = readText(field(entry.value, "evidence"), `scores.${key}.evidence`);
    if (!text.ok) return text;
    numbers.push([key, score.value]);
    evidence.push([key, text.value]);
  }
  return good({ scores: Object.fromEntries(numbers), evidence: Object.fromEntries(evidence) });
}

function readCriteria(value: unknown, gate: PlannedGate): Read<readonly CriterionVerdict[]> {
  if (gate.criteria.length === 0) return good([]);
  const fields = readFields(value, "criteria");
  if (!fields.ok) return fields;
  const verdicts: CriterionVerdict[] = [];
  for (const [index, criterion] of gate.criteria.entries()) {
    const verdict = readCriterion(fields.value, criterion, criterionKey(index));
    if (!verdict.ok) return verdict;
    verdicts.push(verdict.value);
  }
  return good(verdicts);
}

function readCriterion(fields: Fields, criterion: string, key: string): Read<CriterionVerdict> {
  const entry = readFields(field(fields, key), `criteria.${key}`);
  if (!entry.ok) return entry;
  const verdict = readWord(field(entry.value, "verdict"), CRITERION_VERDICTS, `criteria.${key}.verdict`);
  if (!verdict.ok) return verdict;
  const evidence = field(entry.value, "evidence");
  if (typeof evidence !== "string") return bad(`criteria.${key}.evidence is not text`);
  return good({ criterion, verdict: verdict.value, evidence: evidence.trim() });
}

function readUsed<T extends string>(
  value: unknown,
  path: string,
  words: readonly T[],
  asked: readonly T[],
): Read<readonly T[]> {
  const used = readList(value, path, (entry, at) => readWord(entry, words, at));
  if (!used.ok) return used;
  const missing = asked.find((word) => !used.value.includes(word));
  if (missing !== undefined) return bad(`${path} lacks ${missing}`);
  const places = asked.map((word) => used.value.indexOf(word));
  const ordered = places.every((place, index) => index === 0 || place > (places[index - 1] ?? -1));
  return ordered ? good(used.value) : bad(`${path} is not in the order ${asked.join(", ")}`);
}
