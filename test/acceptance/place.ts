/** A repository, an engine over it and the agents that play a story: simulated in this process, or real Claude Code in a detached host. */
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { findClaude } from "../../src/adapters/agents/claude-binary.ts";
import { createCheckRunner } from "../../src/adapters/checks/index.ts";
import { type Endpoint, startEndpoint } from "../../src/adapters/endpoint/server.ts";
import { loadAdapter, rememberAdapters } from "../../src/adapters/host/adapters.ts";
import { createSessionHost } from "../../src/adapters/host/client.ts";
import { createInProcessHost } from "../../src/adapters/host/in-process.ts";
import { createProvisioner } from "../../src/adapters/provision/index.ts";
import { randomOf } from "../../src/adapters/scenario/random.ts";
import type { Scenario } from "../../src/adapters/scenario/scenario.ts";
import { parseDefinition } from "../../src/config/parse-definition.ts";
import { loadSettings } from "../../src/config/settings/load-settings.ts";
import { resolveRun } from "../../src/config/settings/resolve-run.ts";
import { derivePlan } from "../../src/core/plan/derive-plan.ts";
import type { Plan } from "../../src/core/plan/plan.ts";
import { createRenderer } from "../../src/documents/renderer.ts";
import { parseStateDocument } from "../../src/documents/state/parse-state.ts";
import type { EngineDependencies } from "../../src/engine/dependencies.ts";
import type { SessionHost } from "../../src/ports/session-host.ts";
import { hermeticEnv } from "../support/agent-sessions.ts";
import { endHost } from "../support/end-host.ts";
import { engineDependencies } from "../support/engine.ts";
import { modelFor, type RealAcp, realAcp, realAcpEnv } from "../support/real-acp.ts";
import { GIT_ENV, type Scratch, scratchRepository } from "../support/scratch-repository.ts";
import type { BuiltProduct } from "./built-product.ts";

export type Agent = "simulated" | "claude" | "claude-cli" | `acp:${RealAcp}`;
export type Example = "multi-instance" | "en108-vbump";

export interface PlaceOptions {
  readonly example: Example;
  readonly agent: Agent;
  readonly scenario: Scenario;
  /** Changes the text of the example before it is parsed. */
  readonly edit?: (definition: string) => string;
  /** Session ends are told late and in an order of chance that this seed starts. */
  readonly shuffle?: string;
  /** Where the host is; needed for real agents. */
  readonly built?: BuiltProduct;
}

export interface Place {
  readonly scratch: Scratch;
  readonly plan: Plan;
  readonly dependencies: EngineDependencies;
  /** `NAME=value` in the environment of every process that a session starts. */
  readonly marker: string;
  /** Lines that the engine narrated: failures of effects. */
  readonly narrated: readonly string[];
  close(): Promise<void>;
}

/** What the examples read, and a file of the user's that nobody may touch. */
const FILES: Readonly<Record<string, string>> = {
  "README.md": "# Switchyard\n",
  "PLAN.md": "# Plan\n\nDecide how sessions are started.\n",
  "SPIKE-001": "Compare the SDK with the command line.\n",
  "SPIKE-002": "Find how worktrees live and end.\n",
  "src/index.ts": 'export const version = "1.0.0";\n',
};

const VERSION = "0.0.0-acceptance";

/** The renderer that every place uses, for looking at documents again. */
export const renderer = createRenderer(VERSION);

