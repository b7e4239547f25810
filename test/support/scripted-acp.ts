/** The scripted ACP agent as a program of a test, and sessions that use it. */
import path from "node:path";
import { buildSync } from "esbuild";
import type { SessionSpec } from "../../src/ports/session-host.ts";
import type { AcpOrders } from "./acp-agent.ts";
import { buildBridge, makePlace, type Place, specOf } from "./agent-sessions.ts";

export interface AcpPrograms {
  readonly agent: string;
  /** The bridge to our tools. */
  readonly tools: string;
}

/** Builds the agent and the bridge into a folder, once for all tests of a file. */
export function buildAcpPrograms(folder: string): AcpPrograms {
  const agent = path.join(folder, "acp-agent.mjs");
  buildSync({
    entryPoints: [path.resolve("test/support/acp-agent.ts")],
    outfile: agent,
    bundle: true,
    format: "esm",
    platform: "node",
  });
  return { agent, tools: buildBridge(folder) };
}

export interface AcpWorld {
  readonly place: Place;
  readonly spec: (orders: AcpOrders, over?: Partial<SessionSpec>) => SessionSpec;
}

/** A place of its own for the agent. */
export function openAcpWorld({ agent }: AcpPrograms): AcpWorld {
  const place = makePlace();
  const env = (orders: AcpOrders) => ({
    PATH: process.env.PATH ?? "",
    HOME: path.join(place.root, "home"),
    ACP_ORDERS: JSON.stringify(orders),
  });
  return {
    place,
    spec: (orders, over = {}) =>
      specOf(place.cwd, {
        adapter: "acp:scripted",
        agent: { command: [process.execPath, agent] },
        env: env(orders),
        ...over,
      }),
  };
}
