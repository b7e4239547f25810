import { describe, expect, it } from "vitest";
import {
  aBarrier,
  aDefinition,
  aPhase,
  aPlanContext,
  aSlot,
  LOOPS,
  multiInstance,
  THREE_FIXES_CONTEXT,
  threeFixes,
} from "../../../test/builders/definitions.ts";
import { errorsOf, planOf } from "../../../test/builders/derived.ts";
import type { Definition, SlotDefinition } from "../definition.ts";
import { derivePlan } from "./derive-plan.ts";

const refusal = (definition: Definition) => {
  const { plan, notices } = derivePlan(definition, aPlanContext());
  expect(plan).toBeNull();
  return errorsOf(notices);
};

const TWO = [
  { key: "a", alias: "one" },
  { key: "b", alias: "two" },
];

const oneEach = (name: string, changes: Partial<SlotDefinition> = {}) =>
  aPhase(name, [
    aSlot({ in: "a", role: ["ps-researcher"], makes: "research", ...changes }),
    aSlot({ in: "b", role: ["ps-researcher"], makes: "research", ...changes }),
  ]);

describe("plan of three fixes", () => {
  const { plan, notices } = planOf(threeFixes(), THREE_FIXES_CONTEXT);

  it("makes three commits by coders with checks and no judge", () => {
    expect(plan.deliverables.map(({ id, role, makes, title }) => [id, role, makes.kind, title])).toEqual([
      ["login", "coder", "commit", "Fix #41: the login form accepts an empty password"],
      ["export", "coder", "commit", "Fix #57: CSV export drops the last row"],
      ["dates", "coder", "commit", "Fix #63: dates are parsed in local time"],
    ]);
    for (const { gate, settings } of plan.deliverables) {
      expect(gate).toMatchObject({
        judged: false,
        critic: null,
        reviewers: [],
        patterns: [],
        loop: { min: 1, max: 3 },
      });
      expect(gate.strategies.order).toEqual(["S-010"]);
      expect(gate.checks.map(({ run }) => run)).toEqual(["npm test"]);
      expect(settings.writes).toEqual(["**"]);
    }
  });

  it("needs no pipeline to be declared", () => {
    expect(plan.pipelines).toEqual([
      {
        key: "main",
        letter: "a",
        id: "pipeline-a",
        alias: "main",
        title: "Three fixes",
        skill: null,
        convergent: false,
      },
    ]);
    expect(plan.deliverables.map(({ gate }) => gate.id)).toEqual([
      "phase-1/main/login",
      "phase-1/main/export",
      "phase-1/main/dates",
    ]);
  });

  it("is one parallel group and one checkpoint, says nothing and costs at least three runs", () => {
    expect(plan.groups.map(({ name, mode, agents }) => [name, mode, agents])).toEqual([
      ["Phase 1 Fix Agents", "PARALLEL", ["login", "export", "dates"]],
    ]);
    expect(plan.checkpoints).toEqual([
      {
        id: "CP-001",
        trigger: "WORKFLOW_COMPLETE",
        position: 1,
        recoveryPoint: "workflow-complete",
        name: "Workflow complete",
      },
    ]);
    expect(notices).toEqual([]);
    expect(plan.totals).toEqual({ phases: 1, barriers: 0, agents: 3, artifacts: 0, checkpoints: 1 });
    expect(plan.forecast).toEqual({
      agentRuns: { min: 3, max: 9 },
      judgeCalls: { min: 0, max: 0 },
      criticalPath: ["login"],
    });
    expect([plan.flavour, plan.workflow.documentPrefix, plan.workflow.patterns]).toEqual([
      "A",
      "shop",
      ["CONCURRENT", "HIERARCHICAL"],
    ]);
  });

  it("adds critics and a judge where the person asks with --judge", () => {
    const judged = planOf(threeFixes(), { ...THREE_FIXES_CONTEXT, judge: true }).plan;
    for (const { gate } of judged.deliverables) {
      expect(gate).toMatchObject({
        judged: true,
        critic: "ps-critic",
        reviewers: [{ role: "ps-validator" }],
      });
      expect(gate.strategies.order).toEqual(["S-010", "S-003", "S-014"]);
    }
    expect(judged.forecast.judgeCalls).toEqual({ min: 9, max: 63 });
  });
});

