/**
 * Real agents over ACP, found through the environment: `SIGNALBOX_ACP_CLAUDE` and `SIGNALBOX_ACP_GEMINI` hold the command of each, words
 * parted by blanks. They are no dependencies of ours: hundreds of megabytes each.
 */
import path from "node:path";
import { type Endpoint, startEndpoint } from "../../src/adapters/endpoint/server.ts";
import { endTree } from "../../src/adapters/process/tree.ts";
import type { Scenario } from "../../src/adapters/scenario/scenario.ts";
import type { AcpProgram, SessionSpec } from "../../src/ports/session-host.ts";
import { buildBridge, hermeticEnv, makePlace, type Place, specOf } from "./agent-sessions.ts";
import { startGeminiEndpoint } from "./gemini-endpoint.ts";

export type RealAcp = "claude" | "gemini";

/** The program of an agent; null, with the reason printed, where none is named. */
export function realAcp(name: RealAcp): AcpProgram | null {
  const variable = `SIGNALBOX_ACP_${name.toUpperCase()}`;
  const command = (process.env[variable] ?? "").split(" ").filter((word) => word !== "");
  if (command.length === 0) {
    console.warn(`Tests of ${name} over ACP are skipped: ${variable} does not name its command`);
    return null;
  }
  return name === "gemini" ? { command, auth: "gemini-api-key" } : { command };
}

/** Environment in which it reaches nothing but a scripted model at `url`. */
export function realAcpEnv(name: RealAcp, root: string, url: string): Readonly<Record<string, string>> {
  const env = hermeticEnv(root, url);
  if (name === "claude") return env;
  return {
    PATH: env.PATH ?? "",
    HOME: env.HOME ?? "",
    TMPDIR: env.TMPDIR ?? "",
    GOOGLE_GEMINI_BASE_URL: url,
    GEMINI_API_KEY: "dummy",
    GEMINI_CLI_TRUST_WORKSPACE: "true",
  };
}

/** A scripted model in the dialect of the agent. */
export function modelFor(name: RealAcp, scenario: Scenario): Promise<Endpoint> {
  return name === "gemini" ? startGeminiEndpoint(scenario) : startEndpoint({ scenario });
}

export interface RealAcpWorld {
  readonly place: Place;
  readonly endpoint: Endpoint;
  readonly toolProgram: string;
  readonly spec: (over?: Partial<SessionSpec>) => SessionSpec;
  readonly close: () => Promise<void>;
}

export async function openRealAcp(
  name: RealAcp,
  agent: AcpProgram,
  scenario: Scenario = {},
): Promise<RealAcpWorld> {
  const place = makePlace();
  const endpoint = await modelFor(name, scenario);
  const env = realAcpEnv(name, place.root, endpoint.url);
  return {
    place,
    endpoint,
    toolProgram: buildBridge(place.root),
    spec: (over = {}) => specOf(path.resolve(place.cwd), { adapter: `acp:${name}`, agent, env, ...over }),
    close: async () => {
      // What the agent left running, as the session host would end it.
      await endTree({ leaders: [], marker: `HOME=${env.HOME}`, graceMs: 0 });
      await endpoint.close();
      place.remove();
    },
  };
}
