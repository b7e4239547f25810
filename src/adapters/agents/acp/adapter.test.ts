/**
 * A real ACP agent by the protocol's own library, which does what a test orders. Defects these would catch: a write that leaves the worktree, a
 * permission that lasts, an agent that spends on, a conversation that is believed to go on, an answer that was never checked.
 */
import { existsSync, mkdirSync, readFileSync, symlinkSync } from "node:fs";
import path from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { ANSWER_SCHEMA } from "../../../../test/contracts/agent-contract.ts";
import {
  type Answering,
  isAlive,
  makePlace,
  type Place,
  type Running,
  startSession,
} from "../../../../test/support/agent-sessions.ts";
import { eventually } from "../../../../test/support/eventually.ts";
import { bubblewrapMissing, CONFINED } from "../../../../test/support/sandbox.ts";
import {
  type AcpPrograms,
  type AcpWorld,
  buildAcpPrograms,
  openAcpWorld,
} from "../../../../test/support/scripted-acp.ts";
import type { SessionSpec } from "../../../ports/session-host.ts";
import { killGroup } from "../../process/spawn.ts";
import { createAdapter } from "./adapter.ts";

const noSandbox = await bubblewrapMissing();
let built: Place;
let programs: AcpPrograms;
let world: AcpWorld;
beforeAll(() => {
  built = makePlace();
  programs = buildAcpPrograms(built.root);
});
afterAll(() => built.remove());
beforeEach(() => {
  world = openAcpWorld(programs);
});
afterEach(() => world.place.remove());

type Orders = Parameters<AcpWorld["spec"]>[0];
/** `cancelMs` is long, so that no slow machine looks like an agent that does not hear. */
const start = (spec: SessionSpec, ask?: Answering, cancelMs = 30_000): Running =>
  startSession(createAdapter({ toolProgram: programs.tools, cancelMs }), spec, ask);
const run = (orders: Orders, over: Partial<SessionSpec> = {}, ask?: Answering): Running =>
  start(world.spec(orders, over), ask);
const denied = (session: Running) => session.events.filter((event) => event.type === "denied");
const limits = (changes: Partial<SessionSpec["limits"]>) => ({
  limits: { wallMs: 60_000, idleMs: 60_000, startupMs: 60_000, turns: 30, usd: 5, ...changes },
});
const JUDGE = { purpose: "judge", schema: ANSWER_SCHEMA, tools: [], boundary: null } as const;
const heardIn = (file: string): readonly string[] =>
  readFileSync(file, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as string);

describe("what an ACP agent tells", () => {
  it("becomes events in our words: its words in one piece, its calls with their file, what it wrote", async () => {
    const session = run({
      turns: [[{ say: "Looks at the code, then writes." }, { write: "out/alpha.md", way: "asks" }]],
    });
    expect(await session.outcome).toMatchObject({
      kind: "ok",
      denials: [],
      usage: { costUsd: null, turns: 1 },
    });
    const file = path.join(world.place.cwd, "out/alpha.md");
    expect(session.events).toMatchObject([
      { type: "note", text: "scripted 1.2.3, over ACP" },
      { type: "conversation", id: expect.stringMatching(/^[0-9a-f-]{36}$/) },
      { type: "text", text: "Looks at the code, then writes." },
      { type: "tool", tool: "Edit", target: file },
      { type: "tool-result", tool: "Edit", error: false, target: file, wrote: file },
      { type: "usage", costUsd: null, turns: 1 },
    ]);
  });

  it("is its charter and instructions once, and not again where its conversation goes on", async () => {
    const heard = path.join(world.place.root, "heard");
    const first = await run({ heard }).outcome;
    await run({ heard }, { resume: true, conversation: first.sessionId, prompt: "Go on." }).outcome;
    const [one = "", two = ""] = heardIn(heard);
    expect(one).toMatch(/^The charter of a researcher\.\n\n/);
    expect(two).toBe("Go on.");
  });
});

