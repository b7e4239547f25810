/**
 * What a rehearsal is told to do: scores by round, faults by task, delays. JSON, from the file that `SIGNALBOX_SCENARIO` names
 * or inline in it. Everything is optional; an empty scenario is a workflow that passes after two or three rounds.
 */
import { readFileSync } from "node:fs";
import { z } from "zod";
import { SignalboxError } from "../../core/errors.ts";
import { TASKS } from "./header.ts";

/**
 * How a session goes wrong.
 * Process: `crash`, `stall` (silent until stopped), `kill`. Limits: `overspend`, `turns`.
 * Model service: `api-401`, `api-429`, `api-529`, `api-500`, `api-400`, `network`, `usage-window`.
 * Writes: `no-artifact`, `empty-artifact`, `denied-write` (tries outside first, then does its work), `blocked` (tries outside only).
 * Answers: `prose`, `omit-dimension`, `nan`, `over-one`, `no-evidence`, `timeout` (same as `stall`).
 */
const FAULTS = [
  "crash",
  "stall",
  "timeout",
  "kill",
  "overspend",
  "turns",
  "api-401",
  "api-429",
  "api-529",
  "api-500",
  "api-400",
  "network",
  "usage-window",
  "no-artifact",
  "empty-artifact",
  "denied-write",
  "blocked",
  "prose",
  "omit-dimension",
  "nan",
  "over-one",
  "no-evidence",
] as const;
export type Fault = (typeof FAULTS)[number];

const numbers = z.union([z.number().int(), z.array(z.number().int())]);
const tasks = z.union([z.enum(TASKS), z.array(z.enum(TASKS))]);

const faultRule = z.strictObject({
  fault: z.enum(FAULTS),
  /** All given conditions must hold; an absent one holds always. */
  task: tasks.optional(),
  round: numbers.optional(),
  attempt: numbers.optional(),
  epoch: numbers.optional(),
  sample: numbers.optional(),
  /** How often it strikes in the life of the process that plays the scenario; default always. */
  times: z.number().int().min(1).optional(),
});

/** Milliseconds, or two bounds between which chance decides. */
const delay = z.union([z.number().min(0), z.tuple([z.number().min(0), z.number().min(0)])]);

const call = z.strictObject({
  /** Name as the agent knows it, such as `Bash`. */
  tool: z.string(),
  input: z.record(z.string(), z.unknown()).optional(),
  /** How often; default once. */
  times: z.number().int().min(1).optional(),
  /** `told`: not again once a person has said something to the session. */
  until: z.literal("told").optional(),
  /** Made when the files are written; default before that. */
  after: z.literal("work").optional(),
  round: numbers.optional(),
});

const ask = z.strictObject({
  question: z.string(),
  options: z.array(z.string()).optional(),
  round: numbers.optional(),
});

const settings = z.strictObject({
  /** Composite by round; the last one holds for later rounds. Given scores are exact, the default curve has jitter. */
  scores: z.array(z.number().min(0).max(1)).optional(),
  /** Rounds in which an open CRITICAL finding is reported, by critics and judges alike. */
  critical: z.array(z.number().int()).optional(),
  /** Rounds in which the first criterion is not met. */
  unmet: z.array(z.number().int()).optional(),
  /** Findings of a critique; default 3 to 5, never less than the minimum asked for. */
  findings: z.number().int().min(0).optional(),
  fail: z.array(faultRule).optional(),
  /** Judge answers by sample, first sample first: a fault or null. */
  samples: z.array(z.enum(FAULTS).nullable()).optional(),
  /**
   * Files to change for `makes: commit` instead of the default one: whole line `line` (1-based) is replaced by `text`; without `line` it
   * is appended. With `take` the first line that is exactly that goes instead; with `to` the file moves there (not over an endpoint).
   */
  edits: z
    .array(
      z.strictObject({
        path: z.string(),
        line: z.number().int().min(1).optional(),
        text: z.string().optional(),
        take: z.string().optional(),
        to: z.string().optional(),
        /** Rounds in which it is made; default all. */
        round: numbers.optional(),
      }),
    )
    .optional(),
  /** What is kept of a conflict that it is asked to join, or the whole `text` of the file after it; default both sides. */
  joins: z
    .array(
      z.strictObject({
        keep: z.enum(["both", "own", "merged"]).optional(),
        text: z.string().optional(),
        round: numbers.optional(),
      }),
    )
    .optional(),
  /** Tool calls before the work itself, in order. */
  calls: z.array(call).optional(),
  /** Questions to a person before the work itself; the answers stand at the end of the artifact. */
  asks: z.array(ask).optional(),
  /** Thinking before each step. */
  delayMs: delay.optional(),
  /** Cost of one session in USD. */
  usd: z.number().min(0).optional(),
});

