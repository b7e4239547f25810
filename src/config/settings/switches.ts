/** Settings that can be given by one word: in an environment variable or with a flag. */
import type { Path } from "../source/diagnostic.ts";

/** A setting with its flag, its variable and its place in a file. */
export interface Switch {
  /** Name of the flag without dashes, as commander gives it: `judgeModel` for `--judge-model`. */
  readonly flag: string;
  readonly variable: string;
  /** Where the value goes in a configuration file. */
  readonly path: readonly string[];
  readonly number?: boolean;
}

/** All of them, in the order in which they are documented. */
export const SWITCHES: readonly Switch[] = [
  { flag: "use", variable: "SIGNALBOX_USE", path: ["use"] },
  { flag: "model", variable: "SIGNALBOX_MODEL", path: ["model"] },
  { flag: "effort", variable: "SIGNALBOX_EFFORT", path: ["effort"] },
  { flag: "sandbox", variable: "SIGNALBOX_SANDBOX", path: ["sandbox"] },
  { flag: "parallel", variable: "SIGNALBOX_PARALLEL", path: ["limits", "parallel"], number: true },
  { flag: "timeout", variable: "SIGNALBOX_TIMEOUT", path: ["limits", "timeout"] },
  { flag: "idle", variable: "SIGNALBOX_IDLE", path: ["limits", "idle"] },
  { flag: "turns", variable: "SIGNALBOX_TURNS", path: ["limits", "turns"], number: true },
  { flag: "retries", variable: "SIGNALBOX_RETRIES", path: ["limits", "retries"], number: true },
  { flag: "usd", variable: "SIGNALBOX_USD", path: ["limits", "usd"], number: true },
  { flag: "sessions", variable: "SIGNALBOX_SESSIONS", path: ["limits", "sessions"], number: true },
  { flag: "judgeUse", variable: "SIGNALBOX_JUDGE_USE", path: ["judge", "use"] },
  { flag: "judgeModel", variable: "SIGNALBOX_JUDGE_MODEL", path: ["judge", "model"] },
  { flag: "judgeSamples", variable: "SIGNALBOX_JUDGE_SAMPLES", path: ["judge", "samples"], number: true },
  { flag: "criticUse", variable: "SIGNALBOX_CRITIC_USE", path: ["critic", "use"] },
  { flag: "criticModel", variable: "SIGNALBOX_CRITIC_MODEL", path: ["critic", "model"] },
  { flag: "base", variable: "SIGNALBOX_BASE", path: ["base"] },
  { flag: "target", variable: "SIGNALBOX_TARGET", path: ["target"] },
];

/** A value that was given by one word. */
export interface Given {
  readonly path: readonly string[];
  /** A number where the setting takes one and the text is one; otherwise the text, for validation to judge. */
  readonly value: string | number;
  /** `SIGNALBOX_MODEL` or `--model`. */
  readonly name: string;
}

/** Values of the environment; empty variables count as not set. */
export function fromEnvironment(env: Readonly<Record<string, string | undefined>>): readonly Given[] {
  return SWITCHES.flatMap((one) => given(one, env[one.variable], one.variable));
}

/** Values of flags; a number may come as a number. */
export function fromFlags(flags: Flags): readonly Given[] {
  return SWITCHES.flatMap((one) => given(one, flags[one.flag], flagName(one)));
}

/** By name of the switch; others are ignored, because commands have flags of their own. */
export type Flags = Readonly<Record<string, unknown>>;

function given(one: Switch, value: unknown, name: string): readonly Given[] {
  if (typeof value === "number") return [{ path: one.path, value, name }];
  if (typeof value !== "string" || value === "") return [];
  const isNumber = one.number === true && /^\d+(?:\.\d+)?$/.test(value);
  return [{ path: one.path, value: isNumber ? Number(value) : value, name }];
}

function flagName(one: Switch): string {
  return `--${one.flag.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** The given values as a configuration mapping. */
export function toValues(all: readonly Given[]): Readonly<Record<string, unknown>> {
  const values: Record<string, unknown> = {};
  for (const { path, value } of all) {
    const [key = "", inner] = path;
    const below = values[key];
    values[key] =
      inner === undefined ? value : { ...(typeof below === "object" ? below : {}), [inner]: value };
  }
  return values;
}

/** Which of them set the value at a path. */
export function givenAt(all: readonly Given[], path: Path): Given | undefined {
  const wanted = path.join(".");
  return all.find((one) => one.path.join(".") === wanted);
}
