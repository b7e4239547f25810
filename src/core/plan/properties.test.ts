/** What holds for every definition that can be planned. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  aBarrier,
  aDefinition,
  aPhase,
  aPlanContext,
  aSlot,
  LOOPS,
} from "../../../test/builders/definitions.ts";
import type { Definition, SlotDefinition, StageDefinition } from "../definition.ts";
import { CRITICALITIES } from "../vocabulary.ts";
import { derivePlan } from "./derive-plan.ts";
import type { Plan } from "./plan.ts";

const PIPELINES = [{ key: "a" }, { key: "b", skill: "problem-solving" }, { key: "third", alias: "join" }];

const slot: fc.Arbitrary<SlotDefinition> = fc
  .record({
    in: fc.constantFrom("a", "b", "third"),
    role: fc.constantFrom(["ps-researcher"], ["ps-analyst", "ps-reviewer"], ["coder"], ["user"]),
    makes: fc.constantFrom("research", "adr", "commit", "report"),
    reads: fc.subarray(["PLAN.md", "docs/x.md"]),
    critics: fc.subarray(["red-team", "devils-advocate", "blue-team"] as const),
    task: fc.option(
      fc.integer({ min: 1, max: 40 }).map((n) => `TASK-${n}`),
      { nil: undefined },
    ),
    touches: fc.subarray(["src/auth/x.ts", "src/a.ts"]),
  })
  .map(({ task, ...rest }) => aSlot({ ...rest, ...(task === undefined ? {} : { task }) }));

const phase = fc
  .tuple(
    fc.constantFrom("Research", "Build", "日本"),
    fc.array(slot, { minLength: 1, maxLength: 4 }),
    fc.boolean(),
  )
  .map(([name, slots, sequential]) => aPhase(name, slots, { sequential }));

const barrier = fc
  .constantFrom([], [{ from: "a", to: "b", text: "x" }], [{ from: "b", to: "third", text: "y" }])
  .map((directions) => aBarrier("Swap", directions));

const definition: fc.Arbitrary<Definition> = fc
  .record({
    stages: fc.array(fc.oneof({ weight: 3, arbitrary: phase as fc.Arbitrary<StageDefinition> }, barrier), {
      minLength: 1,
      maxLength: 6,
    }),
    criticality: fc.constantFrom(...CRITICALITIES.slice(0, 3)),
    loop: fc.constantFrom(LOOPS.standard, LOOPS.h14, LOOPS.disc002, LOOPS.none),
    checkpointFrequency: fc.constantFrom("AGENT", "PHASE", "BARRIER"),
    reviewPhases: fc.boolean(),
    firstPhase: fc.constantFrom(0, 1, 5),
    synthesis: fc.boolean(),
  })
  .map(({ synthesis, ...rest }) =>
    aDefinition({ ...rest, pipelines: PIPELINES, finish: { ...aDefinition().finish, synthesis } }),
  );

/** Runs the check on every generated definition that is plannable, and makes sure that many are. */
function forEveryPlan(check: (plan: Plan, definition: Definition) => void): void {
  let planned = 0;
  fc.assert(
    fc.property(definition, (written) => {
      const { plan } = derivePlan(written, aPlanContext());
      if (plan === null) return;
      planned += 1;
      check(plan, written);
    }),
    { numRuns: 120 },
  );
  expect(planned).toBeGreaterThan(20);
}

describe("every plan", () => {
  it("has ids, gates and artifact paths that are unique", () => {
    forEveryPlan((plan) => {
      const paths = plan.deliverables.flatMap(({ makes }) => (makes.kind === "file" ? [makes.path] : []));
      for (const list of [
        plan.deliverables.map(({ id }) => id),
        plan.deliverables.map(({ gate }) => gate.id),
        plan.deliverables.map(({ folder }) => folder),
        plan.stages.map(({ id }) => id),
        plan.pipelines.map(({ id }) => id),
        plan.checkpoints.map(({ id }) => id),
        plan.groups.map(({ id }) => id),
        paths,
      ]) {
        expect(new Set(list).size).toBe(list.length);
      }
    });
  });

  it("reads only what an earlier deliverable makes or the author names", () => {
    forEveryPlan((plan, written) => {
      const reads = written.stages.flatMap((stage) =>
        stage.kind === "phase" ? stage.slots.flatMap((one) => one.reads) : [],
      );
      for (const [index, deliverable] of plan.deliverables.entries()) {
        const earlier = plan.deliverables.slice(0, index);
        const made = earlier.flatMap(({ makes }) => (makes.kind === "file" ? [makes.path] : []));
        for (const input of deliverable.inputs) expect([...made, ...reads]).toContain(input);
        expect(new Set(deliverable.inputs).size).toBe(deliverable.inputs.length);
      }
    });
  });

  it("resolves every reference", () => {
    forEveryPlan((plan) => {
      const ids = plan.deliverables.map(({ id }) => id);
      const checkpoints = plan.checkpoints.map(({ id }) => id);
      for (const stage of plan.stages) {
        const members = stage.kind === "phase" ? stage.slots : stage.handoffs;
        expect(members).toEqual(
          plan.deliverables.filter((one) => one.stage === stage.index).map(({ id }) => id),
        );
        if (stage.checkpoint !== null) expect(checkpoints).toContain(stage.checkpoint);
      }
      for (const group of plan.groups) {
        expect(ids).toEqual(expect.arrayContaining([...group.agents]));
        if (group.checkpoint !== undefined) expect(checkpoints).toContain(group.checkpoint);
      }
      for (const { subject } of plan.checkpoints) if (subject !== undefined) expect(ids).toContain(subject);
      expect(ids).toEqual(expect.arrayContaining([...plan.forecast.criticalPath]));
    });
  });

  it("merges in an order in which nothing waits for what comes later", () => {
    forEveryPlan((plan) => {
      for (const [index, { after, stage }] of plan.deliverables.entries()) {
        const earlier = plan.deliverables.slice(0, index);
        expect(earlier.every((one) => one.stage <= stage)).toBe(true);
        expect(earlier.filter((one) => one.stage === stage).map(({ id }) => id)).toEqual(
          expect.arrayContaining([...after]),
        );
      }
    });
  });

  it("lets nobody score or criticise what they made", () => {
    forEveryPlan((plan) => {
      for (const { role, partner, gate } of plan.deliverables) {
        const reviewers = [
          ...gate.reviewers.map((one) => one.role),
          ...(gate.critic === null ? [] : [gate.critic]),
        ];
        expect(reviewers.filter((name) => name === role || name === partner)).toEqual([]);
        expect(gate.reviewers.length > 0).toBe(gate.judged);
      }
    });
  });

  it("ends with one checkpoint for the whole workflow, and recovery never points backwards", () => {
    forEveryPlan((plan) => {
      expect(plan.checkpoints.filter(({ trigger }) => trigger === "WORKFLOW_COMPLETE")).toEqual([
        plan.checkpoints.at(-1),
      ]);
      const positions = plan.checkpoints.map(({ position }) => position);
      expect(positions).toEqual(positions.toSorted((one, other) => one - other));
    });
  });

  it("is the same plan for the same definition, and plain data", () => {
    forEveryPlan((plan, written) => {
      expect(derivePlan(written, aPlanContext()).plan).toEqual(plan);
      expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
    });
  });
});