describe("slots", () => {
  it("counts within a pipeline over all its phases, whatever ids the author gave", () => {
    const definition = aDefinition({
      pipelines: TWO,
      stages: [oneEach("One"), oneEach("Two"), aPhase("Three", [aSlot({ in: "b", makes: "commit" })])],
    });
    expect(planOf(definition).plan.deliverables.map(({ id }) => id)).toEqual([
      "agent-a-001",
      "agent-b-001",
      "agent-a-002",
      "agent-b-002",
      "agent-b-003",
    ]);
  });

  it("takes the letter of a one-letter key, else the position's, never one twice", () => {
    const pipelines = [{ key: "docs" }, { key: "a" }, { key: "X" }];
    const slots = pipelines.map(({ key }) => aSlot({ in: key }));
    const { plan } = planOf(aDefinition({ pipelines, stages: [aPhase("Go", slots)] }));
    expect(plan.pipelines.map(({ letter, alias }) => [letter, alias])).toEqual([
      ["b", "docs"],
      ["a", "a"],
      ["x", "x"],
    ]);
    expect(plan.deliverables.map(({ id }) => id)).toEqual(["agent-b-001", "agent-a-001", "agent-x-001"]);
  });

  it("finds the pipeline by the skill of the role", () => {
    const pipelines = [
      { key: "one", skill: "problem-solving" },
      { key: "two", skill: "nasa-systems-engineering" },
    ];
    const slots = [aSlot({ role: ["nse-risk"] }), aSlot({ role: ["ps-analyst"] })];
    const { plan } = planOf(aDefinition({ pipelines, stages: [aPhase("Look", slots)] }));
    expect(plan.deliverables.map(({ pipeline }) => pipeline)).toEqual(["two", "one"]);
    expect(plan.pipelines.map(({ alias }) => alias)).toEqual(["ps", "nse"]);
  });

  it("takes the usual artifact of a role, and that of a configured role before it", () => {
    const slots = [
      aSlot({ role: ["ps-researcher"] }),
      aSlot({ role: ["scout"] }),
      aSlot({ role: ["coder"] }),
    ];
    const definition = aDefinition({ stages: [aPhase("Look", slots)], roles: { scout: { makes: "map" } } });
    const makes = planOf(definition).plan.deliverables.map((one) =>
      one.makes.kind === "file" ? one.makes.path : "commit",
    );
    expect(makes).toEqual([
      "orchestration/demo-20260220-001/main/phase-1-look/agent-a-001/agent-a-001-research.md",
      "orchestration/demo-20260220-001/main/phase-1-look/agent-a-002/agent-a-002-map.md",
      "commit",
    ]);
  });

  it("layers settings from workflow to phase to role to slot", () => {
    const slot = aSlot({ role: ["scout"], model: "slot-model" });
    const definition = aDefinition({
      model: "workflow-model",
      effort: "low",
      use: "claude",
      roles: { scout: { use: "command:scout", model: "role-model", makes: "map" } },
      stages: [aPhase("Look", [slot], { effort: "high", limits: { turns: 5 } })],
    });
    const { settings } = planOf(definition).plan.deliverables[0]!;
    expect([
      settings.model,
      settings.effort,
      settings.use,
      settings.limits.turns,
      settings.limits.retries,
    ]).toEqual(["slot-model", "high", "command:scout", 5, 2]);
    expect(settings).not.toHaveProperty("brief");
  });

  it("keeps the write boundary of the author for a commit", () => {
    const definition = aDefinition({
      stages: [aPhase("Build", [aSlot({ writes: ["src/**"] }), aSlot({ writes: [] })])],
    });
    expect(planOf(definition).plan.deliverables.map(({ settings }) => settings.writes)).toEqual([
      ["src/**"],
      [],
    ]);
  });

  it("merges behind what they wait for, and reads its artifact", () => {
    const slots = [
      aSlot({ id: "late", role: ["ps-analyst"], after: ["TASK-9", "Early bird"] }),
      aSlot({ task: "TASK-9", role: ["ps-researcher"] }),
      aSlot({ id: "early", title: "Early bird", role: ["ps-researcher"] }),
    ];
    const { plan } = planOf(aDefinition({ stages: [aPhase("Look", slots)] }));
    expect(plan.deliverables.map(({ id, after }) => [id, after])).toEqual([
      ["task-9", []],
      ["early", []],
      ["late", ["task-9", "early"]],
    ]);
    expect(plan.deliverables[2]?.inputs.map((path) => path.split("/").at(-1))).toEqual([
      "task-9-research.md",
      "early-research.md",
    ]);
    expect(plan.forecast.criticalPath).toEqual(["task-9", "late"]);
  });

  it("follow each other in a sequential phase", () => {
    const definition = aDefinition({
      stages: [aPhase("Build", [aSlot(), aSlot(), aSlot()], { sequential: true })],
    });
    const { plan } = planOf(definition);
    expect(plan.deliverables.map(({ after }) => after)).toEqual([[], ["agent-a-001"], ["agent-a-002"]]);
    expect(plan.groups[0]?.mode).toBe("SEQUENTIAL");
  });

  it("waits for a person where the role is user", () => {
    const definition = aDefinition({
      stages: [aPhase("Ask", [aSlot({ role: ["user"], makes: "decision" })])],
    });
    const { plan } = planOf(definition);
    expect(plan.deliverables[0]).toMatchObject({ byPerson: true, makes: { kind: "file", type: "decision" } });
    expect(plan.forecast.agentRuns).toEqual({ min: 0, max: 0 });
  });
});

