/** Merged, well-formed configuration as what the product works with. */
import type { Limits, RunOverrides, RunSettings } from "../../core/definition.ts";
import type { LayoutTemplate } from "../../core/plan/context.ts";
import { DEFAULT_ESCALATION_RULES } from "../../core/quality/criticality.ts";
import { defined, listOf } from "../normalise/defined.ts";
import { normaliseNotify } from "../normalise/notify.ts";
import { normaliseRunKeys } from "../normalise/run-overrides.ts";
import { normaliseEscalate, normaliseMerge, normaliseRoles } from "../normalise/shared.ts";
import type { AuthoredConfig } from "../schema/config-schema.ts";
import { requireDuration } from "../schema/durations.ts";
import { cleanPath } from "../schema/paths.ts";
import type { AgentSettings, Settings } from "./settings.ts";

/** Well-formed configuration in its two halves: below and above what a definition says. */
export interface ConfigParts {
  /** Built-in values under the user's and the project's. */
  readonly merged: AuthoredConfig;
  /** Environment under flags. */
  readonly above: AuthoredConfig;
  readonly charters: ReadonlyMap<string, string>;
}

/** Throws `RangeError` when `merged` lacks a built-in value, which is a defect of the defaults. */
export function toSettings({ merged, above, charters }: ConfigParts): Settings {
  const escalate = normaliseEscalate(merged.escalate);
  return {
    run: { ...completeRun(normaliseRunKeys(merged)), ...sandboxWritable(merged) },
    overrides: normaliseRunKeys(above),
    roles: normaliseRoles(merged.roles, charters),
    escalation: { rules: escalate.rules ?? DEFAULT_ESCALATION_RULES, auto: escalate.auto ?? false },
    commands: merged.commands ?? {},
    agents: Object.fromEntries(
      Object.entries(merged.agents ?? {}).map(([name, agent]) => [name, toAgent(agent)]),
    ),
    layout: toLayout(required(merged.layout, "layout")),
    finish: {
      merge: required(merged.finish?.merge, "finish.merge"),
      per: required(merged.finish?.per, "finish.per"),
      documents: required(merged.finish?.documents, "finish.documents"),
    },
    merge: {
      ...normaliseMerge(merged.merge),
      warn: required(merged.merge?.warn, "merge.warn"),
      batch: required(merged.merge?.batch, "merge.batch"),
      returns: required(merged.merge?.returns, "merge.returns"),
    },
    notify: normaliseNotify(merged.notify),
    approvals: { agents: required(merged.approvals?.agents, "approvals.agents") },
    behind: required(merged.behind, "behind"),
    fetch: required(merged.fetch, "fetch"),
    keepMs: requireDuration(required(merged.keep, "keep")),
    forced: defined({ base: above.base, target: above.target }),
    ...defined({ base: merged.base, target: merged.target, project: merged.project }),
  };
}

function sandboxWritable({ sandbox_writable }: AuthoredConfig): Pick<RunSettings, "sandboxWritable"> {
  return defined({ sandboxWritable: listOf(sandbox_writable) });
}

function toAgent({ command, env, auth, mode }: NonNullable<AuthoredConfig["agents"]>[string]): AgentSettings {
  const { pass, set } = normaliseRunKeys({ env }).env ?? {};
  return { command, env: { pass: pass ?? [], set: set ?? {} }, ...defined({ auth, mode }) };
}

function completeRun({ sandbox, ...run }: RunOverrides): RunSettings {
  return {
    ...run,
    ...(sandbox === "bubblewrap" ? { sandbox } : {}),
    use: required(run.use, "use"),
    limits: completeLimits(required(run.limits, "limits")),
    inherit: required(run.inherit, "inherit"),
    env: { pass: run.env?.pass ?? [], set: run.env?.set ?? {} },
    writes: required(run.writes, "writes"),
    protect: required(run.protect, "protect"),
    checks: required(run.checks, "checks"),
    judge: {
      ...run.judge,
      samples: required(run.judge?.samples, "judge.samples"),
      maxSamples: required(run.judge?.maxSamples, "judge.max_samples"),
    },
    critic: { ...run.critic, mode: required(run.critic?.mode, "critic.mode") },
    provision: {
      copy: run.provision?.copy ?? [],
      link: run.provision?.link ?? [],
      run: run.provision?.run ?? [],
      timeoutMs: required(run.provision?.timeoutMs, "provision.timeout"),
      dependencies: required(run.provision?.dependencies, "provision.dependencies"),
      ...defined({ ports: run.provision?.ports, reuse: run.provision?.reuse }),
    },
    constitution: required(run.constitution, "constitution"),
  };
}

function completeLimits(limits: Partial<Limits>): Limits {
  return {
    parallel: required(limits.parallel, "limits.parallel"),
    timeoutMs: required(limits.timeoutMs, "limits.timeout"),
    idleMs: required(limits.idleMs, "limits.idle"),
    turns: required(limits.turns, "limits.turns"),
    retries: required(limits.retries, "limits.retries"),
    usd: required(limits.usd, "limits.usd"),
    sessions: required(limits.sessions, "limits.sessions"),
    answerMs: required(limits.answerMs, "limits.answer"),
    sessionUsd: required(limits.sessionUsd, "limits.session_usd"),
  };
}

/** Two workflows never share a folder: a template without the id gets one folder per workflow below it. */
function toLayout(layout: NonNullable<AuthoredConfig["layout"]>): LayoutTemplate {
  const folder = cleanPath(`${required(layout.folder, "layout.folder")}/`);
  return {
    folder: folder.includes("{id}") ? folder : `${folder}orchestration/{id}/`,
    branchPrefix: `${required(layout.branch_prefix, "layout.branch_prefix")}/{id}`,
    worktrees: required(layout.worktrees, "layout.worktrees"),
  };
}

function required<T>(value: T | undefined, key: string): T {
  if (value === undefined) throw new RangeError(`no value for ${key}`);
  return value;
}
