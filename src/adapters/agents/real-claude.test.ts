/**
 * The real program against a scripted model, through both adapters. Defects it would catch: a flag that changed its meaning,
 * a hook that fails open, a cost counted twice, a process left over, settings of the repository that run.
 */
import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { ANSWER_SCHEMA, agentContract } from "../../../test/contracts/agent-contract.ts";
import { isAlive, promptOf, startSession } from "../../../test/support/agent-sessions.ts";
import { eventually } from "../../../test/support/eventually.ts";
import { openRealWorld, type RealWorld, realClaudeMissing } from "../../../test/support/real-claude.ts";
import type { AgentAdapter } from "../../ports/session-host.ts";
import { killGroup } from "../process/spawn.ts";
import type { Fault, Scenario } from "../scenario/scenario.ts";
import { createAdapter as createSdk } from "./claude.ts";
import { createAdapter as createCli } from "./claude-cli.ts";

const ADAPTERS = {
  claude: (_world: RealWorld): AgentAdapter => createSdk(),
  "claude-cli": (world: RealWorld): AgentAdapter => createCli({ hookProgram: world.hookProgram }),
} as const;

const JUDGE = {
  purpose: "judge",
  prompt: promptOf({ "signalbox-task": "judge" }),
  schema: ANSWER_SCHEMA,
  tools: [],
  boundary: null,
} as const;
const missing = realClaudeMissing();
const failing = (fault: Fault, times?: number): Scenario => ({
  deliverables: { "*": { fail: [{ fault, ...(times === undefined ? {} : { times }) }] } },
});