describe("pipelines", () => {
  it("tells apart those that share a skill and have no alias", () => {
    const pipelines = [
      { key: "a", skill: "problem-solving" },
      { key: "b", skill: "problem-solving" },
      { key: "c", alias: "mine", skill: "problem-solving" },
    ];
    const slots = pipelines.map(({ key }) => aSlot({ in: key }));
    const { plan } = planOf(aDefinition({ pipelines, stages: [aPhase("Go", slots)] }));
    expect(plan.pipelines.map(({ alias }) => alias)).toEqual(["ps-a", "ps-b", "mine"]);
  });

  it("refuses aliases that are the same or not folders", () => {
    const pipelines = [
      { key: "a", alias: "x" },
      { key: "b", alias: "X" },
      { key: "c", alias: "../y" },
      { key: "d", alias: "synthesis" },
    ];
    const errors = refusal(aDefinition({ pipelines, stages: [aPhase("Go", [aSlot({ in: "a" })])] }));
    expect(errors).toEqual([
      expect.stringContaining('duplicate-alias: Alias "X" is used by pipelines a and b'),
      expect.stringContaining('alias: Alias "../y"'),
      expect.stringContaining('alias: Alias "synthesis"'),
    ]);
  });
});

describe("barriers", () => {
  it("exchange every ordered pair of the phase before where no direction is written", () => {
    const definition = aDefinition({
      pipelines: TWO,
      stages: [oneEach("One"), aBarrier("Swap"), oneEach("Two")],
    });
    const { plan } = planOf(definition);
    expect(plan.deliverables.filter(({ kind }) => kind === "handoff").map(({ id }) => id)).toEqual([
      "barrier-1.a-to-b",
      "barrier-1.b-to-a",
    ]);
  });

  it("name directions by key and paths by alias", () => {
    const pipelines = [{ key: "research", alias: "res" }, { key: "build" }];
    const phase = (name: string) => aPhase(name, [aSlot({ in: "research" }), aSlot({ in: "build" })]);
    const { plan } = planOf(
      aDefinition({
        pipelines,
        stages: [
          phase("One"),
          aBarrier("Swap", [{ from: "research", to: "build", text: "All" }]),
          phase("Two"),
        ],
      }),
    );
    const handoff = plan.deliverables.find(({ kind }) => kind === "handoff");
    expect(handoff?.id).toBe("barrier-1.research-to-build");
    expect(handoff?.handoff?.directionKey).toBe("research_to_build");
    expect(handoff?.folder).toBe("orchestration/demo-20260220-001/cross-pollination/barrier-1/res-to-build/");
  });

  it("report a lighter set of strategies with what is left out", () => {
    const definition = multiInstance();
    const stages = definition.stages.map((stage, index) =>
      index === 1 && stage.kind === "barrier"
        ? { ...stage, strategies: ["S-014", "S-010"] as const, threshold: 0.9 }
        : stage,
    );
    const { plan, notices } = planOf({ ...definition, stages });
    const handoff = plan.deliverables.find(({ id }) => id === "barrier-1.a-to-b");
    expect(handoff?.gate.strategies.order).toEqual(["S-010", "S-014"]);
    expect(handoff?.gate.threshold).toBe(0.9);
    expect(
      notices.filter(({ code }) => code === "strategies-left-out").map(({ message }) => message),
    ).toEqual([
      "barrier-1 runs S-010, S-014; C2 also requires S-007, S-002, left out because the author chose a lighter set for this barrier.",
    ]);
  });

  it("hand over at the level of the work, also where it came in over an earlier barrier", () => {
    const high = aPhase("One", [
      aSlot({ in: "a", role: ["ps-researcher"], criticality: "C3" }),
      aSlot({ in: "b", role: ["ps-researcher"] }),
    ]);
    const { plan, notices } = planOf(
      aDefinition({
        pipelines: TWO,
        stages: [
          high,
          aBarrier("First", [{ from: "a", to: "b", text: "x" }]),
          oneEach("Two"),
          aBarrier("Second"),
          oneEach("Three"),
        ],
      }),
    );
    const levels = Object.fromEntries(
      plan.deliverables.map(({ id, criticality }) => [id, criticality.effective]),
    );
    expect(levels).toMatchObject({
      "agent-a-001": "C3",
      "agent-b-001": "C1",
      "barrier-1.a-to-b": "C3",
      "agent-b-002": "C1",
      "barrier-2.b-to-a": "C3",
      "barrier-2.a-to-b": "C1",
    });
    expect(notices.filter(({ code }) => code === "handoff-level").map(({ subject }) => subject)).toEqual([
      "barrier-1.a-to-b",
      "barrier-2.b-to-a",
    ]);
  });

  it("are read once: by the next slot of the target, also where its pipeline skips a phase", () => {
    const alone = aPhase("Alone", [aSlot({ in: "b", role: ["ps-analyst"] })]);
    const swap = (text: string) =>
      aBarrier("Swap", [
        { from: "a", to: "b", text },
        { from: "b", to: "a", text },
      ]);
    const stages = [oneEach("One"), swap("x"), alone, oneEach("Two"), swap("y"), oneEach("Three")];
    const { plan } = planOf(aDefinition({ pipelines: TWO, stages }));
    const handoffsOf = (id: string) =>
      plan.deliverables
        .find((one) => one.id === id)
        ?.inputs.filter((path) => path.includes("cross-pollination"))
        .map((path) => path.split("/").slice(3, 5).join("/"));
    expect(handoffsOf("agent-b-002")).toEqual(["barrier-1/one-to-two"]);
    expect(handoffsOf("agent-a-002")).toEqual(["barrier-1/two-to-one"]);
    expect(handoffsOf("agent-b-003")).toEqual([]);
    expect(handoffsOf("agent-a-003")).toEqual(["barrier-2/two-to-one"]);
  });

  it("are refused without a phase before them, with one pipeline, or with an unknown one", () => {
    expect(refusal(aDefinition({ pipelines: TWO, stages: [aBarrier("Early"), oneEach("One")] }))).toEqual([
      expect.stringContaining("which has 0; a handoff needs two"),
      expect.stringContaining("stands before the first phase"),
    ]);
    const unknown = aBarrier("Swap", [{ from: "a", to: "bb", text: "x" }]);
    expect(refusal(aDefinition({ pipelines: TWO, stages: [oneEach("One"), unknown] }))).toEqual([
      'barrier: No pipeline "bb" is declared; nearest: b.',
    ]);
  });

  it("warn of a handoff that nobody reads", () => {
    const definition = aDefinition({ pipelines: TWO, stages: [oneEach("One"), aBarrier("Swap")] });
    expect(planOf(definition).notices.map(({ code, subject }) => [code, subject])).toEqual([
      ["handoff-unread", "barrier-1.a-to-b"],
      ["handoff-unread", "barrier-1.b-to-a"],
    ]);
  });
});

