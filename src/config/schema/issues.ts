/** Turns what the schema library found into problems in our own words. */
import type { z } from "zod";
import { type Path, type Problem, renderPath } from "../source/diagnostic.ts";
import { kindOf } from "../source/plain.ts";
import { nearest } from "../source/spelling.ts";
import { notBuiltKey, notBuiltValue } from "./not-built.ts";
import { expectationsAt, keysAt } from "./walk.ts";

type Issue = z.core.$ZodIssue;

/**
 * All problems of a value against a schema; empty when it fits. `elsewhere` has a sentence for each top-level key that is
 * right in another file.
 */
export function schemaProblems(
  schema: z.ZodType,
  value: unknown,
  elsewhere: Readonly<Record<string, string>> = {},
): readonly Problem[] {
  const result = schema.safeParse(value);
  const context: Context = { schema, value, elsewhere };
  if (result.success) return [];
  return result.error.issues.flatMap((issue) => toProblems(context, issue, []));
}

/** A misspelt key is reported once, not as unknown and as missing. */
export function withoutEchoes(problems: readonly Problem[]): readonly Problem[] {
  const meant = new Set(
    problems.flatMap(({ path, nearest: key }) =>
      key === undefined ? [] : [renderPath([...path.slice(0, -1), key])],
    ),
  );
  return problems.filter((problem) => !(problem.missing === true && meant.has(renderPath(problem.path))));
}

interface Context {
  readonly schema: z.ZodType;
  readonly value: unknown;
  readonly elsewhere: Readonly<Record<string, string>>;
}

function toProblems(context: Context, issue: Issue, prefix: Path): readonly Problem[] {
  const path: Path = [
    ...prefix,
    ...issue.path.map((step) => (typeof step === "number" ? step : String(step))),
  ];
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => unknownKey(context, path, key));
    case "invalid_union":
      return unionProblems(context, issue, path);
    case "invalid_key":
      return [{ ...badValue(context, path, String(path.at(-1))), atKey: true, ...keyWords(path, issue) }];
    case "invalid_element":
      return issue.issues.flatMap((inner) => toProblems(context, inner, path));
    case "custom":
      return [{ path, message: issue.message, ...expectedAt(context, path) }];
    case "invalid_type":
    case "invalid_value":
    case "invalid_format":
    case "too_small":
    case "too_big":
    case "not_multiple_of":
      return [badValue(context, path, valueAt(context.value, path))];
    default:
      return issue satisfies never;
  }
}

function unknownKey(context: Context, path: Path, key: string): Problem {
  const at = [...path, key];
  const planned = notBuiltKey(key);
  if (planned !== undefined) return { path: at, atKey: true, ...planned };
  const hint =
    path.length === 0 && Object.hasOwn(context.elsewhere, key) ? context.elsewhere[key] : undefined;
  if (hint !== undefined)
    return { path: at, atKey: true, message: `\`${key}\` cannot stand in this file`, hint };
  const known = keysAt(context.schema, path);
  const suggestion = nearest(key, known);
  return {
    path: at,
    atKey: true,
    message: `unknown key \`${key}\``,
    expected: `one of ${known.join(", ")}`,
    ...(suggestion === undefined ? {} : { nearest: suggestion }),
  };
}

function keyWords(path: Path, issue: Extract<Issue, { code: "invalid_key" }>): Partial<Problem> {
  const message = issue.issues.find((inner) => inner.code === "custom")?.message;
  return {
    message: message ?? `\`${String(path.at(-1))}\` is not a legal name here`,
    expected: "letters, digits and hyphens",
  };
}

/** Only the branch that fits the kind of the value is worth telling about. */
function unionProblems(
  context: Context,
  issue: Extract<Issue, { code: "invalid_union" }>,
  path: Path,
): readonly Problem[] {
  const value = valueAt(context.value, path);
  const own = expectationsAt(context.schema, path);
  const candidates = issue.errors.filter((errors) => !errors.some((inner) => isKindMismatch(inner, value)));
  if (candidates.length === 0 || (own.length === 1 && candidates.every(isFlat)))
    return [badValue(context, path, value)];
  const complete = candidates.filter((errors) => !errors.some((inner) => isMissing(inner, value)));
  if (complete.length === 0) return [noBranch(path, candidates, value)];
  const best = [...complete].sort((a, b) => a.length - b.length)[0] ?? [];
  return best.flatMap((inner) => toProblems(context, inner, path));
}

