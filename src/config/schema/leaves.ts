/**
 * The scalars and small shapes of both file formats. Each carries the words for "expected: …" and, where there are some,
 * the spellings to suggest from.
 */
import { z } from "zod";
import { DURATION, LONGEST_TIMER_MS, parseDuration } from "./durations.ts";
import { globFault, hasControlCharacter, pathFault } from "./paths.ts";

/** Words after "expected:", and the spellings to suggest from. */
export interface Expectation {
  readonly expected: string;
  readonly candidates?: readonly string[];
}

/** Schema to the words for it; read when an issue is turned into a problem. */
export const expectations = z.registry<Expectation>();

function leaf<S extends z.ZodType>(schema: S, expected: string, candidates?: readonly string[]): S {
  expectations.add(schema, candidates === undefined ? { expected } : { expected, candidates });
  return schema;
}

function faultless(fault: (text: string) => string | null) {
  return (text: string, context: z.RefinementCtx<string>) => {
    const found = fault(text);
    if (found !== null) context.addIssue({ code: "custom", message: `"${text}" ${found}` });
  };
}

const blankFault = (value: string) => (value.trim() === "" ? "is empty" : null);
const lineFault = (value: string) =>
  hasControlCharacter(value) ? "is not a single line" : blankFault(value);

/** Text of any length. */
export const text = leaf(z.string().superRefine(faultless(blankFault)), "text");
/** Text on one line. */
export const line = leaf(z.string().superRefine(faultless(lineFault)), "text on one line");
export const texts = oneOrMany(text);
export const lines = oneOrMany(line);

/** A value alone is a list of one. */
export function oneOrMany<S extends z.ZodType>(schema: S) {
  return z.union([schema, z.array(schema)]);
}

/** One of a closed set of words, with suggestions. */
export function choice<const V extends readonly [string, ...string[]]>(values: V) {
  return leaf(z.enum(values), values.join(", "), values);
}

function pattern(regex: RegExp, expected: string) {
  return leaf(z.string().regex(regex), expected);
}

export const slug = pattern(
  /^[a-z0-9][a-z0-9-]{0,40}$/,
  "lower-case letters, digits and hyphens, at most 41",
);
export const pipelineKey = pattern(
  /^[a-z0-9][a-z0-9_-]{0,40}$/,
  "lower-case letters, digits, hyphens and underscores",
);
export const identifier = pattern(
  /^[A-Za-z0-9][A-Za-z0-9_-]{0,60}$/,
  "letters, digits, hyphens and underscores",
);
export const slotId = pattern(/^[a-z0-9][a-z0-9-]{0,60}$/, "lower-case letters, digits and hyphens");
export const workflowId = pattern(/^[a-z0-9][a-z0-9-]{0,80}$/, "lower-case letters, digits and hyphens");
export const entity = pattern(
  /^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,79}[A-Za-z0-9])?$/,
  "a name such as PROJ-001-oss-release or EN-108",
);
export const artifactTarget = leaf(
  z.string().superRefine(faultless((value) => makesFault(value))),
  "an artifact type such as research, a path below the workflow folder, or commit",
);
/** The value is not part of the message: it may carry a secret. */
export const webAddress = leaf(
  z.string().superRefine((value, context) => {
    if (!isWebAddress(value)) context.addIssue({ code: "custom", message: "this is no web address" });
  }),
  "an address that begins with https:// or http://, or $NAME for the variable that holds it",
);
export const variable = pattern(/^[A-Za-z_][A-Za-z0-9_]*$/, "the name of an environment variable");
export const branch = leaf(z.string().superRefine(faultless(branchFault)), "the name of a branch");
export const adapter = leaf(
  z.string().regex(/^(?:claude|claude-cli|simulated|(?:acp|command):[a-z0-9][a-z0-9_-]*)$/),
  "claude, claude-cli, simulated, acp:<name> or command:<name>",
  ["claude", "claude-cli", "simulated", "acp:", "command:"],
);

export const path = leaf(
  z.string().superRefine(faultless(pathFault)),
  "a path inside the repository, with / between folders",
);
export const glob = leaf(
  z.string().superRefine(faultless(globFault)),
  "a glob inside the repository, such as src/**",
);
export const paths = oneOrMany(path);
export const globs = oneOrMany(glob);

export const duration = leaf(
  z.string().regex(DURATION).superRefine(faultless(zeroFault)),
  "a duration with a unit, such as 30s, 15m, 1h or 7d",
);
/** A duration that becomes a timer. */
export const timer = leaf(
  z.string().regex(DURATION).superRefine(faultless(timerFault)),
  "a duration with a unit, such as 30s, 15m or 1h, at most 24d",
);

export const count = leaf(z.int().min(1), "a whole number, at least 1");
export const portCount = leaf(z.int().min(1).max(100), "a whole number from 1 to 100");
export const countOrZero = leaf(z.int().min(0), "a whole number, at least 0");
export const share = leaf(z.number().gt(0).lte(1), "a number above 0 and at most 1");
export const flag = leaf(z.boolean(), "true or false");
export const usdLimit = leaf(z.union([z.number().gt(0), z.literal("none")]), "an amount above 0, or none");
export const sessionLimit = leaf(
  z.union([z.int().min(1), z.literal("none")]),
  "a whole number above 0, or none",
);

export const CRITICALITY_NAMES = { routine: "C1", standard: "C2", significant: "C3" } as const;
/** Rules about context fill are refused by name, in words of their own. */
export const ruleId = pattern(/^(?!AE-006)\S[^\r\n]*$/i, "a name such as AE-007");
export const criticality = choice(["C1", "C2", "C3", "routine", "standard", "significant"]);
/** Where a rule may raise to; C4 can only come from a rule. */
export const raisedTo = choice(["C2", "C3", "C4"]);

function isWebAddress(value: string): boolean {
  if (/^\$[A-Za-z_]\w*$/.test(value)) return true;
  return /^https?:\/\/[^\s/]/.test(value) && URL.canParse(value);
}

function zeroFault(value: string): string | null {
  return DURATION.test(value) && parseDuration(value) === null ? "is no time at all" : null;
}

function timerFault(value: string): string | null {
  const parsed = parseDuration(value);
  return parsed !== null && parsed > LONGEST_TIMER_MS ? "is longer than 24 days" : zeroFault(value);
}

function makesFault(value: string): string | null {
  if (/^[a-z][a-z0-9-]*$/.test(value)) return null;
  if (!/[./\\]/.test(value)) return "is neither an artifact type nor a path";
  const fault = pathFault(value);
  if (fault !== null) return fault.replace("the repository", "the workflow folder");
  if (value.endsWith("/")) return "is a folder";
  if (/[*?{}[\]\s]/.test(value)) return "contains a blank or one of * ? { } [ ]";
  return /^(?:\.\/)*ORCHESTRATION[._]/i.test(value) ? "is a file that Signalbox itself writes" : null;
}

/** The rules of `git check-ref-format` that a person can break by hand. */
function branchFault(value: string): string | null {
  const illegal = /^[-/.]|\.\.|@\{|[ ~^:?*[\\]|\/\/|\/\.|\.$|\/$|\.lock$|^@$/.test(value);
  return illegal || hasControlCharacter(value) || value === "" ? "is not a legal branch name" : null;
}

/** What to do where the base is behind the branch that it follows elsewhere. */
export const behind = choice(["warn", "refuse", "ignore"])
  .optional()
  .describe("What to do where the base is behind its upstream as last fetched. Default warn.");
