/** New commits of the target come into a workflow between its stages, or a person is asked. */
import { describe, expect, it } from "vitest";
import { derivePlan } from "../../src/core/plan/derive-plan.ts";
import type { IntegrateEffect } from "../../src/core/workflow/effect.ts";
import { restoredState } from "../../src/core/workflow/restored.ts";
import { aPhase, aSlot, THREE_FIXES_CONTEXT, threeFixes } from "../builders/definitions.ts";
import { type Script, World } from "../builders/world.ts";
import { EN108 } from "../builders/worlds.ts";

const NEW = "a".repeat(40);
const NEWER = "b".repeat(40);

const STAGES = ["One", "Two"].map((name) =>
  aPhase(name, [aSlot({ id: name.toLowerCase(), brief: [`Do ${name}`] })]),
);

/** Two phases of one slot each, checked by `npm test`. */
function twoPhases(script: Script = {}): World {
  const { plan } = derivePlan(threeFixes({ stages: STAGES }), THREE_FIXES_CONTEXT);
  if (plan === null) throw new Error("the definition has errors");
  return new World(plan, script);
}

function sync(world: World, commit = NEW): ReturnType<World["submit"]> {
  return world.submit({ type: "sync", commit, from: "main", by: "ana" });
}

function decide(world: World, word: "retry" | "waive" | "skip"): void {
  expect(world.submit({ type: "decide", subject: "sync", word, text: "", by: "ana" })).toMatchObject({
    ok: true,
  });
}

function syncs(world: World): readonly IntegrateEffect[] {
  return world.done.filter(
    (e): e is IntegrateEffect => e.kind === "integrate" && e.integration.type === "sync",
  );
}

function inPhaseOne(script: Script = {}): World {
  const world = twoPhases(script);
  world.run((state) => state.deliverables.one?.step === "create");
  expect(sync(world)).toMatchObject({ ok: true });
  return world;
}

/** Fails the first `times` candidates. */
function failing(times: number, failure: "conflict" | "checks"): Script {
  let left = times;
  const result = {
    name: "npm test",
    passed: false,
    redAtBase: false,
    exitCode: 1,
    timedOut: false,
    tail: "",
  };
  return {
    integration: (effect) => {
      if (effect.integration.type !== "sync" || left === 0) return undefined;
      left -= 1;
      return {
        type: "integration-failed",
        effect: effect.id,
        failure:
          failure === "conflict"
            ? { reason: "conflict", files: ["src/a.ts"] }
            : { reason: "checks", results: [result] },
      };
    },
  };
}

describe("a sync", () => {
  it("waits for the end of the stage, and the next one starts from what came in", () => {
    const world = inPhaseOne();
    expect(world.now.sync).toMatchObject({ commit: NEW, from: "main", by: "ana" });
    world.run((state) => state.deliverables.one?.step === "merged");
    expect(syncs(world)).toEqual([]);
    world.run((state) => state.openings[1] !== undefined);
    const [effect] = syncs(world);
    expect(effect?.checks.map(({ name }) => name)).toEqual(["npm test"]);
    expect(world.now.sync).toBeUndefined();
    expect(world.now.syncs).toMatchObject([{ commit: NEW, from: "main", by: "ana" }]);
    const opened = world.events.findIndex((e) => e.type === "stage.opened" && e.stage === 1);
    expect(world.events.findIndex((e) => e.type === "sync.settled")).toBeLessThan(opened);
    expect(world.now.openings[1]).toBe(world.now.head);
    expect(world.now.log.map(({ event }) => event)).toEqual(expect.arrayContaining(["SYNC_ASKED", "SYNCED"]));
  });

  it("is brought in before the end as well, and a later wish takes the place of one that waits", () => {
    const world = inPhaseOne();
    world.run((state) => state.deliverables.two?.step === "create");
    sync(world, NEWER);
    sync(world, NEWER);
    expect(world.events.filter((e) => e.type === "sync.asked")).toHaveLength(2);
    expect(world.run().status).toBe("COMPLETE");
    expect(world.now.syncs?.map(({ commit }) => commit)).toEqual([NEW, NEWER]);
    expect(sync(world)).toMatchObject({ ok: false, rejection: { code: "ended" } });
  });

  it("that conflicts asks with the files; the next stage waits, and nothing has moved", () => {
    const world = inPhaseOne(failing(1, "conflict"));
    world.run();
    const [question] = world.now.questions;
    expect(question).toMatchObject({
      kind: "sync",
      subject: "sync",
      files: ["src/a.ts"],
      commit: NEW,
      options: ["retry", "skip", "cancel"],
    });
    expect([world.now.openings[1], world.now.integrations]).toEqual([undefined, []]);
    decide(world, "retry");
    expect(world.run().status).toBe("COMPLETE");
    expect(syncs(world)).toHaveLength(2);
  });

  it("is left out, or replaced by a branch that a person has made fit", () => {
    const skipped = inPhaseOne(failing(1, "conflict"));
    skipped.run();
    decide(skipped, "skip");
    expect([skipped.run().status, skipped.now.syncs, skipped.now.sync]).toEqual([
      "COMPLETE",
      undefined,
      undefined,
    ]);
    const replaced = inPhaseOne(failing(1, "conflict"));
    replaced.run();
    sync(replaced, NEWER);
    expect(replaced.now.questions).toEqual([]);
    expect(replaced.run().syncs?.map(({ commit }) => commit)).toEqual([NEWER]);
  });

  it("with failing checks comes in only where a person says so", () => {
    const world = inPhaseOne(failing(1, "checks"));
    world.run();
    expect(world.now.questions[0]?.options).toEqual(["retry", "waive", "skip", "cancel"]);
    decide(world, "waive");
    world.run();
    expect(syncs(world).map(({ checks }) => checks.length)).toEqual([1, 0]);
    expect(world.now.syncs).toHaveLength(1);
    // What was taken in red is held against nobody.
    expect(world.now.baseChecks).toMatchObject([{ name: "npm test", passed: false }]);
  });

  it("changes nothing that a person is asked to approve", () => {
    const world = new World(EN108);
    for (let i = 0; i < 5 && !world.now.questions.some(({ subject }) => subject === "CP-001"); i += 1) {
      world.run();
      const [next] = world.now.questions;
      if (next !== undefined && next.subject !== "CP-001")
        world.submit({ type: "approve", subject: next.subject, by: "ana", note: "" });
    }
    sync(world);
    world.run();
    expect(syncs(world)).toEqual([]);
    world.submit({ type: "approve", subject: "CP-001", by: "ana", note: "" });
    world.run((state) => state.openings[1] !== undefined);
    expect(syncs(world)).toHaveLength(1);
  });

  it("does not travel: on another machine the commit may not be there", () => {
    const world = inPhaseOne(failing(1, "conflict"));
    world.run();
    const restored = restoredState(world.now, "c".repeat(40));
    expect([restored.sync, restored.questions, restored.blockers]).toEqual([undefined, [], []]);
  });
});
