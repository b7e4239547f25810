/**
 * A person and running sessions, on the command line. Defects these would catch: an answer that needs to know the workflow, one that dies
 * with the coordinator, a refusal that does not say what to do, a stop that leaves a process.
 */
import { describe, expect, it } from "vitest";
import { kill } from "../support/e2e-processes.ts";
import { openWorld, type World } from "../support/e2e-world.ts";
import { eventually } from "../support/eventually.ts";

const SCENARIO = {
  deliverables: {
    asker: { asks: [{ question: "Which size?", options: ["small", "large"] }] },
    busy: {
      delayMs: 50,
      calls: [{ tool: "Read", input: { path: "README.md" }, times: 5000, until: "told" as const }],
    },
  },
};
const TASKS = `workflow: Talk
stages:
  - phase: Work
    slots:
      - { id: asker, role: coder, makes: commit, brief: Ask first }
      - { id: busy, role: coder, makes: commit, brief: Read a lot }
`;

async function talking(...ids: readonly string[]): Promise<World> {
  const world = await openWorld({ scenario: SCENARIO });
  const definition = await world.define("talk", TASKS);
  for (const id of ids) {
    await world.ok("run", definition, "--use", "simulated", "--id", id, "--detach", "--yes");
    await world.until(id, "both want something", (state) => state.questions.length === 2);
  }
  return world;
}

const asking = (world: World, id: string) =>
  world.until(id, "nothing asks", (state) => state.questions.every((one) => one.kind !== "agent"));

describe("a session that asks", () => {
  it("is answered by the question alone, over all workflows, and a second answer says what became of the first", async () => {
    const world = await talking("one");
    const status = await world.ok("status");
    expect(status).toContain("asks you");
    expect(status).toMatch(/loops: Read README\.md, 5 times, since \d\d:\d\d/);
    expect(status).toContain("signalbox answer Q-001 'small'");
    const ran = await world.run("answer", "Q-001", "the small one");
    expect([ran.code, ran.stderr]).toEqual([0, expect.stringContaining("Q-001 is answered")]);
    await asking(world, "one");
    expect(await world.ok("logs", "asker")).toContain("ana answered: the small one");
    const again = await world.run("answer", "Q-001", "the large one");
    expect(again.code).toBe(1);
    expect(again.stderr).toContain("Q-001 is not open any more: ana answered it: the small one (RD-001)");
    const trouble = await world.run("answer", "Q-002", "yes");
    expect(trouble.code).not.toBe(0);
    expect(trouble.stderr).toContain("signalbox decide Q-002 continue");
    await world.ok("cancel", "one", "--yes");
  });

  it("is told apart from the same question of another workflow", async () => {
    const world = await talking("one", "two");
    const ran = await world.run("answer", "Q-001", "small");
    expect(ran.code).toBe(2);
    expect(ran.stderr).toMatch(/Q-001 could be Q-001 \(asker, one\), Q-001 \(asker, two\)/);
    await world.ok("answer", "1", "small", "-w", "two");
    await asking(world, "two");
    expect((await world.state("one"))?.questions).toHaveLength(2);
    for (const id of ["one", "two"]) await world.ok("cancel", id, "--yes");
  });

  it("gets its answer although the coordinator was killed while it waited", async () => {
    const world = await talking("one");
    const coordinator = (await world.coordinator()) ?? expect.fail("no coordinator");
    kill(coordinator.pid, "SIGKILL");
    await eventually("it is dead", async () => (await world.coordinator()) === null);
    await world.ok("answer", "asker", "small");
    await asking(world, "one");
    expect(await world.ok("logs", "asker")).toContain("ana answered: small");
    await world.ok("cancel", "one", "--yes");
  });
});

describe("a session at work", () => {
  it("hears what a person says, and a slot where nobody works says why not", async () => {
    const world = await talking("one");
    const ran = await world.run("say", "bus", "enough reading");
    expect([ran.code, ran.stderr]).toEqual([0, expect.stringContaining("busy is told")]);
    const state = await world.until(
      "one",
      "busy is done",
      ({ deliverables }) => deliverables.busy?.step !== "create",
    );
    expect(state.notes).toContainEqual(
      expect.objectContaining({ by: "ana", subject: "busy", text: "said to the session: enough reading" }),
    );
    await world.until(
      "one",
      "a person is needed",
      ({ deliverables }) => deliverables.busy?.step === "waiting",
    );
    const late = await world.run("say", "busy", "one more thing");
    expect(late.code).toBe(1);
    expect(late.stderr).toContain("no agent works on busy now: it waits for a person");
    await world.ok("cancel", "one", "--yes");
  });

  it("is stopped, and goes on where it was", async () => {
    const world = await talking("one");
    await world.ok("stop", "busy", "-m", "read less");
    const state = await world.until("one", "it asks how to go on", ({ questions }) =>
      questions.some((one) => one.kind === "stopped"),
    );
    expect(state.questions.find((one) => one.kind === "stopped")?.reason).toBe(
      "ana stopped it (read less): it had written nothing",
    );
    expect((await world.run("stop", "busy")).stderr).toContain("no agent works on busy now");
    await world.ok("decide", "busy", "continue");
    await world.until("one", "it reads again", ({ questions }) =>
      questions.some((one) => one.kind === "trouble"),
    );
    await world.ok("cancel", "one", "--yes");
  });
});
