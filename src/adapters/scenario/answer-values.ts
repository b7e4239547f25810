/** Single values of an answer, chosen by the name of the property that they fill. */
import { isNamed, type Maker, type Place } from "./answer-place.ts";
import { say } from "./artifact.ts";
import { type JsonSchema, numberAt } from "./json-schema.ts";
import { ACTIONS, OBSERVATIONS, REASONS } from "./phrases.ts";
import { revisionLine } from "./report.ts";
import { dimensionScore } from "./scores.ts";

export function wordFor(words: readonly unknown[], place: Place, maker: Maker): unknown {
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

export function numberFor(schema: JsonSchema, place: Place, maker: Maker): number {
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

export function booleanFor(place: Place, maker: Maker): boolean {
  if (isNamed(place.name, "pass", "passed", "ready", "approved"))
    return maker.planned.composite >= maker.request.facts.threshold;
  return !isNamed(place.name, "blocked", "critical", "error", "failed", "waived", "escalate");
}

export function textFor(schema: JsonSchema, place: Place, maker: Maker): string {
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