describe("what an ACP agent may do", () => {
  it("is to write through us inside the worktree alone, also where a link leads out of it", async () => {
    mkdirSync(path.join(world.place.root, "elsewhere"));
    symlinkSync("../elsewhere", path.join(world.place.cwd, "link"));
    const session = run({
      turns: [[{ write: "../outside.md" }, { write: "link/a.md" }, { write: ".git/config" }]],
    });
    expect(await session.outcome).toMatchObject({ kind: "blocked", denials: [{ tool: "Write" }, {}, {}] });
    expect(denied(session).map(({ reason }) => reason)).toEqual([
      expect.stringMatching(/outside\.md is outside the worktree/),
      expect.stringMatching(/link\/a\.md is outside the worktree/),
      expect.stringMatching(/is git's own data/),
    ]);
    expect(existsSync(path.join(world.place.root, "outside.md"))).toBe(false);
    expect(existsSync(path.join(world.place.root, "elsewhere/a.md"))).toBe(false);
  });

  it("is no write that it asks about outside its paths or in a read-only session, and nobody is asked about that", async () => {
    const asked: unknown[] = [];
    const ask: Answering = (request) => {
      asked.push(request);
      return Promise.resolve({ word: "allow", text: "", by: "ana" });
    };
    const steps = { turns: [[{ write: "out/alpha.md", way: "asks" as const }]] };
    const outside = run(steps, { writes: ["docs/**"], permissions: "ask" }, ask);
    const reading = run(steps, { boundary: null, permissions: "ask" }, ask);
    const noEditor = run(steps, { tools: ["Read"], permissions: "ask" }, ask);
    for (const session of [outside, reading, noEditor]) expect((await session.outcome).kind).toBe("blocked");
    expect(asked).toEqual([]);
    expect(existsSync(path.join(world.place.cwd, "out/alpha.md"))).toBe(false);
  });

  it("is a command where its role has them, for this one time", async () => {
    const orders = { turns: [[{ run: "touch ran" }]] };
    const without = run(orders);
    expect(await without.outcome).toMatchObject({
      kind: "blocked",
      denials: [{ tool: "Bash", target: "touch ran" }],
    });
    expect(denied(without)[0]?.reason).toBe("Bash is no tool of this role");
    expect((await run(orders, { tools: ["Bash"] }).outcome).kind).toBe("ok");
    expect(existsSync(path.join(world.place.cwd, "ran"))).toBe(true);
  });

  it("waits for a person where the rules leave it open, who may allow or deny it", async () => {
    const asked: unknown[] = [];
    const saying =
      (word: "allow" | "deny"): Answering =>
      (request) => {
        asked.push(request);
        return Promise.resolve({ word, text: word === "deny" ? "not now" : "", by: "ana" });
      };
    const orders = { turns: [[{ run: "touch ran" }]] };
    const refused = run(orders, { permissions: "ask" }, saying("deny"));
    expect((await refused.outcome).kind).toBe("blocked");
    expect(denied(refused)[0]?.reason).toBe("ana denied it. not now");
    expect((await run(orders, { permissions: "ask" }, saying("allow")).outcome).kind).toBe("ok");
    expect(asked[1]).toEqual({
      kind: "permission",
      question: "Bash is no tool of this role",
      choices: [],
      tool: "Bash",
      target: "touch ran",
    });
    expect(existsSync(path.join(world.place.cwd, "ran"))).toBe(true);
  });

  it("is to ask a person with a tool of ours", async () => {
    const call = { name: "ask_user", arguments: { question: "Which size?" } };
    const ask: Answering = ({ question }) =>
      Promise.resolve({ word: "answer", text: `${question} small`, by: "ana" });
    const outcome = await run({ turns: [[{ call }]] }, {}, ask).outcome;
    expect(outcome).toMatchObject({
      kind: "ok",
      text: expect.stringContaining("ana answers: Which size? small"),
    });
  });
});

describe("an ACP agent that asks nobody", () => {
  const call = { name: "report_progress", arguments: { message: "half way" } };
  const silent = (write: string) => ({ write, way: "silent" as const });
  const turns = [[silent("../outside.md"), silent("out/alpha.md"), { call }]];

  it("writes where the user can", async () => {
    expect((await run({ turns }).outcome).kind).toBe("ok");
    expect(existsSync(path.join(world.place.root, "outside.md"))).toBe(true);
  });

  it.skipIf(noSandbox !== null)("is confined by a sandbox, and reaches our tools from inside", async () => {
    const session = run({ turns }, CONFINED);
    expect((await session.outcome).kind).toBe("ok");
    expect(existsSync(path.join(world.place.root, "outside.md"))).toBe(false);
    expect(existsSync(path.join(world.place.cwd, "out/alpha.md"))).toBe(true);
    expect(session.events).toContainEqual(
      expect.objectContaining({ type: "note", text: "report_progress: half way" }),
    );
    await eventually("no process left", () => !session.pids.some(isAlive));
  });
});

describe("limits of an ACP agent", () => {
  it("stop it when it has spent its money, which is counted without what was spent before", async () => {
    const orders = {
      turns: [[{ cost: 1.5 }, { say: "Goes on." }, { cost: 3.1 }, { wait: "cancel" as const }]],
    };
    const session = run(orders, { ...limits({ usd: 2 }), costBefore: 1 });
    expect(await session.outcome).toMatchObject({
      kind: "limit",
      which: "usd",
      retry: "never",
      usage: { costUsd: 2.1 },
    });
    await eventually("no process left", () => !session.pids.some(isAlive));
  });

  it("know no money where the agent names none, or one in another currency", async () => {
    const orders = { turns: [[{ cost: 900, currency: "JPY" }, { say: "Done." }]] };
    expect(await run(orders, limits({ usd: 2 })).outcome).toMatchObject({
      kind: "ok",
      usage: { costUsd: null },
    });
  });

  it("stop it after its turns", async () => {
    const steps = Array.from({ length: 9 }, (_, index) => ({ write: `out/${index}.md` }));
    const outcome = await run({ turns: [[...steps, { wait: "cancel" }]] }, limits({ turns: 4 })).outcome;
    expect(outcome).toMatchObject({ kind: "limit", which: "turns", usage: { turns: expect.any(Number) } });
    expect(outcome.usage.turns).toBeGreaterThan(4);
  });

  it("leave nothing to start with when there is no money", async () => {
    const session = run({}, limits({ usd: 0 }));
    expect(await session.outcome).toMatchObject({ kind: "limit", which: "usd", usage: { costUsd: 0 } });
    expect(session.pids).toEqual([]);
  });
});

describe("conversations of an ACP agent", () => {
  it("go on after it was killed, by the id that it chose itself", async () => {
    const session = run({ turns: [[{ say: "Begins." }, { cost: 0.25 }, { wait: "deaf" }]] });
    await eventually("its cost", () => session.events.some((event) => event.type === "usage"));
    killGroup(session.pids[0], "SIGKILL");
    const killed = await session.outcome;
    expect(killed).toMatchObject({ kind: "crashed", retry: "backoff", usage: { costUsd: 0.25 } });
    const again = { resume: true, conversation: killed.sessionId, costBefore: 0.25 };
    const orders = { turns: [[], [{ write: "out/alpha.md" }, { cost: 0.35 }]] };
    expect(await run(orders, again).outcome).toMatchObject({
      kind: "ok",
      sessionId: killed.sessionId,
      usage: { costUsd: 0.1 },
    });
    expect(existsSync(path.join(world.place.cwd, "out/alpha.md"))).toBe(true);
  });

  it("are lost where it says that it continues them and cannot, and are not believed in again", async () => {
    const orders = { memory: "claims", turns: [[{ say: "Done." }]] } as const;
    const first = await run(orders).outcome;
    expect(first.sessionId).not.toBe("");
    const lost = await run(orders, { resume: true, conversation: first.sessionId }).outcome;
    expect(lost).toMatchObject({
      kind: "crashed",
      retry: "backoff",
      message: expect.stringContaining("No conversation found"),
    });
    expect((await run(orders).outcome).sessionId).toBe("");
  });

  it("have no id to continue where it says that it continues none", async () => {
    const session = run({ memory: "none" });
    expect(await session.outcome).toMatchObject({ kind: "ok", sessionId: "" });
    expect(session.events).toContainEqual(expect.objectContaining({ type: "conversation", id: "" }));
  });
});

describe("people and an ACP agent", () => {
  it("a word is heard as the next turn, an interrupt ends the present one first, and both come too late at the end", async () => {
    const heard = path.join(world.place.root, "heard");
    const session = run({ heard, turns: [[{ say: "Begins." }, { wait: "cancel" }], [{ say: "Changed." }]] });
    await eventually("its first words", () => existsSync(heard));
    expect(session.say("use the small one", "ana")).toBe(true);
    expect(session.say("stop that", "ana", "interrupt")).toBe(true);
    expect(await session.outcome).toMatchObject({ kind: "ok", text: "Changed." });
    const [, second = ""] = heardIn(heard);
    expect(second).toMatch(/ana says, while this session runs:\s+use the small one/);
    expect(second).toMatch(/ana interrupted you\.[\s\S]*stop that/);
    expect(session.say("more", "ana")).toBe(false);
  });

  it("a stop cancels its turn, and an agent that does not hear it is ended", async () => {
    const polite = run({ turns: [[{ say: "Begins." }, { wait: "cancel" }]] });
    const deaf = start(world.spec({ turns: [[{ say: "Begins." }, { wait: "deaf" }]] }), undefined, 300);
    for (const session of [polite, deaf]) {
      await eventually("its turn", () => session.events.some((event) => event.type === "conversation"));
      session.abort("enough");
      expect(await session.outcome).toMatchObject({ kind: "cancelled", reason: "enough" });
      await eventually("no process left", () => !session.pids.some(isAlive));
    }
  });
});

describe("structured answers of an ACP agent", () => {
  it("are taken from its text, also out of a block with words around it", async () => {
    const say = 'Here it is:\n```json\n{ "score": 0.4 }\n```\nThat is all.';
    expect(await run({ turns: [[{ say }]] }, JUDGE).outcome).toMatchObject({
      kind: "ok",
      structured: { score: 0.4 },
    });
  });

  it("come through our tool where the agent takes it, which refuses what does not fit", async () => {
    const call = (score: number) => ({
      call: { name: "submit_answer", arguments: { score, wait_for_previous: true } },
    });
    const outcome = await run({ turns: [[call(7), call(0.7)]] }, JUDGE).outcome;
    expect(outcome).toMatchObject({ kind: "ok", structured: { score: 0.7 } });
  });

  it("may be mended once: what does not fit is told, and what does not fit again is no answer", async () => {
    const heard = path.join(world.place.root, "heard");
    const turns = [[{ say: '{"score": 7}' }], [{ say: '{"score": 0.7}' }]];
    expect(await run({ heard, turns }, JUDGE).outcome).toMatchObject({
      kind: "ok",
      structured: { score: 0.7 },
    });
    expect(heardIn(heard)[1]).toMatch(/The answer cannot be used: [\s\S]*score/);
    const never = await run({ turns: [[{ say: '{"score": 7}' }]] }, JUDGE).outcome;
    expect(never).toMatchObject({
      kind: "limit",
      which: "structured",
      retry: "backoff",
      usage: { turns: 2 },
    });
  });
});

describe("how an ACP agent fails", () => {
  it("has crashed when its process ends, is not there, or speaks another version", async () => {
    expect(await run({ turns: [[{ exit: 3 }]] }).outcome).toMatchObject({
      kind: "crashed",
      retry: "backoff",
      message: expect.stringContaining("ended with exit code 3"),
    });
    expect(await run({}, { agent: { command: ["no-such-agent"] } }).outcome).toMatchObject({
      kind: "crashed",
      retry: "never",
      message: expect.stringContaining("no-such-agent could not be started"),
    });
    expect(await run({ version: 2 }).outcome).toMatchObject({ kind: "crashed", retry: "never" });
  });

  it("cannot be in a mode that it does not have", async () => {
    const { agent } = world.spec({});
    const outcome = await run({}, { agent: { ...agent, command: agent?.command ?? [], mode: "yolo" } })
      .outcome;
    expect(outcome).toMatchObject({
      kind: "crashed",
      retry: "never",
      message: expect.stringContaining("it has no mode yolo"),
    });
  });
});