export async function openPlace(options: PlaceOptions): Promise<Place> {
  const scratch = await scratchRepository(FILES);
  const marker = ["SIGNALBOX_ACCEPTANCE", randomUUID()] as const;
  const acp = acpName(options.agent);
  const endpoint =
    options.agent === "simulated"
      ? null
      : acp === null
        ? await startEndpoint({ scenario: options.scenario })
        : await modelFor(acp, options.scenario);
  const env = { ...agentEnv(options, scratch, endpoint), [marker[0]]: marker[1] };
  const narrated: string[] = [];
  const base = await engineDependencies(scratch);
  const { root, commonDir } = base.repository;
  const host =
    options.agent === "simulated"
      ? createInProcessHost({ commonDir, loadAdapter: rememberAdapters(loadAdapter) })
      : createSessionHost({ commonDir, ...options.built, idleExitMs: 3000 });
  const dependencies: EngineDependencies = {
    ...base,
    host: options.shuffle === undefined ? host : tellingLate(host, options.shuffle),
    provisioner: createProvisioner({ root, commonDir, env: GIT_ENV }),
    checks: createCheckRunner({ env: GIT_ENV }),
    documents: renderer,
    agentEnvironment: () => env,
    agentOf: async (adapter) => {
      const program = acp === null || acpName(adapter) !== acp ? null : realAcp(acp);
      return program === null ? undefined : { program, env: { pass: [], set: {} } };
    },
    parseState: (text) => {
      const parsed = parseStateDocument(text);
      if (!parsed.ok) throw new Error(parsed.errors.join("; "));
      return parsed.state;
    },
    narrate: (line) => narrated.push(line),
  };
  return {
    scratch,
    plan: await planExample(options, scratch),
    dependencies,
    marker: marker.join("="),
    narrated,
    close: async () => {
      await endHost(commonDir);
      await endpoint?.close();
      scratch.remove();
    },
  };
}

function agentEnv(
  options: PlaceOptions,
  scratch: Scratch,
  endpoint: Endpoint | null,
): Record<string, string> {
  if (endpoint === null)
    return { PATH: process.env.PATH ?? "", SIGNALBOX_SCENARIO: JSON.stringify(options.scenario) };
  const acp = acpName(options.agent);
  if (acp !== null) return realAcpEnv(acp, scratch.folder, endpoint.url);
  return {
    ...hermeticEnv(scratch.folder, endpoint.url),
    SIGNALBOX_CLAUDE_BIN: findClaude(process.env, "bundled") ?? "claude",
  };
}

/** The real agent behind `acp:<name>`; null for other adapters. */
export function acpName(adapter: string): RealAcp | null {
  const name = /^acp:(claude|gemini)$/.exec(adapter)?.[1];
  return name === undefined ? null : (name as RealAcp);
}

/** The plan of an example of the documentation on the scratch repository's own base, with built-in settings but for the agent. */
async function planExample({ example, agent, edit }: PlaceOptions, scratch: Scratch): Promise<Plan> {
  const file = `${example}.yaml`;
  const text = readFileSync(join(import.meta.dirname, "../../examples", file), "utf8");
  const name = acpName(agent);
  const projectText = name === null ? null : `agents: { ${name}: { command: [${name}] } }\n`;
  const loaded = loadSettings({ projectText, env: {}, flags: { use: agent } });
  if (!loaded.ok) throw new Error(loaded.errors.map(({ message }) => message).join("\n"));
  const { settings } = loaded;
  const parsed = parseDefinition(edit?.(text) ?? text, { file, settings });
  if (!parsed.ok) throw new Error(parsed.errors.map(({ message }) => message).join("\n"));
  const { plan, notices } = derivePlan(parsed.definition, {
    id: `${example}-20260220-001`,
    idSource: "auto",
    createdAt: "2026-02-20T10:00:00Z",
    project: "switchyard",
    base: { branch: "trunk", commit: await scratch.git("rev-parse", "HEAD"), target: "trunk" },
    layout: settings.layout,
    roles: settings.roles,
    escalationRules: settings.escalation.rules,
    resolveRun: (...layers) => resolveRun(settings, ...layers),
  });
  if (plan === null) throw new Error(notices.map(({ message }) => message).join("\n"));
  return plan;
}

/** Ends of sessions reach the engine up to 40 ms late, so that those of one panel or phase come in any order. */
function tellingLate(host: SessionHost, seed: string): SessionHost {
  const random = randomOf(`tell/${seed}`);
  return {
    ...host,
    outcome: async (workflow, id, signal) => {
      const outcome = await host.outcome(workflow, id, signal);
      await pause(random.between(0, 40));
      return outcome;
    },
  };
}
