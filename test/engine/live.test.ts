/**
 * People and running sessions through the engine: real git, a real host, the simulated agent. Defects these would catch: an answer that a
 * crash loses or doubles, a question that nobody is told about, a stop that loses what was written.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { createAdapter } from "../../src/adapters/agents/simulated.ts";
import { createInProcessHost } from "../../src/adapters/host/in-process.ts";
import type { Scenario } from "../../src/adapters/scenario/scenario.ts";
import type { RunSettings } from "../../src/core/definition.ts";
import type { Plan } from "../../src/core/plan/plan.ts";
import type { Question } from "../../src/core/workflow/question.ts";
import type { EngineDependencies } from "../../src/engine/dependencies.ts";
import type { Engine } from "../../src/engine/engine.ts";
import type { JournalStore } from "../../src/ports/journal.ts";
import type { Notifier } from "../../src/ports/notifier.ts";
import { THREE } from "../builders/worlds.ts";
import { createEngine, engineDependencies, onBase } from "../support/engine.ts";
import { eventually } from "../support/eventually.ts";
import { type Scratch, scratchRepository } from "../support/scratch-repository.ts";

const scratches: Scratch[] = [];
const engines: Engine[] = [];
afterEach(async () => {
  for (const engine of engines.splice(0)) await engine.close();
  for (const scratch of scratches.splice(0)) scratch.remove();
});

const ID = THREE.workflow.id;
const SLOT = "login";
const ASKS: Scenario = {
  deliverables: { [SLOT]: { asks: [{ question: "Which size?", options: ["small"] }] } },
};
const BUSY: Scenario = {
  deliverables: {
    [SLOT]: {
      delayMs: 20,
      calls: [{ tool: "Read", input: { path: "README.md" }, times: 2000, until: "told" }],
    },
  },
};

interface Live {
  readonly scratch: Scratch;
  readonly dependencies: EngineDependencies;
  readonly engine: Engine;
  readonly told: Parameters<Notifier["notify"]>[0][];
}

/** A started workflow whose agents play the scenario. */
async function live(
  scenario: Scenario,
  {
    changes = {},
    limits = {},
  }: { changes?: Partial<EngineDependencies>; limits?: Partial<RunSettings["limits"]> } = {},
): Promise<Live> {
  const scratch = await scratchRepository();
  scratches.push(scratch);
  const adapter = createAdapter({ scenario });
  const told: Live["told"] = [];
  const base = await engineDependencies(scratch);
  const host = createInProcessHost({
    commonDir: base.repository.commonDir,
    loadAdapter: async () => adapter,
  });
  const notifier: Notifier = { notify: async (message) => void told.push(message) };
  const dependencies = { ...base, host, notifier, ...changes };
  const engine = createEngine(dependencies);
  engines.push(engine);
  await engine.create(limited(onBase(THREE, await scratch.git("rev-parse", "HEAD")), limits), "ana");
  return { scratch, dependencies, engine, told };
}

function limited(plan: Plan, limits: Partial<RunSettings["limits"]>): Plan {
  const change = <T extends { readonly settings: RunSettings }>(one: T): T => ({
    ...one,
    settings: { ...one.settings, limits: { ...one.settings.limits, ...limits } },
  });
  return { ...change(plan), deliverables: plan.deliverables.map(change) };
}

function question(engine: Engine, kind: Question["kind"]): Promise<Question> {
  return eventually(`a question of kind ${kind}`, () =>
    engine.state(ID)?.questions.find((one) => one.kind === kind && one.subject === SLOT),
  );
}

function step(engine: Engine, name: string): Promise<unknown> {
  // An effect that met the one of a coordinator that is taken over is tried again after some seconds, more than once.
  return eventually(`${SLOT} at ${name}`, () => engine.state(ID)?.deliverables[SLOT]?.step === name, 50_000);
}

/** Everything that the work of the slot says on its branch. */
async function work({ scratch, engine }: Pick<Live, "scratch" | "engine">): Promise<string> {
  const { branch = "", base = "" } = engine.state(ID)?.deliverables[SLOT] ?? {};
  return scratch.git("diff", base, branch);
}

/** The engine of the next coordinator. */
async function successor(dependencies: EngineDependencies): Promise<Engine> {
  const { store } = dependencies;
  const acquire: JournalStore["acquire"] = (workflow) => store.acquire(workflow, { steal: true });
  const engine = createEngine({ ...dependencies, store: { ...store, acquire } });
  engines.push(engine);
  await engine.open(ID);
  return engine;
}

