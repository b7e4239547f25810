/** Two agents that change the same line on purpose, and a person who joins what they made. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { openWorld, type World } from "../support/e2e-world.ts";

const ID = "same-20260220-001";
const SCENARIO = {
  deliverables: {
    login: { edits: [{ path: "src/app.js", line: 1, text: "export const app = 'login';" }] },
    export: { edits: [{ path: "src/app.js", line: 1, text: "export const app = 'export';" }] },
  },
};
const SAME = `workflow: Same line
checks: ["test -d src"]
stages:
  - phase: Fix
    slots:
      - { id: login, criticality: C1, brief: "Fix #41: the app knows its login" }
      - { id: export, criticality: C1, brief: "Fix #57: the app knows its export" }
`;

async function conflicting(): Promise<World> {
  const world = await openWorld({ scenario: SCENARIO, files: { "src/app.js": "export const app = 1;\n" } });
  const definition = await world.define("same", SAME);
  const ran = await world.run("run", definition, "--use", "simulated", "--id", ID);
  expect([ran.code, ran.stderr.includes("signalbox resolve export")]).toEqual([5, true]);
  return world;
}

it("a conflict is resolved by a person who sees both sides, nothing is taken while a mark is left, and both survive", async () => {
  const world = await conflicting();
  const other = await world.run("resolve", "login");
  expect([other.code, other.stderr.includes("login has no conflict to resolve")]).toEqual([2, true]);
  const tooEarly = await world.run("resolve", "export", "--done");
  expect([tooEarly.code, tooEarly.stderr.includes("To begin: signalbox resolve export")]).toEqual([2, true]);
  expect((await world.state(ID))?.questions).toMatchObject([{ kind: "conflict", subject: "export" }]);

  const whole = await world.run("land", "-w", ID);
  expect([whole.code, whole.stderr.includes("lands when it is COMPLETE")]).toEqual([2, true]);

  const began = await world.run("resolve", "export");
  expect(began.code).toBe(0);
  const path = began.stdout.trim();
  for (const part of ["src/app.js", "Fix #41: the app knows its login", "signalbox resolve export --done"])
    expect(began.stderr).toContain(part);
  const file = join(path, "src/app.js");
  const marked = readFileSync(file, "utf8");
  for (const part of ["<<<<<<<", "'export'", "'login'", ">>>>>>>"]) expect(marked).toContain(part);

  const early = await world.run("resolve", "export", "--done");
  expect([early.code, early.stderr.includes("src/app.js:1")]).toEqual([2, true]);
  const again = JSON.parse(await world.ok("resolve", "export", "--json")) as Record<string, unknown>;
  expect(again).toMatchObject({ path, files: ["src/app.js"], theirs: [{ slot: "login" }] });

  // Whichever way it is answered: marks are refused, and what was joined is committed as a merge.
  expect((await world.run("decide", "export", "done")).stderr).toContain("Marks of the conflict are left");
  writeFileSync(file, "export const app = 'login and export';\n");
  await world.ok("decide", "export", "done");
  const state = await world.until(ID, "the workflow to complete", ({ status }) => status === "COMPLETE");
  expect(state.deliverables.export?.step).toBe("merged");
  const merged = await world.git("show", `signalbox/${ID}/main:src/app.js`);
  expect(merged).toBe("export const app = 'login and export';");
  expect(existsSync(join(world.root, ".git/MERGE_HEAD"))).toBe(false);
});
