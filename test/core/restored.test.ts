import { describe, expect, it } from "vitest";
import { decide } from "../../src/core/workflow/decide.ts";
import { evolve } from "../../src/core/workflow/evolve.ts";
import { nextEffects } from "../../src/core/workflow/next-effects.ts";
import type { WorkflowState } from "../../src/core/workflow/state.ts";
import { World } from "../builders/world.ts";
import { MULTI, THREE } from "../builders/worlds.ts";

const HEAD = "f".repeat(40);

/** The state as another machine takes it up from the pushed branch. */
function elsewhere(state: WorkflowState): WorkflowState {
  const at = state.updatedAt;
  const restored = evolve(null, { at, type: "workflow.restored", state, head: HEAD });
  const decision = decide(restored, { at, type: "opened" });
  if (!decision.ok) throw new Error(decision.rejection.message);
  return decision.events.reduce<WorkflowState>((before, event) => evolve(before, event), restored);
}

function approved(world: World, subject: string): World {
  world.run();
  world.submit({ type: "approve", subject, by: "ana", note: "" });
  return world;
}

describe("a workflow that is taken up from its branch", () => {
  it("starts work anew that a person was asked about, because nothing here holds that work", () => {
    const world = approved(
      new World(MULTI, { score: (effect) => (effect.subject === "agent-b-001" ? 0.7 : undefined) }),
      "plan",
    );
    world.run();
    expect(world.now.questions.map((q) => [q.subject, q.kind])).toEqual([["agent-b-001", "escalation"]]);
    const state = elsewhere(world.now);
    expect(state.questions).toEqual([]);
    expect(state.blockers).toEqual([]);
    expect(state.deliverables["agent-b-001"]).toMatchObject({ step: "provision", attempt: 2 });
    expect(state.deliverables["agent-a-001"]).toMatchObject({ step: "merged" });
    expect(
      nextEffects(state).some(
        (e) => e.kind === "provision" && e.subject === "agent-b-001" && e.base === HEAD,
      ),
    ).toBe(true);
  });

  it("lets nobody's work pass for a person's: what a person was writing is gone, and so is its waiver", () => {
    const world = approved(
      new World(MULTI, { score: (effect) => (effect.subject === "agent-b-001" ? 0.7 : undefined) }),
      "plan",
    );
    world.run();
    world.submit({ type: "decide", subject: "agent-b-001", word: "write", text: "", by: "ana" });
    expect(world.now.deliverables["agent-b-001"]?.manual).toBe(true);
    expect(elsewhere(world.now).deliverables["agent-b-001"]).toMatchObject({
      step: "provision",
      manual: false,
    });
  });

  it("keeps a checkpoint that was due and drops a merge whose commit may not have come along", () => {
    const due = approved(new World(MULTI), "plan");
    due.run((s) => s.integrations.some((i) => i.type === "checkpoint"));
    expect(elsewhere(due.now).integrations).toEqual(due.now.integrations);
    const merging = new World(THREE);
    merging.run((s) => s.integrations.some((i) => i.type === "merge"));
    const state = elsewhere(merging.now);
    expect(state.integrations).toEqual([]);
    expect(state.deliverables.login).toMatchObject({ step: "provision", attempt: 2 });
    expect(state.deliverables.login?.approval).toBeUndefined();
  });
});