describe("checkpoints", () => {
  const stages = [oneEach("One"), aBarrier("Swap"), oneEach("Two"), aPhase("End", [aSlot({ in: "a" })])];
  const kinds = (changes: Partial<Definition>) =>
    planOf(aDefinition({ pipelines: TWO, stages, ...changes })).plan.checkpoints.map(
      ({ id, trigger, recoveryPoint, subject }) =>
        `${id} ${trigger} ${recoveryPoint}${subject === undefined ? "" : ` ${subject}`}`,
    );

  it("are made at barriers and the end only, where the author says BARRIER", () => {
    expect(kinds({ checkpointFrequency: "BARRIER" })).toEqual([
      "CP-001 BARRIER_COMPLETE phase-2-start",
      "CP-002 WORKFLOW_COMPLETE workflow-complete",
    ]);
  });

  it("are made after every slot too, where the author says AGENT, but not twice for a phase of one slot", () => {
    expect(kinds({ checkpointFrequency: "AGENT" })).toEqual([
      "CP-001 GATE_PASS phase-1-start agent-a-001",
      "CP-002 GATE_PASS phase-1-start agent-b-001",
      "CP-003 PHASE_COMPLETE barrier-1-start",
      "CP-004 BARRIER_COMPLETE phase-2-start",
      "CP-005 GATE_PASS phase-2-start agent-a-002",
      "CP-006 GATE_PASS phase-2-start agent-b-002",
      "CP-007 PHASE_COMPLETE phase-3-start",
      "CP-008 WORKFLOW_COMPLETE workflow-complete",
    ]);
  });

  it("keep the phase's own checkpoint apart from those of its slots", () => {
    const { plan } = planOf(aDefinition({ pipelines: TWO, stages, checkpointFrequency: "AGENT" }));
    expect(plan.stages.map(({ checkpoint }) => checkpoint)).toEqual(["CP-003", "CP-004", "CP-007", "CP-008"]);
  });

  it("ask a person in a workflow with barriers as steps of the numbered queue", () => {
    const { plan } = planOf(aDefinition({ pipelines: TWO, stages, reviewPhases: true }));
    expect(plan.flavour).toBe("A");
    expect(plan.groups.map(({ id, kind, checkpoint }) => [id, kind, checkpoint])).toEqual([
      ["1", "phase", undefined],
      ["2", "checkpoint", "CP-001"],
      ["3", "barrier", undefined],
      ["4", "phase", undefined],
      ["5", "checkpoint", "CP-003"],
      ["6", "phase", undefined],
      ["7", "checkpoint", "CP-004"],
    ]);
    expect(plan.checkpoints.map(({ approval }) => approval)).toEqual([
      "User approves One",
      undefined,
      "User approves Two",
      "User approves End",
    ]);
  });

  it("end with the synthesis where there is one", () => {
    const finish = { ...aDefinition().finish, synthesis: true };
    const { plan } = planOf(aDefinition({ pipelines: TWO, stages, finish, criticality: "C2" }));
    expect(
      plan.checkpoints
        .slice(-2)
        .map(({ trigger, recoveryPoint, position }) => [trigger, recoveryPoint, position]),
    ).toEqual([
      ["PHASE_COMPLETE", "synthesis-start", 4],
      ["WORKFLOW_COMPLETE", "workflow-complete", 5],
    ]);
    const synthesis = plan.deliverables.at(-1)!;
    expect(synthesis).toMatchObject({
      id: "synthesis",
      kind: "synthesis",
      stage: 4,
      role: "orch-synthesizer",
    });
    expect(synthesis.makes).toEqual({
      kind: "file",
      type: "synthesis",
      path: "orchestration/demo-20260220-001/synthesis/demo-20260220-001-final-synthesis.md",
    });
    expect(synthesis.gate.strategies.order).toEqual(["S-010", "S-003", "S-013", "S-014"]);
    expect(synthesis.inputs).toHaveLength(4 + 2);
    expect(plan.groups.at(-1)).toMatchObject({ name: "Final Synthesis", agents: ["synthesis"] });
    expect(plan.totals.artifacts).toBe(6);
  });
});

