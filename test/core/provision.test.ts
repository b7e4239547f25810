import { describe, expect, it } from "vitest";
import type { Plan } from "../../src/core/plan/plan.ts";
import type { Effect } from "../../src/core/workflow/effect.ts";
import { nextEffects } from "../../src/core/workflow/next-effects.ts";
import { World } from "../builders/world.ts";
import { THREE } from "../builders/worlds.ts";

const MESSAGE = '"npm ci" failed with exit code 1, 2 times\nnpm error network';
const CHECK = { name: "npm test", run: "npm test", timeoutMs: 1000 };
const PLAN: Plan = {
  ...THREE,
  settings: { ...THREE.settings, checks: [CHECK] },
  deliverables: THREE.deliverables.map((d) => ({
    ...d,
    gate: { ...d.gate, checks: [CHECK] },
    settings: { ...d.settings, checks: [CHECK] },
  })),
};

/** Effects are answered well until one is met that `which` picks, whose worktree then cannot be prepared. */
function failing(which: (effect: Effect) => boolean, times = 1): World {
  const world = new World(PLAN);
  for (let failed = 0; failed < times; failed += 1) {
    let met: Effect | undefined;
    for (let steps = 0; met === undefined && steps < 500; steps += 1) {
      const effects = nextEffects(world.now);
      met = effects.find(which);
      const [next] = effects;
      if (met === undefined && next !== undefined) world.answer(next);
    }
    if (met === undefined) throw new Error("it never came to that");
    expect(world.submit({ type: "provision-failed", effect: met.id, message: MESSAGE }).ok).toBe(true);
  }
  return world;
}

const question = (world: World) => world.now.questions.at(-1);
const answer = (world: World, word: "rerun" | "resume" | "retry", subject: string) =>
  world.submit({ type: "decide", subject, word, by: "ana", text: "" });

describe("a worktree that could not be prepared", () => {
  it("for work is a failure with the command in its words, and no finding", () => {
    const world = failing((e) => e.kind === "provision" && e.subject === "login");
    expect(question(world)).toMatchObject({ kind: "failure", subject: "login" });
    expect(question(world)?.reason).toContain(MESSAGE);
    expect(world.now.deliverables.login?.rounds).toEqual([]);
    expect(answer(world, "retry", "login").ok).toBe(true);
    world.run();
    expect(world.now.deliverables.login).toMatchObject({ attempt: 2, step: "merged" });
  });

  it("for checks is tried again, then asked about, and the work and its attempt stay", () => {
    const retries = PLAN.settings.limits.retries;
    const world = failing((e) => e.kind === "checks" && e.subject === "login", retries + 1);
    expect(question(world)).toMatchObject({
      kind: "failure",
      subject: "login",
      options: ["rerun", "retry", "skip", "cancel"],
    });
    expect(world.now.deliverables.login?.rounds.flatMap((round) => round.findings)).toEqual([]);
    expect(answer(world, "rerun", "login").ok).toBe(true);
    world.run();
    expect(world.now.deliverables.login).toMatchObject({ attempt: 1, step: "merged" });
    expect(world.now.deliverables.login?.rounds).toHaveLength(1);
  });

  it.each([
    ["the base", (e: Effect) => e.kind === "checks" && e.subject === "base"],
    ["a merge", (e: Effect) => e.kind === "integrate" && e.integration.type === "merge"],
  ])("for checks of %s pauses everything with its reason, and goes on when told", (_, which) => {
    const world = failing(which);
    expect(world.now.status).toBe("PAUSED");
    expect(question(world)).toMatchObject({
      kind: "failure",
      subject: "workflow",
      options: ["resume", "cancel"],
    });
    expect(question(world)?.reason).toContain(MESSAGE);
    expect(answer(world, "resume", "workflow").ok).toBe(true);
    world.run();
    expect(Object.values(world.now.deliverables).map((d) => d.step)).toEqual(["merged", "merged", "merged"]);
  });
});
