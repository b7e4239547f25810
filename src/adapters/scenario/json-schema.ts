/** Just enough of JSON Schema (draft-07) to invent a value that a schema accepts. */

export type JsonSchema = Readonly<Record<string, unknown>>;

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function asSchema(value: unknown): JsonSchema {
  return isRecord(value) ? value : {};
}

/** Follows `$ref` into the root, merges `allOf`, and takes the first branch of `anyOf`/`oneOf` that is not just null. */
export function settle(schema: JsonSchema, root: JsonSchema, depth = 0): JsonSchema {
  if (depth > 20) return {};
  if (typeof schema.$ref === "string") return settle(lookUp(schema.$ref, root), root, depth + 1);
  const { allOf, anyOf, oneOf, ...rest } = schema;
  const branches = Array.isArray(anyOf) ? anyOf : Array.isArray(oneOf) ? oneOf : [];
  const branch = branches.map(asSchema).find((option) => option.type !== "null" && option.const !== null);
  const parts = [
    ...(Array.isArray(allOf) ? allOf.map(asSchema) : []),
    ...(branch === undefined ? [] : [branch]),
  ];
  return parts.reduce<JsonSchema>((merged, part) => merge(merged, settle(part, root, depth + 1)), rest);
}

/** Type of a settled schema; guessed from its keywords where it is not given. */
export function typeOf(schema: JsonSchema): string {
  const given = Array.isArray(schema.type) ? schema.type.find((type) => type !== "null") : schema.type;
  if (typeof given === "string") return given;
  if (isRecord(schema.properties) || schema.additionalProperties !== undefined) return "object";
  if (schema.items !== undefined) return "array";
  return "string";
}

export function propertiesOf(schema: JsonSchema): readonly (readonly [string, JsonSchema])[] {
  return Object.entries(asSchema(schema.properties)).map(([key, value]) => [key, asSchema(value)] as const);
}

export function numberAt(schema: JsonSchema, key: string): number | undefined {
  const value = schema[key];
  return typeof value === "number" ? value : undefined;
}

/** Words of an `enum` or `const`; empty when anything goes. */
export function wordsOf(schema: JsonSchema): readonly unknown[] {
  if (schema.const !== undefined) return [schema.const];
  return Array.isArray(schema.enum) ? schema.enum : [];
}

function lookUp(reference: string, root: JsonSchema): JsonSchema {
  const path = reference
    .replace(/^#\/?/, "")
    .split("/")
    .filter((part) => part !== "");
  return asSchema(path.reduce<unknown>((at, part) => asSchema(at)[part], root));
}

function merge(left: JsonSchema, right: JsonSchema): JsonSchema {
  const required = [...listOf(left.required), ...listOf(right.required)];
  const properties = { ...asSchema(left.properties), ...asSchema(right.properties) };
  return {
    ...left,
    ...right,
    ...(required.length > 0 ? { required } : {}),
    ...(Object.keys(properties).length > 0 ? { properties } : {}),
  };
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
