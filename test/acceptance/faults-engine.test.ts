/** Faults of judges with real sessions, git and journal: the gate asks a person and nothing is merged (P2). */
import { describe, expect, it } from "vitest";
import type { Fault } from "../../src/adapters/scenario/scenario.ts";
import type { WorkflowState } from "../../src/core/workflow/state.ts";
import { createEngine } from "../../src/engine/engine.ts";
import type { CheckRunner } from "../../src/ports/provisioner.ts";
import { openPlace, type Place } from "./place.ts";

const FAULTS: readonly Fault[] = [
  "timeout",
  "prose",
  "omit-dimension",
  "nan",
  "over-one",
  "no-evidence",
  "kill",
  "crash",
  "turns",
  "overspend",
  "blocked",
  "api-400",
  "api-529",
];

const slot = (id: string): string =>
  `      - { id: ${id}, role: ps-researcher, makes: research, brief: Look at the code }\n`;

/** A judged slot per fault and one without; a silent session ends after a second. */
const DEFINITION = `
workflow: Judged slots
slug: multi-instance
criticality: C2
limits: { parallel: 4, idle: 1s, retries: 0 }
judge: { samples: 1, max_samples: 1 }
stages:
  - phase: Research
    slots:
${["sound", ...FAULTS].map(slot).join("")}`;

async function standstill(place: Place): Promise<WorkflowState> {
  const engine = createEngine(place.dependencies);
  await engine.create(place.plan, "ana");
  await engine.idle();
  const state = engine.state(place.plan.workflow.id);
  await engine.close();
  if (state === undefined) throw new Error("no state");
  return state;
}

describe("checks of the merged result", () => {
  it("that give no result never let it onto the integration branch", async () => {
    const definition = DEFINITION.replace("C2", "C1\nchecks: [check-it]").replace(
      FAULTS.map(slot).join(""),
      "",
    );
    const place = await openPlace({
      example: "multi-instance",
      agent: "simulated",
      scenario: {},
      edit: () => definition,
    });
    const passed = { passed: true, redAtBase: false, exitCode: 0, timedOut: false, tail: "" };
    let calls = 0;
    const checks: CheckRunner = {
      run: async (_folder, asked) => {
        calls += 1;
        return calls > 2 ? [] : asked.map(({ name }) => ({ name, ...passed })); // the base, the slot, then its merge
      },
    };
    try {
      const { questions } = await standstill({ ...place, dependencies: { ...place.dependencies, checks } });
      expect(calls).toBe(3);
      expect(questions.map((q) => `${q.kind} ${q.subject}: ${q.reason}`)).toEqual([
        "conflict sound: Checks fail on the merged result: check-it",
      ]);
      expect(await place.scratch.git("log", "--merges", `${place.plan.layout.branchPrefix}/main`)).toBe("");
    } finally {
      await place.close();
    }
  });
});

describe("judges in real sessions", () => {
  it("that end in any of the bad ways never lead to a merge, and each asks a person", {
    timeout: 120_000,
  }, async () => {
    const bad = FAULTS.map((fault) => [fault, { samples: Array.from({ length: 9 }, () => fault) }] as const);
    const scenario = { deliverables: { "*": { scores: [0.97] }, ...Object.fromEntries(bad) } };
    const place = await openPlace({
      example: "multi-instance",
      agent: "simulated",
      scenario,
      edit: () => DEFINITION,
    });
    try {
      const { deliverables, questions } = await standstill(place);
      const approved = Object.values(deliverables).flatMap((d) => (d.approval === undefined ? [] : [d.id]));
      expect(approved).toEqual(["sound"]);
      expect(questions.map((q) => `${q.kind} ${q.subject}`).toSorted()).toEqual(
        FAULTS.map((f) => `escalation ${f}`).toSorted(),
      );
      const merges = await place.scratch.git(
        "log",
        "--merges",
        "--format=%(trailers:key=Signalbox-Slot,valueonly)",
        `${place.plan.layout.branchPrefix}/main`,
      );
      expect(merges.split("\n").filter((line) => line !== "")).toEqual(["sound"]);
    } finally {
      await place.close();
    }
  });
});
