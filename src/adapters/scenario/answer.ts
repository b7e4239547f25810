/**
 * Structured answers, invented from the schema that was asked for: whatever its exact shape, the answer fits it, and
 * properties with a known name (`scores`, `findings`, `criteria`, `key_findings`, ...) get content that makes sense.
 */
import { type AnswerRequest, isNamed, type Maker, type Place } from "./answer-place.ts";
import { booleanFor, numberFor, textFor, wordFor } from "./answer-values.ts";
import { wordingOf } from "./artifact.ts";
import { type PlannedFinding, plannedFindings } from "./findings.ts";
import { asSchema, type JsonSchema, numberAt, propertiesOf, settle, typeOf, wordsOf } from "./json-schema.ts";
import { settingsFor } from "./scenario.ts";
import { plannedQuality } from "./scores.ts";
import { countsAsUsed, inExecutionOrder } from "./strategies.ts";

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
        settingsFor(scenario, facts).findings ?? maker.words.random.whole(3, 5),
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

function isObject(schema: JsonSchema): boolean {
  return typeOf(schema) === "object";
}
