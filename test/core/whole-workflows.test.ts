import { describe, expect, it } from "vitest";
import type { Plan } from "../../src/core/plan/plan.ts";
import { World } from "../builders/world.ts";
import { aWorkflowPlan, EN108, MULTI, THREE } from "../builders/worlds.ts";

function approveAll(world: World): void {
  for (let i = 0; i < 20; i += 1) {
    world.run();
    const question = world.now.questions.find((q) => q.options.includes("approve"));
    if (question === undefined) return;
    world.submit({ type: "approve", subject: question.subject, by: "ana", note: "" });
  }
}

describe("a whole workflow in a world that does what it is asked", () => {
  it.each([
    ["the cross-pollinated one", MULTI],
    ["the sequential one", EN108],
    ["three fixes", THREE],
  ] as readonly [string, Plan][])("completes %s once a person has approved what waits", (_, plan) => {
    const world = new World(plan);
    approveAll(world);
    expect(world.now.questions).toEqual([]);
    expect(world.now.status).toBe("COMPLETE");
    expect(Object.values(world.now.deliverables).every((d) => d.step === "merged")).toBe(true);
  });

  it("makes the planned checkpoints in order and no other", () => {
    const world = new World(MULTI);
    approveAll(world);
    expect(world.now.checkpoints.map((c) => [c.id, c.trigger, c.recoveryPoint])).toEqual([
      ["CP-001", "PHASE_COMPLETE", "barrier-1-start"],
      ["CP-002", "BARRIER_COMPLETE", "phase-2-start"],
      ["CP-003", "PHASE_COMPLETE", "barrier-2-start"],
      ["CP-004", "BARRIER_COMPLETE", "phase-3-start"],
      ["CP-005", "WORKFLOW_COMPLETE", "workflow-complete"],
    ]);
    expect(world.now.checkpoints.every((c) => c.commit !== null)).toBe(true);
  });

  it("goes exactly three rounds under h14 although the first draft reaches the threshold", () => {
    const world = new World(MULTI);
    approveAll(world);
    const verdicts = world.now.deliverables["agent-a-001"]?.rounds.map((r) => [r.round, r.verdict]);
    expect(verdicts).toEqual([
      [1, "HARDEN"],
      [2, "HARDEN"],
      [3, "PASS"],
    ]);
  });

  it("never has more agents at once than the limit allows", () => {
    const plan = aWorkflowPlan({
      ...MULTI,
      settings: { ...MULTI.settings, limits: { ...MULTI.settings.limits, parallel: 1 } },
    });
    const world = new World(plan, {
      end: (_, w) => {
        expect(
          Object.values(w.now.sessions).filter((s) => s.status === "DISPATCHED").length,
        ).toBeLessThanOrEqual(1);
        return undefined;
      },
    });
    approveAll(world);
    expect(world.now.status).toBe("COMPLETE");
  });
});
