/** Parameters of a definition: their values, and `${{ inputs.name }}` in every text of the file. */
import type { Path, Problem } from "./source/diagnostic.ts";
import { isMap, kindOf, own, type PlainMap } from "./source/plain.ts";
import { nearest } from "./source/spelling.ts";

/** A parameter's value. */
export type InputValue = string | number | boolean;
type InputType = "string" | "number" | "boolean";

/** Values of the inputs that have one; the others have a problem. */
export interface InputsResult {
  readonly values: Readonly<Record<string, InputValue>>;
  readonly problems: readonly Problem[];
}

/**
 * Values of the declared inputs: what was given, else the default. Given values are texts and are read by the declared
 * type. Declarations that are no inputs at all are skipped here; the schema reports them.
 */
export function resolveInputs(declared: unknown, given: Readonly<Record<string, string>>): InputsResult {
  const declarations: PlainMap = isMap(declared) ? declared : {};
  const values: Record<string, InputValue> = {};
  const problems = Object.keys(given).flatMap((name) => unknownInput(name, declarations));
  for (const [name, declaration] of Object.entries(declarations)) {
    const result = resolveInput(name, declaration, Object.hasOwn(given, name) ? given[name] : undefined);
    if ("problem" in result) problems.push(result.problem);
    else if (result.value !== undefined) values[name] = result.value;
  }
  return { values, problems };
}

function unknownInput(name: string, declarations: PlainMap): readonly Problem[] {
  if (Object.hasOwn(declarations, name)) return [];
  const suggestion = nearest(name, Object.keys(declarations));
  const expected = Object.keys(declarations).join(", ") || "no --set, because the definition has no inputs";
  return [
    {
      path: ["inputs"],
      atKey: true,
      message: `--set ${name}: the definition has no input \`${name}\``,
      expected,
      ...(suggestion === undefined ? {} : { nearest: suggestion }),
    },
  ];
}

type Resolved = { readonly value: InputValue | undefined } | { readonly problem: Problem };

function resolveInput(name: string, declaration: unknown, given: string | undefined): Resolved {
  const { type, fallback, fault } = declarationOf(name, declaration);
  if (fault !== undefined) return { problem: fault };
  if (type === undefined) return { value: undefined };
  if (given !== undefined) return readGiven(name, type, given);
  if (fallback !== undefined) return { value: fallback };
  const problem: Problem = {
    path: ["inputs", name],
    atKey: true,
    message: `the input \`${name}\` has no value`,
    hint: `Give it with --set ${name}=value, or add a \`default\`.`,
  };
  return { problem };
}

interface Declaration {
  /** Undefined where the declaration is malformed. */
  readonly type?: InputType;
  readonly fallback?: InputValue;
  readonly fault?: Problem;
}

function declarationOf(name: string, declaration: unknown): Declaration {
  if (isInputValue(declaration)) return { type: typeOf(declaration), fallback: declaration };
  if (!isMap(declaration)) return {};
  const fallback = own(declaration, "default");
  const written = own(declaration, "type");
  const type = isInputType(written) ? written : isInputValue(fallback) ? typeOf(fallback) : "string";
  if (!isInputValue(fallback)) return { type };
  if (typeOf(fallback) === type) return { type, fallback };
  const path: Path = ["inputs", name, "default"];
  const message = `the default of \`${name}\` is ${kindOf(fallback)}, its type is ${type}`;
  return { fault: { path, message, expected: `a ${type}` } };
}

function readGiven(name: string, type: InputType, given: string): Resolved {
  if (type === "string") return { value: given };
  if (type === "boolean" && (given === "true" || given === "false")) return { value: given === "true" };
  const number = Number(given);
  if (type === "number" && given.trim() !== "" && Number.isFinite(number)) return { value: number };
  const expected = type === "boolean" ? "true or false" : "a number";
  return {
    problem: {
      path: ["inputs", name],
      atKey: true,
      message: `--set ${name}: "${given}" is not ${expected}`,
      expected,
    },
  };
}

function isInputValue(value: unknown): value is InputValue {
  return (
    typeof value === "string" ||
    typeof value === "boolean" ||
    (typeof value === "number" && Number.isFinite(value))
  );
}

function isInputType(value: unknown): value is InputType {
  return value === "string" || value === "number" || value === "boolean";
}

function typeOf(value: InputValue): InputType {
  return typeof value === "string" ? "string" : typeof value === "number" ? "number" : "boolean";
}
