import { describe, expect, it } from "vitest";
import { aWorkflow, crossPollinatedPlan, sequentialPlan } from "../../../test/builders/state.ts";
import { expectedCheckpoints, latestCheckpoint, nextCheckpoint } from "./checkpoints.ts";
import { gateView, phaseGateView } from "./gates.ts";
import { phases, stageCriticality } from "./stages.ts";
import { unit } from "./unit.ts";

const ID = "agent-a-001";

describe("the gate of a deliverable", () => {
  it("is PENDING before the first round and IN_PROGRESS within one", () => {
    expect(gateView(aWorkflow().build(), ID)).toMatchObject({
      status: "PENDING",
      round: 0,
      score: null,
      maxRounds: 3,
    });
    expect(gateView(aWorkflow().upTo(0).running(ID).build(), ID)).toMatchObject({
      status: "IN_PROGRESS",
      round: 1,
    });
  });

  it("shows the last decided score while the next round runs", () => {
    const gate = gateView(aWorkflow().upTo(0).running(ID, "create", [0.88]).build(), ID);
    expect(gate).toMatchObject({
      status: "IN_PROGRESS",
      round: 2,
      score: 0.88,
      verdict: "REVISE",
      band: "REVISE",
    });
    expect(gate?.reviewers.map((reviewer) => reviewer.status)).toEqual(["IN_PROGRESS"]);
  });

  it("is PASS with the score of the approved round", () => {
    expect(gateView(aWorkflow().upTo(0).merged(ID).build(), ID)).toMatchObject({
      status: "PASS",
      score: 0.934,
      round: 3,
      waivedBy: null,
      openFindings: 0,
    });
  });

  it("is WAIVED with the decision that waived it", () => {
    const gate = gateView(aWorkflow().upTo(0).merged(ID, [0.8, 0.85], "WAIVED").build(), ID);
    expect(gate).toMatchObject({ status: "WAIVED", score: 0.85, waivedBy: "RD-001", unverified: false });
  });

  it("is SKIPPED with its reviewers, and its score counts no more", () => {
    const gate = gateView(aWorkflow().upTo(0).escalated(ID).step(ID, "skipped").build(), ID);
    expect(gate).toMatchObject({ status: "SKIPPED", score: null, reviewers: [{ status: "SKIPPED" }] });
  });

  it("is ESCALATED while the question is open", () => {
    expect(gateView(aWorkflow().upTo(0).escalated(ID).build(), ID)).toMatchObject({
      status: "ESCALATED",
      score: 0.9,
      openFindings: 0,
    });
  });

  it("forgets rounds of earlier attempts and epochs", () => {
    const builder = aWorkflow().upTo(0).merged(ID).rewound(0);
    expect(gateView(builder.build(), ID)).toMatchObject({ status: "PENDING", round: 0, score: null });
    expect(gateView(builder.running(ID).build(), ID)).toMatchObject({
      status: "IN_PROGRESS",
      round: 1,
      score: null,
    });
  });

  it("counts the rounds that a person granted", () => {
    const state = aWorkflow().upTo(0).escalated(ID).step(ID, "create", { extraRounds: 1 }).build();
    expect(gateView(state, ID)?.maxRounds).toBe(4);
  });

  it("keeps reviewers apart and decides by the lowest", () => {
    const gate = gateView(aWorkflow(sequentialPlan()).upTo(1).merged("task-003", [0.93]).build(), "task-003");
    expect(gate?.reviewers).toEqual([
      { role: "nse-verification", kind: "validator", status: "COMPLETE", score: 0.93, round: 1 },
      { role: "nse-requirements", kind: "cross-check", status: "COMPLETE", score: 0.94, round: 1 },
    ]);
    expect(gate).toMatchObject({ score: 0.93, displayScore: 0.935 });
  });

  it("is the heavier one once changed files raised the level", () => {
    const plan = crossPollinatedPlan();
    const raised = aWorkflow(plan).upTo(0).step(ID, "create", { criticality: "C4" }).build();
    expect(unit(raised, ID)?.plan.gate.strategies.order).toHaveLength(10);
    expect(phases(raised).map((phase) => stageCriticality(raised, phase))).toEqual(["C4", "C2", "C3"]);
  });

  it("does not exist for an unknown id", () => {
    expect(gateView(aWorkflow().build(), "nobody")).toBeUndefined();
  });
});

describe("the gate of a phase", () => {
  const gates = (state: Parameters<typeof phases>[0]) =>
    phases(state).map((phase) => phaseGateView(state, phase).status);

  it("follows its slots until it is decided", () => {
    const builder = aWorkflow(sequentialPlan()).upTo(0);
    expect(gates(builder.build())[0]).toBe("PENDING");
    expect(gates(builder.running("task-001").build())[0]).toBe("IN_PROGRESS");
    expect(gates(builder.merged("task-001").merged("task-002").build())[0]).toBe("IN_PROGRESS");
    expect(gates(builder.closed(0).build())[0]).toBe("PASS");
  });

  it("is ESCALATED when a slot is", () => {
    expect(gates(aWorkflow(sequentialPlan()).upTo(0).escalated("task-001").build())[0]).toBe("ESCALATED");
  });

  it("has the lowest score of its slots", () => {
    const state = aWorkflow(sequentialPlan())
      .upTo(0)
      .merged("task-001", [0.95])
      .merged("task-002", [0.93])
      .build();
    expect(phases(state).map((phase) => phaseGateView(state, phase).score)[0]).toBe(0.93);
  });
});

describe("checkpoints", () => {
  it("are reached one after the other, the next one is the first that is not", () => {
    const state = aWorkflow().upTo(2).build();
    expect(expectedCheckpoints(state).map((one) => one.reached)).toEqual([true, true, false, false, false]);
    expect(nextCheckpoint(state)?.id).toBe("CP-003");
    expect(latestCheckpoint(state)?.id).toBe("CP-002");
  });

  it("have no next one at the end", () => {
    expect(nextCheckpoint(aWorkflow().finished().build())).toBeUndefined();
  });

  it("are open again after a rewind to before them", () => {
    const state = aWorkflow().upTo(3).rewound(1).build();
    expect(expectedCheckpoints(state).map((one) => one.reached)).toEqual([true, false, false, false, false]);
    expect(latestCheckpoint(state)?.id).toBe("CP-001");
  });

  it("of a person are PENDING, AWAITING, then APPROVED", () => {
    const approvals = (state: Parameters<typeof expectedCheckpoints>[0]) =>
      expectedCheckpoints(state).map((one) => one.approval);
    const builder = aWorkflow(sequentialPlan()).started().merged("task-001").merged("task-002");
    expect(approvals(builder.build()).slice(0, 2)).toEqual(["PENDING", "PENDING"]);
    expect(approvals(builder.closed(0, "AWAITING").build()).slice(0, 2)).toEqual(["AWAITING", "PENDING"]);
    expect(approvals(aWorkflow(sequentialPlan()).upTo(1).build()).slice(0, 2)).toEqual([
      "APPROVED",
      "PENDING",
    ]);
    expect(approvals(aWorkflow().build())).toEqual([null, null, null, null, null]);
  });
});
