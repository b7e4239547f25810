// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the format has expressions of its own
import { portIndex } from "../core/ports.ts";
import type { InputValue } from "./inputs.ts";
import type { Path, Problem } from "./source/diagnostic.ts";
import { isMap, shorten } from "./source/plain.ts";
import { nearest } from "./source/spelling.ts";

/** A value with its expressions replaced; what could not be replaced stays as written and has a problem. */
export interface Interpolated {
  readonly value: unknown;
  readonly problems: readonly Problem[];
}

/** Values of the declared inputs; null where a file has none, as configuration. */
type Inputs = Readonly<Record<string, InputValue>> | null;

/**
 * Replaces `${{ inputs.name }}` in every text of a value, one pass, so that an input cannot bring in another expression.
 * A text that is nothing but one expression takes the input's own type. `${{ port.0 }}` stays where a worktree's ports can
 * be used. Everything else in `${{ }}` is a problem.
 */
export function interpolate(value: unknown, inputs: Inputs, path: Path = []): Interpolated {
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

function interpolateText(text: string, inputs: Inputs, path: Path): Interpolated {
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

/** The input's value, the expression itself where it is for later, or a problem. */
function lookUp(expression: string, inputs: Inputs, path: Path): InputValue | Problem {
  const port = portIndex(expression);
  if (port !== undefined && takesPorts(path)) return `\${{ port.${port} }}`;
  const name = /^inputs\.([A-Za-z0-9][A-Za-z0-9_-]*)$/.exec(expression)?.[1];
  const value =
    name !== undefined && inputs !== null && Object.hasOwn(inputs, name) ? inputs[name] : undefined;
  if (value !== undefined) return value;
  if (name !== undefined && inputs !== null) return unknownInput(name, inputs, path);
  return {
    path,
    message: `\${{ ${shorten(expression)} }} cannot be used here`,
    hint: hintFor(expression, inputs),
  };
}

/** Places whose texts are read once the worktree is known: commands of provisioning, checks, and variables. */
function takesPorts(path: Path): boolean {
  const names = path.filter((step) => typeof step === "string");
  const [last, before] = [names.at(-1), names.at(-2)];
  if (before === "set") return names.at(-3) === "env";
  return last === "checks" || (last === "run" && (before === "checks" || before === "provision"));
}

function unknownInput(name: string, inputs: NonNullable<Inputs>, path: Path): Problem {
  const suggestion = nearest(name, Object.keys(inputs));
  const expected = Object.keys(inputs).join(", ") || "an input declared under `inputs`";
  const message = `there is no input \`${name}\``;
  return { path, message, expected, ...(suggestion === undefined ? {} : { nearest: suggestion }) };
}

function hintFor(expression: string, inputs: Inputs): string {
  if (/^port\b/.test(expression))
    return "Ports, port.0 to port.99, can be used in `env: { set: … }`, `provision: { run: … }` and `checks`.";
  return inputs === null ? "Inputs belong to a definition." : 'Expressions are "${{ inputs.name }}".';
}

function unclosed(text: string, path: Path): Problem {
  return {
    path,
    message: `"${shorten(text)}" opens \${{ without closing it`,
    expected: "${{ inputs.name }}",
  };
}
