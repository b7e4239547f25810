/** Running keys of one level, from the spelling of the files to the units of the core. */
import type {
  Check,
  CriticSettings,
  JudgeSettings,
  Limits,
  Provision,
  RunOverrides,
} from "../../core/definition.ts";
import type { AuthoredConfig } from "../schema/config-schema.ts";
import { requireDuration } from "../schema/durations.ts";
import { cleanPath } from "../schema/paths.ts";
import { defined, listOf } from "./defined.ts";

/** The running keys of any level as they are written. */
export type AuthoredRunKeys = Pick<
  AuthoredConfig,
  | "use"
  | "model"
  | "effort"
  | "limits"
  | "inherit"
  | "env"
  | "tools"
  | "writes"
  | "protect"
  | "checks"
  | "permissions"
  | "sandbox"
  | "judge"
  | "critic"
  | "provision"
  | "constitution"
>;

/** How long one check and the preparation of a worktree may take where nobody says. */
export const DEFAULT_STEP_TIMEOUT_MS = 600_000;

/** What one level says; absent keys are inherited. */
export function normaliseRunKeys(keys: AuthoredRunKeys): RunOverrides {
  return defined({
    use: keys.use,
    model: keys.model,
    effort: keys.effort,
    limits: keys.limits && normaliseLimits(keys.limits),
    inherit: listOf(keys.inherit),
    env: keys.env && normaliseEnv(keys.env),
    tools: listOf(keys.tools),
    permissions: keys.permissions,
    sandbox: keys.sandbox,
    writes: pathsOf(keys.writes),
    protect: pathsOf(keys.protect),
    checks: keys.checks?.map(normaliseCheck),
    judge: keys.judge && normaliseJudge(keys.judge),
    critic: keys.critic && (defined(keys.critic) satisfies Partial<CriticSettings>),
    provision: keys.provision && normaliseProvision(keys.provision),
    constitution: pathsOf(keys.constitution),
  });
}

/** Paths without `./` and doubled separators. */
export function pathsOf(value: string | readonly string[] | undefined): readonly string[] | undefined {
  return listOf(value)?.map(cleanPath);
}

type Authored<K extends keyof AuthoredRunKeys> = NonNullable<AuthoredRunKeys[K]>;

function normaliseLimits(limits: Authored<"limits">): Partial<Limits> {
  return defined({
    parallel: limits.parallel,
    timeoutMs: limits.timeout === undefined ? undefined : requireDuration(limits.timeout),
    idleMs: limits.idle === undefined ? undefined : requireDuration(limits.idle),
    turns: limits.turns,
    retries: limits.retries,
    answerMs: limits.answer === undefined ? undefined : requireDuration(limits.answer),
    usd: limits.usd === "none" ? null : limits.usd,
    sessionUsd: limits.session_usd === "none" ? null : limits.session_usd,
    sessions: limits.sessions === "none" ? null : limits.sessions,
  });
}

function normaliseEnv(env: Authored<"env">): NonNullable<RunOverrides["env"]> {
  const set =
    env.set && Object.fromEntries(Object.entries(env.set).map(([name, value]) => [name, String(value)]));
  return defined({ pass: listOf(env.pass), set });
}

function normaliseCheck(check: Authored<"checks">[number]): Check {
  if (typeof check === "string") return { name: check, run: check, timeoutMs: DEFAULT_STEP_TIMEOUT_MS };
  const timeoutMs = check.timeout === undefined ? DEFAULT_STEP_TIMEOUT_MS : requireDuration(check.timeout);
  return { name: check.name ?? check.run, run: check.run, timeoutMs };
}

function normaliseJudge(judge: Authored<"judge">): Partial<JudgeSettings> {
  return defined({
    use: judge.use,
    model: judge.model,
    samples: judge.samples,
    maxSamples: judge.max_samples,
  });
}

function normaliseProvision(provision: Authored<"provision">): Partial<Provision> {
  return defined({
    copy: pathsOf(provision.copy),
    link: pathsOf(provision.link),
    run: listOf(provision.run),
    timeoutMs: provision.timeout === undefined ? undefined : requireDuration(provision.timeout),
    dependencies: provision.dependencies,
    ports: provision.ports,
    reuse: provision.reuse,
  });
}
