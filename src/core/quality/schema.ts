/** Small builders of draft-07 JSON Schema. No `$schema` key is ever written: agents refuse a schema that carries one. */

export type JsonSchema = Readonly<Record<string, unknown>>;

/** An object of which every property is required unless it is named in `optional`; nothing else is allowed. */
export function objectSchema(
  properties: Readonly<Record<string, JsonSchema>>,
  optional: readonly string[] = [],
): JsonSchema {
  const required = Object.keys(properties).filter((key) => !optional.includes(key));
  return { type: "object", additionalProperties: false, properties, required };
}

export function textSchema(description: string): JsonSchema {
  return { type: "string", minLength: 1, description };
}

export function wordSchema(words: readonly string[]): JsonSchema {
  return { type: "string", enum: [...words] };
}

export function shareSchema(description: string): JsonSchema {
  return { type: "number", minimum: 0, maximum: 1, description };
}

export function listSchema(items: JsonSchema, least = 0, most?: number): JsonSchema {
  return { type: "array", items, minItems: least, ...(most === undefined ? {} : { maxItems: most }) };
}
