/**
 * Notices what goes wrong in a running session from its normalised events alone. It only tells: nothing is stopped because of it.
 *
 * Rules. `loop`: the same call (tool, target, input), or the same failing result of a tool, `LOOP` times among the last `WINDOW` calls
 * with no file changed in between. `spending`: more money than `spendingUsd` while no file has changed in the whole session.
 * `silent`: no event for `silentMs` while no tool runs. `stray-edit`: a changed file outside `area`.
 *
 * Invariants: W1 at most one trouble of a kind is open; W2 numbers rise by one and never repeat; W3 only an open trouble can be over, once.
 */
import { matchAnyGlob } from "../glob.ts";
import type { Instant } from "../vocabulary.ts";
import type { SessionTrouble, TroubleKind } from "../workflow/live.ts";

export interface TroubleRules {
  readonly silentMs: number;
  /** Null = a session that is not there to change files. */
  readonly spendingUsd: number | null;
  /** Repository-relative globs; null = anything may change. */
  readonly area: readonly string[] | null;
}

/** What the rules look at. Everything else that a session says is `life`. Paths are repository-relative. */
export type Activity =
  | { readonly type: "call"; readonly tool: string; readonly target: string; readonly input: string }
  | { readonly type: "failure"; readonly tool: string; readonly target: string; readonly said: string }
  /** A file has changed; `path` where it is known. */
  | { readonly type: "change"; readonly path?: string }
  /** All files that are changed outside the area now. */
  | { readonly type: "strays"; readonly paths: readonly string[] }
  /** The money of this session so far. */
  | { readonly type: "spent"; readonly usd: number; readonly isEstimate: boolean }
  | { readonly type: "silence"; readonly ms: number; readonly since: Instant }
  | { readonly type: "life" };

export interface TroubleWatch {
  /** Calls and failures since the last changed file, newest last, at most `WINDOW` of each. */
  readonly calls: readonly Repeated[];
  readonly failures: readonly Repeated[];
  readonly changed: boolean;
  readonly firstAt: Instant | null;
  readonly strays: readonly string[];
  readonly open: Readonly<Partial<Record<TroubleKind, Open>>>;
  readonly count: number;
}

interface Repeated {
  readonly key: string;
  readonly label: string;
  readonly at: Instant;
}

interface Open {
  readonly number: number;
  /** What repeats, for a loop. */
  readonly key: string;
}

export interface TroubleStep {
  readonly watch: TroubleWatch;
  readonly raised: readonly SessionTrouble[];
  /** Numbers of troubles that are over. */
  readonly over: readonly number[];
}

const LOOP = 5;
const WINDOW = 20;
/** A loop is over when this many calls in a row were others. */
const LEFT = 10;

export const CALM: TroubleWatch = {
  calls: [],
  failures: [],
  changed: false,
  firstAt: null,
  strays: [],
  open: {},
  count: 0,
};

/** Money without a changed file that is worth a look: a third of the session's own, else 2 USD. */
export function spendingLimit(usd: number | null): number {
  return usd === null ? 2 : usd / 3;
}

/** One more thing that happened at `at`. Pure. */
export function notice(
  watch: TroubleWatch,
  activity: Activity,
  at: Instant,
  rules: TroubleRules,
): TroubleStep {
  if (activity.type === "silence") return silence(calm(watch), activity, rules);
  const awake = over(calm({ ...watch, firstAt: watch.firstAt ?? at }), "silent");
  switch (activity.type) {
    case "call":
      return looped(remember(awake, "calls", callOf(activity, at)), "calls");
    case "failure":
      return looped(remember(awake, "failures", failureOf(activity, at)), "failures");
    case "change":
      return strayed(changed(awake), activity.path === undefined ? [] : [activity.path], at, rules);
    case "strays":
      return allStrays(awake, activity.paths, at, rules);
    case "spent":
      return spent(awake, activity, at, rules);
    case "life":
      return awake;
    default:
      return activity satisfies never;
  }
}

function calm(watch: TroubleWatch): TroubleStep {
  return { watch, raised: [], over: [] };
}

function callOf({ tool, target, input }: Extract<Activity, { type: "call" }>, at: Instant): Repeated {
  return { key: JSON.stringify(["call", tool, target, input]), label: labelOf(tool, target), at };
}

function failureOf({ tool, target, said }: Extract<Activity, { type: "failure" }>, at: Instant): Repeated {
  return {
    key: JSON.stringify(["failure", tool, said]),
    label: `${labelOf(tool, target)} failing alike`,
    at,
  };
}

