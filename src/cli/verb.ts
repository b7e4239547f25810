/** The shape in which a verb is declared: what help, completion and the parser need, and where its code is loaded from. */
import { SignalboxError } from "../core/errors.ts";
import type { Context } from "./context.ts";

export type VerbGroup = "start" | "look" | "answer" | "keep" | "set up";

export interface VerbArgument {
  /** As commander writes it: `<definition>`, `[workflow]`, `[text...]`. */
  readonly spec: string;
  readonly about: string;
  /** What completion offers here. */
  readonly completes?: "workflow" | "file" | "slot" | "checkpoint" | "preserved";
}

export interface VerbOption {
  /** As commander writes it: `-w, --wait`, `--set <name=value>`. */
  readonly flags: string;
  readonly about: string;
  readonly choices?: readonly string[];
  /** May be given more than once; values are collected in order. */
  readonly repeatable?: boolean;
  /** Not shown in help. */
  readonly hidden?: boolean;
}

export interface Verb {
  readonly name: string;
  readonly group: VerbGroup;
  /** One line, present tense, no full stop. */
  readonly about: string;
  readonly arguments?: readonly VerbArgument[];
  readonly options?: readonly VerbOption[];
  /** Commands that can be typed as they are, with what they do. */
  readonly examples?: readonly (readonly [command: string, does: string])[];
  readonly hidden?: boolean;
  /** Loads the code. Dynamic, so that `--help` and light verbs stay fast. */
  readonly load: () => Promise<VerbRun>;
}

/** Runs a verb to its exit code. Failures are thrown; `main` prints them. */
export type VerbRun = (context: Context, input: VerbInput) => Promise<number>;

/** Values by argument and option name, as typed. */
export class VerbInput {
  private readonly args: readonly unknown[];
  private readonly options: Readonly<Record<string, unknown>>;

  constructor(args: readonly unknown[], options: Readonly<Record<string, unknown>>) {
    this.args = args;
    this.options = options;
  }

  /** Positional argument by index; undefined when left out. */
  argument(index: number): string | undefined {
    const value = this.args[index];
    return typeof value === "string" ? value : undefined;
  }

  /** All words of a variadic argument. */
  words(index: number): readonly string[] {
    const value = this.args[index];
    return Array.isArray(value) ? value.filter((word) => typeof word === "string") : [];
  }

  flag(name: string): boolean {
    return this.options[name] === true;
  }

  text(name: string): string | undefined {
    const value = this.options[name];
    return typeof value === "string" ? value : undefined;
  }

  list(name: string): readonly string[] {
    const value = this.options[name];
    return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
  }
}

/** A whole number of at least 0 given to an option; undefined when it was left out. Throws `user` error `not-a-number`. */
export function parseCount(text: string | undefined, option: string): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d+$/.test(text))
    throw new SignalboxError("user", "not-a-number", `${option} ${text} is not a whole number`, [
      `For example: ${option} 3`,
    ]);
  return Number(text);
}
