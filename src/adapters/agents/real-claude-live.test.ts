/**
 * People and the real program while it runs, against a scripted model, through both adapters. Defects it would catch: a question that never
 * reaches a person or whose answer is lost, a word that is not heard, tools that one adapter has and the other lacks.
 */
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { isAlive, startSession } from "../../../test/support/agent-sessions.ts";
import { eventually } from "../../../test/support/eventually.ts";
import { openRealWorld, type RealWorld, realClaudeMissing } from "../../../test/support/real-claude.ts";
import type { AgentAdapter, SessionSpec } from "../../ports/session-host.ts";
import { createAdapter as createSdk } from "./claude.ts";
import { createAdapter as createCli } from "./claude-cli.ts";

const ADAPTERS = {
  claude: (_world: RealWorld): AgentAdapter => createSdk(),
  "claude-cli": ({ hookProgram, toolProgram }: RealWorld): AgentAdapter =>
    createCli({ hookProgram, toolProgram }),
} as const;

const BUSY = {
  tool: "Bash",
  input: { command: "true", description: "wait" },
  times: 200,
  until: "told",
} as const;
const artifactOf = (spec: SessionSpec): string => readFileSync(path.join(spec.cwd, "out/alpha.md"), "utf8");

describe.skipIf(realClaudeMissing() !== null)("people and the real claude program", () => {
  let world: RealWorld;
  afterEach(() => world.close());

  for (const [name, create] of Object.entries(ADAPTERS)) {
    it(`through ${name}: a question waits for a person, and the work carries the answer`, async () => {
      world = await openRealWorld({
        deliverables: { alpha: { asks: [{ question: "Which size?", options: ["small", "large"] }] } },
      });
      const spec = world.spec();
      const asked: unknown[] = [];
      const session = startSession(create(world), spec, async (request) => {
        asked.push(request);
        return { word: "answer", text: "the small one", by: "ana" };
      });
      expect(await session.outcome).toMatchObject({ kind: "ok" });
      expect(asked).toEqual([{ kind: "agent", question: "Which size?", choices: ["small", "large"] }]);
      expect(artifactOf(spec)).toContain("Which size? ana answers: the small one");
      expect(session.events).toContainEqual(
        expect.objectContaining({ type: "note", text: "register_artifact: out/alpha.md" }),
      );
      await eventually("no process left", () => !session.pids.some(isAlive));
    });

    it(`through ${name}: hears what a person says while it works, and is deaf once it has ended`, async () => {
      world = await openRealWorld({ delayMs: 30, deliverables: { alpha: { calls: [BUSY] } } });
      const spec = world.spec({
        tools: ["Read", "Write", "Bash"],
        limits: { ...world.spec().limits, turns: 300 },
      });
      const session = startSession(create(world), spec);
      await eventually("its first call", () => session.events.some((event) => event.type === "tool"));
      expect(session.say("use metric units", "ana")).toBe(true);
      expect(await session.outcome).toMatchObject({ kind: "ok" });
      expect(artifactOf(spec)).toContain("use metric units");
      expect(session.say("too late", "ana")).toBe(false);
    });

    it(`through ${name}: is interrupted in the middle of a call, and goes on in the same process with what a person says instead`, async () => {
      const sleep = { tool: "Bash", input: { command: "sleep 600", description: "wait" } };
      world = await openRealWorld({ deliverables: { alpha: { calls: [sleep] } } });
      const spec = world.spec({ tools: ["Read", "Write", "Bash"] });
      const session = startSession(create(world), spec);
      await eventually("its call", () => session.events.some((event) => event.type === "tool"));
      expect(session.say("measure it instead", "ana", "interrupt")).toBe(true);
      const outcome = await session.outcome;
      expect(outcome).toMatchObject({ kind: "ok", sessionId: spec.conversation });
      expect(outcome.usage.costUsd).toBeGreaterThan(0);
      expect(artifactOf(spec)).toContain("measure it instead");
      expect(session.pids).toHaveLength(1);
      await eventually("no process left", () => !session.pids.some(isAlive));
    });
  }

  it("asks about a tool that its rules leave open, uses it when a person allows it, and goes on without it when not", async () => {
    const calls = ["touch allowed.txt", "touch denied.txt"].map((command) => ({
      tool: "Bash",
      input: { command, description: "touch" },
    }));
    world = await openRealWorld({ deliverables: { alpha: { calls } } });
    const spec = world.spec({ permissions: "ask" });
    const asked: string[] = [];
    const session = startSession(createSdk(), spec, async ({ kind, tool, target }) => {
      asked.push(`${kind} ${tool} ${target}`);
      const isAllowed = target === "touch allowed.txt";
      return { word: isAllowed ? "allow" : "deny", text: "not needed", by: "ana" };
    });
    expect(await session.outcome).toMatchObject({ kind: "ok" });
    expect(asked).toEqual(["permission Bash touch allowed.txt", "permission Bash touch denied.txt"]);
    expect(existsSync(path.join(spec.cwd, "allowed.txt"))).toBe(true);
    expect(existsSync(path.join(spec.cwd, "denied.txt"))).toBe(false);
    expect(artifactOf(spec)).not.toBe("");
  });

  it("asks nobody about a write outside the worktree: that is denied whatever a person would say", async () => {
    world = await openRealWorld({ deliverables: { "*": { fail: [{ fault: "denied-write" }] } } });
    const spec = world.spec({ permissions: "ask" });
    const session = startSession(createSdk(), spec, () => Promise.reject(new Error("nobody is asked")));
    await session.outcome;
    expect(session.events.filter((event) => event.type === "denied")).toHaveLength(1);
    expect(existsSync(path.join(world.place.root, "outside.md"))).toBe(false);
  });
});
