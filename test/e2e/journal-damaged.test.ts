import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { asks, CROSS, endOfCompleted, openSessions } from "../support/e2e-workflow.ts";
import { openWorld } from "../support/e2e-world.ts";
import { eventually } from "../support/eventually.ts";

const ID = "cross-20260220-001";

it("a coordinator whose journal was changed by somebody else ends and says so; resume completes", async () => {
  const world = await openWorld({ scenario: { delayMs: 60, deliverables: { "*": { scores: [0.95] } } } });
  const definition = await world.define("cross", CROSS);
  const viewer = world.start("run", definition, "--use", "simulated", "--id", ID);
  await world.until(ID, "sessions run", (state) => openSessions(state).length > 0);
  appendFileSync(join(world.commonDir, "signalbox", ID, "journal.jsonl"), '{"half a line');
  const seen = await viewer.ended;
  expect([seen.code, seen.stderr]).toEqual([1, expect.stringContaining(`signalbox resume ${ID}`)]);
  await eventually("the coordinator has left", async () => (await world.coordinator()) === null);
  await world.ok("resume", ID);
  await world.until(ID, "it reaches its checkpoint", (state) => asks(state, "checkpoint"));
  await world.ok("approve", "-w", ID);
  expect((await endOfCompleted(world, ID)).merges).toHaveLength(5);
  expect((await world.state(ID))?.spend.retries).toBe(0);
});
