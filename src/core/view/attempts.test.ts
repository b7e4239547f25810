import { describe, expect, it } from "vitest";
import { THREE_FIXES_CONTEXT, threeFixes } from "../../../test/builders/definitions.ts";
import { planOf } from "../../../test/builders/derived.ts";
import { World } from "../../../test/builders/world.ts";
import { THREE } from "../../../test/builders/worlds.ts";
import { evolve } from "../workflow/evolve.ts";
import type { WorkflowState } from "../workflow/state.ts";
import { type AttemptStanding, attemptOf, isAtEnd } from "./attempts.ts";

const ID = THREE.workflow.id;

function standing(state: WorkflowState, name: string): AttemptStanding | undefined {
  return attemptOf(state, `signalbox/${ID}/${name}`)?.standing;
}

/** All three slots wait for a person, because nothing looks at their work. */
function waiting(): World {
  const world = new World(planOf(threeFixes({ checks: [] }), THREE_FIXES_CONTEXT).plan);
  world.run();
  return world;
}

describe("an attempt", () => {
  it("runs while a session is in it, and the workflow goes on with it before and after", () => {
    const world = new World(THREE);
    world.run(({ deliverables }) => deliverables.login?.step === "merged");
    const seen = new Set<AttemptStanding | undefined>();
    let state: WorkflowState | null = null;
    for (const event of world.events) {
      state = evolve(state, event);
      if (state !== null) seen.add(standing(state, "login.1.1"));
    }
    expect([...seen]).toEqual(["under-way", "running", "merged"]);
    expect(standing(world.now, "login.1.1")).toBe("merged");
    expect(attemptOf(world.now, `signalbox/${ID}/login.1.1`)?.since).toBe(
      world.now.deliverables.login?.completedAt,
    );
  });

  it("waits while a person is asked about it", () => {
    expect(standing(waiting().now, "login.1.1")).toBe("waiting");
  });

  it("is replaced once a newer one or a rewind has come, and never taken for old before", () => {
    const { now } = waiting();
    const login = now.deliverables.login;
    if (login === undefined) throw new Error("no slot");
    const later = {
      ...now,
      deliverables: { ...now.deliverables, login: { ...login, epoch: 2, attempt: 2 } },
    };
    expect(["login.1.3", "login.2.1", "login.2.2", "login.2.3"].map((name) => standing(later, name))).toEqual(
      ["replaced", "replaced", "waiting", "under-way"],
    );
  });

  it("is left where the workflow is cancelled in the middle of it, since that moment", () => {
    const world = new World(THREE);
    world.run(({ deliverables }) => deliverables.login?.step === "commit");
    world.at = "2026-02-20T12:00:00Z";
    world.submit({ type: "cancel", by: "ana", reason: "" });
    world.run();
    expect(attemptOf(world.now, `signalbox/${ID}/login.1.1`)).toMatchObject({
      slot: "login",
      epoch: 1,
      attempt: 1,
      standing: "left",
      since: world.now.completedAt,
    });
  });

  it("is skipped when a person says so", () => {
    const world = waiting();
    world.submit({ type: "decide", subject: "login", word: "skip", by: "ana", text: "not needed" });
    expect(standing(world.now, "login.1.1")).toBe("skipped");
  });

  it("is known by its branch alone: the integration branch and strangers are none", () => {
    const { now } = waiting();
    expect(
      [`signalbox/${ID}/main`, `signalbox/${ID}/nobody.1.1`, "signalbox/other/login.1.1", "login.1.1"].map(
        (branch) => attemptOf(now, branch),
      ),
    ).toEqual([null, null, null, null]);
  });

  it("is at its end only where nobody needs its worktree", () => {
    const all: readonly AttemptStanding[] = [
      "running",
      "waiting",
      "under-way",
      "merged",
      "skipped",
      "replaced",
      "failed",
      "left",
    ];
    expect(all.filter(isAtEnd)).toEqual(["merged", "skipped", "replaced", "failed", "left"]);
  });
});
