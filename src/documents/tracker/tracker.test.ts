import { describe, expect, it } from "vitest";
import { aWorkflow, crossPollinatedPlan, sequentialPlan } from "../../../test/builders/state.ts";
import type { WorkflowState } from "../../core/workflow/state.ts";
import { lintDocuments } from "../lint/lint.ts";
import { createRenderer } from "../renderer.ts";

function tracker(state: WorkflowState): string {
  const files = createRenderer("1.2.3").render(state);
  expect(lintDocuments(files)).toEqual([]);
  return files.find((file) => file.path.endsWith("TRACKER.md"))?.content ?? "";
}

describe("the tracker", () => {
  it("names the work that a rewind left behind", () => {
    const text = tracker(aWorkflow().upTo(1).rewound(0).build());
    expect(text).toMatch(
      /\*\*Phase 1A Superseded Work:\*\*\n\n- agent-a-001, epoch 1: `[0-9a-f]{40}:orchestration\/[^`]+`/,
    );
    expect(text).toMatch(/\| 1 \(epoch 1, superseded\) \|/);
    expect(text).toContain("| CP-001 | PHASE_COMPLETE | Phase 1 complete | `barrier-1-start` | no |");
  });

  it("shows checks with what was red before anybody began", () => {
    const check = { name: "npm test", redAtBase: false, exitCode: 0, timedOut: false, tail: "" };
    const builder = aWorkflow().upTo(0).running("agent-a-001", "critique");
    const rounds = builder.build().deliverables["agent-a-001"]?.rounds.map((round) => ({
      ...round,
      checks: [
        { ...check, passed: true },
        { ...check, name: "lint", passed: false, redAtBase: true, exitCode: 1 },
      ],
    }));
    const state = builder.step("agent-a-001", "critique", { rounds: rounds ?? [] }).build();
    expect(tracker(state)).toContain("- Checks: npm test passed, lint failed (red on the base too)");
  });

  it("prints declared facts in straight boxes in both flavours", () => {
    const facts = [
      {
        title: "VERSIONS",
        rows: [
          ["pyproject.toml", "0.2.0"],
          ["日本語.json", "1.0.0"],
        ],
      },
    ];
    expect(tracker(aWorkflow({ ...crossPollinatedPlan(), facts }).build())).toContain(
      "| pyproject.toml  0.2.0",
    );
    expect(tracker(aWorkflow({ ...sequentialPlan(), facts }).build())).toContain("| 日本語.json     1.0.0");
  });

  it("says how a missing score came about", () => {
    const text = tracker(aWorkflow().upTo(0).merged("agent-a-001", [], "WAIVED").build());
    expect(text).toContain("- Score: waived (RD-001)");
    expect(text).toContain("Phase 1 (C2) score: waived (RD-001)/0.92");
  });

  it("ticks a declared deliverable only when it was recorded as met", () => {
    const builder = aWorkflow(sequentialPlan()).upTo(2);
    expect(tracker(builder.build())).toContain("- [ ] Commit convention");
    const criteria = [
      { criterion: "Commit convention", met: true, evidence: "section 2", by: "nse-verification" },
    ];
    const phaseGates = {
      ...builder.build().phaseGates,
      "phase-1": { id: "phase-1", status: "PASS" as const, criteria },
    };
    expect(tracker(builder.set({ phaseGates }).build())).toContain("- [x] Commit convention");
  });

  it("lists the questions of a person as immediate actions with their commands", () => {
    const text = tracker(
      aWorkflow(sequentialPlan())
        .started()
        .merged("task-001")
        .merged("task-002")
        .closed(0, "AWAITING")
        .build(),
    );
    expect(text).toContain("1. [ ] Answer Q-001 on CP-001: User reviews research findings and analysis");
    expect(text).toContain("   - `signalbox approve CP-001`");
    expect(text).toContain("CP-001 [ AWAITING  ]");
  });

  it("leaves out sections that have nothing to say", () => {
    const a = tracker(aWorkflow().build());
    expect(a).not.toContain("Adversarial Loop Tracking");
    expect(a).not.toContain("Quality Gate Tracking");
    expect(tracker(aWorkflow(sequentialPlan()).build())).not.toContain("Blockers and Issues");
  });
});
