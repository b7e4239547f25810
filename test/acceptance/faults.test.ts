/** Every fault of a judge at every kind of gate: never a merge (P2). The rules alone; processes come below and in `faults-engine.test.ts`. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { derivePlan } from "../../src/core/plan/derive-plan.ts";
import type { Plan, PlannedGate } from "../../src/core/plan/plan.ts";
import type { SessionEffect } from "../../src/core/workflow/effect.ts";
import type { CheckResult } from "../../src/core/workflow/outcome.ts";
import { requirePlanned } from "../../src/core/workflow/queries.ts";
import type { WorkflowState } from "../../src/core/workflow/state.ts";
import { MULTI_INSTANCE_CONTEXT, multiInstance } from "../builders/definitions.ts";
import { type Script, World } from "../builders/world.ts";
import { EN108, MULTI, THREE } from "../builders/worlds.ts";
import { answers, JUDGE_FAULTS, type JudgeFault, perfect } from "./judge-faults.ts";

interface Gate {
  readonly kind: string;
  readonly plan: Plan;
  readonly subject: string;
  /** The reviewer whose answers are bad; the others' are perfect. */
  readonly reviewer: string;
}

function withSynthesis(): Plan {
  const definition = multiInstance();
  const { plan } = derivePlan(
    { ...definition, finish: { ...definition.finish, synthesis: true } },
    MULTI_INSTANCE_CONTEXT,
  );
  if (plan === null) throw new Error("the definition has errors");
  return plan;
}

function gatesOf(kind: string, plan: Plan, subject: string): readonly Gate[] {
  const planned = plan.deliverables.find((d) => d.id === subject);
  if (planned === undefined) throw new Error(`no ${subject}`);
  return planned.gate.reviewers.map(({ role }) => ({
    kind: `${kind} (${role})`,
    plan,
    subject,
    reviewer: role,
  }));
}

const SYNTHESIS = withSynthesis();
const GATES: readonly Gate[] = [
  ...gatesOf("judged slot", EN108, "task-001"),
  ...gatesOf("dual review", EN108, "task-003"),
  ...gatesOf("handoff", MULTI, "barrier-1.a-to-b"),
  ...gatesOf("synthesis", SYNTHESIS, SYNTHESIS.deliverables.find((d) => d.kind === "synthesis")?.id ?? ""),
];

const isJudging = (effect: SessionEffect, { subject, reviewer }: Gate): boolean =>
  effect.purpose === "judge" && effect.subject === subject && effect.role === reviewer;

/** Runs on, approving whatever only wants approval, until nothing moves. */
function settle(world: World): WorkflowState {
  for (let i = 0; i < 60; i += 1) {
    const next = world.run().questions.find((q) => q.options.includes("approve"));
    if (next === undefined) return world.now;
    world.submit({ type: "approve", subject: next.subject, by: "ana", note: "" });
  }
  throw new Error("questions without end");
}

function runWith(gate: Gate, bad: (effect: SessionEffect) => JudgeFault | null, script: Script = {}): World {
  const planned = requirePlanned({ plan: gate.plan } as WorkflowState, gate.subject).gate;
  const world = new World(gate.plan, {
    ...script,
    end: (effect) => {
      if (!isJudging(effect, gate)) return undefined;
      return bad(effect)?.end(planned) ?? answers(perfect(planned));
    },
  });
  settle(world);
  return world;
}

/** Traces of a merge, or of leave for one. */
function merging(world: World, subject: string): readonly string[] {
  return world.events.flatMap((event) => {
    const isIt =
      ((event.type === "deliverable.approved" || event.type === "deliverable.merged") &&
        event.subject === subject) ||
      (event.type === "integration.queued" &&
        event.integration.type === "merge" &&
        event.integration.subject === subject);
    return isIt ? [event.type] : [];
  });
}

