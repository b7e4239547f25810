import { describe, expect, it } from "vitest";
import type { CommandBody } from "../../src/core/workflow/command.ts";
import type { SessionEffect } from "../../src/core/workflow/effect.ts";
import { nextEffects } from "../../src/core/workflow/next-effects.ts";
import { replay } from "../../src/core/workflow/replay.ts";
import { World } from "../builders/world.ts";
import { THREE } from "../builders/worlds.ts";

const PER_SLOT = { ...THREE, finish: { ...THREE.finish, per: "slot" as const } };
const [FIRST = "", SECOND = "", THIRD = ""] = THREE.deliverables.map((d) => d.id);
const MAIN_COMMIT = "f".repeat(40);

function merged(): World {
  const world = new World(PER_SLOT);
  world.run();
  return world;
}

function landed(subject: string, commit = MAIN_COMMIT): CommandBody {
  return { type: "landed", subject, way: "here", target: "main", commit, by: "ana" };
}

function sendBack(
  subject: string,
  text: string,
  comments: { path: string; line: number; text: string }[] = [],
) {
  return { type: "send-back", subject, text, comments, by: "ana" } as const;
}

const kinds = (world: World): readonly string[] => world.now.questions.map((q) => `${q.kind} ${q.subject}`);

describe("work that lands by itself", () => {
  it("waits for a person slot by slot, with its worktree, and the workflow does not end", () => {
    const world = merged();
    expect(kinds(world)).toEqual([`review ${FIRST}`, `review ${SECOND}`, `review ${THIRD}`]);
    expect(world.now.status).toBe("ACTIVE");
    expect(nextEffects(world.now)).toEqual([]);
  });

  it("completes the workflow and cleans up when the last one is landed or dropped", () => {
    const world = merged();
    world.submit(landed(FIRST));
    world.submit(landed(SECOND));
    expect(world.run().status).toBe("ACTIVE");
    world.submit({ type: "decide", subject: THIRD, word: "drop", text: "", by: "ana" });
    expect(world.run().status).toBe("COMPLETE");
    const { deliverables } = world.now;
    expect(deliverables[FIRST]?.landing).toMatchObject({ way: "here", target: "main", commit: MAIN_COMMIT });
    expect(deliverables[THIRD]).toMatchObject({ dropped: true, cleaned: true });
    expect([deliverables[FIRST]?.cleaned, deliverables[SECOND]?.cleaned]).toEqual([true, true]);
    expect(replay([{ events: world.events }])).toEqual(world.now);
  });

  it("goes on in the same conversation when it is sent back, and is merged and reviewed again", () => {
    const world = merged();
    const before = world.now.deliverables[FIRST];
    expect(
      world.submit(sendBack(FIRST, "use the helper", [{ path: "src/a.ts", line: 3, text: "off by one" }])),
    ).toMatchObject({ ok: true });
    const [effect] = nextEffects(world.now).filter((e): e is SessionEffect => e.kind === "session");
    expect(effect).toMatchObject({ purpose: "revise", resume: before?.conversation, round: 2 });
    expect(effect?.prompt).toContain("use the helper");
    expect(effect?.prompt).toContain("src/a.ts:3");
    world.run();
    const after = world.now.deliverables[FIRST];
    expect(after).toMatchObject({ step: "merged", attempt: before?.attempt, branch: before?.branch });
    expect(after?.commit).not.toBe(before?.commit);
    expect(after?.approval?.commit).toBe(after?.commit);
    expect(kinds(world)).toContain(`review ${FIRST}`);
  });

  it("can be sent back as often as a person likes", () => {
    const world = merged();
    for (let time = 1; time <= 5; time += 1) {
      world.submit(sendBack(FIRST, `time ${time}`));
      world.run();
    }
    expect(world.now.deliverables[FIRST]).toMatchObject({ step: "merged" });
    expect(world.now.deliverables[FIRST]?.rounds).toHaveLength(6);
  });

  it("is not sent back without words, after it landed, or when it does not wait", () => {
    const world = merged();
    expect(world.submit(sendBack(FIRST, " "))).toMatchObject({ rejection: { code: "bad-argument" } });
    world.submit(landed(FIRST));
    expect(world.submit(sendBack(FIRST, "late"))).toMatchObject({
      rejection: { code: "not-waiting", message: `${FIRST} has landed on main already, as ffffffffffff` },
    });
    expect(world.submit(sendBack("nobody", "hello"))).toMatchObject({ rejection: { code: "not-waiting" } });
  });

  it("is recorded as landed once: the same again changes nothing, another commit is refused", () => {
    const world = merged();
    world.submit(landed(FIRST));
    const { seq } = world.now;
    expect(world.submit(landed(FIRST))).toEqual({ ok: true, events: [] });
    expect(world.submit(landed(FIRST, "e".repeat(40)))).toMatchObject({ ok: false });
    expect(world.now.seq).toBe(seq);
  });

  it("is never recorded as landed before it is merged", () => {
    const world = new World(PER_SLOT);
    world.run((state) => state.deliverables[FIRST]?.step === "create");
    expect(world.submit(landed(FIRST))).toMatchObject({ rejection: { code: "not-waiting" } });
  });

  it("can be landed after the workflow was cancelled, so that finished work is not lost with it", () => {
    const world = merged();
    world.submit({ type: "cancel", by: "ana", reason: "enough" });
    expect(world.submit(landed(FIRST))).toMatchObject({ ok: true });
    expect(world.run()).toMatchObject({ status: "CANCELLED" });
    expect(world.now.deliverables[FIRST]?.landing?.commit).toBe(MAIN_COMMIT);
  });

  it("is answered with verbs of its own, not with decide", () => {
    const world = merged();
    for (const word of ["land", "send-back"] as const)
      expect(world.submit({ type: "decide", subject: FIRST, word, text: "x", by: "ana" })).toMatchObject({
        rejection: { code: "bad-argument", hint: expect.stringContaining(`signalbox ${word} ${FIRST}`) },
      });
  });
});