describe.skipIf(missing !== null)("the real claude program", () => {
  let world: RealWorld;
  afterEach(() => world.close());

  for (const [name, create] of Object.entries(ADAPTERS)) {
    agentContract(name, async () => {
      world = await openRealWorld({ deliverables: { stalls: { fail: [{ fault: "stall" }] } } });
      return {
        adapter: create(world),
        working: () => world.spec(),
        answering: () => world.spec(JUDGE),
        hanging: () => world.spec({ prompt: promptOf({ deliverable: "stalls" }) }),
        close: async () => {},
      };
    });

    it(`through ${name}: continues a conversation and counts only what this run has cost`, async () => {
      world = await openRealWorld();
      const adapter = create(world);
      const spec = world.spec();
      const first = await startSession(adapter, spec).outcome;
      const before = readFileSync(path.join(spec.cwd, "out/alpha.md"), "utf8");
      const prompt = promptOf(
        { "signalbox-task": "revise", round: "2 of 3", artifact: "out/alpha.md" },
        "- F-1-1 HIGH",
      );
      const costBefore = first.usage.costUsd ?? Number.NaN;
      const second = await startSession(adapter, { ...spec, prompt, resume: true, costBefore }).outcome;
      expect(second).toMatchObject({ kind: "ok", sessionId: first.sessionId });
      expect(second.usage.costUsd).toBeGreaterThan(0);
      expect(second.usage.costUsd).toBeLessThan(costBefore * 1.9);
      const after = readFileSync(path.join(spec.cwd, "out/alpha.md"), "utf8");
      expect(after).not.toBe(before);
      expect(after).toContain("F-1-1: answered");
    });

    it(`through ${name}: refuses writes outside the worktree, also through a link, and reports each once`, async () => {
      world = await openRealWorld(failing("denied-write"));
      const spec = world.spec({ prompt: promptOf({ artifact: "link/alpha.md" }) });
      mkdirSync(path.join(world.place.root, "elsewhere"));
      symlinkSync("../elsewhere", path.join(spec.cwd, "link"));
      const session = startSession(create(world), spec);
      const targets = [path.join(world.place.root, "outside.md"), path.join(spec.cwd, "link/alpha.md")];
      expect(await session.outcome).toMatchObject({
        kind: "blocked",
        denials: targets.map((target) => ({ tool: "Write", target })),
      });
      const denied = session.events.filter((event) => event.type === "denied");
      expect(denied.map((event) => event.target)).toEqual(targets);
      expect(denied[0]?.reason).toMatch(/outside\.md is outside the worktree/);
      expect(existsSync(targets[0] ?? "")).toBe(false);
      expect(existsSync(path.join(world.place.root, "elsewhere/alpha.md"))).toBe(false);
    });
  }

  it("runs no hook and reads no settings of the repository it works in", async () => {
    world = await openRealWorld();
    const spec = world.spec();
    const marker = path.join(world.place.root, "hook-ran");
    mkdirSync(path.join(spec.cwd, ".claude"));
    const hooks = { SessionStart: [{ hooks: [{ type: "command", command: `touch ${marker}` }] }] };
    writeFileSync(path.join(spec.cwd, ".claude/settings.json"), JSON.stringify({ hooks }));
    expect((await startSession(ADAPTERS["claude-cli"](world), spec).outcome).kind).toBe("ok");
    expect((await startSession(ADAPTERS.claude(world), world.spec()).outcome).kind).toBe("ok");
    expect(existsSync(marker)).toBe(false);
  });

  it("takes what an agent says through our tools for a note", async () => {
    world = await openRealWorld();
    const session = startSession(ADAPTERS.claude(world), world.spec());
    await session.outcome;
    expect(session.events).toContainEqual(
      expect.objectContaining({ type: "note", text: "register_artifact: out/alpha.md" }),
    );
  });

  it("blocks every write when the hook program is broken", async () => {
    world = await openRealWorld();
    writeFileSync(world.hookProgram, "throw new Error('broken');");
    const spec = world.spec();
    expect(await startSession(ADAPTERS["claude-cli"](world), spec).outcome).toMatchObject({
      kind: "blocked",
    });
    expect(existsSync(path.join(spec.cwd, "out/alpha.md"))).toBe(false);
  });

  it.each(Object.entries(ADAPTERS))("stops at its limit of turns through %s", async (_, create) => {
    world = await openRealWorld();
    const spec = world.spec();
    const outcome = await startSession(create(world), {
      ...spec,
      limits: { ...spec.limits, turns: 1 },
    }).outcome;
    expect(outcome).toMatchObject({ kind: "limit", which: "turns", usage: { costUsd: expect.any(Number) } });
  });

  it.each(Object.entries(ADAPTERS))(
    "stops at its limit of money through %s and says what was spent",
    async (_, create) => {
      world = await openRealWorld(failing("overspend"));
      const spec = world.spec();
      const outcome = await startSession(create(world), {
        ...spec,
        limits: { ...spec.limits, usd: 0.5 },
      }).outcome;
      expect(outcome).toMatchObject({ kind: "limit", which: "usd" });
      expect(outcome.usage.costUsd).toBeGreaterThan(0.5);
    },
  );

  it("is a limit, never ok, when the structured answer is missing or stays malformed", async () => {
    world = await openRealWorld(failing("prose"));
    expect(await startSession(ADAPTERS["claude-cli"](world), world.spec(JUDGE)).outcome).toMatchObject({
      kind: "limit",
      which: "structured",
    });
    world.endpoint.control(failing("omit-dimension"));
    const scores = { type: "object", properties: { a: { type: "number" } }, required: ["a"] };
    const schema = { type: "object", properties: { scores }, required: ["scores"] };
    const malformed = startSession(ADAPTERS.claude(world), world.spec({ ...JUDGE, schema }));
    expect(await malformed.outcome).toMatchObject({ kind: "limit", which: "structured" });
  });

  it("tells an expired login from an overloaded service, and reports the retries of the latter", async () => {
    world = await openRealWorld(failing("api-401"));
    expect(await startSession(ADAPTERS["claude-cli"](world), world.spec()).outcome).toMatchObject({
      kind: "api",
      errorClass: "auth",
      status: 401,
      retry: "never",
    });
    world.endpoint.control(failing("api-529", 1));
    const session = startSession(
      ADAPTERS.claude(world),
      world.spec({ env: { CLAUDE_CODE_MAX_RETRIES: "1" } }),
    );
    expect(await session.outcome).toMatchObject({ kind: "ok" });
    expect(session.events).toContainEqual(
      expect.objectContaining({ type: "retry", message: expect.stringContaining("529") }),
    );
    world.endpoint.control(failing("api-529"));
    expect(await startSession(ADAPTERS.claude(world), world.spec()).outcome).toMatchObject({
      kind: "api",
      errorClass: "overloaded",
      status: 529,
    });
  });

  it("has crashed when it is killed, and continues the same conversation afterwards", async () => {
    world = await openRealWorld({ delayMs: 400 });
    const adapter = ADAPTERS.claude(world);
    const spec = world.spec();
    const session = startSession(adapter, spec);
    await eventually("the second request", () =>
      session.events.some((event) => event.type === "tool-result"),
    );
    killGroup(session.pids[0], "SIGKILL");
    expect(await session.outcome).toMatchObject({
      kind: "crashed",
      retry: "backoff",
      usage: { costUsd: expect.any(Number), estimatedUsd: expect.any(Number) },
    });
    await eventually("no process left", () => !session.pids.some(isAlive));
    world.endpoint.control({});
    expect(await startSession(adapter, { ...spec, resume: true }).outcome).toMatchObject({
      kind: "ok",
      sessionId: spec.conversation,
    });
    expect(existsSync(path.join(spec.cwd, "out/alpha.md"))).toBe(true);
  });

  it("goes on in a copy of a conversation through both adapters, and counts only what the copy has cost", async () => {
    world = await openRealWorld();
    const spec = world.spec();
    const first = await startSession(ADAPTERS.claude(world), spec).outcome;
    const costBefore = first.usage.costUsd ?? Number.NaN;
    for (const create of Object.values(ADAPTERS)) {
      const conversation = randomUUID();
      const copy = { ...spec, conversation, resume: true, forkOf: spec.conversation, costBefore };
      const outcome = await startSession(create(world), copy).outcome;
      expect(outcome).toMatchObject({ kind: "ok", sessionId: conversation });
      expect(outcome.usage.costUsd).toBeGreaterThan(0);
      expect(outcome.usage.costUsd).toBeLessThan(costBefore * 1.9);
    }
  });

  it("says so when a conversation that had begun is lost, instead of starting anew", async () => {
    world = await openRealWorld();
    const lost = startSession(ADAPTERS["claude-cli"](world), {
      ...world.spec(),
      resume: true,
      costBefore: 1,
    });
    expect(await lost.outcome).toMatchObject({
      kind: "crashed",
      message: expect.stringContaining("No conversation found"),
      retry: "backoff",
    });
  });

  it("starts anew when the conversation to continue is unknown, and continues one that exists already", async () => {
    world = await openRealWorld();
    const spec = world.spec();
    const unknown = startSession(ADAPTERS.claude(world), { ...spec, resume: true });
    expect(await unknown.outcome).toMatchObject({ kind: "ok", sessionId: spec.conversation });
    expect(unknown.events).toContainEqual(
      expect.objectContaining({ type: "note", text: "the conversation is unknown and starts anew" }),
    );
    const again = startSession(ADAPTERS["claude-cli"](world), { ...spec, resume: false });
    expect(await again.outcome).toMatchObject({ kind: "ok", sessionId: spec.conversation });
    expect(again.events).toContainEqual(
      expect.objectContaining({ type: "note", text: "the conversation exists already and is continued" }),
    );
  });
});
