import { describe, expect, it } from "vitest";
import { aWorkflow, crossPollinatedPlan, sequentialPlan } from "../../../test/builders/state.ts";
import type { Plan, PlannedDeliverable } from "../plan/plan.ts";
import type { WorkflowState } from "../workflow/state.ts";
import { validateState } from "./diagnostics.ts";

function rules(state: WorkflowState): readonly string[] {
  return validateState(state).map((one) => `${one.rule} ${one.subject}`);
}

function withDeliverable(id: string, change: (one: PlannedDeliverable) => PlannedDeliverable): Plan {
  const plan = crossPollinatedPlan();
  return { ...plan, deliverables: plan.deliverables.map((one) => (one.id === id ? change(one) : one)) };
}

const A = "agent-a-001";

describe("validation of a state", () => {
  it("finds nothing wrong with sound ones", () => {
    for (const state of [
      aWorkflow().build(),
      aWorkflow().upTo(2).escalated("agent-a-002").build(),
      aWorkflow().finished().build(),
      aWorkflow().upTo(3).rewound(1).build(),
    ])
      expect(rules(state)).toEqual([]);
  });

  it("warns where the author accepted that a creator scores its own work (V18)", () => {
    const found = validateState(aWorkflow(sequentialPlan()).build());
    expect(found).toMatchObject([{ rule: "V18", level: "warning", subject: "task-005" }]);
  });

  it.each<[string, WorkflowState, string]>([
    [
      "an absolute path (V5)",
      aWorkflow(
        withDeliverable(A, (one) => ({ ...one, makes: { kind: "file", type: "x", path: "/etc/x" } })),
      ).build(),
      "V5 /etc/x",
    ],
    [
      "a path that leaves the repository (V5)",
      aWorkflow(
        withDeliverable(A, (one) => ({ ...one, makes: { kind: "file", type: "x", path: "a/../../x" } })),
      ).build(),
      "V5 a/../../x",
    ],
    [
      "a time without zone (V6)",
      aWorkflow().log("X", "").set({ startedAt: "2026-02-20" }).build(),
      "V6 workflow",
    ],
    [
      "an alias used twice (V7)",
      aWorkflow({
        ...crossPollinatedPlan(),
        pipelines: crossPollinatedPlan().pipelines.map((one) => ({ ...one, alias: "same" })),
      }).build(),
      "V7 same",
    ],
    [
      "an unknown reference (V8)",
      aWorkflow(withDeliverable(A, (one) => ({ ...one, after: ["nobody"] }))).build(),
      "V8 agent-a-001",
    ],
    [
      "something that waits for later work (V9)",
      aWorkflow(withDeliverable(A, (one) => ({ ...one, after: ["agent-c-001"] }))).build(),
      "V9 agent-a-001",
    ],
    [
      "a complete workflow with open work (V10)",
      aWorkflow().upTo(4).set({ status: "COMPLETE" }).build(),
      "V10 phase-3",
    ],
    [
      "merged work without approval (V12)",
      aWorkflow().step(A, "merged", { commit: "c", artifact: "a.md" }).build(),
      "V12 agent-a-001",
    ],
    [
      "another commit than the approved one (V12)",
      aWorkflow().upTo(0).merged(A).step(A, "merged", { commit: "other" }).build(),
      "V12 agent-a-001",
    ],
    [
      "a complete barrier with an open handoff (V13)",
      aWorkflow().upTo(1).merged("barrier-1.a-to-b").closed(1).build(),
      "V13 barrier-1",
    ],
    [
      "a phase that started before its barrier (V14)",
      aWorkflow().upTo(1).running("agent-a-002").build(),
      "V14 agent-a-002",
    ],
    [
      "an end before the start (V15)",
      aWorkflow()
        .upTo(0)
        .step(A, "failed", { startedAt: "2026-02-20T10:05:00Z", completedAt: "2026-02-20T10:04:00Z" })
        .build(),
      "V15 agent-a-001",
    ],
    [
      "a time after the last update (V15)",
      aWorkflow().upTo(0).step(A, "failed", { startedAt: "2027-01-01T00:00:00Z" }).build(),
      "V15 agent-a-001",
    ],
    [
      "Devil's Advocate without Steelman (V16)",
      aWorkflow(
        withDeliverable(A, (one) => ({
          ...one,
          gate: { ...one.gate, strategies: { ...one.gate.strategies, order: ["S-002", "S-014"] } },
        })),
      ).build(),
      "V16 agent-a-001",
    ],
    [
      "a judged gate that does not end with the score (V16)",
      aWorkflow(
        withDeliverable(A, (one) => ({
          ...one,
          gate: { ...one.gate, strategies: { ...one.gate.strategies, order: ["S-014", "S-010"] } },
        })),
      ).build(),
      "V16 agent-a-001",
    ],
    [
      "weights that do not sum to one (V17)",
      aWorkflow(
        withDeliverable(A, (one) => ({ ...one, gate: { ...one.gate, rubric: one.gate.rubric.slice(1) } })),
      ).build(),
      "V17 agent-a-001",
    ],
    [
      "fewer rounds than the least (V17)",
      aWorkflow(
        withDeliverable(A, (one) => ({ ...one, gate: { ...one.gate, loop: { ...one.gate.loop, min: 4 } } })),
      ).build(),
      "V17 agent-a-001",
    ],
    [
      "a checkpoint with another trigger than planned (V19)",
      aWorkflow()
        .upTo(1)
        .set({
          checkpoints: aWorkflow()
            .upTo(1)
            .build()
            .checkpoints.map((one) => ({ ...one, trigger: "MANUAL" as const })),
        })
        .build(),
      "V19 CP-001",
    ],
  ])("finds %s", (_, state, expected) => {
    expect(rules(state)).toContain(expected);
  });
});
