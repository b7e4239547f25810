/** Who plays the agents of the demo: the real Claude Code against a scripted model on this machine, or the simulated agent. */
import { startEndpoint } from "../../adapters/endpoint/server.ts";
import { loadAdapter } from "../../adapters/host/adapters.ts";
import { loadScenario, type Scenario } from "../../adapters/scenario/scenario.ts";
import type { CliIo } from "../io.ts";
import type { Player, Scratch } from "./scratch.ts";
import type { Story } from "./stories.ts";

export interface Rehearsal extends Player {
  /** Environment for everything that the demo starts. */
  readonly env: CliIo["env"];
  /** What is said about it. */
  readonly about: string;
  close(): Promise<void>;
}

/** The wanted player where it can run here, else the next simpler one. */
export async function startRehearsal(
  io: CliIo,
  scratch: Scratch,
  { scenario }: Story,
  wanted: "claude" | "simulated",
): Promise<Rehearsal> {
  const env = playing(hermetic(io.env, scratch.home), scenario);
  if (wanted === "simulated")
    return simulated(env, "Agents are simulated: nothing is started, nothing is paid.");
  for (const use of ["claude", "claude-cli"] as const) {
    if ((await (await loadAdapter(use)).available()) === null) return scripted(env, use, scratch.home);
  }
  return simulated(
    env,
    "Claude Code is not installed here, so its agents are simulated. To see the real one: npm install @anthropic-ai/claude-agent-sdk",
  );
}

function simulated(env: CliIo["env"], about: string): Rehearsal {
  return { use: "simulated", agentEnv: {}, env, about, close: async () => {} };
}

async function scripted(env: CliIo["env"], use: "claude" | "claude-cli", home: string): Promise<Rehearsal> {
  const endpoint = await startEndpoint({ scenario: loadScenario(env) });
  const agentEnv = { HOME: home, ANTHROPIC_BASE_URL: endpoint.url, ANTHROPIC_API_KEY: "signalbox-demo" };
  return {
    use,
    agentEnv,
    env: { ...env, ...agentEnv },
    about:
      "The agents are the real Claude Code; the model is a script on this machine: no login, nothing is paid.",
    close: () => endpoint.close(),
  };
}

/** A scenario that the user names comes before that of the story. */
function playing(env: CliIo["env"], scenario: Scenario | undefined): CliIo["env"] {
  if (scenario === undefined || (env.SIGNALBOX_SCENARIO ?? "") !== "") return env;
  return { ...env, SIGNALBOX_SCENARIO: JSON.stringify(scenario) };
}

/** Nothing of the user's login, keys or settings: the demo must neither spend nor change anything of theirs. */
function hermetic(env: CliIo["env"], home: string): CliIo["env"] {
  const kept = Object.entries(env).filter(
    ([name]) =>
      !/^(ANTHROPIC_|CLAUDE|AWS_|GOOGLE_|XDG_(CONFIG|CACHE|DATA|STATE)_HOME$|SIGNALBOX_(?!SCENARIO$|USER$|CLAUDE_BIN$))/.test(
        name,
      ),
  );
  return { ...Object.fromEntries(kept), HOME: home, DISABLE_TELEMETRY: "1", DISABLE_AUTOUPDATER: "1" };
}
