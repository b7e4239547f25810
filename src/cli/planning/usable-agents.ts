/** Whether the agents of a plan can run here, asked before anything starts. */
import { programMissing } from "../../adapters/agents/acp/available.ts";
import { loadAdapter } from "../../adapters/host/adapters.ts";
import type { Settings } from "../../config/settings/settings.ts";
import type { RunSettings } from "../../core/definition.ts";
import { SignalboxError } from "../../core/errors.ts";
import type { Plan } from "../../core/plan/plan.ts";
import type { AgentAdapter } from "../../ports/session-host.ts";

/** Used instead of another one that is missing: the same agent, started another way. */
const FALLBACK: Readonly<Record<string, string>> = { claude: "claude-cli" };

export interface UsableAgents {
  readonly plan: Plan;
  /** `[wanted, used]` for each adapter that had to be replaced. */
  readonly replaced: readonly (readonly [string, string])[];
}

/** Loads adapters; those over ACP as the configuration declares their programs. */
export function loaderFor(
  agents: () => Promise<Settings["agents"]>,
  env: Readonly<Record<string, string | undefined>>,
): (name: string) => Promise<AgentAdapter> {
  return async (name) => {
    const adapter = await loadAdapter(name);
    const [kind, own = ""] = name.split(":");
    const program = kind === "acp" ? (await agents())[own] : undefined;
    if (program === undefined) return adapter;
    return { ...adapter, available: () => Promise.resolve(programMissing(own, program, env)) };
  };
}

/** The plan with agents that can run here. Throws `agent-missing` (kind `environment`) naming the agent and how to get it. */
export async function withUsableAgents(
  plan: Plan,
  load: (name: string) => Promise<AgentAdapter> = loadAdapter,
): Promise<UsableAgents> {
  const replaced: (readonly [string, string])[] = [];
  for (const name of adaptersOf(plan)) {
    const used = await usable(name, load);
    if (used !== name) replaced.push([name, used]);
  }
  return { plan: replaced.length === 0 ? plan : withAdapters(plan, new Map(replaced)), replaced };
}

async function usable(name: string, load: (name: string) => Promise<AgentAdapter>): Promise<string> {
  const missing = await (await load(name)).available();
  if (missing === null) return name;
  const other = FALLBACK[name];
  if (other !== undefined && (await (await load(other)).available()) === null) return other;
  throw new SignalboxError(
    "environment",
    "agent-missing",
    `The agent ${name} cannot run here: ${missing.reason}`,
    [missing.hint, "Rehearse without any agent: the same command with --use simulated"],
  );
}

function adaptersOf(plan: Plan): readonly string[] {
  const names = plan.deliverables
    .filter((d) => !d.byPerson)
    .flatMap(({ settings, gate }) =>
      gate.judged ? [settings.use, settings.critic.use, settings.judge.use] : [settings.use],
    );
  return [...new Set(names.filter((name) => name !== undefined))];
}

function withAdapters(plan: Plan, names: ReadonlyMap<string, string>): Plan {
  const renamed = (settings: RunSettings): RunSettings => ({
    ...settings,
    use: names.get(settings.use) ?? settings.use,
    judge: withUse(settings.judge, names),
    critic: withUse(settings.critic, names),
  });
  return {
    ...plan,
    settings: renamed(plan.settings),
    deliverables: plan.deliverables.map((d) => ({ ...d, settings: renamed(d.settings) })),
  };
}

function withUse<T extends { readonly use?: string }>(part: T, names: ReadonlyMap<string, string>): T {
  return part.use === undefined ? part : { ...part, use: names.get(part.use) ?? part.use };
}