describe("levels", () => {
  it("rise by declared paths and by the path of an artifact", () => {
    const slots = [
      aSlot({ touches: ["src/auth/login.ts"] }),
      aSlot({ role: ["ps-reporter"], makes: "decisions/0001.md" }),
    ];
    const { plan, notices } = planOf(aDefinition({ stages: [aPhase("Build", slots)] }));
    expect(
      plan.deliverables.map(({ criticality }) => criticality.escalations.map(({ rule }) => rule)),
    ).toEqual([["AE-005"], ["AE-003"]]);
    expect(plan.deliverables.every(({ gate }) => gate.judged)).toBe(true);
    expect(notices.filter(({ level }) => level === "warning").map(({ code }) => code)).toEqual([
      "AE-005",
      "AE-003",
    ]);
  });

  it("rise by a declared path that is an accepted decision record on the base", () => {
    const definition = aDefinition({
      stages: [aPhase("Build", [aSlot({ touches: ["docs/decisions/0001.md"] })])],
    });
    const accepted = aPlanContext({ isBaselined: (path) => path === "docs/decisions/0001.md" });
    const { plan, notices } = derivePlan(definition, accepted);
    expect(plan).toBe(null); // C4 is not built yet
    expect(notices.map(({ code }) => code)).toEqual(["C4", "AE-003", "AE-004", "H-14"]);
    expect(notices[0]?.message).toContain("AE-004: touches docs/decisions/0001.md (accepted on the base)");
    const proposed = derivePlan(definition, aPlanContext());
    expect(proposed.plan?.deliverables[0]?.criticality.effective).toBe("C3");
  });

  it("do not rise by the slot's own id, or by the type of its artifact", () => {
    const slots = [
      aSlot({ id: "auth", role: ["ps-analyst"] }),
      aSlot({ role: ["ps-analyst"], makes: "security" }),
    ];
    const { plan } = planOf(aDefinition({ stages: [aPhase("Look", slots)] }));
    expect(plan.deliverables.map(({ criticality }) => criticality.effective)).toEqual(["C1", "C1"]);
  });

  it("rise without a question where the author wrote escalate: auto", () => {
    const { plan, notices } = planOf(multiInstance({ escalate: { auto: true } }));
    expect(plan.escalateAuto).toBe(true);
    expect(notices.map(({ level, code }) => [level, code])).toEqual([["info", "AE-003"]]);
  });

  it("follow the author's own rules instead of the documented ones", () => {
    const rules = [{ id: "AE-900", when: { paths: ["infra/**"] }, to: "C2" }] as const;
    const slots = [aSlot({ touches: ["infra/x.tf"] }), aSlot({ role: ["ps-architect"], makes: "adr" })];
    const { plan } = planOf(
      aDefinition({ stages: [aPhase("Build", slots)], escalate: { rules, auto: true } }),
    );
    expect(plan.deliverables.map(({ criticality }) => criticality.effective)).toEqual(["C2", "C1"]);
    expect(plan.escalationRules).toEqual(rules);
  });

  it("are refused at C4", () => {
    const slots = [aSlot({ touches: ["docs/governance/JERRY_CONSTITUTION.md"] })];
    expect(refusal(aDefinition({ stages: [aPhase("Build", slots)] }))).toEqual([
      expect.stringContaining("C4: agent-a-001 is C4"),
    ]);
  });
});

