import { describe, expect, it } from "vitest";
import { aWorkflow, sequentialPlan } from "../../../test/builders/state.ts";
import type { WorkflowState } from "../workflow/state.ts";
import { pipelineViews } from "./pipelines.ts";
import { currentGroup, groups } from "./queue.ts";
import {
  barriers,
  barrierView,
  blockedBy,
  phaseShown,
  phaseStatus,
  phases,
  pipelinePhases,
} from "./stages.ts";
import { currentStateSentence } from "./summary.ts";
import { shownStatus, unitStatus } from "./unit.ts";

function phase(state: WorkflowState, number: number) {
  const found = phases(state).find((one) => one.number === number);
  if (found === undefined) throw new Error(`no phase ${number}`);
  return found;
}

function pipelineStatuses(state: WorkflowState): readonly string[] {
  return pipelineViews(state).map((view) => view.status);
}

describe("the status of a deliverable", () => {
  it.each([
    ["blocked", "BLOCKED"],
    ["ready", "PENDING"],
    ["provision", "IN_PROGRESS"],
    ["judge", "IN_PROGRESS"],
    ["merge", "IN_PROGRESS"],
    ["waiting", "BLOCKED"],
    ["merged", "COMPLETE"],
    ["skipped", "SKIPPED"],
    ["failed", "FAILED"],
  ] as const)("at step %s is %s", (step, status) => {
    expect(unitStatus(aWorkflow().step("agent-a-001", step).build(), "agent-a-001")).toBe(status);
  });

  it("is printed as ESCALATED while a person's answer is missing", () => {
    const state = aWorkflow().upTo(0).escalated("agent-a-001").build();
    expect(unitStatus(state, "agent-a-001")).toBe("BLOCKED");
    expect(shownStatus(state, "agent-a-001")).toBe("ESCALATED");
  });
});

describe("the status of a phase", () => {
  it("is PENDING when its slots are ready and BLOCKED before that, with the reason", () => {
    const state = aWorkflow().upTo(0).build();
    expect(phaseStatus(state, phase(state, 1))).toBe("PENDING");
    expect(phaseStatus(state, phase(state, 2))).toBe("BLOCKED");
    expect(blockedBy(state, phase(state, 2))).toBe("barrier-1");
  });

  it("is IN_PROGRESS while one slot is done and another is not", () => {
    const state = aWorkflow().upTo(0).merged("agent-a-001").build();
    expect(phaseStatus(state, phase(state, 1))).toBe("IN_PROGRESS");
    expect(pipelinePhases(state)[0]?.status).toBe("COMPLETE");
  });

  it("is not COMPLETE before its gate has passed, although all slots are merged", () => {
    const open = aWorkflow().upTo(0).merged("agent-a-001").merged("agent-b-001");
    expect(phaseStatus(open.build(), phase(open.build(), 1))).toBe("IN_PROGRESS");
    expect(phaseStatus(open.closed(0).build(), phase(open.build(), 1))).toBe("COMPLETE");
  });

  it("is COMPLETE when slots are merged or skipped", () => {
    const state = aWorkflow().upTo(0).merged("agent-a-001").step("agent-b-001", "skipped").closed(0).build();
    expect(phaseStatus(state, phase(state, 1))).toBe("COMPLETE");
  });

  it("is FAILED when a slot failed and none runs, IN_PROGRESS while one still runs", () => {
    const failed = aWorkflow().upTo(0).failed("agent-a-001");
    expect(phaseStatus(failed.build(), phase(failed.build(), 1))).toBe("FAILED");
    const state = failed.running("agent-b-001").build();
    expect(phaseStatus(state, phase(state, 1))).toBe("IN_PROGRESS");
  });

  it("is printed as ESCALATED when everything left waits for a person", () => {
    const state = aWorkflow().upTo(0).merged("agent-a-001").escalated("agent-b-001").build();
    expect(phaseShown(state, phase(state, 1))).toBe("ESCALATED");
  });

  it("waits for the approval of the checkpoint before it", () => {
    const builder = aWorkflow(sequentialPlan())
      .started()
      .merged("task-001")
      .merged("task-002")
      .closed(0, "AWAITING");
    expect(blockedBy(builder.build(), phase(builder.build(), 1))).toBe("CP-001");
  });

  it("waits for the approval of the plan where that is asked for", () => {
    const state = aWorkflow(sequentialPlan()).build();
    expect(blockedBy(state, phase(state, 0))).toBe("plan");
  });
});

