/** A finding as an agent reports it, before it has an id. Source: domain §9.2. */
import type { FindingType, Severity, StrategyId } from "../vocabulary.ts";
import { bad, field, good, type Read, readFields, readList, readText, readWord } from "./read.ts";
import { type JsonSchema, listSchema, objectSchema, textSchema, wordSchema } from "./schema.ts";
import { STRATEGIES } from "./strategies.ts";

const FINDING_TYPES: readonly FindingType[] = [
  "BLIND_SPOT",
  "WEAK_ASSUMPTION",
  "MISSING_EVIDENCE",
  "CONTRADICTION",
];

/** Heaviest first. */
export const SEVERITIES: readonly Severity[] = ["CRITICAL", "HIGH", "MEDIUM", "LOW"];

const STRATEGY_IDS: readonly StrategyId[] = STRATEGIES.map((strategy) => strategy.id);

export interface RawFinding {
  readonly type: FindingType;
  readonly severity: Severity;
  /** Section, file or line that is affected. */
  readonly section: string;
  readonly evidence: string;
  /** What must be done about it. */
  readonly action: string;
  readonly strategy?: StrategyId;
}

export function readFindings(value: unknown, path: string): Read<readonly RawFinding[]> {
  return readList(value, path, readFinding);
}

/** `least` = least number of findings. */
export function findingsSchema(least: number): JsonSchema {
  const finding = objectSchema(
    {
      type: wordSchema(FINDING_TYPES),
      severity: wordSchema(SEVERITIES),
      section: textSchema("section, file or line that is affected"),
      evidence: textSchema("what in the work shows it, quoted or located"),
      action: textSchema("what must be done about it"),
      strategy: wordSchema(STRATEGY_IDS),
    },
    ["strategy"],
  );
  return listSchema(finding, least);
}

function readFinding(value: unknown, path: string): Read<RawFinding> {
  const fields = readFields(value, path);
  if (!fields.ok) return fields;
  const type = readWord(field(fields.value, "type"), FINDING_TYPES, `${path}.type`);
  if (!type.ok) return type;
  const severity = readWord(field(fields.value, "severity"), SEVERITIES, `${path}.severity`);
  if (!severity.ok) return severity;
  const texts: string[] = [];
  for (const key of ["section", "evidence", "action"]) {
    const text = readText(field(fields.value, key), `${path}.${key}`);
    if (!text.ok) return text;
    texts.push(text.value);
  }
  const strategy = readStrategy(field(fields.value, "strategy"), `${path}.strategy`);
  if (!strategy.ok) return strategy;
  const [section = "", evidence = "", action = ""] = texts;
  return good({ type: type.value, severity: severity.value, section, evidence, action, ...strategy.value });
}

function readStrategy(value: unknown, path: string): Read<{ readonly strategy?: StrategyId }> {
  if (value === undefined) return good({});
  const strategy = readWord(value, STRATEGY_IDS, path);
  return strategy.ok ? good({ strategy: strategy.value }) : bad(strategy.reason);
}
