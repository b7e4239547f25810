import { describe, expect, it } from "vitest";
import { World } from "../../../test/builders/world.ts";
import { THREE } from "../../../test/builders/worlds.ts";
import { SESSION_STATES, type SessionState, sessionState, TRANSITIONS, transition } from "./lifecycle.ts";

function reachableFrom(start: SessionState): ReadonlySet<SessionState> {
  const seen = new Set<SessionState>([start]);
  for (const state of seen) for (const edge of TRANSITIONS) if (edge.from === state) seen.add(edge.to);
  return seen;
}

describe("the lifecycle table", () => {
  it("has IDLE and nine states, all reachable, each with a way back to IDLE", () => {
    expect(SESSION_STATES).toHaveLength(10);
    expect(reachableFrom("IDLE")).toEqual(new Set(SESSION_STATES));
    for (const state of SESSION_STATES) expect(reachableFrom(state)).toContain("IDLE");
  });

  it("has T1 to T14 once each", () => {
    const numbered = TRANSITIONS.map((t) => t.id).filter((id) => /^T\d+$/.test(id));
    expect(numbered).toEqual(Array.from({ length: 14 }, (_, i) => `T${i + 1}`));
  });

  it("gives every failure a retry and a clean-up, and a conflict a way out", () => {
    expect(TRANSITIONS.filter((t) => t.from === "FAILED").map((t) => t.id)).toEqual(["T12", "T13", "T14r"]);
  });

  it("is deterministic: a trigger leaves a state by one edge at most", () => {
    const keys = TRANSITIONS.map((t) => `${t.from} ${t.trigger}`);
    expect(new Set(keys).size).toBe(keys.length);
    expect(transition("RUNNING", "instance_timeout")?.id).toBe("T8");
    expect(transition("IDLE", "merge_success")).toBeUndefined();
  });

  it("is what deliverables go through: every change of state is an edge or several in a row", () => {
    const world = new World(THREE);
    let before: SessionState = "IDLE";
    world.run((state) => {
      const deliverable = state.deliverables.login;
      if (deliverable === undefined) return false;
      const now = sessionState(state, deliverable);
      if (now !== before) expect(reachableFrom(before)).toContain(now);
      before = now;
      return false;
    });
    expect(before).toBe("IDLE");
    expect(world.now.deliverables.login?.step).toBe("merged");
  });
});
