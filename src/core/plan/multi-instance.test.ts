/** The cross-pollinated workflow against the values of its hand-made state and documents. */
import { describe, expect, it } from "vitest";
import { MULTI_INSTANCE_CONTEXT, multiInstance } from "../../../test/builders/definitions.ts";
import { planOf } from "../../../test/builders/derived.ts";

const { plan, notices } = planOf(multiInstance(), MULTI_INSTANCE_CONTEXT);
const BASE = "orchestration/multi-instance-20260220-001/";
const slots = plan.deliverables.filter(({ kind }) => kind === "slot");
const handoffs = plan.deliverables.filter(({ kind }) => kind === "handoff");
const RESEARCH_A = `${BASE}spike-001/phase-1-research/agent-a-001/agent-a-001-research.md`;
const RESEARCH_B = `${BASE}spike-002/phase-1-research/agent-b-001/agent-b-001-research.md`;
const ANALYSIS_A = `${BASE}spike-001/phase-2-analysis/agent-a-002/agent-a-002-analysis.md`;
const ANALYSIS_B = `${BASE}spike-002/phase-2-analysis/agent-b-002/agent-b-002-analysis.md`;
const ADR = `${BASE}convergent/phase-3-decision/agent-c-001/agent-c-001-adr.md`;
const handoffPath = (barrier: number, from: string, to: string) =>
  `${BASE}cross-pollination/barrier-${barrier}/spike-00${from}-to-spike-00${to}/handoff.md`;

