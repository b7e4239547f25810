import { describe, expect, it } from "vitest";
import { aWorkflow, sequentialPlan } from "../../../test/builders/state.ts";
import { createRenderer } from "../renderer.ts";
import { lintDocuments } from "./lint.ts";

const { render } = createRenderer("1.2.3");
const FINISHED = render(aWorkflow().finished().build());
const HALF = render(aWorkflow().upTo(2).merged("agent-a-002").build());
const TASKS = render(aWorkflow(sequentialPlan()).upTo(2).build());

/** Rules that fire after one change of one file; the change must really change it. */
function rulesAfter(
  files: typeof FINISHED,
  end: string,
  from: string | RegExp,
  to: string,
): readonly string[] {
  const changed = files.map((file) => {
    if (!file.path.endsWith(end)) return file;
    const content = file.content.replace(from, to);
    if (content === file.content) throw new Error(`nothing to change in ${file.path}`);
    return { path: file.path, content };
  });
  return [...new Set(lintDocuments(changed).map((defect) => defect.rule))];
}

describe("the lint finds what hand-made documents got wrong:", () => {
  it.each([
    [
      "a heading behind its rows",
      "heading-status",
      /PHASE 1 - Research - COMPLETE/,
      "PHASE 1 - Research - IN_PROGRESS",
    ],
    [
      "artifacts of complete phases without a tick",
      "unticked-artifact",
      /- \[x\] `[^`]*agent-a-001-research\.md`/,
      "- [ ] `x/agent-a-001-research.md`",
    ],
    ["a complete barrier without a score", "missing-score", /Barrier 1 score: 0\.\d+/, "Barrier 1 score: --"],
    [
      "a complete phase without a score",
      "missing-score",
      /- Score: 0\.934/,
      "- Score: -- (deferred to Phase 2)",
    ],
    [
      "a next checkpoint that is reached",
      "next-checkpoint",
      "All planned checkpoints reached.",
      "**CP-001: Phase 1 complete**",
    ],
    [
      "a checkpoint with another trigger than planned",
      "checkpoint-trigger",
      /\| CP-005 \| WORKFLOW_COMPLETE/,
      "| CP-005 | PHASE_COMPLETE",
    ],
    [
      "a bare date",
      "bare-date",
      /\| 2026-02-20T\d\d:\d\d:\d\dZ \| PLAN_CREATED/,
      "| 2026-02-20 | PLAN_CREATED",
    ],
    [
      "a log that goes back in time",
      "log-order",
      /\| 2026-02-20T\d\d:\d\d:\d\dZ \| WORKFLOW_COMPLETE \| all/,
      "| 2026-02-19T00:00:00Z | WORKFLOW_COMPLETE | all",
    ],
    ["a finished action that is next", "done-action", /1\. \[ \]/, "1. [x]"],
    [
      "percentages that do not fit",
      "metric-arithmetic",
      "| Barriers Complete | 2/2 | 2 | 100% |",
      "| Barriers Complete | 1/2 | 2 | 100% |",
    ],
    [
      "agents counted otherwise than listed",
      "counted-agents",
      "| Agents Executed | 5/5 | 5 | 100% |",
      "| Agents Executed | 4/5 | 5 | 80% |",
    ],
    [
      "quality without a value",
      "empty-quality",
      /\| Agent Success Rate \| 100%/,
      "| Agent Success Rate | --%",
    ],
    ["an end without a time", "end-time", /> \*\*Ended:\*\*.*\n/, ""],
    ["a crooked box", "ragged-box", "ORCHESTRATION EXECUTION STATUS", "ORCHESTRATION EXECUTION STATUS "],
    ["a row that lost a cell", "ragged-table", "| Rounds | 27 | -- | -- |", "| Rounds | 27 | -- |"],
    ["a link that leads nowhere", "anchor", "(#8-execution-notes)", "(#7-execution-notes)"],
    ["a section that navigation leaves out", "navigation", /\| \[Metrics\].*\n/, ""],
    [
      "two spellings of one path",
      "path-spelling",
      "| Base Path |",
      "`barrier-1/spike-001-to-spike-002/handoff.md`\n\n| Base Path |",
    ],
    ["a document that nobody marked as generated", "disclaimer", /> \*\*DISCLAIMER:\*\*/, "> Note:"],
  ])("%s", (_, rule, from, to) => {
    expect(rulesAfter(FINISHED, "TRACKER.md", from, to)).toContain(rule);
  });

  it("a heading that is ahead of its rows", () => {
    expect(
      rulesAfter(HALF, "TRACKER.md", "PHASE 2 - Analysis - IN_PROGRESS", "PHASE 2 - Analysis - COMPLETE"),
    ).toContain("heading-status");
  });

  it("a gate that passed with a reviewer open", () => {
    expect(
      rulesAfter(
        TASKS,
        "TRACKER.md",
        /\| ps-validator \| TASK-001 \| COMPLETE \| 0\.934/,
        "| ps-validator | TASK-001 | PENDING | -",
      ),
    ).toContain("passed-gate-open");
  });

  it("one checkpoint with two statuses", () => {
    expect(rulesAfter(TASKS, "TRACKER.md", /CP-002 \[ APPROVED {2}\]/, "CP-002 [  PENDING  ]")).toContain(
      "checkpoint-status",
    );
  });

  it("a plan that was not rendered with the tracker", () => {
    const old = render(aWorkflow().build()).filter((file) => file.path.endsWith("_PLAN.md"));
    const now = FINISHED.filter((file) => file.path.endsWith("TRACKER.md"));
    expect(lintDocuments([...now, ...old]).map((defect) => defect.rule)).toContain("disagreement");
  });

  it("a plan that says not started", () => {
    expect(
      rulesAfter(
        FINISHED,
        "_PLAN.md",
        /\*\*Current State:\*\* .*/,
        "**Current State:** Workflow not started.",
      ),
    ).toContain("not-started");
  });

  it("and names file and line", () => {
    const file = FINISHED.find((one) => one.path.endsWith("TRACKER.md"));
    const content = (file?.content ?? "").replace("> **DISCLAIMER:**", "> Note:");
    expect(lintDocuments([{ path: "T.md", content }])).toEqual([
      { rule: "disclaimer", file: "T.md", line: 1, message: "DISCLAIMER is missing in the header" },
    ]);
  });
});
