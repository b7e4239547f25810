/** AE-004 before anything starts: an accepted decision record that a slot says it touches. */
import { expect, it } from "vitest";
import { aWorld } from "./harness.ts";

const DEFINITION = `workflow: Change
checks: ['true']
stages:
  - phase: Fix
    slots:
      - { id: one, brief: do, touches: docs/decisions/0001-storage.md }
`;

it("is found on the base, whatever lies in the checkout", async () => {
  const world = await aWorld();
  await world.write("d.yaml", DEFINITION);
  await world.write("docs/decisions/0001-storage.md", "# Storage\n\nStatus: Accepted\n");
  const before = await world.run("plan", "d.yaml", "--use", "simulated", "--json");
  expect([before.code, JSON.parse(before.stdout).notices[0].code]).toEqual([0, "AE-003"]);
  await world.git("add", ".");
  await world.git("commit", "-q", "-m", "decide");
  const after = await world.run("plan", "d.yaml", "--use", "simulated");
  expect(after.code).toBe(2);
  expect(after.stderr).toContain("AE-004: touches docs/decisions/0001-storage.md (accepted on the base)");
});
