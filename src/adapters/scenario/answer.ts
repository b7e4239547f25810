/**
 * Structured answers, invented from the schema that was asked for: whatever its exact shape, the answer fits it, and
 * properties with a known name (`scores`, `findings`, `criteria`, `key_findings`, ...) get content that makes sense.
 */
import { say, type Wording, wordingOf } from "./artifact.ts";
import { type PlannedFinding, plannedFindings } from "./findings.ts";
import type { PromptFacts } from "./header.ts";
import { asSchema, type JsonSchema, numberAt, propertiesOf, settle, typeOf, wordsOf } from "./json-schema.ts";
import { ACTIONS, OBSERVATIONS, REASONS } from "./phrases.ts";
import { revisionLine } from "./report.ts";
import { type Scenario, settingsFor } from "./scenario.ts";
import { dimensionScore, type PlannedQuality, plannedQuality } from "./scores.ts";
import { countsAsUsed, inExecutionOrder } from "./strategies.ts";

export interface AnswerRequest {
  readonly facts: PromptFacts;
  readonly schema: JsonSchema;
  readonly scenario: Scenario;
  /** Judge sample, 1-based. */
  readonly sample: number;
}

interface Place {
  readonly name: string;
  readonly path: readonly string[];
  /** Index in the nearest list around it. */
  readonly index: number;
  readonly finding?: PlannedFinding;
  /** Dimension key, where inside `scores`. */
  readonly dimension?: string;
  readonly criterion?: number;
}

interface Maker {
  readonly request: AnswerRequest;
  readonly root: JsonSchema;
  readonly planned: PlannedQuality;
  readonly words: Wording;
}

/** A value that `request.schema` accepts. The same request gives the same answer. */
export function structuredAnswer(request: AnswerRequest): unknown {
  const { facts, scenario, sample } = request;
  const maker: Maker = {
    request,
    root: request.schema,
    planned: plannedQuality(scenario, facts),
    words: wordingOf(facts, scenario.seed ?? "", `answer/${facts.task}/${facts.round}/${sample}`),
  };
  return make(request.schema, { name: "", path: [], index: 0 }, maker);
}

function make(raw: JsonSchema, place: Place, maker: Maker): unknown {
  const schema = settle(raw, maker.root);
  const words = wordsOf(schema);
  if (words.length > 0) return wordFor(words, place, maker);
  switch (typeOf(schema)) {
    case "object":
      return objectFor(schema, place, maker);
    case "array":
      return listFor(schema, place, maker);
    case "number":
    case "integer":
      return numberFor(schema, place, maker);
    case "boolean":
      return booleanFor(place, maker);
    case "null":
      return null;
    default:
      return textFor(schema, place, maker);
  }
}

function objectFor(schema: JsonSchema, place: Place, maker: Maker): unknown {
  const entries = propertiesOf(schema).map(([key, value]) => {
    return [key, make(value, inside(place, key, maker), maker)] as const;
  });
  return Object.fromEntries(entries);
}

function inside(place: Place, key: string, maker: Maker): Place {
  const path = [...place.path, key];
  const under = { ...place, name: key, path };
  if (isNamed(place.name, "scores", "dimensions", "evidence")) return { ...under, dimension: key };
  if (isNamed(place.name, "criteria") && place.criterion === undefined) {
    return { ...under, criterion: criterionIndex(key, maker) };
  }
  return under;
}

function criterionIndex(key: string, maker: Maker): number {
  const number = Number(/(\d+)$/.exec(key)?.[1] ?? Number.NaN);
  if (Number.isInteger(number)) return number - 1;
  return Math.max(0, maker.request.facts.criteria.indexOf(key));
}

function listFor(schema: JsonSchema, place: Place, maker: Maker): readonly unknown[] {
  const items = settle(asSchema(schema.items), maker.root);
  const used = usedWords(items, place, maker);
  if (used !== null) return used;
  const count = countFor(schema, items, place, maker);
  const findings = isNamed(place.name, "findings") ? findingsFor(count, maker) : [];
  return Array.from({ length: count }, (_, index) => {
    const finding = findings[index];
    const at = { ...place, index, ...(finding === undefined ? {} : { finding }) };
    return make(items, isNamed(place.name, "criteria") ? { ...at, criterion: index } : at, maker);
  });
}

function usedWords(items: JsonSchema, place: Place, maker: Maker): readonly unknown[] | null {
  const words = wordsOf(items);
  if (words.length === 0) return null;
  if (countsAsUsed(place.name)) return inExecutionOrder(words, maker.request.facts.text);
  return isNamed(place.name, "artifacts", "sources") ? words : null;
}

/** A list keeps to its bounds; within them its name says how long it is. */
function countFor(schema: JsonSchema, items: JsonSchema, place: Place, maker: Maker): number {
  const { facts, scenario } = maker.request;
  const least = numberAt(schema, "minItems") ?? 0;
  const most = numberAt(schema, "maxItems") ?? Math.max(least, 12);
  const bounded = (wanted: number): number => Math.min(most, Math.max(least, wanted));
  if (isNamed(place.name, "findings") && isObject(items)) {
    if (facts.task === "judge") return bounded(maker.planned.critical ? 1 : 0);
    return bounded(
      Math.max(
        settingsFor(scenario, facts.deliverable).findings ?? maker.words.random.whole(3, 5),
        facts.findingsMinimum,
      ),
    );
  }
  if (isNamed(place.name, "criteria")) return bounded(facts.criteria.length);
  if (isNamed(place.name, "scores", "dimensions")) return bounded(dimensionWords(items, maker).length || 6);
  if (isNamed(place.name, "blockers", "issues", "questions")) return bounded(0);
  if (isNamed(place.name, "artifacts", "sources", "inputs")) return bounded(facts.inputs.length);
  if (isNamed(place.name, "resolved", "addressed", "answered")) return bounded(facts.findingIds.length);
  return bounded(3);
}

