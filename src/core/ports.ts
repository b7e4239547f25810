// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the format has expressions of its own
/** Ports of a worktree as texts name them: `${{ port.0 }}` and the variable `SIGNALBOX_PORT_0`. Source: definition keys `provision`, `env`. */
import type { RunSettings } from "./definition.ts";

/** Prefix of the variables that carry the ports of a worktree; the index follows. */
export const PORT_VARIABLE = "SIGNALBOX_PORT_";

const EXPRESSION = /\$\{\{\s*port\.(\d{1,2})\s*\}\}/g;
const VARIABLE = /SIGNALBOX_PORT_(\d{1,2})(?!\d)/g;
const DEFAULT_COUNT = 10;

/** Index of `port.<index>` as it stands between `${{` and `}}`; undefined for any other expression. */
export function portIndex(expression: string): number | undefined {
  const digits = /^port\.(\d{1,2})$/.exec(expression.trim())?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/**
 * How many ports a worktree needs under these settings: `provision.ports`, by default 10 where a command or variable uses
 * ports and 0 where none does; always enough for the highest index that is used.
 */
export function portCount(settings: Pick<RunSettings, "provision" | "env" | "checks">): number {
  const { provision, env, checks } = settings;
  const texts = [...provision.run, ...Object.values(env.set), ...checks.map((check) => check.run)];
  const used = texts.flatMap((text) =>
    [...text.matchAll(EXPRESSION), ...text.matchAll(VARIABLE)].map((match) => Number(match[1]) + 1),
  );
  return Math.max(provision.ports ?? (used.length === 0 ? 0 : DEFAULT_COUNT), ...used);
}

/** The text with every port expression replaced by its number; `first` is the port with index 0. */
export function withPorts(text: string, first: number): string {
  return text.replaceAll(EXPRESSION, (_, index: string) => String(first + Number(index)));
}

/** True where a text cannot be used without a range of ports. */
export function namesPort(text: string): boolean {
  return text.search(EXPRESSION) >= 0;
}

/** `SIGNALBOX_PORT_0` and so on for a range. */
export function portVariables(first: number, count: number): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Array.from({ length: count }, (_, index) => [`${PORT_VARIABLE}${index}`, String(first + index)]),
  );
}
