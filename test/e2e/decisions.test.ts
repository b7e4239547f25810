import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { WorkflowState } from "../../src/core/workflow/state.ts";
import { asks } from "../support/e2e-workflow.ts";
import { openWorld, type World } from "../support/e2e-world.ts";

const TWO = `workflow: Two
slug: two
criticality: C2
stages:
  - phase: Research
    slots:
      - { role: ps-researcher, makes: research, brief: Find out }
  - phase: Analysis
    slots:
      - { role: ps-analyst, makes: analysis, brief: Weigh it }
`;
const SLOT = "agent-a-002";
/** Three rounds that are not good enough, a fourth one that is. */
const SCENARIO = {
  deliverables: {
    [SLOT]: { scores: [0.6, 0.65, 0.7, 0.95], delayMs: 0 },
    "*": { scores: [0.95], delayMs: 0 },
  },
};

async function escalated(id: string): Promise<World> {
  const world = await openWorld({ scenario: SCENARIO });
  const definition = await world.define("two", TWO);
  const ran = await world.run("run", definition, "--use", "simulated", "--id", id);
  expect([ran.code, ran.stderr]).toEqual([
    3,
    expect.stringContaining(`signalbox decide ${SLOT} guide --note "…"`),
  ]);
  const state = (await world.state(id)) ?? expect.fail("no state");
  const [question] = state.questions;
  expect(question?.options).toEqual(["accept", "guide", "write", "back", "cancel"]);
  expect(state.deliverables[SLOT]?.rounds.map((round) => round.score)).toEqual([0.6, 0.65, 0.7]);
  return world;
}

const completed = (world: World, id: string): Promise<WorkflowState> =>
  world.until(id, "it completes", (state) => state.status === "COMPLETE");

describe("an escalation, decided on the command line", () => {
  it("accept merges the best version as a waiver with its caveats", async () => {
    const world = await escalated("two-accept");
    await world.ok("decide", SLOT, "accept", "--note", "good enough for a first answer");
    const state = await completed(world, "two-accept");
    expect(state.deliverables[SLOT]?.approval).toMatchObject({
      kind: "WAIVED",
      by: "person",
      round: 3,
      score: 0.7,
    });
    expect(state.decisions.at(-1)).toMatchObject({
      word: "accept",
      by: "ana",
      text: "good enough for a first answer",
    });
  });

  it("guide gives one more round with the text", async () => {
    const world = await escalated("two-guide");
    const bare = await world.run("decide", SLOT, "guide");
    expect([bare.code, bare.stderr]).toEqual([2, expect.stringContaining("guide needs the guidance")]);
    await world.ok("decide", SLOT, "guide", "compare", "the", "two", "costs");
    const state = await completed(world, "two-guide");
    expect(state.deliverables[SLOT]?.approval).toMatchObject({
      kind: "PASS",
      by: "gate",
      round: 4,
      score: 0.95,
    });
    expect(state.decisions.at(-1)?.text).toBe("compare the two costs");
  });

  it("write takes the file that a person makes in the worktree", async () => {
    const world = await escalated("two-write");
    await world.ok("decide", SLOT, "write");
    const state = await world.until("two-write", "it waits for the file", (s) => asks(s, "user-artifact"));
    const planned = state.plan.deliverables.find((d) => d.id === SLOT);
    const path = planned?.makes.kind === "file" ? planned.makes.path : expect.fail("it makes a file");
    const branch = state.deliverables[SLOT]?.branch ?? "";
    const worktrees = (await world.git("worktree", "list", "--porcelain")).split("\n\n");
    const worktree =
      worktrees
        .find((entry) => entry.includes(`branch refs/heads/${branch}`))
        ?.split("\n")[0]
        ?.slice(9) ?? "";
    writeFileSync(join(worktree, path), "# Analysis\n\nWritten by a person.\n");
    await world.ok("decide", SLOT, "done");
    const ended = await completed(world, "two-write");
    expect(ended.deliverables[SLOT]?.approval).toMatchObject({ kind: "WAIVED", by: "person" });
    expect(await world.git("show", `signalbox/two-write/main:${path}`)).toContain("Written by a person.");
  });

  it("back returns to an earlier phase in a new epoch; cancel ends and keeps the work", async () => {
    const world = await escalated("two-back");
    await world.ok("decide", SLOT, "back", "--to", "phase-1", "--note", "look at the costs first");
    const state = await world.until(
      "two-back",
      "it escalates again",
      (s) => s.epoch === 2 && asks(s, "escalation"),
    );
    expect(state.deliverables["agent-a-001"]).toMatchObject({ epoch: 2, step: "merged" });
    expect(state.decisions.find((d) => d.word === "back")).toMatchObject({
      constraint: true,
      text: "look at the costs first",
    });
    const branch = state.deliverables[SLOT]?.branch ?? "";
    await world.ok("decide", SLOT, "cancel");
    const ended = await world.until(
      "two-back",
      "it is cancelled",
      (s) => s.status === "CANCELLED" && s.integrations.length === 0,
    );
    expect((await world.run("watch")).code).toBe(1);
    expect(ended.deliverables[SLOT]?.approval).toBeUndefined();
    expect(await world.git("log", "-1", "--format=%(trailers:key=Signalbox-Slot,valueonly)", branch)).toBe(
      SLOT,
    );
    expect(await world.git("log", "--merges", "--format=%s", "signalbox/two-back/main")).not.toContain(SLOT);
  });
});
