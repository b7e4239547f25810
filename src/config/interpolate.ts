// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the format has expressions of its own
import type { InputValue } from "./inputs.ts";
import type { Path, Problem } from "./source/diagnostic.ts";
import { isMap, shorten } from "./source/plain.ts";
import { nearest } from "./source/spelling.ts";

/** A value with its expressions replaced; what could not be replaced stays as written and has a problem. */
export interface Interpolated {
  readonly value: unknown;
  readonly problems: readonly Problem[];
}

/**
 * Replaces `${{ inputs.name }}` in every text of a value, one pass, so that an input cannot bring in another expression.
 * A text that is nothing but one expression takes the input's own type. Everything else in `${{ }}` is a problem.
 */
export function interpolate(
  value: unknown,
  inputs: Readonly<Record<string, InputValue>>,
  path: Path = [],
): Interpolated {
  if (typeof value === "string") return interpolateText(value, inputs, path);
  if (Array.isArray(value)) {
    const items = value.map((item, index) => interpolate(item, inputs, [...path, index]));
    return { value: items.map((item) => item.value), problems: items.flatMap((item) => item.problems) };
  }
  if (!isMap(value)) return { value, problems: [] };
  const entries = Object.entries(value).map(
    ([key, item]) => [key, interpolate(item, inputs, [...path, key])] as const,
  );
  return {
    value: Object.fromEntries(entries.map(([key, item]) => [key, item.value])),
    problems: entries.flatMap(([, item]) => item.problems),
  };
}

const EXPRESSION = /\$\{\{([^}]*)\}\}/g;

function interpolateText(
  text: string,
  inputs: Readonly<Record<string, InputValue>>,
  path: Path,
): Interpolated {
  if (!text.includes("${{")) return { value: text, problems: [] };
  const problems: Problem[] = [];
  const whole = /^\$\{\{([^}]*)\}\}$/.exec(text.trim());
  const evaluate = (expression: string): InputValue | undefined => {
    const result = lookUp(expression.trim(), inputs, path);
    if (typeof result === "object") problems.push(result);
    return typeof result === "object" ? undefined : result;
  };
  if (whole !== null) return { value: evaluate(whole[1] ?? "") ?? text, problems };
  const value = text.replaceAll(EXPRESSION, (written, expression: string) =>
    String(evaluate(expression) ?? written),
  );
  if (text.replaceAll(EXPRESSION, "").includes("${{")) problems.push(unclosed(text, path));
  return { value, problems };
}

/** The input's value or a problem. */
function lookUp(
  expression: string,
  inputs: Readonly<Record<string, InputValue>>,
  path: Path,
): InputValue | Problem {
  const name = /^inputs\.([A-Za-z0-9][A-Za-z0-9_-]*)$/.exec(expression)?.[1];
  const value = name !== undefined && Object.hasOwn(inputs, name) ? inputs[name] : undefined;
  if (value !== undefined) return value;
  if (name !== undefined) {
    const suggestion = nearest(name, Object.keys(inputs));
    const expected = Object.keys(inputs).join(", ") || "an input declared under `inputs`";
    return {
      path,
      message: `there is no input \`${name}\``,
      expected,
      ...(suggestion === undefined ? {} : { nearest: suggestion }),
    };
  }
  const hint = /^port\.\d+$/.test(expression)
    ? "Ports are not built yet; pass one with `env: { pass: [PORT] }`."
    : 'Expressions are "${{ inputs.name }}".';
  return { path, message: `\${{ ${shorten(expression)} }} cannot be used here`, hint };
}

function unclosed(text: string, path: Path): Problem {
  return {
    path,
    message: `"${shorten(text)}" opens \${{ without closing it`,
    expected: "${{ inputs.name }}",
  };
}
