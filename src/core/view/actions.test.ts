import { describe, expect, it } from "vitest";
import { aWorkflow, crossPollinatedPlan, sequentialPlan } from "../../../test/builders/state.ts";
import { nextActions } from "./next-actions.ts";
import { resumption } from "./resumption.ts";
import { waiting } from "./waiting.ts";

function commands(state: Parameters<typeof waiting>[0]): readonly string[] {
  return waiting(state).flatMap((open) => open.answers.map((answer) => answer.command));
}

describe("what waits for a person", () => {
  it("names the command of every answer to an escalation", () => {
    expect(commands(aWorkflow().upTo(2).escalated("agent-b-002").build())).toEqual([
      'signalbox decide agent-b-002 accept --note "…"',
      'signalbox decide agent-b-002 guide --note "…"',
      "signalbox decide agent-b-002 write",
      'signalbox decide agent-b-002 back --to phase-1 --note "…"',
      "signalbox decide agent-b-002 cancel",
    ]);
  });

  it("names the phase that a rejected checkpoint goes back to", () => {
    const state = aWorkflow(sequentialPlan())
      .started()
      .merged("task-001")
      .merged("task-002")
      .closed(0, "AWAITING")
      .build();
    expect(commands(state)).toEqual([
      "signalbox approve CP-001",
      'signalbox reject CP-001 --to phase-0 --note "…"',
    ]);
  });

  it("asks for an amount only where a limit was reached", () => {
    const builder = aWorkflow();
    builder.ask("limit", "workflow", "10 USD are spent", ["add", "finish", "stop"]);
    builder.ask("auth", "workflow", "not logged in", ["resume"]);
    expect(commands(builder.build())).toEqual([
      "signalbox decide workflow add --usd <amount>",
      "signalbox decide workflow finish",
      "signalbox decide workflow stop",
      "signalbox resume",
    ]);
  });

  it("is nothing when nothing is asked", () => {
    expect(waiting(aWorkflow().finished().build())).toEqual([]);
  });
});

describe("next actions", () => {
  it("start with what is ready and go on with later groups in order", () => {
    const actions = nextActions(aWorkflow().upTo(0).build());
    expect(actions.immediate).toMatchObject([
      { agents: ["agent-a-001", "agent-b-001"], mode: "PARALLEL", commands: [] },
    ]);
    expect(actions.subsequent.map((one) => one.dependsOn).slice(0, 2)).toEqual([
      "Phase 1 Research Agents complete",
      "Barrier 1 Cross-Pollination complete",
    ]);
  });

  it("put questions first and never list what is finished", () => {
    const { immediate } = nextActions(
      aWorkflow().upTo(2).merged("agent-a-002").escalated("agent-b-002").build(),
    );
    expect(immediate.map((one) => [one.mode, one.agents])).toEqual([["MANUAL", ["agent-b-002"]]]);
  });

  it("say what runs and in which round", () => {
    const { immediate } = nextActions(aWorkflow().upTo(0).running("agent-a-001", "judge", [0.9]).build());
    expect(immediate[0]?.action).toBe("Wait for agent-a-001 (ps-researcher): round 2, judge");
  });

  it("of a complete workflow are landing and what the author wrote", () => {
    const { immediate, subsequent } = nextActions(aWorkflow().finished().build());
    expect(immediate.map((one) => one.action)).toEqual([
      "Land the result on main",
      ...crossPollinatedPlan().workflow.next,
    ]);
    expect(subsequent).toEqual([]);
  });

  it("of a landed workflow no longer ask to land", () => {
    const landed = {
      way: "here" as const,
      target: "main",
      commit: "c",
      by: "ada",
      at: "2026-02-20T23:00:00Z",
    };
    const { immediate } = nextActions(aWorkflow().finished().set({ landed }).build());
    expect(immediate.map((one) => one.action)).toEqual(crossPollinatedPlan().workflow.next);
  });

  it("of a paused workflow start with resuming it", () => {
    const { immediate } = nextActions(
      aWorkflow().upTo(0).set({ status: "PAUSED", pausedReason: "by ada" }).build(),
    );
    expect(immediate[0]).toMatchObject({ description: "Paused: by ada", commands: ["signalbox resume"] });
  });

  it("of a cancelled workflow name the way back", () => {
    const { immediate } = nextActions(aWorkflow().upTo(2).set({ status: "CANCELLED" }).build());
    expect(immediate[0]?.commands).toEqual(["signalbox rewind CP-002"]);
  });
});

describe("the resumption", () => {
  it("has the seven parts and describes where the work stands", () => {
    const context = resumption(aWorkflow().upTo(2).running("agent-a-002", "judge", [0.9]).build());
    expect(Object.keys(context)).toHaveLength(7);
    expect(context.recoveryState).toMatchObject({
      lastCheckpoint: "CP-002",
      currentPhase: 2,
      currentPhaseName: "Analysis",
      workflowStatus: "ACTIVE",
      currentActivity: "qg-2-iteration-2",
      nextStep: "Wait for agent-a-002 (ps-analyst): round 2, judge",
    });
  });

  it.each([
    [aWorkflow().upTo(0).running("agent-a-001").build(), "phase-1-agent-execution"],
    [aWorkflow().upTo(1).running("barrier-1.a-to-b").build(), "barrier-1-iteration-1"],
    [aWorkflow().finished().build(), "idle"],
  ])("names the activity (case %#)", (state, activity) => {
    expect(resumption(state).recoveryState.currentActivity).toBe(activity);
  });

  it("sends the reader to the escalation that is open", () => {
    const paths = resumption(aWorkflow().upTo(0).escalated("agent-a-001").build()).filesToRead.map(
      (file) => file.path,
    );
    expect(paths.at(-1)).toBe(
      "orchestration/multi-instance-20260220-001/escalations/agent-a-001-escalation.md",
    );
    expect(paths).toHaveLength(4);
  });

  it("keeps scores and defects of all rounds", () => {
    const { qualityTrajectory, defectSummary } = resumption(
      aWorkflow().upTo(0).merged("agent-a-001").merged("agent-b-001").build(),
    );
    expect(qualityTrajectory.scoreHistory[0]).toEqual({
      gate: "phase-1/spike-001",
      scores: [0.88, 0.925, 0.934],
    });
    expect(qualityTrajectory).toMatchObject({
      lowestDimension: "completeness",
      totalIterationsUsed: 6,
      currentGate: null,
    });
    expect(defectSummary).toMatchObject({ totalFound: 18, totalResolved: 14 });
    expect(defectSummary.unresolved[0]).toMatch(/^agent-a-001 F-1-1 HIGH: /);
    expect(defectSummary.recurringPatterns.map((one) => one.pattern)).toEqual([
      "BLIND_SPOT",
      "WEAK_ASSUMPTION",
    ]);
  });

  it("logs decisions and one line per agent that has begun", () => {
    const context = resumption(aWorkflow().upTo(0).merged("agent-a-001", [0.8], "WAIVED").build());
    expect(context.decisionLog).toMatchObject([
      { id: "RD-001", decision: "accept agent-a-001", rationale: "good enough for now" },
    ]);
    expect(context.agentSummaries.map((one) => one.agent)).toEqual(["agent-a-001"]);
    expect(context.agentSummaries[0]?.summary).toMatch(/^COMPLETE\. /);
  });
});
