/** Checks that can be trusted: real `npm test` on real commits, red before anybody came, and changes that a person must see. */
import { describe, expect, it } from "vitest";
import type { Scenario } from "../../src/adapters/scenario/scenario.ts";
import type { WorkflowState } from "../../src/core/workflow/state.ts";
import { openWorld, type World } from "../support/e2e-world.ts";

const SIGNS = `import { test } from "node:test";
import assert from "node:assert/strict";
import { sign } from "../src/sign.js";
test("of a positive number", () => assert.equal(sign(3), 1));
test("of a negative number", () => assert.equal(sign(-3), -1));
`;

const FILES = {
  "package.json": `${JSON.stringify({ name: "shop", type: "module", scripts: { test: "node --test test/*.test.js" } }, null, 2)}\n`,
  "src/sign.js": "export const sign = (n) => 1;\n",
  "src/other.js": "export const other = 1;\n",
  "test/sign.test.js": SIGNS,
};
const FIX = { path: "src/sign.js", line: 1, text: "export const sign = (n) => Math.sign(n);" };
const BREAK = { path: "src/sign.js", line: 1, text: "export const sign = (n) => 0;" };
const ELSEWHERE = { path: "src/other.js", line: 1, text: "export const other = 2;" };

const TASKS = ["Fix the sign", "Change the other", "Break the sign", "Skip the test"] as const;
const [FIXED, OTHER, BROKEN, SKIPPED] = ["fix-sign", "change-other", "break-sign", "skip-test"] as const;

const SCENARIO: Scenario = {
  deliverables: {
    [FIXED]: { edits: [FIX] },
    [OTHER]: { edits: [ELSEWHERE] },
    [BROKEN]: { edits: [BREAK] },
    [SKIPPED]: {
      edits: [
        FIX,
        {
          path: "test/sign.test.js",
          line: 5,
          text: 'test.skip("of a negative number", () => assert.equal(sign(-3), -1));',
        },
      ],
    },
    "*": { delayMs: 0 },
  },
};

const ID = "checks-20260220-001";

/** All four have come to a stand. */
async function dispatched(
  ...more: readonly string[]
): Promise<{ readonly world: World; readonly state: WorkflowState }> {
  const world = await openWorld({ scenario: SCENARIO, files: FILES });
  const argv = [
    "dispatch",
    ...TASKS,
    "--use",
    "simulated",
    "--id",
    ID,
    "--parallel",
    "4",
    "--detach",
    ...more,
  ];
  await world.ok(...argv);
  const state = await world.until(
    ID,
    "all four to wait for a person",
    ({ questions }) => questions.length === 4,
  );
  return { world, state };
}

function asked(state: WorkflowState, subject: string): string {
  const [question] = state.questions.filter((one) => one.subject === subject);
  return `${question?.kind}: ${question?.reason}`;
}

describe("a check that is red at base", () => {
  it("passes what makes it green, gives no verdict on what leaves it as it was, and holds against work only what is new", async () => {
    const { world, state } = await dispatched("--check", "npm test");
    expect(asked(state, FIXED)).toMatch(/^review: /);
    expect(state.deliverables[FIXED]?.approval?.kind).toBe("PASS");
    expect(asked(state, OTHER)).toBe(
      "unverified: npm test is red at base too: 1 failure, none of them new: no verdict on this work (UNVERIFIED)",
    );
    expect(asked(state, BROKEN)).toMatch(/^escalation: /);
    const [finding] = state.deliverables[BROKEN]?.rounds[0]?.findings ?? [];
    expect(finding?.evidence).toContain("but not with these:\n- of a positive number\n");
    expect(asked(state, SKIPPED)).toBe("protect: It skips a test: test/sign.test.js:5");

    expect(await world.ok("status", ID)).toContain("npm test is red at base: 1 failure, held against nobody");
    const shown = await world.ok("show", OTHER);
    expect(shown).toContain("npm test  red at base too: 1 failure, none of them new");
    expect(shown).toMatch(/fail 1/);
    expect(await world.ok("show", SKIPPED)).toContain("skips a test: test/sign.test.js:5");
    const whole = await world.ok("logs", OTHER, "--checks");
    expect(whole).toContain("npm test  exit code 1");
    expect(whole).toContain("of a positive number");
    expect(await world.ok("logs", "base", "--checks")).toContain("base at ");
    world.write(
      "again.yaml",
      "workflow: X\nstages:\n  - phase: P\n    slots:\n      - { id: a, brief: x }\n",
    );
    const plan = await world.run("plan", "again.yaml", "--check", "npm test");
    expect(plan.stderr).toContain("npm test is red at base: 1 failure, held against nobody");
  });
});

describe("without a check", () => {
  it("every result is UNVERIFIED and waits for a person, who is told what else to look at", async () => {
    const { world, state } = await dispatched();
    expect(asked(state, FIXED)).toBe("unverified: No check and no judge looked at it (UNVERIFIED)");
    expect(asked(state, SKIPPED)).toBe(
      "unverified: No check and no judge looked at it (UNVERIFIED). It skips a test: test/sign.test.js:5",
    );
    const ran = await world.run("logs", FIXED, "--checks");
    expect([ran.code, ran.stderr]).toEqual([
      2,
      expect.stringContaining(`No check is configured for ${FIXED}`),
    ]);
  });
});
