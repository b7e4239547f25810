import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { asks, STEPS } from "../support/e2e-workflow.ts";
import { openWorld, type World } from "../support/e2e-world.ts";

const ID = "steps-20260220-001";
const QUICK = { deliverables: { "*": { scores: [0.95], delayMs: 0 } } };

/** A workflow that waits at its first checkpoint. */
async function waiting(): Promise<World> {
  const world = await openWorld({ scenario: QUICK });
  const definition = await world.define("steps", STEPS);
  const ran = await world.run("run", definition, "--use", "simulated", "--id", ID);
  expect(ran.code, ran.stderr).toBe(5);
  expect(ran.stderr).toContain("signalbox approve CP-001");
  expect(ran.stderr).toContain('signalbox reject CP-001 --to phase-1 --note "…"');
  return world;
}

/** Prompts of all sessions of a slot that were started in an epoch. */
function prompts(world: World, slot: string, epoch: number): readonly string[] {
  const folder = join(world.commonDir, "signalbox", ID, "sessions");
  return readdirSync(folder)
    .filter((name) => name.includes(`+${epoch}+${slot}+`))
    .map(
      (name) =>
        (JSON.parse(readFileSync(join(folder, name, "spec.json"), "utf8")) as { prompt: string }).prompt,
    );
}

describe("a checkpoint that waits for a person, without a terminal", () => {
  it("stops the command with 5 and the commands to type; after approve it goes on to the end", async () => {
    const world = await waiting();
    expect(await world.ok("status")).toContain("signalbox approve CP-001");
    const told = await world.run("approve", "CP-001", "--note", "read it");
    expect(told.code, told.stderr).toBe(0);
    const watched = await world.run("watch");
    expect(watched.code, watched.stderr).toBe(0);
    const state = await world.state(ID);
    expect(state?.status).toBe("COMPLETE");
    expect(state?.checkpoints.find((c) => c.id === "CP-001")?.approval).toMatchObject({
      status: "APPROVED",
      by: "ana",
      notes: "read it",
    });
  });

  it("goes back to the named phase in a new epoch when it is rejected, with the note in every prompt after it", async () => {
    const world = await waiting();
    const note = "Count the costs of a restart as well";
    await world.ok("reject", "CP-001", "--to", "phase-1", "--note", note);
    const again = await world.run("watch");
    expect(again.code, again.stderr).toBe(5);
    const state = await world.until(ID, "it asks again", (s) => s.epoch === 2 && asks(s, "checkpoint"));
    expect(state.checkpoints.find((c) => c.id === "CP-001")?.approval?.status).toBe("REJECTED");
    const [question] = state.questions;
    await world.ok("approve", question?.subject ?? "");
    expect((await world.run("watch")).code).toBe(0);
    const [research] = state.plan.deliverables;
    expect(prompts(world, research?.id ?? "", 1).every((prompt) => !prompt.includes(note))).toBe(true);
    const later = state.plan.deliverables
      .flatMap((d) => prompts(world, d.id, 2))
      .filter((prompt) => prompt.includes("signalbox-task: create"));
    expect(later).toHaveLength(3);
    for (const prompt of later) expect(prompt).toContain(note);
  });

  it("refuses what it cannot mean: 1 for what does not wait, 2 with the nearest name for what does not exist", async () => {
    const world = await waiting();
    const refused = await world.run("approve", "agent-a-001");
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain("agent-a-001 does not wait for a decision");
    expect(refused.stderr).toContain("CP-001");
    const cases: readonly (readonly [argv: readonly string[], nearest: string])[] = [
      [["status", "stepps-20260220-001"], ID],
      [["show", "agent-a-01"], "agent-a-001"],
      [["approve", "CP-01"], "CP-001"],
      [["rewind", "CP-01", "--yes"], "CP-001"],
      [["logs", "agent-a-01"], "agent-a-001"],
      [["decide", "CP-001", "aprove"], "approve"],
    ];
    for (const [argv, nearest] of cases) {
      const ran = await world.run(...argv);
      expect([argv.join(" "), ran.code, ran.stderr]).toEqual([
        argv.join(" "),
        2,
        expect.stringContaining(nearest),
      ]);
    }
    expect((await world.state(ID))?.questions).toHaveLength(1);
  });
});
