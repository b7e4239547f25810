import { SIX_DIMENSIONS } from "../../core/quality/rubric.ts";
import type { Dimension } from "../../core/vocabulary.ts";
import type { AuthoredRubric } from "../schema/definition-schema.ts";

/** `Evidence Quality` becomes `evidence_quality`. */
export function dimensionKey(name: string): string {
  return name
    .normalize("NFKD")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "_")
    .replaceAll(/^_+|_+$/g, "");
}

/** The dimensions of a score; `six` and nothing are the default rubric (domain §8.1). */
export function normaliseRubric(rubric: AuthoredRubric | undefined): readonly Dimension[] {
  if (rubric === undefined || typeof rubric === "string") return SIX_DIMENSIONS;
  return rubric.map(({ name, key, weight, description }) => ({
    key: dimensionKey(key ?? name),
    name,
    weight,
    ...(description === undefined ? {} : { description }),
  }));
}
