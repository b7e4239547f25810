import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { anyHistory, stateAfter } from "../../test/builders/any-state.ts";
import { aWorkflow, crossPollinatedPlan, sequentialPlan } from "../../test/builders/state.ts";
import { validateState } from "../core/view/diagnostics.ts";
import type { WorkflowState } from "../core/workflow/state.ts";
import { lintDocuments } from "./lint/lint.ts";
import { createRenderer } from "./renderer.ts";
import { canonical } from "./state/canonical.ts";
import { parseStateDocument } from "./state/parse-state.ts";

const { render } = createRenderer("1.2.3");

function restored(text: string): WorkflowState {
  const parsed = parseStateDocument(text);
  if (!parsed.ok) throw new Error(parsed.errors.join("\n"));
  return parsed.state;
}

function textOf(state: WorkflowState, end: string): string {
  return render(state).find((file) => file.path.endsWith(end))?.content ?? "";
}

const KNOWN: readonly (readonly [string, WorkflowState])[] = [
  ["flavour A before the start", aWorkflow().build()],
  ["flavour A in its first phase", aWorkflow().upTo(0).running("agent-a-001", "judge", [0.9]).build()],
  [
    "flavour A at a barrier",
    aWorkflow().upTo(1).merged("barrier-1.a-to-b").running("barrier-1.b-to-a").build(),
  ],
  [
    "flavour A half-way with an escalation",
    aWorkflow().upTo(2).merged("agent-a-002").escalated("agent-b-002").build(),
  ],
  ["flavour A finished", aWorkflow().finished().build()],
  ["flavour B before the start", aWorkflow(sequentialPlan()).build()],
  [
    "flavour B waiting for a checkpoint",
    aWorkflow(sequentialPlan()).started().merged("task-001").merged("task-002").closed(0, "AWAITING").build(),
  ],
  ["flavour B half-way", aWorkflow(sequentialPlan()).upTo(1).running("task-003", "judge", [0.9]).build()],
  ["flavour B finished", aWorkflow(sequentialPlan()).finished().build()],
];

describe("rendered documents", () => {
  it.each(KNOWN)("of %s have none of the defects of hand-made ones", (_, state) => {
    expect(lintDocuments(render(state))).toEqual([]);
    expect(validateState(state).filter((one) => one.level === "error")).toEqual([]);
  });

  it.each(KNOWN)("of %s come back byte for byte after reading the state out of them", (_, state) => {
    const files = render(state);
    expect(render(restored(textOf(state, ".yaml")))).toEqual(files);
  });

  it("of any sound state have no defect and come back byte for byte", () => {
    fc.assert(
      fc.property(anyHistory(), (history) => {
        const state = stateAfter(history);
        const files = render(state);
        expect(lintDocuments(files)).toEqual([]);
        const again = restored(textOf(state, ".yaml"));
        expect(canonical(again)).toEqual(canonical(state));
        expect(render(again)).toEqual(files);
      }),
      { numRuns: 15 },
    );
  });

  it("do not depend on the order of keys in the state", () => {
    const state = aWorkflow().finished().build();
    const turned = {
      ...state,
      deliverables: Object.fromEntries(Object.entries(state.deliverables).reverse()),
    };
    expect(render(turned)).toEqual(render(state));
  });

  it("change when the state changes", () => {
    const state = aWorkflow().upTo(0).build();
    const later = aWorkflow().upTo(0).running("agent-a-001").build();
    expect(textOf(later, "TRACKER.md")).not.toEqual(textOf(state, "TRACKER.md"));
  });

  it("end in one newline and have no carriage return", () => {
    for (const { content } of render(aWorkflow().upTo(2).escalated("agent-a-002").build())) {
      expect(content).toMatch(/[^\n]\n$/);
      expect(content).not.toContain("\r");
    }
  });

  it("name no absolute path and no machine", () => {
    for (const { path, content } of render(aWorkflow().finished().build())) {
      expect(path.startsWith("/")).toBe(false);
      expect(content).not.toMatch(/(?:^|[\s`"])\/(?:home|work|tmp|Users)\//m);
    }
  });

  it("of two plans lie at the places that their layouts name", () => {
    for (const plan of [crossPollinatedPlan(), sequentialPlan()]) {
      const { stateFile, planFile, trackerFile } = plan.layout;
      expect(render(aWorkflow(plan).build()).map((file) => file.path)).toEqual([
        stateFile,
        planFile,
        trackerFile,
      ]);
    }
  });

  it("include an escalation file for what ever escalated and a review record for what was reviewed", () => {
    const a = render(aWorkflow().upTo(2).escalated("agent-b-002").build()).map((file) => file.path);
    expect(a).toContain("orchestration/multi-instance-20260220-001/escalations/agent-b-002-escalation.md");
    const b = render(aWorkflow(sequentialPlan()).finished().build()).map((file) => file.path);
    expect(b).toContain("orchestration/en108-vbump-20260212-001/quality-gates/qg-0/task-001-review.md");
    expect(b).toContain(
      "orchestration/en108-vbump-20260212-001/quality-gates/qg-1/task-003-nse-requirements-review.md",
    );
  });
});
