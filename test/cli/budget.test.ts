/** `signalbox budget`: what is shown of money, and how a person changes or answers a limit. */
import { describe, expect, it } from "vitest";
import { replay } from "../../src/core/workflow/replay.ts";
import type { WorkflowState } from "../../src/core/workflow/state.ts";
import { aPlanContext, multiInstance } from "../builders/definitions.ts";
import { planOf } from "../builders/derived.ts";
import { aWorld, told, type World } from "./harness.ts";

const ID = "demo-20260220-001";

async function withWorkflow(): Promise<World & { readonly state: () => Promise<WorkflowState | null> }> {
  const world = await aWorld();
  const engine = await world.coordinate();
  await engine.create(planOf(multiInstance(), aPlanContext({ id: ID })).plan, "ada");
  return { ...world, state: async () => replay(await world.store.load(ID)) };
}

describe("signalbox budget", () => {
  it("shows limit, spent and reserved of one level", async () => {
    const world = await withWorkflow();
    expect(told(await world.run("budget", "workflow"))).toMatchInlineSnapshot(`
      "exit 0
      --- stdout
      workflow	demo-20260220-001	$10.00	$0.00	-	$10.00	-"
    `);
  });

  it("prints every level as one document", async () => {
    const world = await withWorkflow();
    const document = JSON.parse((await world.run("budget", "--json")).stdout);
    expect(document).toMatchObject({ workflow: ID, started: { sessions: 0, limit: null }, sessions: [] });
    expect(document.lines[0]).toEqual({
      subject: "workflow",
      usd: 10,
      planned: 10,
      spent: 0,
      guessed: 0,
      held: 0,
      running: 0,
      unlimited: 0,
      unknown: 0,
      assumed: 0,
      level: "workflow",
      left: 10,
      question: null,
    });
    const levels = document.lines.map(({ level }: { readonly level: string }) => level);
    expect(new Set(levels)).toEqual(new Set(["workflow", "phase", "barrier", "slot", "handoff"]));
  });

  it("takes the workflow as its argument, as other verbs that look do", async () => {
    const world = await withWorkflow();
    expect(JSON.parse((await world.run("budget", "demo", "--json")).stdout).lines.length).toBeGreaterThan(5);
  });

  it("adds to a limit, sets one, and takes one away", async () => {
    const world = await withWorkflow();
    expect(told(await world.run("budget", "add", "5"))).toMatchInlineSnapshot(`
      "exit 0
      --- stderr
      ✓ workflow: $5.00 more
      ↳ See all limits: signalbox budget"
    `);
    expect((await world.run("budget", "set", "2.50", "phase-1")).code).toBe(0);
    expect((await world.state())?.spend).toMatchObject({ usdLimit: 15, usdLimits: { "phase-1": 2.5 } });
    expect((await world.run("budget", "set", "none", "phase-1")).code).toBe(0);
    expect((await world.state())?.spend.usdLimits).toEqual({ "phase-1": null });
  });

  it.each([
    [["add"], "budget add needs an amount"],
    [["set", "much"], "much is not an amount of money"],
    [["add", "1", "phase-1"], "phase-1 has no money limit of its own to add to"],
    [["finish"], "workflow is not at a limit"],
    [["CP-001"], "CP-001 spends no money of its own"],
  ])("refuses %j with exit 2 and a reason", async (words, reason) => {
    const ran = await (await withWorkflow()).run("budget", ...words);
    expect(ran.code).toBe(2);
    expect(ran.stderr).toContain(reason);
  });
});