describe("gates", () => {
  it("are judged at C1 where the slot itself names a critic pattern or a validator", () => {
    const slots = [aSlot({ critics: ["devils-advocate"] }), aSlot({ validator: "ps-validator" }), aSlot()];
    const { plan } = planOf(aDefinition({ stages: [aPhase("Build", slots)] }));
    expect(plan.deliverables.map(({ gate }) => gate.judged)).toEqual([true, true, false]);
  });

  it("harden nothing at C1", () => {
    const { plan } = planOf(aDefinition({ loop: LOOPS.h14 }));
    expect(plan.deliverables[0]?.gate.loop).toMatchObject({ min: 1, max: 3 });
  });

  it("choose another reviewer than the creator, also where the loop names the creator", () => {
    const slots = [
      aSlot({ role: ["ps-validator"] }),
      aSlot({ role: ["ps-critic"] }),
      aSlot({ role: ["nse-verification", "ps-validator"] }),
    ];
    const { plan, notices } = planOf(
      aDefinition({ criticality: "C2", loop: LOOPS.disc002, stages: [aPhase("Look", slots)] }),
    );
    expect(plan.deliverables.map(({ gate }) => [gate.critic, gate.reviewers[0]?.role])).toEqual([
      ["ps-critic", "nse-verification"],
      ["ps-reviewer", "ps-validator"],
      ["ps-critic", "ps-reviewer"],
    ]);
    expect(notices.filter(({ code }) => code === "independence").map(({ subject }) => subject)).toEqual([
      "agent-a-002",
    ]);
  });

  it("refuse a cross-check by the creator", () => {
    const slots = [aSlot({ role: ["ps-analyst"], crossCheck: "ps-analyst" })];
    expect(refusal(aDefinition({ stages: [aPhase("Look", slots)] }))).toEqual([
      expect.stringContaining("self-validation: ps-analyst both makes and scores agent-a-001"),
    ]);
  });

  it("have a judge but no critic without a loop, and the plan says that this falls short", () => {
    const { plan, notices } = planOf(aDefinition({ criticality: "C2", loop: LOOPS.none }));
    expect(plan.deliverables[0]?.gate).toMatchObject({
      judged: true,
      critic: null,
      reviewers: [{ role: "ps-validator" }],
    });
    expect(notices.map(({ level, code }) => [level, code])).toEqual([["warning", "H-14"]]);
    expect(planOf(aDefinition({ loop: LOOPS.none })).plan.deliverables[0]?.gate.judged).toBe(false);
  });

  it("say with the standard loop at C2 that H-14 asks for more", () => {
    const { notices } = planOf(aDefinition({ criticality: "C2" }));
    expect(notices.map(({ level, code, message }) => [level, code, message])).toEqual([
      ["info", "H-14", "Loop standard lets C2 and C3 work pass after 1 round, H-14 asks for 3: agent-a-001."],
    ]);
  });
});

