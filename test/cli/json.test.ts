/** `--json` on every verb that only looks: stdout is one document and nothing else, also when it fails. */
import { describe, expect, it } from "vitest";
import { VERBS } from "../../src/cli/catalogue/index.ts";
import { aPlanContext, multiInstance } from "../builders/definitions.ts";
import { planOf } from "../builders/derived.ts";
import { aWorld, type World } from "./harness.ts";

const ID = "demo-20260220-001";
const DEFINITION =
  "workflow: Three\nchecks: ['true']\nstages:\n  - phase: Fix\n    slots:\n      - { id: one, brief: do }\n";

async function withWorkflow(): Promise<World> {
  const world = await aWorld();
  const engine = await world.coordinate();
  await engine.create(planOf(multiInstance(), aPlanContext({ id: ID })).plan, "ada");
  await world.write("d.yaml", DEFINITION);
  await world.write("bad.yaml", "workflow: Three\n");
  return world;
}

const ANSWERS: readonly (readonly string[])[] = [
  ["ps"],
  ["ps", "--all"],
  ["inbox"],
  ["status"],
  ["show", "agent-a-001"],
  ["show", "phase-1"],
  ["show", "barrier-1"],
  ["show", "CP-001"],
  ["show", "plan"],
  ["docs"],
  ["doctor"],
  ["config"],
  ["config", "--show-origin"],
  ["plan", "d.yaml", "--use", "simulated"],
  ["validate", "d.yaml"],
  ["validate", "bad.yaml"],
  ["clean", "--dry-run"],
];

const FAILURES: readonly (readonly string[])[] = [
  ["status", "nobody"],
  ["show", "nothing"],
  ["plan", "nothing.yaml"],
  ["plan", "bad.yaml"],
  ["validate", "nothing.yaml"],
  ["docs", "--check"],
  ["ps", "--nothing"],
  ["decide", "plan", "aprove"],
  ["events", "nobody"],
  ["logs", "nothing"],
  ["clean", "nobody"],
];

/** Their answer is what another program prints. */
const PASSED_THROUGH = ["exec", "diff"];

describe("--json", () => {
  it("is one document with a version, and nothing beside it", async () => {
    const world = await withWorkflow();
    for (const argv of ANSWERS) {
      const ran = await world.run(...argv, "--json");
      expect(JSON.parse(ran.stdout), argv.join(" ")).toMatchObject({ schemaVersion: 1 });
      expect(ran.stdout.trimEnd().split("\n").at(-1), argv.join(" ")).toBe("}");
    }
  });

  it("is one error with code, message, hint and whether to try again", async () => {
    const world = await withWorkflow();
    for (const argv of FAILURES) {
      const ran = await world.run(...argv, "--json");
      expect(ran.code, argv.join(" ")).not.toBe(0);
      const { error } = JSON.parse(ran.stdout) as { readonly error: Readonly<Record<string, unknown>> };
      expect(Object.keys(error), argv.join(" ")).toEqual(["code", "message", "hint", "retryable"]);
      expect([typeof error.code, typeof error.message, typeof error.retryable]).toEqual([
        "string",
        "string",
        "boolean",
      ]);
      expect(ran.stderr, argv.join(" ")).toBe("");
    }
  });

  it("is there on every verb that looks", () => {
    const looking = VERBS.filter(({ group, hidden }) => group === "look" && hidden !== true);
    const without = looking.filter(({ options }) => !options?.some(({ flags }) => flags === "--json"));
    expect(without.map(({ name }) => name).filter((name) => !PASSED_THROUGH.includes(name))).toEqual([]);
  });
});