/** Dimensions of a list of scores, from the closed set of their names. */
function dimensionWords(items: JsonSchema, maker: Maker): readonly unknown[] {
  const named = propertiesOf(items).map(([, property]) => wordsOf(settle(property, maker.root)));
  return named.find((words) => words.length > 1) ?? [];
}

function findingsFor(count: number, maker: Maker): readonly PlannedFinding[] {
  return plannedFindings(maker.request.facts, maker.planned, maker.request.scenario.seed ?? "", count);
}

function wordFor(words: readonly unknown[], place: Place, maker: Maker): unknown {
  const wanted = wantedWord(place, maker);
  if (wanted !== null && words.includes(wanted)) return wanted;
  return isNamed(place.name, "strategy", "dimension", "key", "criterion", "artifact", "path")
    ? words[place.index % words.length]
    : words[0];
}

function wantedWord(place: Place, maker: Maker): string | null {
  if (place.finding !== undefined) {
    if (place.name === "type") return place.finding.type;
    if (place.name === "severity") return place.finding.severity;
  }
  if (place.criterion !== undefined && isNamed(place.name, "verdict", "status", "result")) {
    return place.criterion === 0 && maker.planned.unmet ? "unmet" : "met";
  }
  if (place.name === "verdict")
    return maker.planned.composite >= maker.request.facts.threshold ? "PASS" : "REVISE";
  return null;
}

function numberFor(schema: JsonSchema, place: Place, maker: Maker): number {
  const low = numberAt(schema, "minimum") ?? numberAt(schema, "exclusiveMinimum") ?? 0;
  const high = numberAt(schema, "maximum") ?? numberAt(schema, "exclusiveMaximum") ?? Math.max(low + 1, 1);
  const wanted = wantedNumber(place, maker);
  const value = Math.min(
    high,
    Math.max(low, wanted ?? low + (high - low) * maker.words.random.between(0.6, 0.9)),
  );
  return schema.type === "integer" ? Math.round(value) : value;
}

function wantedNumber(place: Place, maker: Maker): number | null {
  const { facts, sample } = maker.request;
  const dimension = place.dimension ?? (place.path[0] === "scores" ? `dimension-${place.index}` : null);
  if (dimension !== null) return dimensionScore(maker.planned, facts, dimension, sample);
  if (isNamed(place.name, "score", "composite", "overall")) return maker.planned.composite;
  if (place.name === "confidence") return Math.round(maker.words.random.between(0.78, 0.95) * 100) / 100;
  return null;
}

function booleanFor(place: Place, maker: Maker): boolean {
  if (isNamed(place.name, "pass", "passed", "ready", "approved"))
    return maker.planned.composite >= maker.request.facts.threshold;
  return !isNamed(place.name, "blocked", "critical", "error", "failed", "waived", "escalate");
}

function textFor(schema: JsonSchema, place: Place, maker: Maker): string {
  if (schema.format === "date-time") return "2026-01-01T00:00:00Z";
  const least = numberAt(schema, "minLength") ?? 0;
  const most = numberAt(schema, "maxLength") ?? Number.POSITIVE_INFINITY;
  let text = wantedText(place, maker);
  while (text.length < least) text = `${text} ${say(maker.words.random.pick(REASONS), maker.words)}`;
  return text.slice(0, most);
}

function wantedText(place: Place, maker: Maker): string {
  const { facts, scenario } = maker.request;
  const { random } = maker.words;
  const { finding } = place;
  if (finding !== undefined) {
    if (place.name === "section" || place.name === "location") return finding.section;
    if (place.name === "action" || place.name === "required_action" || place.name === "recommendation")
      return finding.action;
    if (isNamed(place.name, "improvement", "expected_improvement")) return finding.improvement;
    if (!isNamed(place.name, "id")) return finding.evidence;
  }
  if (isNamed(place.name, "criterion"))
    return facts.criteria[place.criterion ?? place.index] ?? `Criterion ${place.index + 1}`;
  if (isNamed(place.name, "id", "finding", "finding_id", "resolved", "addressed", "answered")) {
    return facts.findingIds[place.index] ?? `F-${facts.round}-${place.index + 1}`;
  }
  if (isNamed(place.name, "artifacts", "sources", "inputs", "path", "artifact", "file")) {
    return (
      facts.inputs[place.index] ??
      (facts.artifact !== null && facts.artifact !== "commit" ? facts.artifact : "README.md")
    );
  }
  if (isNamed(place.name, "revision", "changes", "changed", "what_changed"))
    return revisionLine(facts, scenario.seed ?? "");
  if (isNamed(place.name, "task", "title", "name")) return say(random.pick(ACTIONS), maker.words);
  if (isNamed(place.name, "for_target", "success_criteria", "actions", "recommendations", "next")) {
    return say(random.pick(ACTIONS), maker.words);
  }
  return `${say(random.pick(OBSERVATIONS), maker.words)} ${random.pick(REASONS)}`;
}

function isObject(schema: JsonSchema): boolean {
  return typeOf(schema) === "object";
}

/** Names are compared without case and underscores: `keyFindings` is `key_findings`. */
function isNamed(name: string, ...names: readonly string[]): boolean {
  const plain = (text: string): string => text.toLowerCase().replaceAll("_", "");
  return names.some((candidate) => plain(candidate) === plain(name));
}
