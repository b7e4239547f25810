/** The real `claude` program against the scripted endpoint. */
import path from "node:path";
import { findClaude } from "../../src/adapters/agents/claude-binary.ts";
import { type Endpoint, startEndpoint } from "../../src/adapters/endpoint/server.ts";
import type { Scenario } from "../../src/adapters/scenario/scenario.ts";
import type { SessionSpec } from "../../src/ports/session-host.ts";
import { buildBridge, buildHook, hermeticEnv, makePlace, type Place, specOf } from "./agent-sessions.ts";

/** Why tests of the real program cannot run; null when they can. With REQUIRE_REAL_AGENTS=1 a missing program is an error. */
export function realClaudeMissing(): string | null {
  if (findClaude(process.env, "bundled") !== null) return null;
  const reason = "the claude program was not found (npm install --include=optional)";
  if (process.env.REQUIRE_REAL_AGENTS === "1") throw new Error(reason);
  console.warn(`Tests of the real agent are skipped: ${reason}`);
  return reason;
}

export interface RealWorld {
  readonly place: Place;
  readonly endpoint: Endpoint;
  readonly hookProgram: string;
  readonly toolProgram: string;
  readonly spec: (over?: Partial<SessionSpec>) => SessionSpec;
  readonly close: () => Promise<void>;
}

export async function openRealWorld(scenario: Scenario = {}): Promise<RealWorld> {
  const place = makePlace();
  const endpoint = await startEndpoint({ scenario });
  const env = {
    ...hermeticEnv(place.root, endpoint.url),
    SIGNALBOX_CLAUDE_BIN: findClaude(process.env, "bundled") ?? path.join(place.root, "missing"),
  };
  return {
    place,
    endpoint,
    hookProgram: buildHook(place.root),
    toolProgram: buildBridge(place.root),
    spec: (over = {}) =>
      specOf(place.cwd, {
        env,
        ...over,
        ...(over.env === undefined ? {} : { env: { ...env, ...over.env } }),
      }),
    close: async () => {
      await endpoint.close();
      place.remove();
    },
  };
}
