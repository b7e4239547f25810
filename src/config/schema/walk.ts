/** Looks into a schema: which schemas stand at a path, which keys they know, what they expect. */
import { z } from "zod";
import type { Path } from "../source/diagnostic.ts";
import { type Expectation, expectations } from "./leaves.ts";

/** Every schema that may describe the value at the path; unions give all their branches. */
export function schemasAt(root: z.ZodType, path: Path): readonly z.ZodType[] {
  return path.reduce<readonly z.ZodType[]>(
    (schemas, step) => schemas.flatMap((schema) => children(schema, step)),
    branches(root),
  );
}

/** Names of the keys that are allowed at the path. */
export function keysAt(root: z.ZodType, path: Path): readonly string[] {
  return schemasAt(root, path).flatMap((schema) =>
    schema instanceof z.ZodObject ? Object.keys(schema.shape) : [],
  );
}

/** Words for what may stand at the path. */
export function expectationsAt(root: z.ZodType, path: Path): readonly Expectation[] {
  return schemasAt(root, path).map(expectationOf);
}

/** The schema itself, or the branches of a union with wrappers taken off. A union that has words of its own stays whole. */
export function branches(schema: z.ZodType): readonly z.ZodType[] {
  if (expectations.has(schema)) return [schema];
  if (schema instanceof z.ZodOptional) return branches(schema.unwrap() as z.ZodType);
  if (schema instanceof z.ZodUnion) return schema.options.flatMap((option) => branches(option as z.ZodType));
  return [schema];
}

function children(schema: z.ZodType, step: string | number): readonly z.ZodType[] {
  if (schema instanceof z.ZodArray)
    return typeof step === "number" ? branches(schema.element as z.ZodType) : [];
  if (schema instanceof z.ZodRecord) return branches(schema.valueType as z.ZodType);
  if (!(schema instanceof z.ZodObject) || typeof step !== "string") return [];
  return Object.hasOwn(schema.shape, step) ? branches(schema.shape[step] as z.ZodType) : [];
}

/** Words for one schema without a union at its top. */
export function expectationOf(schema: z.ZodType): Expectation {
  const words = expectations.get(schema);
  if (words !== undefined) return words;
  if (schema instanceof z.ZodArray) return { expected: `a list of ${plural(schema)}` };
  if (schema instanceof z.ZodObject)
    return { expected: `a mapping with the keys ${Object.keys(schema.shape).join(", ")}` };
  if (schema instanceof z.ZodRecord) return { expected: "a mapping" };
  if (schema instanceof z.ZodNumber) return { expected: "a number" };
  if (schema instanceof z.ZodBoolean) return { expected: "true or false" };
  return { expected: schema instanceof z.ZodNull ? "nothing" : "text" };
}

function plural(list: z.ZodArray): string {
  const inner = branches(list.element as z.ZodType).map((schema) => {
    if (schema instanceof z.ZodObject) return "mappings";
    if (schema instanceof z.ZodArray) return "lists";
    const words = expectations.get(schema)?.expected;
    return words === undefined || words.includes(",") ? "values" : words;
  });
  return [...new Set(inner)].join(" or ");
}
