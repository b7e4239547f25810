/** Where in an answer a value stands, and what its maker knows. */
import type { Wording } from "./artifact.ts";
import type { PlannedFinding } from "./findings.ts";
import type { PromptFacts } from "./header.ts";
import type { JsonSchema } from "./json-schema.ts";
import type { Scenario } from "./scenario.ts";
import type { PlannedQuality } from "./scores.ts";

export interface AnswerRequest {
  readonly facts: PromptFacts;
  readonly schema: JsonSchema;
  readonly scenario: Scenario;
  /** Judge sample, 1-based. */
  readonly sample: number;
}

export interface Place {
  readonly name: string;
  readonly path: readonly string[];
  /** Index in the nearest list around it. */
  readonly index: number;
  readonly finding?: PlannedFinding;
  /** Dimension key, where inside `scores`. */
  readonly dimension?: string;
  readonly criterion?: number;
}

export interface Maker {
  readonly request: AnswerRequest;
  readonly root: JsonSchema;
  readonly planned: PlannedQuality;
  readonly words: Wording;
}

/** Names are compared without case and underscores: `keyFindings` is `key_findings`. */
export function isNamed(name: string, ...names: readonly string[]): boolean {
  const plain = (text: string): string => text.toLowerCase().replaceAll("_", "");
  return names.some((candidate) => plain(candidate) === plain(name));
}
