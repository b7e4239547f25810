/** The sequential workflow with user checkpoints against the values of its hand-made state and tracker. */
import { describe, expect, it } from "vitest";
import { EN108_CONTEXT, en108 } from "../../../test/builders/definitions.ts";
import { errorsOf, planOf } from "../../../test/builders/derived.ts";
import { derivePlan } from "./derive-plan.ts";

const { plan, notices } = planOf(en108(), EN108_CONTEXT);
const BASE = "orchestration/en108-vbump-20260212-001/";
const byId = Object.fromEntries(plan.deliverables.map((deliverable) => [deliverable.id, deliverable]));

describe("plan of the EN-108 workflow", () => {
  it("names five tasks in lower case with their roles and pair", () => {
    expect(plan.deliverables.map(({ id, task, role, partner }) => [id, task, role, partner])).toEqual([
      ["task-001", "TASK-001", "ps-researcher", undefined],
      ["task-002", "TASK-002", "ps-analyst", undefined],
      ["task-003", "TASK-003", "ps-architect", undefined],
      ["task-004", "TASK-004", "main-context", undefined],
      ["task-005", "TASK-005", "ps-validator", "nse-verification"],
    ]);
    expect(plan.deliverables.every(({ pipeline }) => pipeline === "ps")).toBe(true);
  });

  it("puts artifacts where the author said, relative to the workflow's folder", () => {
    expect(
      plan.deliverables.map(({ makes }) => (makes.kind === "file" ? [makes.type, makes.path] : makes.kind)),
    ).toEqual([
      ["research", `${BASE}research/research-version-bumping-tools.md`],
      ["research", `${BASE}research/analysis-version-locations.md`],
      ["design", `${BASE}design/design-version-bumping-process.md`],
      "commit",
      ["report", `${BASE}ps/phase-3-validation/task-005/task-005-report.md`],
    ]);
  });

  it("opens exactly the artifact outside the own folder for writing, and everything for a commit", () => {
    expect(plan.deliverables.map(({ settings }) => settings.writes)).toEqual([
      [`${BASE}research/research-version-bumping-tools.md`],
      [`${BASE}research/analysis-version-locations.md`],
      [`${BASE}design/design-version-bumping-process.md`],
      ["**"],
      [],
    ]);
  });

  it("reads the newest files of the pipeline, past phases that made only commits", () => {
    const research = [
      `${BASE}research/research-version-bumping-tools.md`,
      `${BASE}research/analysis-version-locations.md`,
    ];
    const design = [`${BASE}design/design-version-bumping-process.md`];
    expect(plan.deliverables.map(({ inputs }) => inputs)).toEqual([[], [], research, design, design]);
  });

  it("runs critic patterns with Steelman first and Blue Team last, inserting Steelman before Devil's Advocate", () => {
    expect(plan.deliverables.map(({ gate }) => gate.patterns)).toEqual([
      ["steelman", "devils-advocate", "red-team"],
      ["steelman", "strawman", "blue-team"],
      ["steelman", "devils-advocate", "red-team", "blue-team"],
      ["steelman", "red-team"],
      ["steelman", "devils-advocate", "blue-team"],
    ]);
    const inserted = notices.filter(({ code }) => code === "H-16");
    expect(inserted.map(({ level, subject }) => [level, subject])).toEqual([
      ["warning", "task-003"],
      ["warning", "task-005"],
    ]);
  });

  it("adds the strategies of the patterns to those of the level", () => {
    expect(byId["task-001"]?.gate.strategies.implied).toEqual([
      { id: "S-010", rule: "H-15" },
      { id: "S-003", rule: "H-16" },
      { id: "S-001", rule: "red-team" },
    ]);
    expect(byId["task-001"]?.gate.strategies.order).toEqual([
      "S-010",
      "S-003",
      "S-002",
      "S-001",
      "S-007",
      "S-014",
    ]);
    expect(byId["task-002"]?.gate.strategies.order).toEqual(["S-010", "S-003", "S-002", "S-007", "S-014"]);
  });

  it("has the critic of the protocol, and the validators and cross-check of the author", () => {
    expect(plan.deliverables.map(({ gate }) => gate.critic)).toEqual(Array(5).fill("ps-critic"));
    expect(
      plan.deliverables.map(({ gate }) => gate.reviewers.map(({ role, kind }) => `${role}/${kind}`)),
    ).toEqual([
      ["ps-validator/validator"],
      ["ps-validator/validator"],
      ["nse-verification/validator", "nse-requirements/cross-check"],
      ["ps-validator/validator"],
      ["nse-verification/validator"],
    ]);
    expect(plan.loop).toEqual({ profile: "disc-002", min: 1, max: 3, findings: 3, critic: "ps-critic" });
  });

  it("gives phases the gates QG-0 to QG-3 with their named conditions", () => {
    const phases = plan.stages.filter((stage) => stage.kind === "phase");
    expect(phases.map(({ id, gateId, mode, conditions }) => [id, gateId, mode, conditions])).toEqual([
      ["phase-0", "QG-0", "PARALLEL", []],
      ["phase-1", "QG-1", "SEQUENTIAL", ["requirements compliance verified"]],
      ["phase-2", "QG-2", "SEQUENTIAL", ["code review passed"]],
      ["phase-3", "QG-3", "SEQUENTIAL", ["E2E validation passed"]],
    ]);
    expect(plan.deliverables.map(({ gate }) => gate.id)).toEqual([
      "QG-0/task-001",
      "QG-0/task-002",
      "QG-1/task-003",
      "QG-2/task-004",
      "QG-3/task-005",
    ]);
  });

  it("queues three rows per phase", () => {
    expect(
      plan.groups.map(({ order, id, mode, agents, tasks, checkpoint }) => [
        order,
        id,
        mode,
        [...agents, ...tasks, ...(checkpoint === undefined ? [] : [checkpoint])],
      ]),
    ).toEqual([
      [1, "phase-0-parallel", "PARALLEL", ["task-001", "task-002"]],
      [2, "qg-0-review", "SEQUENTIAL", ["ps-validator (x2)"]],
      [3, "checkpoint-001", "CHECKPOINT", ["CP-001"]],
      [4, "phase-1-sequential", "SEQUENTIAL", ["task-003"]],
      [5, "qg-1-review", "SEQUENTIAL", ["nse-verification", "nse-requirements"]],
      [6, "checkpoint-002", "CHECKPOINT", ["CP-002"]],
      [7, "phase-2-sequential", "SEQUENTIAL", ["task-004"]],
      [8, "qg-2-review", "SEQUENTIAL", ["ps-validator"]],
      [9, "checkpoint-003", "CHECKPOINT", ["CP-003"]],
      [10, "phase-3-sequential", "SEQUENTIAL", ["task-005"]],
      [11, "qg-3-review", "SEQUENTIAL", ["nse-verification"]],
      [12, "checkpoint-004", "CHECKPOINT", ["CP-004"]],
    ]);
  });

  it("asks a person after every phase, the last time for the whole workflow", () => {
    expect(
      plan.checkpoints.map(({ id, trigger, recoveryPoint, approval }) => [
        id,
        trigger,
        recoveryPoint,
        approval,
      ]),
    ).toEqual([
      ["CP-001", "PHASE_COMPLETE", "Phase 1 ready", "User reviews research findings and analysis"],
      ["CP-002", "PHASE_COMPLETE", "Phase 2 ready", "User approves design before implementation"],
      ["CP-003", "PHASE_COMPLETE", "Phase 3 ready", "User reviews code changes before validation"],
      ["CP-004", "WORKFLOW_COMPLETE", "EN-108 complete", "User confirms EN-108 complete"],
    ]);
  });

  it("is flavour B with the prefix of its entity, and counts what the source counts", () => {
    expect([plan.flavour, plan.workflow.documentPrefix, plan.reviewPlan]).toEqual(["B", "EN-108", true]);
    expect(plan.workflow.patterns).toEqual([
      "SEQUENTIAL",
      "CONCURRENT",
      "HIERARCHICAL",
      "GENERATOR_CRITIC",
      "HUMAN_IN_THE_LOOP",
    ]);
    expect(plan.totals).toEqual({ phases: 4, barriers: 0, agents: 5, artifacts: 4, checkpoints: 4 });
  });

  it("prints that DISC-002 falls short of three rounds at C2", () => {
    const deviation = notices.find(({ code }) => code === "DISC-002");
    expect(deviation?.level).toBe("warning");
    expect(deviation?.message).toContain("H-14 asks for 3");
  });

  it("warns where the author accepts that the validator is also the creator", () => {
    const accepted = notices.filter(({ code }) => code === "self-validation");
    expect(accepted.map(({ level, subject }) => [level, subject])).toEqual([["warning", "task-005"]]);
  });

  it("refuses a validator that is also the creator, and proposes another", () => {
    const refused = derivePlan(en108({}, { allow: [] }), EN108_CONTEXT);
    expect(refused.plan).toBeNull();
    expect(errorsOf(refused.notices)).toEqual([
      "self-validation: nse-verification both makes and scores task-005; `validator: ps-reviewer` is independent, `allow: [self-validation]` accepts it.",
    ]);
  });
});