function isFlat(errors: readonly Issue[]): boolean {
  return errors.every((inner) => inner.path.length === 0);
}

/** The branch wanted another kind of value altogether. */
function isKindMismatch(issue: Issue, value: unknown): boolean {
  if (issue.path.length > 0) return false;
  if (issue.code === "invalid_value") return typeof value !== "string";
  return issue.code === "invalid_type";
}

function isMissing(issue: Issue, value: unknown): boolean {
  return (
    issue.code === "invalid_type" &&
    issue.path.length === 1 &&
    valueAt(value, toPath(issue.path)) === undefined
  );
}

function toPath(path: readonly PropertyKey[]): Path {
  return path.map((step) => (typeof step === "number" ? step : String(step)));
}

function noBranch(path: Path, candidates: readonly (readonly Issue[])[], value: unknown): Problem {
  const missing = candidates.flatMap((errors) =>
    errors.filter((inner) => isMissing(inner, value)).map((inner) => String(inner.path[0])),
  );
  const keys = [...new Set(missing)];
  const written = Object.keys(typeof value === "object" && value !== null ? value : {});
  const suggestion = written.map((key) => nearest(key, keys)).find((key) => key !== undefined);
  return {
    path,
    message: `none of the keys ${keys.map((key) => `\`${key}\``).join(", ")} is here`,
    expected: `one of ${keys.join(", ")}`,
    ...(suggestion === undefined ? {} : { nearest: suggestion }),
  };
}

function badValue(context: Context, path: Path, value: unknown): Problem {
  const planned = notBuiltValue(
    path.filter((step) => typeof step === "string"),
    value,
  );
  if (planned !== undefined) return { path, ...planned };
  if (value === undefined) return missingKey(context, path);
  const words = expectationsAt(context.schema, path);
  const candidates = words.flatMap((word) => word.candidates ?? []);
  const suggestion = typeof value === "string" ? nearest(value, candidates) : undefined;
  return {
    path,
    message:
      value === null
        ? `\`${nameOf(path)}\` has no value`
        : `${kindOf(value)} does not fit \`${nameOf(path)}\``,
    ...expectedAt(context, path),
    ...(suggestion === undefined ? {} : { nearest: suggestion }),
    ...hintFor(context, path, value),
  };
}

function missingKey(context: Context, path: Path): Problem {
  return {
    path,
    atKey: true,
    missing: true,
    message: `\`${nameOf(path)}\` is missing`,
    ...expectedAt(context, path),
  };
}

function nameOf(path: Path): string {
  return String(path.findLast((step) => typeof step === "string") ?? "the file");
}

function expectedAt(context: Context, path: Path): { readonly expected?: string } {
  const words = [...new Set(expectationsAt(context.schema, path).map((word) => word.expected))];
  return words.length === 0 ? {} : { expected: words.join(", or ") };
}

function hintFor(context: Context, path: Path, value: unknown): { readonly hint?: string } {
  const words = expectationsAt(context.schema, path).map((word) => word.expected);
  const wantsText = words.some((word) => word.includes("text"));
  if (wantsText && typeof value === "object" && value !== null && !Array.isArray(value)) {
    const [[key, inner] = ["", undefined], ...others] = Object.entries(value);
    if (others.length > 0) return {};
    return {
      hint: `A plain value with ": " inside is read as a mapping. Quote it: "${key}: ${typeof inner === "string" ? inner : "…"}".`,
    };
  }
  if (words.some((word) => word.startsWith("a duration")) && typeof value === "number")
    return { hint: `Write the unit: ${value}s.` };
  if (wantsText && (typeof value === "number" || typeof value === "boolean"))
    return { hint: `Quote it: "${value}".` };
  if (value === null && words.some((word) => word.endsWith("or none")))
    return { hint: "Write `none` for no limit." };
  return {};
}

/** The value at a path; undefined where the path leaves the data. */
export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((current, step) => {
    if (typeof current !== "object" || current === null || !Object.hasOwn(current, step)) return undefined;
    return (current as Readonly<Record<string | number, unknown>>)[step];
  }, value);
}