describe("forecast", () => {
  it("counts one critic session per strategy and pattern where critics work separately", () => {
    const slot = aSlot({ role: ["ps-analyst"], critics: ["blue-team"], critic: { mode: "separate" } });
    const { plan } = planOf(aDefinition({ criticality: "C2", stages: [aPhase("Look", [slot])] }));
    // Creator, S-003, S-002, S-007 and the Blue Team.
    expect(plan.forecast.agentRuns).toEqual({ min: 5, max: 15 });
    expect(plan.forecast.judgeCalls).toEqual({ min: 3, max: 21 });
  });
});

describe("refusals", () => {
  it("reports all errors at once", () => {
    const slots = [
      aSlot({ role: ["ps-reseacher"], makes: "research" }),
      aSlot({ id: "a/b" }),
      aSlot({ after: ["nobody"] }),
    ];
    expect(refusal(aDefinition({ stages: [aPhase("Look", slots), aPhase("Empty", [])] }))).toEqual([
      'unknown-role: Role "ps-reseacher" is neither built in nor configured; nearest: ps-researcher.',
      expect.stringContaining('slot-id: Slot id "a/b" must be'),
      "after: `after: nobody` of agent-a-003 names no other slot of its phase (agent-a-001, a/b).",
      "slots: phase-2 (Empty) has no slots.",
    ]);
  });

  it.each<[string, Partial<SlotDefinition>[], string]>([
    ["the same id twice", [{ id: "x" }, { id: "X" }], 'duplicate-id: The id "X" is used twice'],
    [
      "the same file twice",
      [
        { role: ["ps-analyst"], makes: "a/b.md" },
        { role: ["ps-analyst"], makes: "a/B.md" },
      ],
      "duplicate-artifact: agent-a-001 and agent-a-002 would both write",
    ],
    [
      "a ring of after",
      [
        { id: "x", after: ["y"] },
        { id: "y", after: ["x"] },
      ],
      "cycle: The slots x, y of phase-1 wait for each other.",
    ],
    ["itself as after", [{ id: "x", after: ["x"] }], "after: `after: x` of x names no other slot"],
    ["a path out of the folder", [{ role: ["ps-analyst"], makes: "../x.md" }], "makes: `makes: ../x.md`"],
    ["a path with a star", [{ role: ["ps-analyst"], makes: "a/*.md" }], "makes: `makes: a/*.md`"],
    [
      "the coordinator's file",
      [{ role: ["ps-analyst"], makes: "ORCHESTRATION.yaml" }],
      "is a file that the coordinator writes",
    ],
    ["three roles", [{ role: ["ps-analyst", "ps-critic", "ps-reviewer"] }], "at most a pair"],
    ["no role for a file", [{ makes: "research" }], "names no role"],
    ["a person without a file", [{ role: ["user"] }], "must say which file"],
    ["an unknown pipeline", [{ in: "z" }], 'pipeline: No pipeline "z" is declared'],
  ])("refuses %s", (_, slots, message) => {
    const errors = refusal(aDefinition({ stages: [aPhase("Look", slots.map(aSlot))] }));
    expect(errors.join("\n")).toContain(message);
  });

  it("refuses a slot that could belong to several pipelines", () => {
    expect(refusal(aDefinition({ pipelines: TWO, stages: [aPhase("Build", [aSlot()])] }))).toEqual([
      'pipeline: The slot (phase-1, slot 1) with role "coder" could belong to several pipelines; `in:` must name one of a, b.',
    ]);
  });

  it("refuses loops, thresholds and rubrics that cannot be kept", () => {
    expect(
      refusal(aDefinition({ loop: { profile: "custom", min: 4, max: 3, findings: 0, threshold: 1.2 } })),
    ).toEqual([
      "loop: The loop of agent-a-001 has at least 4 and at most 3 rounds.",
      "loop: The threshold of agent-a-001 is 1.2; it must be above 0 and at most 1.",
    ]);
    expect(refusal(aDefinition({ rubric: [{ key: "x", name: "X", weight: 0.9 }] }))).toEqual([
      "rubric: The weights of the rubric sum to 0.9; they must sum to 1, none negative.",
    ]);
    expect(refusal(aDefinition({ stages: [] }))).toEqual(['stages: The definition "Demo" has no stages.']);
  });
});