function labelOf(tool: string, target: string): string {
  const line = target.split("\n", 1)[0] ?? "";
  const short = line.length > 60 ? `${line.slice(0, 59)}…` : line;
  return short === "" ? tool : `${tool} ${short}`;
}

function remember(step: TroubleStep, list: "calls" | "failures", one: Repeated): TroubleStep {
  const kept = [...step.watch[list], one].slice(-WINDOW);
  return { ...step, watch: { ...step.watch, [list]: kept } };
}

function looped(step: TroubleStep, list: "calls" | "failures"): TroubleStep {
  const all = step.watch[list];
  const last = all.at(-1);
  if (last === undefined) return step;
  const open = step.watch.open.loop;
  if (open !== undefined) {
    const quiet =
      list === "calls" && all.length >= LEFT && all.slice(-LEFT).every((one) => one.key !== open.key);
    // What repeats as a failure is a call of its own each time, so its own list tells whether it has stopped.
    const stillFails = step.watch.failures.slice(-LEFT).some((one) => one.key === open.key);
    return quiet && !stillFails ? over(step, "loop") : step;
  }
  const same = all.filter((one) => one.key === last.key);
  if (same.length < LOOP) return step;
  return raise(step, "loop", `loops: ${last.label}, ${same.length} times`, same[0]?.at ?? last.at, last.key);
}

/** Work goes on: nothing loops any more, and the money has bought something. */
function changed(step: TroubleStep): TroubleStep {
  const { watch } = step;
  return over(
    over({ ...step, watch: { ...watch, calls: [], failures: [], changed: true } }, "loop"),
    "spending",
  );
}

function strayed(step: TroubleStep, paths: readonly string[], at: Instant, rules: TroubleRules): TroubleStep {
  const { area } = rules;
  const outside = area === null ? [] : paths.filter((path) => !matchAnyGlob(area, path));
  const known = step.watch.strays;
  const all = [...known, ...outside.filter((path) => !known.includes(path))];
  return outside.length === 0 ? step : raiseStray({ ...step, watch: { ...step.watch, strays: all } }, at);
}

function allStrays(
  step: TroubleStep,
  paths: readonly string[],
  at: Instant,
  rules: TroubleRules,
): TroubleStep {
  const fresh: TroubleStep = { ...step, watch: { ...step.watch, strays: [] } };
  const told = strayed(fresh, paths, at, rules);
  return told.watch.strays.length === 0 ? over(told, "stray-edit") : told;
}

function raiseStray(step: TroubleStep, at: Instant): TroubleStep {
  const [first = "", ...more] = step.watch.strays;
  const rest = more.length === 0 ? "" : ` and ${more.length} more`;
  return raise(step, "stray-edit", `writes outside what it declared: ${first}${rest}`, at, "");
}

function spent(
  step: TroubleStep,
  { usd, isEstimate }: Extract<Activity, { type: "spent" }>,
  at: Instant,
  { spendingUsd }: TroubleRules,
): TroubleStep {
  if (spendingUsd === null || step.watch.changed || usd < spendingUsd) return step;
  const money = `${isEstimate ? "about " : ""}${usd.toFixed(2)} USD`;
  return raise(
    step,
    "spending",
    `spends without a result: ${money}, no file changed`,
    step.watch.firstAt ?? at,
    "",
  );
}

function silence(
  step: TroubleStep,
  { ms, since }: Extract<Activity, { type: "silence" }>,
  { silentMs }: TroubleRules,
): TroubleStep {
  if (ms < silentMs) return step;
  return raise(step, "silent", `says nothing and runs nothing`, since, "");
}

function raise(
  step: TroubleStep,
  kind: TroubleKind,
  reason: string,
  since: Instant,
  key: string,
): TroubleStep {
  const { watch } = step;
  if (watch.open[kind] !== undefined) return step;
  const number = watch.count + 1;
  return {
    watch: { ...watch, count: number, open: { ...watch.open, [kind]: { number, key } } },
    raised: [...step.raised, { number, trouble: kind, reason, since }],
    over: step.over,
  };
}

function over(step: TroubleStep, kind: TroubleKind): TroubleStep {
  const open = step.watch.open[kind];
  if (open === undefined) return step;
  const { [kind]: _, ...left } = step.watch.open;
  return { ...step, watch: { ...step.watch, open: left }, over: [...step.over, open.number] };
}
