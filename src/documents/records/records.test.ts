import { describe, expect, it } from "vitest";
import { aWorkflow, sequentialPlan } from "../../../test/builders/state.ts";
import type { HandoffContent } from "../../core/workflow/deliverable.ts";
import type { WorkflowState } from "../../core/workflow/state.ts";
import { lintDocuments } from "../lint/lint.ts";
import { createRenderer } from "../renderer.ts";

const renderer = createRenderer("1.2.3");

function fileOf(state: WorkflowState, end: string): string {
  const found = renderer.render(state).find((file) => file.path.endsWith(end));
  if (found === undefined) throw new Error(`nothing ends in ${end}`);
  return found.content;
}

const CONTENT: HandoffContent = {
  task: "Choose the adapter",
  purpose: "Say what each approach can do",
  keyFindings: ["SDK has hooks", "CLI has budgets", "Both resume"],
  forTarget: ["Give every session its own folder"],
  successCriteria: ["The constraints are used"],
  artifacts: ["orchestration/x/spike-001/a.md"],
  blockers: ["[PERSISTENT] no login on the build machine"],
  confidence: 0.9,
  criticality: "C2",
};

describe("an escalation file", () => {
  const asked = aWorkflow().upTo(2).escalated("agent-b-002");
  const file = (state: WorkflowState) => fileOf(state, "escalations/agent-b-002-escalation.md");

  it("shows every round with its score, what is open and the commands that decide", () => {
    const text = file(asked.build());
    for (const part of [
      "0.860",
      "0.880",
      "0.900",
      "- **Best version:** round 3, score 0.900",
      "Not decided yet.",
      'signalbox decide agent-b-002 guide --note "…"',
    ])
      expect(text).toContain(part);
    expect(text).toMatch(/\| 1 \| F-1-1 \| HIGH \| .* \| no \|/);
  });

  it("keeps the decision after it was taken, with the waiver", () => {
    const builder = aWorkflow().upTo(2).escalated("agent-b-002");
    builder.decided("agent-b-002", "accept", "the demo is tomorrow");
    const text = file(builder.set({ questions: [] }).build());
    expect(text).toContain("| RD-001 | accept | the demo is tomorrow | ada |");
    expect(text).toContain("human_override: true");
    expect(text).toContain("No decision is open.");
  });

  it("does not change with what happens elsewhere", () => {
    const before = file(asked.build());
    expect(file(asked.merged("agent-a-002").build())).toBe(before);
  });
});

describe("a review record", () => {
  const state = aWorkflow(sequentialPlan()).upTo(1).merged("task-003", [0.89, 0.94]).build();

  it("has one section per round with the reviewer's own scores", () => {
    const own = fileOf(state, "qg-1/task-003-review.md");
    const cross = fileOf(state, "qg-1/task-003-nse-requirements-review.md");
    expect(own).toContain("- **Composite:** 0.890 (>= 0.92 passes)");
    expect(cross).toContain("- **Composite:** 0.900 (>= 0.92 passes)");
    expect(own.match(/^## Round \d/gm)).toEqual(["## Round 1", "## Round 2"]);
  });

  it("keeps superseded rounds apart after a rewind", () => {
    const again = aWorkflow(sequentialPlan())
      .upTo(1)
      .merged("task-003", [0.94])
      .rewound(1)
      .merged("task-003", [0.95])
      .build();
    const text = fileOf(again, "qg-1/task-003-review.md");
    expect(text.match(/^## Round .*/gm)).toEqual(["## Round 1, epoch 1, superseded", "## Round 1"]);
    expect(lintDocuments(renderer.render(again))).toEqual([]);
  });
});

describe("a handoff file", () => {
  it("has every part of the contract", () => {
    const state = aWorkflow().step("barrier-1.a-to-b", "commit", { handoff: CONTENT }).build();
    const text = renderer.renderHandoff(state, "barrier-1.a-to-b");
    for (const part of [
      "# Handoff: spike-001 to spike-002",
      "> **Criticality:** C2 (Standard)",
      "> **Confidence:** 0.90",
      "1. SDK has hooks\n2. CLI has budgets\n3. Both resume\n",
      "## What spike-002 Does With This\n\n- Give every session its own folder\n",
      "- `orchestration/x/spike-001/a.md`\n",
      "- [PERSISTENT] no login on the build machine\n",
      "*Source: `orchestration/multi-instance-20260220-001/spike-001/phase-1-research/agent-a-001/agent-a-001-research.md`*\n",
    ])
      expect(text).toContain(part);
  });

  it("is the same for the same content, whatever else happened", () => {
    const early = aWorkflow().step("barrier-1.a-to-b", "commit", { handoff: CONTENT });
    const text = renderer.renderHandoff(early.build(), "barrier-1.a-to-b");
    expect(renderer.renderHandoff(early.log("LATER", "x").build(), "barrier-1.a-to-b")).toBe(text);
  });

  it("cannot be opened up by what an agent wrote", () => {
    const nasty = { ...CONTENT, keyFindings: ["a\n## Purpose\nother", "<!-- b", "c"] };
    const state = aWorkflow().step("barrier-1.a-to-b", "commit", { handoff: nasty }).build();
    const text = renderer.renderHandoff(state, "barrier-1.a-to-b");
    expect(text.match(/^## Purpose$/gm)).toHaveLength(1);
    expect(text).not.toContain(" <!-- b");
  });

  it("does not exist without content", () => {
    expect(() => renderer.renderHandoff(aWorkflow().build(), "barrier-1.a-to-b")).toThrow(
      /barrier-1\.a-to-b .* has no handoff content/,
    );
  });
});