describe("a session that asks", () => {
  it("tells a person, waits, and goes on with the answer", async () => {
    const { engine, told } = await live(ASKS);
    const asked = await question(engine, "agent");
    expect(told).toContainEqual(
      expect.objectContaining({
        subject: SLOT,
        reason: "Which size?",
        command: `signalbox answer ${asked.id} "…"`,
      }),
    );
    expect(
      await engine.submit(ID, { type: "answer", question: asked.id, text: "small", by: "ana" }),
    ).toMatchObject({
      ok: true,
    });
    await step(engine, "merged");
    expect(engine.state(ID)?.messages).toBeUndefined();
    const events = await sessionEvents(engine);
    expect(events.filter((event) => event.type === "answered")).toMatchObject([{ by: "ana", text: "small" }]);
  });

  const sessionEvents = async (engine: Engine) => {
    const state = engine.state(ID);
    const record = Object.values(state?.sessions ?? {}).find((one) => one.subject === SLOT);
    return scenarioHost().events(ID, record?.id ?? "");
  };
  const scenarioHost = () =>
    createInProcessHost({
      commonDir: join(scratches[0]?.root ?? "", ".git"),
      loadAdapter: () => Promise.reject(new Error("it only reads")),
    });

  it("gets its answer once although the coordinator died after it was recorded", async () => {
    let deliveries = 0;
    const first = await live(ASKS);
    const { deliver } = first.dependencies.host;
    // Sent, and its sender never hears of it: the next coordinator sends it again.
    const host = {
      ...first.dependencies.host,
      deliver: async (...args: Parameters<typeof deliver>) => {
        deliveries += 1;
        await deliver(...args);
        return new Promise<never>(() => {});
      },
    };
    const second = await successor({ ...first.dependencies, host });
    const asked = await question(second, "agent");
    await second.submit(ID, { type: "answer", question: asked.id, text: "small", by: "ana" });
    await eventually("it is sent", () => deliveries > 0);
    const third = await successor(first.dependencies);
    await step(third, "merged");
    const events = await sessionEvents(third);
    expect(events.filter((event) => event.type === "answered")).toHaveLength(1);
    expect(third.state(ID)).toMatchObject({ decisions: [{ question: asked.id, word: "answer" }] });
    expect(third.state(ID)?.messages).toBeUndefined();
    expect(third.state(ID)?.notes.filter((note) => note.by === "signalbox")).toEqual([]);
  });

  it("asks once although every coordinator reads its events from the start", async () => {
    const { engine, dependencies } = await live(ASKS);
    await question(engine, "agent");
    const next = await successor(dependencies);
    await question(next, "agent");
    await next.submit(ID, { type: "answer", question: SLOT, text: "small", by: "ana" });
    await step(next, "merged");
    expect(next.state(ID)?.counters.question).toBe(1 + (next.state(ID)?.questions.length ?? 0));
  });

  it("goes on by itself when nobody answers, and the question closes with that record", async () => {
    const { engine } = await live(ASKS, { limits: { answerMs: 300 } });
    const asked = await question(engine, "agent");
    await step(engine, "merged");
    expect(engine.state(ID)?.questions.filter((one) => one.kind === "agent")).toEqual([]);
    expect(engine.state(ID)?.log).toContainEqual(
      expect.objectContaining({
        event: "QUESTION_CLOSED",
        details: expect.stringMatching(new RegExp(`^${asked.id} of login: nobody answered in time`)),
      }),
    );
  });
});

describe("a session that is spoken to or stopped", () => {
  it("is told as trouble while it repeats itself, hears what a person says, and the trouble goes", async () => {
    const live_ = await live(BUSY);
    const { engine } = live_;
    const trouble = await question(engine, "trouble");
    expect(trouble.reason).toBe("loops: Read README.md, 5 times");
    await engine.submit(ID, { type: "say", subject: SLOT, text: "enough reading", by: "ana" });
    await step(engine, "merged");
    expect(engine.state(ID)?.questions.filter((one) => one.kind === "trouble")).toEqual([]);
  });

  it("ends, what it wrote is on its branch, and continuing takes up the same conversation", async () => {
    const one = await live(BUSY);
    const { engine, dependencies } = one;
    await question(engine, "trouble");
    const { branch = "", conversation } = engine.state(ID)?.deliverables[SLOT] ?? {};
    expect(conversation).toBeUndefined();
    writeFileSync(join(dependencies.repository.worktreePath(branch), "half.txt"), "half done\n");
    await engine.submit(ID, { type: "stop", subject: SLOT, by: "ana", reason: "wrong way" });
    const stopped = await question(engine, "stopped");
    expect(stopped.files).toEqual(["half.txt"]);
    expect(await one.scratch.git("show", `${stopped.commit}:half.txt`)).toBe("half done");
    expect(await work(one)).toContain("+half done");
    expect(await one.scratch.git("log", "-1", "--format=%s", branch)).toMatch(/ \(stopped, unfinished\)$/);
    expect(await dependencies.host.running()).not.toContainEqual(
      expect.objectContaining({ id: expect.stringContaining(`/${SLOT}/`) }),
    );
    const before = engine.state(ID)?.deliverables[SLOT];
    await engine.submit(ID, { type: "decide", subject: SLOT, word: "continue", text: "", by: "ana" });
    await question(engine, "trouble");
    const running = Object.values(engine.state(ID)?.sessions ?? {}).find(
      (session) => session.subject === SLOT && session.status === "DISPATCHED",
    );
    expect(running).toMatchObject({ attempt: 1, conversation: before?.conversation });
    await engine.submit(ID, { type: "say", subject: SLOT, text: "go on", by: "ana" });
    await step(engine, "merged");
  });
});
