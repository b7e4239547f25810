/**
 * Real agents over ACP against a scripted model, where the environment names them. Defects these would catch: what agents do in another way
 * than the protocol's own library: ids, costs, permissions, conversations that go on.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { ANSWER_SCHEMA, agentContract } from "../../../../test/contracts/agent-contract.ts";
import { isAlive, promptOf, startSession } from "../../../../test/support/agent-sessions.ts";
import { eventually } from "../../../../test/support/eventually.ts";
import { openRealAcp, type RealAcpWorld, realAcp } from "../../../../test/support/real-acp.ts";
import { killGroup } from "../../process/spawn.ts";
import type { Scenario } from "../../scenario/scenario.ts";
import { createAdapter } from "./adapter.ts";

const JUDGE = {
  purpose: "judge",
  prompt: promptOf({ "signalbox-task": "judge" }),
  schema: ANSWER_SCHEMA,
  tools: [],
  boundary: null,
} as const;
/** Whether a conversation goes on in another process after it has ended by itself; after a kill both were seen. */
const CONTINUES = { claude: true, gemini: false } as const;

for (const name of ["claude", "gemini"] as const) {
  const agent = realAcp(name);
  describe.skipIf(agent === null)(`${name} over ACP`, () => {
    let world: RealAcpWorld;
    const open = async (scenario: Scenario = {}): Promise<RealAcpWorld> => {
      world = await openRealAcp(name, agent ?? { command: [] }, scenario);
      return world;
    };
    const adapter = () => createAdapter({ toolProgram: world.toolProgram });
    afterEach(() => world.close());

    agentContract(`${name} over ACP`, async () => {
      await open({ deliverables: { stalls: { fail: [{ fault: "stall" }] } } });
      const own = adapter();
      return {
        // Whether money is told is a matter of the agent.
        adapter: { ...own, capabilities: { ...own.capabilities, cost: name === "claude" } },
        working: () => world.spec(),
        answering: () => world.spec(JUDGE),
        hanging: () => world.spec({ prompt: promptOf({ deliverable: "stalls" }) }),
        close: async () => {},
      };
    });

    it("tells its calls in our words, and uses our tools", async () => {
      await open();
      const session = startSession(adapter(), world.spec());
      expect(await session.outcome).toMatchObject({ kind: "ok" });
      const file = path.join(world.place.cwd, "out/alpha.md");
      expect(session.events).toContainEqual(
        expect.objectContaining({ type: "tool-result", error: false, wrote: file }),
      );
      expect(session.events).toContainEqual(
        expect.objectContaining({ type: "note", text: "register_artifact: out/alpha.md" }),
      );
    });

    it("writes nothing outside its worktree", async () => {
      await open({ deliverables: { "*": { fail: [{ fault: "denied-write" }] } } });
      const session = startSession(adapter(), world.spec());
      await session.outcome;
      expect(existsSync(path.join(world.place.root, "outside.md"))).toBe(false);
    });

    it("is crashed when it is killed; its conversation goes on, or is known to be lost", async () => {
      await open({ delayMs: 400 });
      const session = startSession(adapter(), world.spec());
      await eventually("its first result", () => session.events.some(({ type }) => type === "tool-result"));
      killGroup(session.pids[0], "SIGKILL");
      const killed = await session.outcome;
      expect(killed).toMatchObject({ kind: "crashed", retry: "backoff" });
      await eventually("no process left", () => !session.pids.some(isAlive));
      world.endpoint.control({});
      const again = world.spec({ resume: true, conversation: killed.sessionId });
      const outcome = await startSession(adapter(), again).outcome;
      if (CONTINUES[name] || outcome.kind === "ok")
        expect(outcome).toMatchObject({ kind: "ok", sessionId: killed.sessionId });
      else expect(outcome).toMatchObject({ message: expect.stringContaining("No conversation found") });
    });

    it("goes on in its conversation with a second round, and counts what that has cost", async () => {
      await open();
      const first = await startSession(adapter(), world.spec()).outcome;
      const prompt = promptOf(
        { "signalbox-task": "revise", round: "2 of 3", artifact: "out/alpha.md" },
        "- F-1-1 HIGH",
      );
      const costBefore = first.usage.costUsd ?? 0;
      const over = { resume: true, conversation: first.sessionId, prompt, costBefore };
      const second = await startSession(adapter(), world.spec(over)).outcome;
      if (!CONTINUES[name]) {
        expect(second).toMatchObject({ message: expect.stringContaining("No conversation found") });
        return;
      }
      expect(second).toMatchObject({ kind: "ok", sessionId: first.sessionId });
      expect(second.usage.costUsd).toBeGreaterThan(0);
      expect(second.usage.costUsd).toBeLessThan(costBefore * 1.9);
      expect(readFileSync(path.join(world.place.cwd, "out/alpha.md"), "utf8")).toContain("F-1-1: answered");
    });

    it.skipIf(name !== "claude")(
      "stops at its limit of money, which it tells only when its turn is over",
      async () => {
        await open({ deliverables: { "*": { fail: [{ fault: "overspend" }] } } });
        const spec = world.spec();
        const limited = { ...spec, limits: { ...spec.limits, usd: 0.5 } };
        const outcome = await startSession(adapter(), limited).outcome;
        expect(outcome).toMatchObject({ kind: "limit", which: "usd" });
        expect(outcome.usage.costUsd ?? 0).toBeGreaterThan(0.5);
      },
    );

    it.skipIf(name !== "claude")("runs no hook of the repository it works in", async () => {
      await open();
      const marker = path.join(world.place.root, "hook-ran");
      mkdirSync(path.join(world.place.cwd, ".claude"));
      const hooks = { SessionStart: [{ hooks: [{ type: "command", command: `touch ${marker}` }] }] };
      writeFileSync(path.join(world.place.cwd, ".claude/settings.json"), JSON.stringify({ hooks }));
      expect(await startSession(adapter(), world.spec()).outcome).toMatchObject({ kind: "ok" });
      expect(existsSync(marker)).toBe(false);
    });

    it("runs no command that its role does not have", async () => {
      const call = { tool: "Bash", input: { command: "touch ran", description: "try" } };
      await open({ deliverables: { alpha: { calls: [call] } } });
      const session = startSession(adapter(), world.spec());
      await session.outcome;
      expect(existsSync(path.join(world.place.cwd, "ran"))).toBe(false);
      // Claude Code is not even offered it.
      if (name === "gemini")
        expect(session.events).toContainEqual(expect.objectContaining({ type: "denied", tool: "Bash" }));
    });

    it("is no answer where it stays prose", async () => {
      await open({ deliverables: { "*": { fail: [{ fault: "prose" }] } } });
      expect(await startSession(adapter(), world.spec(JUDGE)).outcome).toMatchObject({
        kind: "limit",
        which: "structured",
      });
    });
  });
}
