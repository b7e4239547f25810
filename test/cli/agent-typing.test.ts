/** An agent that drives the command line from outside: it may start and look, and answers for nobody without consent. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { CliIo } from "../../src/cli/io.ts";
import { aPlanContext, multiInstance } from "../builders/definitions.ts";
import { planOf } from "../builders/derived.ts";
import type { FakeEngine } from "./fake-engine.ts";
import { aWorld, type Ran, told, type World } from "./harness.ts";

const ID = "demo-20260220-001";

interface Driven extends World {
  readonly engine: FakeEngine;
  /** Runs a command as an agent's shell would. */
  asAgent(...argv: readonly string[]): Promise<Ran>;
}

/** A workflow that asks about its plan; `configuration` is what its base says. */
async function aQuestion(configuration?: string): Promise<Driven> {
  const world = await aWorld();
  if (configuration !== undefined) {
    await world.write("signalbox.yaml", configuration);
    await world.git("add", ".");
    await world.git("commit", "-q", "-m", "configure");
  }
  const engine = await world.coordinate();
  const { plan } = planOf(multiInstance(), aPlanContext({ id: ID }));
  const commit = (await world.git("rev-parse", "HEAD")).trim();
  await engine.create({ ...plan, base: { ...plan.base, commit } }, "ada");
  const env: CliIo["env"] = { ...world.env, CLAUDECODE: "1" };
  return { ...world, engine, asAgent: (...argv) => world.runWith({ env, cwd: world.root }, ...argv) };
}

describe("an agent outside of our sessions", () => {
  it("is told that a person must type an answer", async () => {
    const world = await aQuestion();
    expect(told(await world.asAgent("approve", "plan"))).toMatchInlineSnapshot(`
      "exit 4
      --- stderr
      ✗ approve answers for a person, and this was typed by an agent; a person must type it
      ↳ Show the person what waits and the commands that answer it: signalbox inbox"
    `);
    expect(world.engine.state(ID)?.questions).toHaveLength(1);
  });

  it.each([
    ["reject", "plan", "-m", "no"],
    ["decide", "plan", "waive"],
    ["rewind", "CP-001", "--yes"],
    ["send-back", "agent-a-001", "again"],
    ["skip", "agent-a-001", "--yes"],
    ["land", "agent-a-001", "--here"],
  ])("may not %s", async (...argv) => {
    const world = await aQuestion();
    const ran = await world.asAgent(...argv);
    expect(ran.stderr).toMatch(/a person must type it|No checkpoint is named/);
    expect(ran.code).toBe(ran.stderr.includes("a person must") ? 4 : 2);
  });

  it("answers with JSON errors like any other command", async () => {
    const world = await aQuestion();
    const ran = await world.asAgent("approve", "plan", "--json");
    expect(JSON.parse(ran.stdout)).toMatchObject({ error: { code: "needs-a-person", retryable: false } });
    expect(ran.code).toBe(4);
  });

  it("may look, pause and note, and is named in the record", async () => {
    const world = await aQuestion();
    for (const argv of [["status"], ["inbox"], ["ps"], ["show", "plan"]])
      expect((await world.asAgent(...argv)).code).toBe(0);
    expect((await world.asAgent("note", "workflow", "looks fine")).code).toBe(0);
    expect(world.engine.state(ID)?.notes[0]).toMatchObject({ by: "ada (agent)", text: "looks fine" });
    expect((await world.asAgent("pause")).code).toBe(0);
  });

  it("may not let --yes answer for a person", async () => {
    const world = await aQuestion();
    await world.write(
      "w.yaml",
      "workflow: One\nuse: simulated\nstages:\n  - phase: P\n    slots:\n      - id: a\n        brief: b\n",
    );
    const ran = await world.asAgent("run", "w.yaml", "--yes", "--detach");
    expect(ran.code).toBe(4);
    expect(ran.stderr).toContain("--yes answers for a person");
    expect(ran.stderr).toContain("signalbox run <definition> --detach");
    expect((await world.asAgent("run", "w.yaml", "--detach")).code).toBe(0);
  });

  it("is known by the shell that started the command, where that alone carries the mark", async () => {
    const world = await aQuestion();
    const parentEnv = (name: string): string | undefined => (name === "CLAUDECODE" ? "1" : undefined);
    expect((await world.runWith({ cwd: world.root, parentEnv }, "approve", "plan")).code).toBe(4);
  });
});

describe("consent to answers of agents", () => {
  it("counts where it stands in the base of the workflow, and the record says who answered", async () => {
    const world = await aQuestion("approvals: { agents: allow }\n");
    expect((await world.asAgent("approve", "plan", "-m", "read it")).code).toBe(0);
    expect(world.engine.state(ID)?.decisions.map(({ by }) => by)).toContain("ada (agent)");
  });

  it("counts where it stands in the user's own configuration", async () => {
    const world = await aQuestion();
    const folder = join(world.root, "..", ".config", "signalbox");
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, "config.yaml"), "approvals: { agents: allow }\n");
    expect((await world.asAgent("approve", "plan")).code).toBe(0);
  });

  it("does not count in the checkout, where an agent could write it, nor in a later commit", async () => {
    const world = await aQuestion();
    await world.write("signalbox.yaml", "approvals: { agents: allow }\n");
    expect((await world.asAgent("approve", "plan")).code).toBe(4);
    await world.git("add", ".");
    await world.git("commit", "-q", "-m", "allow myself");
    expect((await world.asAgent("approve", "plan")).code).toBe(4);
  });

  it("does not reach into a session of a workflow", async () => {
    const world = await aQuestion("approvals: { agents: allow }\n");
    const env = { ...world.env, CLAUDECODE: "1", SIGNALBOX_SESSION: "x" };
    const ran = await world.runWith({ env, cwd: world.root }, "approve", "plan");
    expect(ran.stderr).toContain("inside an agent's session");
  });
});