const deliverable = settings.extend({
  /** Other settings from an epoch on, by its number: what is different after a person went back. */
  epochs: z.record(z.string().regex(/^[1-9]\d*$/), settings).optional(),
});

const scenario = z.strictObject({
  seed: z.string().optional(),
  delayMs: delay.optional(),
  /** By deliverable id; `*` for those not named, key by key. */
  deliverables: z.record(z.string(), deliverable).optional(),
});

export type FaultRule = z.infer<typeof faultRule>;
export type PlannedCall = z.infer<typeof call>;
export type PlannedAsk = z.infer<typeof ask>;
export type Delay = z.infer<typeof delay>;
export type DeliverableScenario = z.infer<typeof settings>;
export type Scenario = z.infer<typeof scenario>;

export const EMPTY_SCENARIO: Scenario = {};

/** A scenario from JSON text. Throws `SignalboxError` `bad-scenario` naming the wrong key. */
export function parseScenario(text: string, source = "scenario"): Scenario {
  const parsed = scenario.safeParse(jsonOf(text, source));
  if (parsed.success) return parsed.data;
  throw badScenario(source, z.prettifyError(parsed.error));
}

/** The scenario that `SIGNALBOX_SCENARIO` holds (inline when it starts with a brace) or names; an empty one without it. */
export function loadScenario(env: Readonly<Record<string, string | undefined>>): Scenario {
  const value = env.SIGNALBOX_SCENARIO?.trim();
  if (value === undefined || value === "") return EMPTY_SCENARIO;
  return value.startsWith("{")
    ? parseScenario(value, "SIGNALBOX_SCENARIO")
    : parseScenario(textOf(value), value);
}

/** Settings of one deliverable in an epoch: its own keys over those of `*`, and of each the later epoch over the earlier. */
export function settingsFor(
  scenario: Scenario,
  { deliverable, epoch }: { readonly deliverable: string; readonly epoch: number },
): DeliverableScenario {
  const all = scenario.deliverables ?? {};
  return { delayMs: scenario.delayMs, ...inEpoch(all["*"], epoch), ...inEpoch(all[deliverable], epoch) };
}

function inEpoch(given: z.infer<typeof deliverable> | undefined, epoch: number): DeliverableScenario {
  const { epochs = {}, ...first } = given ?? {};
  const reached = Object.entries(epochs)
    .filter(([number]) => Number(number) <= epoch)
    .toSorted(([a], [b]) => Number(a) - Number(b));
  return Object.assign({}, first, ...reached.map(([, later]) => later));
}

function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw badScenario(path, error instanceof Error ? error.message : String(error));
  }
}

function jsonOf(text: string, source: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw badScenario(source, error instanceof Error ? error.message : String(error));
  }
}

function badScenario(source: string, detail: string): SignalboxError {
  return new SignalboxError("config", "bad-scenario", `Scenario ${source} cannot be used: ${detail}`, [
    "Fix the file that SIGNALBOX_SCENARIO names, or unset it: unset SIGNALBOX_SCENARIO",
  ]);
}
