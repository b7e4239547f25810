import { describe, expect, it } from "vitest";
import { World } from "../../../test/builders/world.ts";
import { THREE } from "../../../test/builders/worlds.ts";
import { units } from "../../core/view/unit.ts";
import { runningSessions } from "../../core/workflow/queries.ts";
import type { WorkflowState } from "../../core/workflow/state.ts";
import { createStyle } from "../output/style.ts";
import { statusText } from "./board.ts";
import { activityText } from "./row.ts";
import { standsStill } from "./standstill.ts";

function paused(when: (state: WorkflowState) => boolean): WorkflowState {
  const world = new World(THREE);
  world.run(when);
  expect(standsStill(world.now)).toBe(false);
  world.submit({ type: "pause", reason: "lunch", by: "ana" });
  return world.now;
}

describe("a workflow that stands still", () => {
  it("is also one that was paused in the middle of a step", () => {
    expect(
      standsStill(paused((state) => Object.values(state.deliverables).some((d) => d.step === "commit"))),
    ).toBe(true);
  });

  it("is also one that was paused with a change of its branch in the queue", () => {
    expect(standsStill(paused((state) => state.integrations.some((i) => i.type === "merge")))).toBe(true);
  });

  it("is not one that was paused while an agent ends its turn", () => {
    const world = new World(THREE);
    world.run((state) => Object.values(state.deliverables).some((d) => d.step === "create"));
    const [session] = Object.values(world.now.deliverables).filter((d) => d.step === "create");
    world.submit({
      type: "session-dispatched",
      effect: `${world.now.id}/1/${session?.id}/1/create.r1.t1`,
      conversation: "c",
    });
    expect(runningSessions(world.now)).toHaveLength(1);
    world.submit({ type: "pause", reason: "lunch", by: "ana" });
    expect(standsStill(world.now)).toBe(false);
  });
});

describe("a phase whose money is spent", () => {
  it("is shown as waiting for a person, not as running", () => {
    const [first, ...others] = THREE.stages;
    if (first === undefined) throw new Error("no stage");
    const world = new World({ ...THREE, stages: [{ ...first, usd: 0.02 }, ...others] });
    const state = world.run();
    expect(state.questions.map((q) => q.kind)).toContain("limit");
    expect(statusText(state, createStyle({ isTTY: false, write: () => {} }, {}, "never"), false)).toBe(
      "waits for a decision",
    );
    const waiting = units(state).filter(
      (unit) => unit.state.step === "create" || unit.state.step === "judge",
    );
    expect(waiting.map((unit) => activityText(state, unit))).toEqual(waiting.map(() => "at the limit"));
    expect(waiting.length).toBeGreaterThan(0);
  });
});
