import { describe, expect, it } from "vitest";
import { World } from "../../../test/builders/world.ts";
import { THREE } from "../../../test/builders/worlds.ts";
import type { CoordinatorClient } from "../../adapters/coordinator/client.ts";
import type { Push } from "../../adapters/coordinator/protocol.ts";
import { nextEffects } from "../../core/workflow/next-effects.ts";
import type { SessionEnd } from "../../core/workflow/outcome.ts";
import { exitCodeOfResumed, seenGoingOn } from "./goes-on.ts";

const NO_LOGIN: SessionEnd = {
  kind: "api",
  errorClass: "auth",
  status: 401,
  message: "Not logged in",
  retry: "never",
};

/** A workflow whose first sessions are due. */
function due(end?: SessionEnd): World {
  const world = new World(THREE, end === undefined ? {} : { end: () => end });
  world.run((state) => nextEffects(state).some(({ kind }) => kind === "session"));
  return world;
}

/** A client of that workflow, and what happens once somebody looks. */
function clientOf(world: World, then: (push: (act: () => void) => void) => void): CoordinatorClient {
  const subscribe: CoordinatorClient["subscribe"] = async (workflow, listener) => {
    const push = (act: () => void): void => {
      const before = world.events.length;
      act();
      listener({ workflow, seq: 1, events: world.events.slice(before) } as unknown as Push);
    };
    const state = world.now;
    setImmediate(() => then(push));
    return state;
  };
  return { subscribe } as unknown as CoordinatorClient;
}

function endsSession(world: World): void {
  const session = nextEffects(world.now).find(({ kind }) => kind === "session");
  if (session !== undefined) world.answer(session);
}

describe("a workflow that was just resumed", () => {
  it("waits for a login when its agent has none, which is exit code 4", async () => {
    const world = due(NO_LOGIN);
    const state = await seenGoingOn(
      clientOf(world, (push) => push(() => endsSession(world))),
      world.now.id,
      5000,
    );
    expect(state.status).toBe("PAUSED");
    expect(exitCodeOfResumed(state)).toBe(4);
  });

  it("goes on once an agent has done work", async () => {
    const world = due();
    const state = await seenGoingOn(
      clientOf(world, (push) => push(() => endsSession(world))),
      world.now.id,
      5000,
    );
    expect([state.status, exitCodeOfResumed(state)]).toEqual(["ACTIVE", 0]);
  });

  it("goes on where no agent has to be started", async () => {
    const world = new World(THREE);
    const state = await seenGoingOn(
      clientOf(world, () => {}),
      world.now.id,
      5000,
    );
    expect(state).toBe(world.now);
  });

  it("is taken to go on when its agents take their time", async () => {
    const world = due();
    const state = await seenGoingOn(
      clientOf(world, () => {}),
      world.now.id,
      20,
    );
    expect([state.status, exitCodeOfResumed(state)]).toEqual(["ACTIVE", 0]);
  });
});