describe("layout", () => {
  it("fills id and project into the folder, and leaves the repository to the adapter", () => {
    const layout = {
      folder: "projects/{project}/orchestration/{id}",
      branchPrefix: "sb/{id}",
      worktrees: "../{repo}-wt",
    };
    const { plan } = planOf(aDefinition({ project: "PROJ-001" }), aPlanContext({ layout }));
    expect(plan.layout).toEqual({
      folder: "projects/PROJ-001/orchestration/demo-20260220-001/",
      stateFile: "projects/PROJ-001/orchestration/demo-20260220-001/ORCHESTRATION.yaml",
      planFile: "projects/PROJ-001/orchestration/demo-20260220-001/ORCHESTRATION_PLAN.md",
      trackerFile: "projects/PROJ-001/orchestration/demo-20260220-001/ORCHESTRATION_WORKTRACKER.md",
      branchPrefix: "sb/demo-20260220-001",
      worktrees: "../{repo}-wt",
    });
  });
});

describe("finish.documents", () => {
  const finishing = (changes: Partial<Definition["finish"]>) =>
    aDefinition({ ...threeFixes(), finish: { ...aDefinition().finish, ...changes } });

  it("may be kept or dropped by a workflow that lands as a whole, but not dropped where the target only moves forward", () => {
    for (const merge of ["none", "merge", "squash", "pr"] as const)
      expect(
        derivePlan(finishing({ per: "workflow", documents: "drop", merge }), aPlanContext()).plan,
      ).not.toBeNull();
    expect(
      derivePlan(finishing({ per: "workflow", documents: "keep", merge: "ff" }), aPlanContext()).plan,
    ).not.toBeNull();
    expect(refusal(finishing({ per: "workflow", documents: "drop", merge: "ff" }))).toEqual([
      expect.stringContaining("write merge: squash"),
    ]);
  });

  it("is of the whole workflow, so slots that land one by one bring none", () => {
    expect(refusal(finishing({ per: "slot", documents: "keep" }))).toEqual([
      expect.stringContaining("write documents: drop"),
    ]);
  });
});
