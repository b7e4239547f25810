import { describe, expect, it } from "vitest";
import {
  aDefinition,
  aPhase,
  aPlanContext,
  aSlot,
  EN108_CONTEXT,
  en108,
  MULTI_INSTANCE_CONTEXT,
  multiInstance,
  threeFixes,
} from "../../../../test/builders/definitions.ts";
import { planOf } from "../../../../test/builders/derived.ts";
import { derivePlan } from "../derive-plan.ts";
import { planJson } from "./json.ts";
import { planMermaid } from "./mermaid.ts";
import { noticeLines, planSections, planText } from "./text.ts";

const instance = planOf(multiInstance(), MULTI_INSTANCE_CONTEXT).plan;
const bump = planOf(en108(), EN108_CONTEXT).plan;

const section = (plan: typeof instance, title: string) =>
  planSections(plan).find((one) => one.title === title)?.lines ?? [];

describe("planText", () => {
  it("shows a short definition on one screen", () => {
    expect(planText(planOf(threeFixes()).plan).join("\n")).toMatchInlineSnapshot(`
      "demo-20260220-001  Three fixes
      project shop | C1 | CONCURRENT, HIERARCHICAL
      base main @ 1f0e5c0a -> main | folder orchestration/demo-20260220-001/
      1 phase, 0 barriers, 3 agents, 0 artifacts, 1 checkpoint

      Stages
        Phase 1 Fix  PARALLEL C1
          login  coder  [main]  C1  rounds 1-3, checks only
            Fix #41: the login form accepts an empty password
            makes a commit
          export  coder  [main]  C1  rounds 1-3, checks only
            Fix #57: CSV export drops the last row
            makes a commit
          dates  coder  [main]  C1  rounds 1-3, checks only
            Fix #63: dates are parsed in local time
            makes a commit

      Queue
         1  Phase 1 Fix Agents  PARALLEL  login, export, dates

      Checkpoints
        CP-001  WORKFLOW_COMPLETE  workflow-complete

      Gates
        login, export, dates
          checks: npm test
          no judge: integrity and checks only

      Cost
        agent runs 3 to 9, judge calls 0 (without retries)
        limits: 3 at one time, 10 USD
        longest chain: login"
    `);
  });

  it("says what a rule raised, and what it implies for the gate", () => {
    expect(section(instance, "Stages")).toContain("    raised from C2 to C3 by AE-003: makes adr");
    expect(section(instance, "Gates")).toContain("  implied: S-010 by H-15, S-003 by H-16");
    expect(section(instance, "Stages")).toContain(
      "  barrier-1.a-to-b  a --> b: Approach options with capabilities and limits  rounds 3, score >= 0.92",
    );
  });

  it("says where a person is waited for, who scores, and what was inserted", () => {
    expect(section(bump, "Checkpoints")[0]).toBe(
      "CP-001  PHASE_COMPLETE  Phase 1 ready  waits for a person: User reviews research findings and analysis",
    );
    expect(section(bump, "Gates")).toContain("  scored by: nse-verification, nse-requirements (cross-check)");
    expect(section(bump, "Queue")).toHaveLength(12);
    expect(section(bump, "Notices").some((line) => line.includes("H-16: task-003"))).toBe(true);
  });

  it("names every deliverable, queue group and checkpoint", () => {
    const text = planText(instance).join("\n");
    const names = [
      ...instance.deliverables.map(({ id }) => id),
      ...instance.groups.map(({ name }) => name),
      "CP-005",
    ];
    for (const name of names) expect(text).toContain(name);
  });

  it("marks work that nobody verifies", () => {
    const { plan } = planOf(aDefinition());
    expect(planText(plan).join("\n")).toContain("unverified: a person accepts it");
  });

  it("prints the errors of a definition that has no plan, with their line", () => {
    const slot = aSlot({ role: ["ps-reseacher"], makes: "research", position: { line: 12, column: 9 } });
    const { notices } = derivePlan(aDefinition({ stages: [aPhase("Look", [slot])] }), aPlanContext());
    expect(noticeLines(notices)).toEqual([
      'error    unknown-role: Role "ps-reseacher" is neither built in nor configured; nearest: ps-researcher. (line 12)',
    ]);
  });
});

describe("planMermaid", () => {
  it("draws stages as boxes and inputs as arrows", () => {
    const text = planMermaid(instance);
    expect(text.startsWith("flowchart TD\n")).toBe(true);
    expect(text).toContain('subgraph s1["Barrier 1: Phase 1 Cross-Pollination (C2)"]');
    // agent-b-001's findings reach agent-a-002 over barrier-1.b-to-a.
    for (const edge of ["n1 --> n3", "n3 --> n4", "n0 --> n4"]) expect(text).toContain(`  ${edge}\n`);
    expect(text).not.toContain("n1 --> n4");
  });

  it("puts user checkpoints between the stages, and joins stages that read nothing", () => {
    const text = planMermaid(bump);
    expect(text).toContain('c0{{"CP-001<br/>User reviews research findings and analysis"}}');
    expect(text).toContain("  s0 -.-> c0\n  c0 -.-> s1\n");
    expect(text).toContain("  s2 --> s3\n");
  });

  it("cannot be broken by names", () => {
    const hostile = 'x"]; click n0 "javascript:1" <b>#\n  end';
    const text = planMermaid(planOf(aDefinition({ stages: [aPhase(hostile, [aSlot()])] })).plan);
    expect(text.split("\n")).toHaveLength(5);
    expect(text).toContain(
      'subgraph s0["Phase 1: x#quot;]; click n0 #quot;javascript:1#quot; #lt;b#gt;#35; end (C1)"]',
    );
  });
});

describe("planJson", () => {
  it("has a versioned shape that survives JSON", () => {
    const json = planJson(bump);
    expect(JSON.parse(JSON.stringify(json))).toEqual(json);
    expect(Object.keys(json)).toEqual([
      "schemaVersion",
      "workflow",
      "base",
      "layout",
      "flavour",
      "totals",
      "forecast",
      "limits",
      "reviewPlan",
      "pipelines",
      "stages",
      "deliverables",
      "queue",
      "checkpoints",
      "notices",
    ]);
    expect(json.schemaVersion).toBe(1);
  });

  it("says what a slot may write and what it makes", () => {
    const [, , , commit, pair] = planJson(bump).deliverables;
    expect(commit).toMatchObject({
      id: "task-004",
      artifact: null,
      partner: null,
      model: null,
      writes: ["orchestration/en108-vbump-20260212-001/ps/phase-2-implementation/task-004/**", "**"],
      gate: { id: "QG-2/task-004", rounds: { min: 1, max: 3 }, critic: "ps-critic" },
    });
    expect(pair).toMatchObject({ role: "ps-validator", partner: "nse-verification", task: "TASK-005" });
  });
});