it("a workflow that lands as a whole ends without reviews of its slots", () => {
  const world = new World(THREE);
  expect(world.run().status).toBe(THREE.finish.approve ? "ACTIVE" : "COMPLETE");
  expect(kinds(world).filter((kind) => kind.startsWith("review"))).toEqual([]);
});

describe("a result that lands as a whole", () => {
  it("is recorded once, when the workflow is complete, and forgotten by a rewind", () => {
    const world = new World(THREE);
    expect(world.submit(landed("workflow"))).toMatchObject({ rejection: { code: "not-waiting" } });
    world.run();
    expect(world.now.status).toBe("COMPLETE");
    world.submit(landed("workflow"));
    expect(world.now.landed).toMatchObject({ target: "main", commit: MAIN_COMMIT, by: "ana", way: "here" });
    expect(world.submit(landed("workflow"))).toEqual({ ok: true, events: [] });
    expect(world.submit(landed("workflow", "e".repeat(40)))).toMatchObject({ ok: false });
    const [checkpoint = expect.fail("no checkpoint")] = world.now.checkpoints;
    world.submit({ type: "rewind", checkpoint: checkpoint.id, by: "ana", note: "" });
    expect(world.now).toMatchObject({ status: "ACTIVE" });
    expect(world.now.landed).toBeUndefined();
  });

  it("of slots that land one by one is no landing of a whole", () => {
    const world = merged();
    expect(world.submit(landed("workflow"))).toMatchObject({ rejection: { code: "not-waiting" } });
  });
});

describe("a person's own work that is sent back", () => {
  it("is its agent's from there on: only the gate lets it pass, not that a person once wrote it", () => {
    const world = new World(PER_SLOT);
    world.run((state) => state.deliverables[FIRST]?.step === "create");
    world.submit({ type: "direct", subject: FIRST, word: "write", text: "", by: "ana" } as CommandBody);
    world.run();
    world.submit({ type: "decide", subject: FIRST, word: "done", text: "", by: "ana" });
    world.run();
    expect(world.now.deliverables[FIRST]).toMatchObject({ step: "merged", approval: { by: "person" } });
    world.submit(sendBack(FIRST, "trim the name"));
    world.run();
    expect(world.now.deliverables[FIRST]).toMatchObject({ step: "merged", approval: { by: "gate" } });
  });
});
