/** The contract of a handoff between pipelines, checked before anything is written from it. Source: domain §4. */
import { CRITICALITIES, type Criticality } from "../vocabulary.ts";
import type { HandoffContent } from "../workflow/deliverable.ts";
import type { InvalidAnswer } from "./answers.ts";
import { bad, field, good, type Read, readFields, readList, readShare, readText, readWord } from "./read.ts";
import { type JsonSchema, listSchema, objectSchema, shareSchema, textSchema, wordSchema } from "./schema.ts";

const LEAST_FINDINGS = 3;
const MOST_FINDINGS = 5;

export interface HandoffLimits {
  /** Repository-relative paths that exist and may be passed on; nothing else may be named. */
  readonly sources: readonly string[];
  /** Level of the source; a handoff never lowers it. */
  readonly criticality: Criticality;
}

export interface ParsedHandoff {
  readonly ok: true;
  readonly content: HandoffContent;
}

/** Reads an agent's handoff strictly against its contract: every field, 3 to 5 findings, existing paths, no lower level. */
export function parseHandoff(value: unknown, limits: HandoffLimits): ParsedHandoff | InvalidAnswer {
  const answer = readFields(value, "answer");
  if (!answer.ok) return answer;
  const get = (key: string): unknown => field(answer.value, key);
  const task = readText(get("task"), "task");
  if (!task.ok) return task;
  const purpose = readText(get("purpose"), "purpose");
  if (!purpose.ok) return purpose;
  const keyFindings = readTexts(get("key_findings"), "key_findings", LEAST_FINDINGS, MOST_FINDINGS);
  if (!keyFindings.ok) return keyFindings;
  const forTarget = readTexts(get("for_target"), "for_target", 1);
  if (!forTarget.ok) return forTarget;
  const successCriteria = readTexts(get("success_criteria"), "success_criteria", 1);
  if (!successCriteria.ok) return successCriteria;
  const artifacts = readArtifacts(get("artifacts"), limits.sources);
  if (!artifacts.ok) return artifacts;
  const blockers = readTexts(get("blockers"), "blockers", 0);
  if (!blockers.ok) return blockers;
  const confidence = readShare(get("confidence"), "confidence");
  if (!confidence.ok) return confidence;
  const criticality = readLevel(get("criticality"), limits.criticality);
  if (!criticality.ok) return criticality;
  const content: HandoffContent = {
    task: task.value,
    purpose: purpose.value,
    keyFindings: keyFindings.value,
    forTarget: forTarget.value,
    successCriteria: successCriteria.value,
    artifacts: artifacts.value,
    blockers: blockers.value,
    confidence: confidence.value,
    criticality: criticality.value,
  };
  return { ok: true, content };
}

export function handoffSchema(limits: HandoffLimits): JsonSchema {
  const levels = CRITICALITIES.filter((level) => rank(level) >= rank(limits.criticality));
  const path = limits.sources.length === 0 ? textSchema("path") : wordSchema(limits.sources);
  return objectSchema({
    task: textSchema("what the target pipeline has to do next, in one sentence"),
    purpose: textSchema("why the target pipeline gets this handoff"),
    key_findings: listSchema(
      textSchema("one finding that matters to the target"),
      LEAST_FINDINGS,
      MOST_FINDINGS,
    ),
    for_target: listSchema(textSchema("what the target does with it"), 1),
    success_criteria: listSchema(textSchema("how the target knows that it used this well"), 1),
    artifacts: listSchema(path, Math.min(1, limits.sources.length)),
    blockers: listSchema(textSchema("open blocker; a persistent one starts with [PERSISTENT]")),
    confidence: shareSchema("confidence in the findings, 0 to 1"),
    criticality: wordSchema(levels),
  });
}

function readTexts(value: unknown, path: string, least: number, most?: number): Read<readonly string[]> {
  const texts = readList(value, path, readText);
  if (!texts.ok) return texts;
  if (texts.value.length < least)
    return bad(`${path} has ${texts.value.length} entries, fewer than ${least}`);
  if (most !== undefined && texts.value.length > most) {
    return bad(`${path} has ${texts.value.length} entries, more than ${most}`);
  }
  return texts;
}

function readArtifacts(value: unknown, sources: readonly string[]): Read<readonly string[]> {
  const paths = readTexts(value, "artifacts", Math.min(1, sources.length));
  if (!paths.ok) return paths;
  const cleaned = paths.value.map((path) => path.replace(/^\.\//, ""));
  const foreign = cleaned.find((path) => !sources.includes(path));
  return foreign === undefined
    ? good([...new Set(cleaned)])
    : bad(`artifacts names ${foreign}, which is no source`);
}

function readLevel(value: unknown, least: Criticality): Read<Criticality> {
  const level = readWord(value, CRITICALITIES, "criticality");
  if (!level.ok) return level;
  return rank(level.value) < rank(least)
    ? bad(`criticality ${level.value} is lower than the source's ${least}`)
    : level;
}

function rank(level: Criticality): number {
  return CRITICALITIES.indexOf(level);
}
