import { describe, expect, it } from "vitest";
import { aWorkflow, sequentialPlan } from "../../../test/builders/state.ts";
import type { SessionRecord } from "../workflow/session-record.ts";
import { metrics, overallProgress } from "./metrics.ts";

describe("execution metrics", () => {
  it("of the documented workflow are 5 phases, 2 barriers, 5 agents and 9 artifacts", () => {
    const { execution } = metrics(aWorkflow().finished().build());
    expect(execution).toEqual({
      phases: { part: 5, total: 5, percent: 100 },
      barriers: { part: 2, total: 2, percent: 100 },
      agents: { part: 5, total: 5, percent: 100 },
      artifacts: { part: 9, total: 9, percent: 100 },
    });
  });

  it("round down and count what is merged", () => {
    const state = aWorkflow().upTo(2).merged("agent-a-002").build();
    expect(metrics(state).execution.artifacts).toEqual({ part: 5, total: 9, percent: 55 });
    expect(overallProgress(state)).toEqual({ part: 4, total: 7, percent: 57 });
  });

  it("do not count a skipped slot as executed", () => {
    expect(metrics(aWorkflow().upTo(0).step("agent-a-001", "skipped").build()).execution.agents.part).toBe(0);
  });

  it("have no percentage where there is nothing to count", () => {
    expect(metrics(aWorkflow(sequentialPlan()).build()).execution.barriers).toEqual({
      part: 0,
      total: 0,
      percent: null,
    });
  });

  it("never show 100 percent while the last gate is open", () => {
    const state = aWorkflow().upTo(4).merged("agent-c-001").build();
    expect(overallProgress(state).percent).toBe(85);
  });
});

describe("quality metrics", () => {
  it("have no value before something was decided", () => {
    expect(metrics(aWorkflow().build()).quality).toMatchObject({
      agentSuccessRate: null,
      barrierValidationPassRate: null,
      averageScore: null,
      lowestScore: null,
      lowestGate: null,
      totalIterations: 0,
    });
  });

  it("count failed slots against merged ones", () => {
    const state = aWorkflow().upTo(0).merged("agent-a-001").failed("agent-b-001").build();
    expect(metrics(state).quality.agentSuccessRate).toBe(50);
  });

  it("count waived and escalated handoffs against those that passed", () => {
    const state = aWorkflow()
      .upTo(1)
      .merged("barrier-1.a-to-b")
      .merged("barrier-1.b-to-a", [0.8], "WAIVED")
      .build();
    expect(metrics(state).quality.barrierValidationPassRate).toBe(50);
  });

  it("name the gate with the lowest score", () => {
    const state = aWorkflow().upTo(0).merged("agent-a-001", [0.95]).merged("agent-b-001", [0.93]).build();
    expect(metrics(state).quality).toMatchObject({
      lowestScore: 0.93,
      lowestGate: "phase-1/spike-002",
      averageScore: 0.94,
      totalIterations: 2,
      gatesPassed: 2,
    });
  });
});

describe("task metrics", () => {
  it("count every task once", () => {
    const state = aWorkflow(sequentialPlan()).upTo(0).running("task-001").escalated("task-002").build();
    expect(metrics(state).tasks).toMatchObject({
      total: 5,
      complete: 0,
      inProgress: 1,
      blocked: 4,
      pending: 0,
      failed: 0,
      skipped: 0,
      iterations: 4,
      escalations: 1,
    });
  });

  it("count gates and approvals", () => {
    expect(metrics(aWorkflow(sequentialPlan()).upTo(1).build()).tasks).toMatchObject({
      qualityGates: { part: 1, total: 4 },
      approvals: { part: 1, total: 4 },
      phases: { part: 1, total: 4 },
    });
  });
});

describe("session metrics", () => {
  it("sum the cost by deliverable without binary crumbs", () => {
    const session = (id: string, costUsd: number | null): SessionRecord => ({
      id,
      purpose: "create",
      subject: "agent-a-001",
      epoch: 1,
      attempt: 1,
      round: 1,
      part: 1,
      role: "ps-researcher",
      adapter: "simulated",
      conversation: id,
      status: "ENDED",
      dispatchedAt: "2026-02-20T10:00:00Z",
      reservedUsd: 0,
      outcome: {
        sessionId: id,
        usage: { costUsd, turns: 1, durationMs: 5 },
        kind: "ok",
        text: "",
        denials: [],
      },
    });
    const state = aWorkflow()
      .set({ sessions: { a: session("a", 0.1), b: session("b", 0.2), c: session("c", null) } })
      .build();
    expect(metrics(state).sessions.usdBySubject).toEqual([{ subject: "agent-a-001", usd: 0.3 }]);
  });
});
