/** P5: money of a phase and of a slot is a hard limit, reserved before dispatch; at it the work is kept and a person is asked. */
import { describe, expect, it } from "vitest";
import { derivePlan } from "../../src/core/plan/derive-plan.ts";
import type { Plan } from "../../src/core/plan/plan.ts";
import { spentUnder } from "../../src/core/workflow/budget.ts";
import { nextEffects } from "../../src/core/workflow/next-effects.ts";
import { runningSessions } from "../../src/core/workflow/queries.ts";
import type { WorkflowState } from "../../src/core/workflow/state.ts";
import { aDefinition, aPhase, aPlanContext, aSlot } from "../builders/definitions.ts";
import { World } from "../builders/world.ts";

/** Every scripted session costs 0.01 USD. */
const CENT = 0.01;

function aPlan(phaseUsd: number | null, slotUsd?: number): Plan {
  const research = aSlot({ role: ["ps-researcher"], makes: "research" });
  const { plan, notices } = derivePlan(
    aDefinition({
      criticality: "C2",
      stages: [
        aPhase("Research", [research, research], { limits: { usd: phaseUsd } }),
        aPhase("Analysis", [
          aSlot({
            role: ["ps-analyst"],
            makes: "analysis",
            ...(slotUsd === undefined ? {} : { limits: { usd: slotUsd } }),
          }),
        ]),
      ],
    }),
    aPlanContext(),
  );
  if (plan === null) throw new Error(notices.map((n) => n.message).join("; "));
  return plan;
}

const asked = (state: WorkflowState) => state.questions.filter((q) => q.kind === "limit");
const started = (state: WorkflowState, phase: number): number =>
  Object.values(state.sessions).filter(
    (s) => state.plan.deliverables.find((d) => d.id === s.subject)?.stage === phase,
  ).length;

describe("the money of a phase", () => {
  it("is one limit for all its sessions, however many slots it has, and no limit of each slot", () => {
    const world = new World(aPlan(5 * CENT));
    const state = world.run((now) => asked(now).length > 0);
    expect(state.plan.stages[0]).toMatchObject({ usd: 5 * CENT });
    expect(state.plan.deliverables.map((d) => d.settings.limits.usd)).toEqual([10, 10, 10]);
    expect(started(state, 0)).toBe(5);
    expect(spentUnder(state, "phase-1")).toBeCloseTo(5 * CENT);
    expect(asked(state)).toMatchObject([
      {
        subject: "phase-1",
        options: ["add", "stop"],
        reason: expect.stringContaining("The money limit of phase-1 is reached: 0.05 of 0.05 USD spent"),
      },
    ]);
    expect(state.status).toBe("ACTIVE");
    expect(nextEffects(state).filter((e) => e.kind === "session")).toEqual([]);
  });

  it("is reserved before a session starts: what runs and what is spent never exceed it together", () => {
    const world = new World(aPlan(7 * CENT), { pick: (effects) => effects.length - 1 });
    world.run((state) => {
      const held = runningSessions(state).reduce((sum, s) => sum + s.reservedUsd, 0);
      expect(spentUnder(state, "phase-1") + held).toBeLessThanOrEqual(7 * CENT + 1e-9);
      return asked(state).length > 0;
    });
  });

  it("goes on where it stood after a person has added to it, and the next phase has none", () => {
    const world = new World(aPlan(5 * CENT));
    world.run((now) => asked(now).length > 0);
    const before = Object.keys(world.now.sessions).length;
    const add = { type: "decide", subject: "phase-1", word: "add", text: "", by: "ana" } as const;
    expect(world.submit({ ...add, usd: 5 * CENT })).toMatchObject({
      ok: false,
      rejection: { code: "bad-argument" },
    });
    expect(world.submit({ ...add, usd: 1, sessions: 9 })).toMatchObject({ ok: false });
    expect(world.submit({ ...add, usd: 1 })).toMatchObject({ ok: true });
    const end = world.run();
    expect(end.status).toBe("COMPLETE");
    expect(Object.keys(end.sessions).length).toBeGreaterThan(before);
    expect(Object.values(end.deliverables).map((d) => [d.attempt, d.rounds.length])).toEqual([
      [1, 1],
      [1, 1],
      [1, 1],
    ]);
  });

  it("does not limit where it is none", () => {
    const plan = aPlan(null);
    expect(plan.stages[0]).not.toHaveProperty("usd");
    expect(new World(plan).run().status).toBe("COMPLETE");
  });
});

describe("a session that has spent what was reserved for it", () => {
  const spent = { kind: "limit", which: "usd", message: "spent", retry: "never" } as const;

  it("goes on in the same conversation while the limit has something left, without using up a try", () => {
    const world = new World(aPlan(null), {
      end: (effect) =>
        effect.subject === "agent-a-001" && effect.id.endsWith(".t1") && effect.purpose === "create"
          ? spent
          : undefined,
    });
    const end = world.run();
    expect(end.status).toBe("COMPLETE");
    const creators = Object.values(end.sessions).filter(
      (s) => s.subject === "agent-a-001" && s.purpose === "create",
    );
    expect(creators.map((s) => s.outcome?.kind)).toEqual(["limit", "ok"]);
    expect(new Set(creators.map((s) => s.conversation)).size).toBe(1);
    expect(end.deliverables["agent-a-001"]?.attempt).toBe(1);
  });

  it("asks about the limit, and not about a failure, where nothing is left", () => {
    const world = new World(aPlan(4 * CENT), {
      end: (effect) => (effect.purpose === "create" ? spent : undefined),
    });
    const state = world.run((now) => now.questions.length > 0);
    expect(state.questions.map((q) => [q.kind, q.subject])).toEqual([["limit", "phase-1"]]);
    expect(Object.values(state.deliverables).map((d) => d.step)).toEqual(["create", "create", "blocked"]);
  });
});

describe("the money of a slot", () => {
  it("asks for that slot alone, keeps its step, and goes on after a person has added to it", () => {
    const world = new World(aPlan(null, 2 * CENT));
    const state = world.run((now) => asked(now).length > 0);
    const [question] = asked(state);
    expect(question).toMatchObject({
      subject: "agent-a-003",
      options: ["add", "skip", "stop"],
      continues: "judge",
    });
    expect(state.deliverables["agent-a-003"]?.step).toBe("waiting");
    expect(
      world.submit({ type: "decide", subject: "agent-a-003", word: "add", text: "", by: "ana", usd: 1 }),
    ).toMatchObject({
      ok: true,
    });
    const end = world.run();
    expect(end.status).toBe("COMPLETE");
    expect(end.spend.usdLimit).toBeUndefined();
    expect(end.spend.usdLimits).toEqual({ "agent-a-003": 1 });
  });
});
