/** P5: what is reserved and spent never passes a limit by more than one request of each running session; a person changes limits at any time. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { derivePlan } from "../../src/core/plan/derive-plan.ts";
import type { Plan } from "../../src/core/plan/plan.ts";
import { budgetView } from "../../src/core/view/budget.ts";
import { accountOf } from "../../src/core/workflow/budget.ts";
import type { SessionEffect } from "../../src/core/workflow/effect.ts";
import { nextEffects } from "../../src/core/workflow/next-effects.ts";
import { runningSessions } from "../../src/core/workflow/queries.ts";
import type { WorkflowState } from "../../src/core/workflow/state.ts";
import { aDefinition, aPhase, aPlanContext, aSlot } from "../builders/definitions.ts";
import { type Script, World } from "../builders/world.ts";

interface Money {
  readonly whole: number | null;
  readonly phase?: number;
  readonly slot?: number;
  readonly parallel?: number;
}

/** Three slots in one phase, one in the next. */
function aPlan({ whole, phase, slot, parallel = 3 }: Money): Plan {
  const research = aSlot({ role: ["ps-researcher"], makes: "research" });
  const limited = slot === undefined ? research : { ...research, limits: { usd: slot } };
  const { plan, notices } = derivePlan(
    aDefinition({
      criticality: "C2",
      use: "claude",
      stages: [
        aPhase(
          "Research",
          [limited, research, research],
          phase === undefined ? {} : { limits: { usd: phase } },
        ),
        aPhase("Analysis", [aSlot({ role: ["ps-analyst"], makes: "analysis" })]),
      ],
    }),
    aPlanContext(),
  );
  if (plan === null) throw new Error(notices.map((n) => n.message).join("; "));
  const { settings } = plan;
  const limits = { ...settings.limits, usd: whole, parallel };
  return {
    ...plan,
    settings: { ...settings, limits },
    deliverables: plan.deliverables.map((d) => ({
      ...d,
      settings: {
        ...d.settings,
        limits: {
          ...d.settings.limits,
          parallel,
          usd: d.id === "agent-a-001" && slot !== undefined ? slot : whole,
        },
      },
    })),
  };
}

const SUBJECTS = ["workflow", "phase-1", "phase-2", "agent-a-001", "agent-a-002"];

function overdrawn(state: WorkflowState): number {
  return Math.max(
    ...SUBJECTS.map((subject) => {
      const { usd, spent, held, assumed } = accountOf(state, subject);
      return usd === null ? 0 : spent + held + assumed - usd;
    }),
  );
}