describe("the status of a pipeline", () => {
  it("names its first incomplete phase, convergent ones last", () => {
    expect(pipelineStatuses(aWorkflow().upTo(0).build())).toEqual([
      "PHASE_1_PENDING",
      "PHASE_1_PENDING",
      "PHASE_3_BLOCKED",
    ]);
    const state = aWorkflow().upTo(2).running("agent-a-002").build();
    expect(pipelineStatuses(state)).toEqual(["PHASE_2_IN_PROGRESS", "PHASE_2_PENDING", "PHASE_3_BLOCKED"]);
  });

  it("is COMPLETE at the end with the last phase as the current one", () => {
    const views = pipelineViews(aWorkflow().finished().build());
    expect(
      views.map((view) => [view.status, view.currentPhase, view.totalPhases, view.progressPercent]),
    ).toEqual([
      ["COMPLETE", 2, 2, 100],
      ["COMPLETE", 2, 2, 100],
      ["COMPLETE", 3, 1, 100],
    ]);
  });
});

describe("a barrier", () => {
  it("shows the lowest score once both directions are scored", () => {
    const one = aWorkflow().upTo(1).merged("barrier-1.a-to-b", [0.9, 0.92, 0.95]);
    const view = (state: WorkflowState) => {
      const [first] = barriers(state);
      if (first === undefined) throw new Error("no barrier");
      return barrierView(state, first);
    };
    expect(view(one.build()).score).toBeNull();
    expect(view(one.merged("barrier-1.b-to-a", [0.9, 0.92, 0.93]).build()).score).toBe(0.93);
  });

  it("is printed as ESCALATED while a handoff waits for a person", () => {
    const state = aWorkflow().upTo(1).escalated("barrier-1.a-to-b").build();
    const [first] = barriers(state);
    expect(first && barrierView(state, first).shown).toBe("ESCALATED");
  });
});

describe("the queue", () => {
  it("has one group ready, those after it blocked by the one before", () => {
    const state = aWorkflow().upTo(0).build();
    expect(groups(state).map((group) => [group.status, group.blockedBy])).toEqual([
      ["READY", null],
      ["BLOCKED", "group-1"],
      ["BLOCKED", "group-2"],
      ["BLOCKED", "group-3"],
      ["BLOCKED", "group-4"],
    ]);
    expect(currentGroup(state)?.plan.order).toBe(1);
  });

  it("moves on when a group is complete and stays on the last one at the end", () => {
    expect(currentGroup(aWorkflow().upTo(3).build())?.plan.order).toBe(4);
    const end = aWorkflow().finished().build();
    expect(currentGroup(end)?.plan.order).toBe(5);
    expect(
      groups(end).every(
        (group) => group.status === "COMPLETE" && group.completedAt !== null && group.blockedBy === null,
      ),
    ).toBe(true);
  });

  it("in flavour B has slots, gate and approval as groups of their own", () => {
    const state = aWorkflow(sequentialPlan())
      .started()
      .merged("task-001")
      .merged("task-002")
      .closed(0, "AWAITING")
      .build();
    expect(
      groups(state)
        .slice(0, 4)
        .map((group) => [group.plan.id, group.shown, group.status]),
    ).toEqual([
      ["phase-0-parallel", "COMPLETE", "COMPLETE"],
      ["qg-0-review", "PASS", "COMPLETE"],
      ["checkpoint-001", "AWAITING", "IN_PROGRESS"],
      ["phase-1-sequential", "BLOCKED", "BLOCKED"],
    ]);
  });
});

describe("a gate's group", () => {
  it("is at work together with its slots and then blocked by nothing", () => {
    const state = aWorkflow(sequentialPlan()).upTo(0).running("task-001").build();
    expect(groups(state)[1]).toMatchObject({ shown: "IN_PROGRESS", status: "IN_PROGRESS", blockedBy: null });
  });
});

describe("the sentence on the state", () => {
  it.each([
    [aWorkflow().build(), "The workflow has not started."],
    [
      aWorkflow().upTo(0).merged("agent-a-001").build(),
      "Phase 1 (Research) is IN_PROGRESS: 1 of 2 slots complete. 14% overall.",
    ],
    [
      aWorkflow().upTo(1).escalated("barrier-1.a-to-b").build(),
      "Barrier 1 is ESCALATED: 0 of 2 handoffs complete. 28% overall. 1 question waits for a person.",
    ],
    [aWorkflow().set({ status: "PAUSED", pausedReason: "usage limit" }).build(), "Paused: usage limit."],
    [aWorkflow().finished().build(), "The workflow is COMPLETE. 100% overall."],
  ])("counts (case %#)", (state, sentence) => {
    expect(currentStateSentence(state)).toBe(sentence);
  });
});