describe("plan of the multi-instance workflow", () => {
  it("names five slots with their roles", () => {
    expect(slots.map(({ id, role }) => [id, role])).toEqual([
      ["agent-a-001", "ps-researcher"],
      ["agent-b-001", "ps-researcher"],
      ["agent-a-002", "ps-analyst"],
      ["agent-b-002", "ps-analyst"],
      ["agent-c-001", "ps-architect"],
    ]);
  });

  it("places every artifact under its pipeline, phase and slot", () => {
    const paths = slots.map(({ makes }) => (makes.kind === "file" ? makes.path : null));
    expect(paths).toEqual([RESEARCH_A, RESEARCH_B, ANALYSIS_A, ANALYSIS_B, ADR]);
  });

  it("derives inputs from own work and the handoffs of the barrier just crossed", () => {
    expect(Object.fromEntries(slots.map(({ id, inputs }) => [id, inputs]))).toEqual({
      "agent-a-001": ["PLAN.md", "SPIKE-001"],
      "agent-b-001": ["PLAN.md", "SPIKE-002"],
      "agent-a-002": [RESEARCH_A, handoffPath(1, "2", "1")],
      "agent-b-002": [RESEARCH_B, handoffPath(1, "1", "2")],
      "agent-c-001": [ANALYSIS_A, ANALYSIS_B, handoffPath(2, "1", "2"), handoffPath(2, "2", "1")],
    });
  });

  it("writes four handoffs where the other pipeline looks for them", () => {
    expect(handoffs.map(({ id, makes }) => [id, makes.kind === "file" ? makes.path : null])).toEqual([
      ["barrier-1.a-to-b", handoffPath(1, "1", "2")],
      ["barrier-1.b-to-a", handoffPath(1, "2", "1")],
      ["barrier-2.a-to-b", handoffPath(2, "1", "2")],
      ["barrier-2.b-to-a", handoffPath(2, "2", "1")],
    ]);
    expect(handoffs.map(({ handoff }) => [handoff?.directionKey, handoff?.sources])).toEqual([
      ["a_to_b", [RESEARCH_A]],
      ["b_to_a", [RESEARCH_B]],
      ["a_to_b", [ANALYSIS_A]],
      ["b_to_a", [ANALYSIS_B]],
    ]);
    expect(handoffs.map(({ inputs, handoff }) => inputs.join() === handoff?.sources.join())).toEqual([
      true,
      true,
      true,
      true,
    ]);
  });

  it("waits at a barrier for the phases of the pipelines that take part", () => {
    const barriers = plan.stages.filter((stage) => stage.kind === "barrier");
    expect(barriers.map(({ id, name, dependsOn }) => [id, name, dependsOn])).toEqual([
      ["barrier-1", "Phase 1 Cross-Pollination", ["pipeline_a.phase.1", "pipeline_b.phase.1"]],
      ["barrier-2", "Phase 2 Cross-Pollination", ["pipeline_a.phase.2", "pipeline_b.phase.2"]],
    ]);
  });

  it("recognises the pipeline that only joins the others", () => {
    expect(plan.pipelines.map(({ key, id, alias, convergent }) => [key, id, alias, convergent])).toEqual([
      ["a", "pipeline-a", "spike-001", false],
      ["b", "pipeline-b", "spike-002", false],
      ["c", "convergent", "convergent", true],
    ]);
  });

  it("queues five groups with the names, modes, members and tasks of the source", () => {
    expect(plan.groups).toEqual([
      {
        order: 1,
        id: "1",
        name: "Phase 1 Research Agents",
        kind: "phase",
        mode: "PARALLEL",
        stage: 0,
        agents: ["agent-a-001", "agent-b-001"],
        tasks: [],
      },
      {
        order: 2,
        id: "2",
        name: "Barrier 1 Cross-Pollination",
        kind: "barrier",
        mode: "SEQUENTIAL",
        stage: 1,
        agents: [],
        tasks: [
          "create-spike-001-to-spike-002-handoff",
          "create-spike-002-to-spike-001-handoff",
          "quality-gate-barrier-1",
        ],
      },
      {
        order: 3,
        id: "3",
        name: "Phase 2 Analysis Agents",
        kind: "phase",
        mode: "PARALLEL",
        stage: 2,
        agents: ["agent-a-002", "agent-b-002"],
        tasks: [],
      },
      {
        order: 4,
        id: "4",
        name: "Barrier 2 Cross-Pollination",
        kind: "barrier",
        mode: "SEQUENTIAL",
        stage: 3,
        agents: [],
        tasks: [
          "create-spike-001-to-spike-002-handoff",
          "create-spike-002-to-spike-001-handoff",
          "quality-gate-barrier-2",
        ],
      },
      {
        order: 5,
        id: "5",
        name: "Phase 3 Convergent Decision",
        kind: "phase",
        mode: "SEQUENTIAL",
        stage: 4,
        agents: ["agent-c-001"],
        tasks: [],
      },
    ]);
  });

  it("expects five checkpoints, the last phase and the end being one", () => {
    expect(
      plan.checkpoints.map(({ id, trigger, recoveryPoint, position }) => [
        id,
        trigger,
        recoveryPoint,
        position,
      ]),
    ).toEqual([
      ["CP-001", "PHASE_COMPLETE", "barrier-1-start", 1],
      ["CP-002", "BARRIER_COMPLETE", "phase-2-start", 2],
      ["CP-003", "PHASE_COMPLETE", "barrier-2-start", 3],
      ["CP-004", "BARRIER_COMPLETE", "phase-3-start", 4],
      ["CP-005", "WORKFLOW_COMPLETE", "workflow-complete", 5],
    ]);
    expect(plan.checkpoints.some(({ approval }) => approval !== undefined)).toBe(false);
    expect(plan.stages.map(({ checkpoint }) => checkpoint)).toEqual([
      "CP-001",
      "CP-002",
      "CP-003",
      "CP-004",
      "CP-005",
    ]);
  });

  it("counts what the source counts", () => {
    expect(plan.totals).toEqual({ phases: 5, barriers: 2, agents: 5, artifacts: 9, checkpoints: 5 });
  });

  it("raises the decision to C3 because it makes an ADR, and nothing else", () => {
    expect(
      plan.deliverables.filter(({ criticality }) => criticality.effective !== "C2").map(({ id }) => id),
    ).toEqual(["agent-c-001"]);
    expect(plan.deliverables.find(({ id }) => id === "agent-c-001")?.criticality).toEqual({
      declared: "C2",
      effective: "C3",
      escalations: [{ rule: "AE-003", condition: "makes adr", from: "C2", to: "C3" }],
    });
    expect(plan.stages.map(({ criticality }) => criticality)).toEqual(["C2", "C2", "C2", "C2", "C3"]);
    expect(plan.workflow.criticality).toBe("C2");
  });

  it("runs the effective strategies of C2, and of C3 for the decision", () => {
    expect(slots[0]?.gate.strategies).toEqual({
      required: ["S-007", "S-002", "S-014"],
      implied: [
        { id: "S-010", rule: "H-15" },
        { id: "S-003", rule: "H-16" },
      ],
      optional: [],
      leftOut: [],
      order: ["S-010", "S-003", "S-002", "S-007", "S-014"],
    });
    expect(slots[4]?.gate.strategies.order).toEqual([
      "S-010",
      "S-003",
      "S-002",
      "S-004",
      "S-007",
      "S-012",
      "S-013",
      "S-014",
    ]);
    expect(slots[4]?.gate.strategies.optional).toEqual(["S-001", "S-011"]);
  });

  it("gives every deliverable three rounds, an independent critic and an independent score", () => {
    for (const { gate, role } of plan.deliverables) {
      expect([gate.judged, gate.loop.min, gate.loop.max, gate.threshold]).toEqual([true, 3, 3, 0.92]);
      expect(gate.critic).toBe("ps-critic");
      expect(gate.reviewers).toEqual([{ role: "ps-validator", kind: "validator" }]);
      expect(role).not.toBe("ps-validator");
    }
  });

  it("names gates by phase and pipeline, and by barrier and direction", () => {
    expect(plan.deliverables.map(({ gate }) => gate.id)).toEqual([
      "phase-1/spike-001",
      "phase-1/spike-002",
      "barrier-1/a_to_b",
      "barrier-1/b_to_a",
      "phase-2/spike-001",
      "phase-2/spike-002",
      "barrier-2/a_to_b",
      "barrier-2/b_to_a",
      "phase-3/convergent",
    ]);
    expect(slots[0]?.gate.criteria).toEqual([
      "SDK API surface documented",
      "Manual worktree workflow documented",
    ]);
  });

  it("is flavour A with the prefix of the short project id", () => {
    expect([plan.flavour, plan.workflow.documentPrefix]).toEqual(["A", "PROJ-006"]);
    expect(plan.workflow.patterns).toEqual([
      "SEQUENTIAL",
      "CONCURRENT",
      "BARRIER_SYNC",
      "HIERARCHICAL",
      "FAN_IN",
      "GENERATOR_CRITIC",
    ]);
    expect(plan.constraints).toEqual({
      maxAgentNesting: 1,
      maxConcurrentAgents: 2,
      maxBarrierRetries: 2,
      checkpointFrequency: "PHASE",
    });
  });

  it("lets a slot write its own folder only", () => {
    expect(slots.map(({ folder }) => folder)).toEqual([
      `${BASE}spike-001/phase-1-research/agent-a-001/`,
      `${BASE}spike-002/phase-1-research/agent-b-001/`,
      `${BASE}spike-001/phase-2-analysis/agent-a-002/`,
      `${BASE}spike-002/phase-2-analysis/agent-b-002/`,
      `${BASE}convergent/phase-3-decision/agent-c-001/`,
    ]);
    expect(slots.flatMap(({ settings }) => settings.writes)).toEqual([]);
  });

  it("forecasts three rounds of creator and critic for nine deliverables", () => {
    expect(plan.forecast).toEqual({
      agentRuns: { min: 54, max: 54 },
      judgeCalls: { min: 45, max: 189 },
      criticalPath: ["agent-a-001", "barrier-1.a-to-b", "agent-a-002", "barrier-2.a-to-b", "agent-c-001"],
    });
  });

  it("says that the ADR costs more than the author wrote, and nothing else", () => {
    expect(notices.map(({ level, code, subject }) => [level, code, subject])).toEqual([
      ["warning", "AE-003", "agent-c-001"],
    ]);
    expect(notices[0]?.message).toBe(
      "agent-c-001 rises from C2 to C3 (AE-003: makes adr); a person is asked before it costs.",
    );
  });
});