describe("money that is reserved", () => {
  const money = fc.record({
    whole: fc.option(fc.double({ min: 0.1, max: 20, noNaN: true }), { nil: null }),
    phase: fc.option(fc.double({ min: 0.1, max: 10, noNaN: true }), { nil: undefined }),
    slot: fc.option(fc.double({ min: 0.1, max: 5, noNaN: true }), { nil: undefined }),
    parallel: fc.integer({ min: 1, max: 8 }),
  });

  it("passes no limit at any dispatch, and with what agents overspend no more than one request each", () => {
    fc.assert(
      fc.property(
        money.map(({ whole, phase, slot, parallel }) => ({
          whole,
          parallel,
          ...(phase === undefined ? {} : { phase }),
          ...(slot === undefined ? {} : { slot }),
        })),
        fc.double({ min: 0, max: 2, noNaN: true }),
        fc.array(fc.tuple(fc.nat(20), fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(5)), {
          minLength: 10,
          maxLength: 60,
        }),
        (limits, request, steps) => {
          let cost: number | null = 0;
          const world = new World(aPlan(limits), { cost: () => cost });
          const dispatched = (effect: SessionEffect): void => {
            const before = overdrawn(world.now);
            world.dispatch(effect);
            if (before <= 1e-9) expect(overdrawn(world.now)).toBeLessThanOrEqual(1e-9);
          };
          for (const [pick, part, fate] of steps) {
            const effects = nextEffects(world.now);
            const effect = effects[pick % Math.max(1, effects.length)];
            if (effect === undefined) break;
            if (effect.kind !== "session") world.answer(effect);
            else if (effect.dispatched === undefined) dispatched(effect);
            else {
              // An agent stops with the request that reaches its limit; now and then nobody knows what it cost.
              const cap = effect.usd ?? 1;
              cost = fate === 0 ? null : fate === 1 ? cap + request : part * cap;
              world.answer(effect);
            }
            expect(overdrawn(world.now)).toBeLessThanOrEqual(request * (limits.parallel ?? 1) + 1e-9);
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  it("leaves room for one request of usual size, so that an agent that stops with it passes nothing", () => {
    let spent = 0;
    const script: Script = { cost: () => spent };
    const world = new World(aPlan({ whole: 10 }), script);
    for (const effect of world.fill()) {
      const reserved = world.now.sessions[effect.id]?.reservedUsd ?? 0;
      expect(reserved - (effect.usd ?? 0)).toBeCloseTo(0.5);
      spent = (effect.usd ?? 0) + 0.5;
      world.answer(effect);
    }
    expect(world.now.spend.usd).toBeLessThanOrEqual(10);
  });

  it("stops one agent that burns it within one request of the limit", () => {
    const request = 3;
    const world = new World(aPlan({ whole: 5, parallel: 1 }), {
      cost: (effect) => (effect.usd ?? 0) + request,
      end: () => ({ kind: "limit", which: "usd", message: "spent", retry: "never" }),
    });
    const state = world.run((now) => now.questions.length > 0);
    expect(state.spend.usd).toBeLessThanOrEqual(5 + request);
    expect(state.questions).toMatchObject([{ kind: "limit", options: ["add", "finish", "stop"] }]);
    expect(nextEffects(state)).toEqual([]);
  });

  it("counts as spent where an agent was killed before it could tell", () => {
    const world = new World(aPlan({ whole: 3, parallel: 1 }), {
      cost: () => null,
      end: () => ({ kind: "crashed", message: "killed", retry: "backoff" }),
    });
    const state = world.run((now) => now.questions.some((q) => q.kind === "limit"));
    expect(state.spend).toMatchObject({ usd: 0, incomplete: true });
    const [whole] = budgetView(state, "workflow").lines;
    expect(whole?.unknown).toBeGreaterThan(0);
    expect(whole?.assumed).toBeGreaterThan(2.9);
    expect(whole?.left).toBeLessThan(0.1);
  });

  it("counts one large request where the agent was killed before its first reply", () => {
    const world = new World(aPlan({ whole: 10, parallel: 1 }));
    const [effect] = world.fill();
    const usage = { costUsd: null, turns: 0, durationMs: 0 };
    const outcome = { kind: "crashed", message: "killed", retry: "backoff", sessionId: "", usage } as const;
    world.submit({ type: "session-ended", effect: effect?.id ?? "", outcome });
    expect(accountOf(world.now, "workflow")).toMatchObject({ spent: 0, unknown: 1, assumed: 0.5 });
  });

  it("is no concern of programs that never tell what they cost", () => {
    const plan = aPlan({ whole: 3 });
    const command = {
      ...plan,
      deliverables: plan.deliverables.map((d) => ({
        ...d,
        settings: { ...d.settings, use: "command:echo" },
      })),
    };
    const world = new World(command, { cost: () => null });
    expect(world.run().status).toBe("COMPLETE");
  });
});

describe("the money of one session", () => {
  const limited = (sessionUsd: number, money: Money): Plan => {
    const plan = aPlan(money);
    return {
      ...plan,
      deliverables: plan.deliverables.map((d) => ({
        ...d,
        settings: { ...d.settings, limits: { ...d.settings.limits, sessionUsd } },
      })),
    };
  };
  const spent = { kind: "limit", which: "usd", message: "spent", retry: "never" } as const;

  it("limits each session, with room for one request reserved, also where nothing else does", () => {
    const world = new World(limited(1, { whole: null }));
    world.fill();
    const all = Object.values(world.now.sessions).map(({ usd, reservedUsd }) => [usd, reservedUsd]);
    expect(all).toEqual([
      [1, 1.5],
      [1, 1.5],
      [1, 1.5],
    ]);
  });

  it("is asked about when it is spent, and the same conversation goes on when a person says so", () => {
    const world = new World(limited(1, { whole: 50 }), {
      end: (effect) =>
        effect.subject === "agent-a-001" && effect.id.endsWith("create.r1.t1") ? spent : undefined,
    });
    const state = world.run((now) => now.questions.length > 0);
    expect(state.questions).toMatchObject([
      { kind: "limit", subject: "agent-a-001", options: ["continue", "retry", "write", "skip"] },
    ]);
    world.submit({ type: "decide", subject: "agent-a-001", word: "continue", text: "", by: "ana" });
    expect(world.run().status).toBe("COMPLETE");
    const own = Object.values(world.now.sessions).filter(
      (s) => s.subject === "agent-a-001" && s.purpose === "create",
    );
    expect(own).toHaveLength(2);
    expect(new Set(own.map(({ conversation }) => conversation)).size).toBe(1);
  });

  it("is no question where its share of another limit was smaller", () => {
    const world = new World(limited(9, { whole: 5 }), {
      end: (effect) => (effect.id.endsWith("create.r1.t1") ? spent : undefined),
    });
    expect(world.run().status).toBe("COMPLETE");
  });
});

describe("a limit that a person changes", () => {
  const by = "ana";

  it("answers the question that it asked, and the work goes on", () => {
    const world = new World(aPlan({ whole: 0.05, parallel: 1 }));
    world.run((now) => now.questions.length > 0);
    expect(world.submit({ type: "limit", subject: "workflow", change: { add: 5 }, by })).toMatchObject({
      ok: true,
    });
    expect(world.now.questions).toEqual([]);
    expect(world.now.spend.usdLimit).toBeCloseTo(5.05);
    expect(world.now.decisions).toMatchObject([{ word: "add", question: "Q-001", by }]);
    expect(world.run().status).toBe("COMPLETE");
  });

  it("must be above what is assumed of sessions that could not tell, so that it does not ask again at once", () => {
    const world = new World(aPlan({ whole: 3, parallel: 1 }), {
      cost: () => null,
      end: () => ({ kind: "crashed", message: "killed", retry: "backoff" }),
    });
    world.run((now) => now.questions.some((q) => q.kind === "limit"));
    const decide = { type: "decide", subject: "workflow", word: "add", text: "", by } as const;
    expect(world.submit({ ...decide, usd: 2 })).toMatchObject({
      ok: false,
      rejection: {
        message: expect.stringContaining("above the 3.00 USD"),
        hint: expect.stringContaining("--usd 7"),
      },
    });
    expect(world.submit({ ...decide, usd: 7 })).toMatchObject({ ok: true });
    expect(world.now.questions).toEqual([]);
  });

  it("may be changed while nothing asks, and removed", () => {
    const world = new World(aPlan({ whole: 10 }));
    world.submit({ type: "limit", subject: "agent-a-002", change: { set: 1 }, by });
    const running = world.fill().find((e) => e.subject === "agent-a-002");
    expect(world.now.sessions[running?.id ?? ""]?.reservedUsd).toBe(1);
    world.submit({ type: "limit", subject: "workflow", change: { set: null }, by });
    expect(accountOf(world.now, "workflow").usd).toBeNull();
  });

  it("says how many sessions run without one already, which it cannot stop any more", () => {
    const world = new World(aPlan({ whole: null }));
    world.fill();
    world.submit({ type: "limit", subject: "agent-a-001", change: { set: 4 }, by });
    world.submit({ type: "limit", subject: "workflow", change: { set: 4 }, by });
    const told = world.now.log.flatMap(({ event, details }) => (event === "LIMIT_CHANGED" ? [details] : []));
    expect(told).toEqual([
      "agent-a-001: money limit 4.00 USD, by ana; 1 session that runs without one may pass it",
      "workflow: money limit 4.00 USD, by ana; 3 sessions that run without one may pass it",
    ]);
  });

  it.each([
    ["below what is spent and reserved", "workflow", { set: 0.5 }, "bad-argument"],
    ["by an addition where there is none", "phase-1", { add: 1 }, "bad-argument"],
    ["of something that spends nothing", "CP-001", { set: 1 }, "no-such-subject"],
  ] as const)("is refused %s", (_, subject, change, code) => {
    const world = new World(aPlan({ whole: 10 }));
    world.fill();
    expect(world.submit({ type: "limit", subject, change, by })).toMatchObject({
      ok: false,
      rejection: { code },
    });
  });
});

describe("finish at a limit", () => {
  it("ends what needs no agent, starts no session, and asks again for a new limit or the end", () => {
    const world = new World(aPlan({ whole: 0.06, parallel: 1 }));
    world.run((now) => now.questions.length > 0);
    const sessions = Object.keys(world.now.sessions).length;
    const decide = { type: "decide", subject: "workflow", text: "", by: "ana" } as const;
    expect(world.submit({ ...decide, word: "finish" })).toMatchObject({ ok: true });
    const rested = world.run();
    expect(Object.keys(rested.sessions)).toHaveLength(sessions);
    expect(runningSessions(rested)).toEqual([]);
    expect(rested.status).toBe("PAUSED");
    expect(rested.questions).toMatchObject([{ kind: "limit", options: ["add", "stop"] }]);
    expect(world.submit({ ...decide, word: "add", usd: 5 })).toMatchObject({ ok: true });
    expect(world.run().status).toBe("COMPLETE");
  });
});
