import { describe, expect, test } from "vitest";
import { World } from "../../../test/builders/world.ts";
import { THREE } from "../../../test/builders/worlds.ts";
import type { WorkflowEvent } from "./event.ts";
import { evolve } from "./evolve.ts";
import { replay } from "./replay.ts";
import type { WorkflowState } from "./state.ts";

function history(): readonly WorkflowEvent[] {
  const world = new World(THREE);
  world.run();
  return world.events;
}

describe("replay", () => {
  test("gives the state that one event after the other gives, at every length of the history", () => {
    const events = history();
    expect(events.filter((event) => event.type === "session.ended").length).toBe(3);
    let state: WorkflowState | null = null;
    for (const [index, event] of events.entries()) {
      state = evolve(state, event);
      expect(replay([{ events: events.slice(0, index + 1) }])).toEqual(state);
    }
  });

  test("leaves the events as they are, and a state that it returned stays the same when the history goes on", () => {
    const events = history();
    const before = structuredClone(events);
    const half = Math.floor(events.length / 2);
    const early = replay([{ events: events.slice(0, half) }]);
    const kept = structuredClone(early);
    let state = early;
    for (const event of events.slice(half)) state = evolve(state, event);
    expect(early).toEqual(kept);
    expect(state).toEqual(replay([{ events }]));
    expect(events).toEqual(before);
  });

  test("of a restored workflow does not change the state inside the event", () => {
    const events = history();
    const end = events.findIndex((event) => event.type === "session.dispatched") + 1;
    const restored = replay([{ events: events.slice(0, end) }]);
    if (restored === null) throw new Error("no state");
    const event: WorkflowEvent = {
      at: "2026-02-21T10:00:00Z",
      type: "workflow.restored",
      state: restored,
      head: "a",
    };
    const before = structuredClone(event);
    replay([{ events: [event, ...events.slice(end)] }]);
    expect(event).toEqual(before);
  });
});
