import { describe, expect, it } from "vitest";
import type { Fault } from "../../src/adapters/scenario/scenario.ts";
import { openWorld } from "../support/e2e-world.ts";

const ID = "one-20260220-001";
const ONE = `workflow: One
slug: one
criticality: C2
limits: { retries: 0, idle: 1s }
stages:
  - phase: Research
    slots:
      - { role: ps-researcher, makes: research, brief: Find out }
`;

/** Every way in which a judge can fail to give a verdict. All of them would score 0.99 if they did. */
const FAULTS: readonly Fault[] = [
  "timeout",
  "prose",
  "nan",
  "over-one",
  "omit-dimension",
  "no-evidence",
  "crash",
  "api-500",
  "api-401",
  "empty-artifact",
];

describe("a gate whose judges give no verdict", () => {
  it.each(FAULTS)("never merges: %s", async (fault) => {
    const rule = { fault, task: fault === "empty-artifact" ? ("create" as const) : ("judge" as const) };
    const world = await openWorld({
      scenario: { deliverables: { "*": { scores: [0.99], fail: [rule], delayMs: 0 } } },
    });
    const definition = await world.define("one", ONE);
    const ran = await world.run("run", definition, "--use", "simulated", "--id", ID, "--yes");
    expect([3, 4, 5]).toContain(ran.code);
    const state = (await world.state(ID)) ?? expect.fail("no state");
    expect(state.questions.length).toBeGreaterThan(0);
    expect(state.deliverables["agent-a-001"]?.approval).toBeUndefined();
    expect(state.deliverables["agent-a-001"]?.rounds.some((round) => round.verdict === "PASS")).toBe(false);
    expect(await world.git("log", "--merges", "--format=%s", `signalbox/${ID}/main`)).toBe("");
  });
});
