/** What every agent adapter does, whoever is behind it. Source: the contract of `AgentAdapter`, design §6. */
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { AgentAdapter, SessionSpec } from "../../src/ports/session-host.ts";
import { isAlive, startSession } from "../support/agent-sessions.ts";
import { eventually } from "../support/eventually.ts";

export interface AgentWorld {
  readonly adapter: AgentAdapter;
  /** A session that writes `out/alpha.md` and ends. */
  readonly working: () => SessionSpec;
  /** A session that gives a structured answer with a number `score`. */
  readonly answering: () => SessionSpec;
  /** A session that goes on until it is stopped. */
  readonly hanging: () => SessionSpec;
  readonly close: () => Promise<void>;
}

export const ANSWER_SCHEMA = {
  type: "object",
  properties: { score: { type: "number", minimum: 0, maximum: 1 } },
  required: ["score"],
  additionalProperties: false,
} as const;

export function agentContract(name: string, open: () => Promise<AgentWorld>): void {
  describe(`${name} as an agent adapter`, () => {
    let world: AgentWorld;
    beforeEach(async () => {
      world = await open();
    });
    afterEach(() => world.close());

    it("ends ok with the conversation's id, its usage and the artifact written", async () => {
      const spec = world.working();
      const session = startSession(world.adapter, spec);
      const outcome = await session.outcome;
      const settled = session.events.length;
      const { choosesSessionId, cost } = world.adapter.capabilities;
      const sessionId = choosesSessionId ? spec.conversation : expect.stringMatching(/./);
      expect(outcome).toMatchObject({ kind: "ok", sessionId, denials: [] });
      expect(typeof outcome.usage.costUsd).toBe(cost ? "number" : "object");
      expect(readFileSync(path.join(spec.cwd, "out/alpha.md"), "utf8").length).toBeGreaterThan(0);
      const times = session.events.map((event) => event.at);
      expect(times).toEqual([...times].sort());
      await new Promise((resolve) => setImmediate(resolve));
      expect(session.events).toHaveLength(settled);
    });

    it("gives a structured answer as data", async () => {
      const outcome = await startSession(world.adapter, world.answering()).outcome;
      expect(outcome).toMatchObject({ kind: "ok", structured: { score: expect.any(Number) } });
    });

    it("settles as crashed, not to be tried again, when its folder is missing", async () => {
      const spec = { ...world.working(), cwd: "/no/such/folder" };
      const outcome = await startSession(world.adapter, spec).outcome;
      expect(outcome).toMatchObject({
        kind: "crashed",
        retry: "never",
        message: expect.stringContaining("/no/such/folder"),
      });
    });

    it("settles as cancelled when it is stopped before it started, and starts nothing", async () => {
      const spec = world.working();
      const session = startSession(world.adapter, spec);
      session.abort("cancelled by alice");
      expect(await session.outcome).toMatchObject({ kind: "cancelled", reason: "cancelled by alice" });
      expect(existsSync(path.join(spec.cwd, "out/alpha.md"))).toBe(false);
    });

    it("settles as cancelled when it is stopped while it runs, and leaves no process", async () => {
      const session = startSession(world.adapter, world.hanging());
      await eventually("the session's first event", () => session.events.length > 0);
      session.abort("wall");
      expect(await session.outcome).toMatchObject({ kind: "cancelled", reason: "wall" });
      await eventually("no process left", () => !session.pids.some(isAlive));
    });
  });
}