describe.each(GATES)("at the gate of a $kind", (gate) => {
  const planned: PlannedGate = requirePlanned({ plan: gate.plan } as WorkflowState, gate.subject).gate;
  const faults = JUDGE_FAULTS.filter((fault) => fault.applies(planned));

  it.each(faults)("a judge that always $name never leads to a merge, and a person is asked", (fault) => {
    const world = runWith(gate, () => fault);
    expect(merging(world, gate.subject)).toEqual([]);
    // A service that is overloaded for good concerns everything, not this gate.
    const asked = fault.name === "is overloaded for good" ? "workflow" : gate.subject;
    expect(world.now.questions.map((q) => q.subject)).toContain(asked);
  });

  it("one bad answer is replaced and counts for nothing", () => {
    const [prose] = faults.filter(({ name }) => name === "answers prose");
    const world = runWith(gate, (effect) => (effect.part === 1 ? (prose ?? null) : null));
    expect(merging(world, gate.subject)).toContain("deliverable.merged");
    const samples = world.now.deliverables[gate.subject]?.rounds.at(-1)?.samples ?? [];
    const own = samples.filter(({ reviewer }) => reviewer === gate.reviewer);
    expect(own.map(({ valid }) => valid)).toEqual([false, true, true, true]);
  });

  it("is passed only with a whole panel of good answers, whichever of them are bad", () => {
    const judge = requirePlanned({ plan: gate.plan } as WorkflowState, gate.subject).settings.judge;
    fc.assert(
      fc.property(fc.array(fc.nat(faults.length + 4), { minLength: 9, maxLength: 9 }), (chosen) => {
        const world = runWith(gate, (effect) => faults[chosen[(effect.part - 1) % 9] ?? 0] ?? null);
        const { rounds, approval } = world.now.deliverables[gate.subject] ?? { rounds: [] };
        if (approval === undefined) return;
        const round = rounds.find((r) => r.round === approval.round);
        const valid = (round?.samples ?? []).filter((s) => s.valid && s.reviewer === gate.reviewer);
        expect(valid.length).toBeGreaterThanOrEqual(judge.samples);
        expect(approval.score ?? 0).toBeGreaterThanOrEqual(planned.threshold);
      }),
      { numRuns: 12 },
    );
  });
});

describe("at the gate of a phase", () => {
  const planned = requirePlanned({ plan: EN108 } as WorkflowState, "task-004").gate;
  const gate: Gate = {
    kind: "phase",
    plan: EN108,
    subject: "task-004",
    reviewer: planned.reviewers[0]?.role ?? "",
  };

  it.each(JUDGE_FAULTS.filter((fault) => fault.applies(planned)))(
    "a judge that always $name opens no later phase",
    (fault) => {
      const { now } = runWith(gate, () => fault);
      const phase = EN108.stages.find((s) => s.id === "phase-2");
      expect(now.openings[phase?.index ?? 0]).toBeDefined();
      expect(now.openings[(phase?.index ?? 0) + 1]).toBeUndefined();
      expect(now.phaseGates["phase-2"]?.status).not.toBe("PASS");
    },
  );

  it("a condition that nobody says anything about is asked of a person", () => {
    const criteria = Object.fromEntries(
      Object.keys(perfect(planned).criteria).map((key) => [
        key,
        { verdict: "not_applicable", evidence: "none" },
      ]),
    );
    const fault: JudgeFault = {
      name: "",
      applies: () => true,
      end: () => answers({ ...perfect(planned), criteria }),
    };
    const { now } = runWith(gate, () => fault);
    expect(now.questions.map((q) => [q.subject, q.kind])).toContainEqual(["phase-2", "phase-gate"]);
  });
});

describe("at the gate of a C1 slot with checks", () => {
  const green: CheckResult = {
    name: "npm test",
    passed: true,
    redAtBase: false,
    exitCode: 0,
    timedOut: false,
    tail: "",
  };
  const bad: readonly (readonly [string, readonly CheckResult[]])[] = [
    ["fails", [{ ...green, passed: false, exitCode: 1 }]],
    ["times out", [{ ...green, passed: false, exitCode: null, timedOut: true }]],
    ["is killed", [{ ...green, passed: false, exitCode: null }]],
    ["has no result", []],
    ["has the result of another", [{ ...green, name: "npm run lint" }]],
  ];

  it.each(bad)("a check that always %s never leads to a merge", (_, results) => {
    const world = new World(THREE, { checks: (subject) => (subject === "login" ? results : [green]) });
    settle(world);
    expect(merging(world, "login")).toEqual([]);
    expect(merging(world, "export")).toContain("deliverable.merged");
    expect(world.now.questions.map((q) => q.subject)).toContain("login");
  });
});
