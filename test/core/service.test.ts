/** The model service refuses sessions for a time: one wait for all of them, fewer at one time until it has recovered, no try used up. */
import { describe, expect, it } from "vitest";
import { toMs } from "../../src/core/instant.ts";
import { derivePlan } from "../../src/core/plan/derive-plan.ts";
import type { Plan } from "../../src/core/plan/plan.ts";
import { currentStateSentence } from "../../src/core/view/summary.ts";
import type { SessionEffect } from "../../src/core/workflow/effect.ts";
import { nextEffects } from "../../src/core/workflow/next-effects.ts";
import type { ApiErrorClass, RetryAdvice, SessionEnd } from "../../src/core/workflow/outcome.ts";
import { runningSessions } from "../../src/core/workflow/queries.ts";
import { replay } from "../../src/core/workflow/replay.ts";
import { aDefinition, aPhase, aPlanContext, aSlot } from "../builders/definitions.ts";
import { type Script, World } from "../builders/world.ts";

/** Eight slots that may all run at one time. */
function aPlan(): Plan {
  const slots = Array.from({ length: 8 }, () => aSlot({ role: ["ps-researcher"], makes: "research" }));
  const { plan, notices } = derivePlan(
    aDefinition({ criticality: "C2", limits: { parallel: 8 }, stages: [aPhase("Research", slots)] }),
    aPlanContext(),
  );
  if (plan === null) throw new Error(notices.map((n) => n.message).join("; "));
  return plan;
}

function refusal(
  errorClass: ApiErrorClass,
  retry: RetryAdvice = "backoff",
  status: number | null = 429,
): SessionEnd {
  return { kind: "api", errorClass, status, message: `the service says ${errorClass}`, retry };
}

/** Every session ends as `end` says, once it has been started together with the others. */
function aWorld(end: { value: SessionEnd | undefined }, script: Script = {}): World {
  return new World(aPlan(), { ...script, end: () => end.value });
}

function endAll(world: World, sessions: readonly SessionEffect[]): void {
  for (const effect of sessions) world.answer({ ...effect, dispatched: "c" });
}

/** Lets the wait pass. */
function wake(world: World): void {
  const timer = nextEffects(world.now).find((e) => e.kind === "timer");
  if (timer === undefined) throw new Error("nobody waits");
  world.answer(timer);
}

describe("a rate limit", () => {
  it("of eight sessions at once is one wait, no failure, and uses up no try", () => {
    const world = aWorld({ value: refusal("rate-limit") });
    const first = world.fill();
    expect(first).toHaveLength(8);
    endAll(world, first);
    expect(world.now.service).toMatchObject({ reason: "rate-limit", waits: 1, places: 4 });
    expect(world.events.filter((e) => e.type === "service.held")).toHaveLength(1);
    expect(nextEffects(world.now).map((e) => e.kind)).toEqual(["timer"]);
    expect(Object.values(world.now.deliverables).map((d) => [d.step, d.tries, d.attempt])).toEqual(
      Array.from({ length: 8 }, () => ["create", 0, 1]),
    );
    expect(world.now.questions).toEqual([]);
  });

  it("lets half as many in after each wait, waits longer each time, and never storms", () => {
    const world = aWorld({ value: refusal("overloaded", "backoff", 529) });
    const waves: number[] = [];
    const waits: number[] = [];
    for (let wave = 0; wave < 6; wave += 1) {
      const sessions = world.fill();
      waves.push(sessions.length);
      endAll(world, sessions);
      waits.push(toMs(world.now.service?.until ?? "") - toMs(world.at));
      wake(world);
    }
    expect(waves).toEqual([8, 4, 2, 1, 1, 1]);
    expect(waits).toEqual(waits.toSorted((a, b) => a - b));
    expect(waits[0]).toBeLessThanOrEqual(7_000);
    expect(waits[5]).toBeLessThanOrEqual(300_000);
  });

  it("lets one more in with each session that is served, until all places are back", () => {
    const end = { value: refusal("rate-limit") as SessionEnd | undefined };
    const world = aWorld(end);
    endAll(world, world.fill());
    wake(world);
    end.value = undefined;
    const places = [world.now.service?.places];
    for (let i = 0; i < 4; i += 1) {
      const [effect] = world.fill();
      if (effect !== undefined) world.answer(effect);
      places.push(world.now.service?.places);
    }
    expect(places).toEqual([4, 5, 6, 7, undefined]);
    expect(world.run().status).toBe("COMPLETE");
  });

  it("waits at least as long as the service asks for, also when a later refusal asks for more", () => {
    const end = { value: refusal("rate-limit", { afterMs: 60_000 }) };
    const world = aWorld(end);
    const [first, second, third] = world.fill();
    if (first === undefined || second === undefined || third === undefined) throw new Error("three sessions");
    endAll(world, [first]);
    expect(toMs(world.now.service?.until ?? "") - toMs(world.at)).toBeGreaterThanOrEqual(60_000);
    end.value = refusal("rate-limit", { afterMs: 120_000 });
    endAll(world, [second]);
    expect(toMs(world.now.service?.until ?? "") - toMs(world.at)).toBeGreaterThanOrEqual(120_000);
    const { until } = world.now.service ?? {};
    end.value = refusal("rate-limit", { afterMs: 1000 });
    endAll(world, [third]);
    expect(world.now.service).toMatchObject({ until, waits: 1 });
  });

  it("of a session from before the last wait belongs to that wait, however late it comes", () => {
    const world = aWorld({ value: refusal("rate-limit") });
    const [late, ...first] = world.fill();
    if (late === undefined) throw new Error("a session");
    endAll(world, first);
    wake(world);
    endAll(world, [late]);
    expect(world.now.service).toMatchObject({ waits: 1, places: 4, until: expect.any(String) });
  });

  it("that never ends is asked about once, and going on starts with short waits again", () => {
    const world = aWorld({ value: refusal("overloaded", "backoff", 529) });
    const state = world.run((now) => now.questions.length > 0);
    expect(state.questions).toMatchObject([
      { kind: "failure", subject: "workflow", options: ["resume", "cancel"] },
    ]);
    expect(state.status).toBe("PAUSED");
    expect(world.submit({ type: "resume", by: "ana" })).toMatchObject({ ok: true });
    world.run((now) => now.service !== undefined);
    expect(world.now.service).toMatchObject({ waits: 1 });
  });

  it("is over at once when a person says to go on", () => {
    const end = { value: refusal("rate-limit", { afterMs: 3_600_000 }) as SessionEnd | undefined };
    const world = aWorld(end);
    endAll(world, world.fill());
    end.value = undefined;
    expect(nextEffects(world.now).filter((e) => e.kind === "session")).toEqual([]);
    world.submit({ type: "resume", by: "ana" });
    expect(nextEffects(world.now).filter((e) => e.kind === "session")).toHaveLength(4);
  });

  it("of a reviewer costs no sample and no try", () => {
    let refused = 0;
    const world = new World(aPlan(), {
      end: (effect) => {
        if (effect.purpose !== "judge" || refused > 3) return undefined;
        refused += 1;
        return refusal("rate-limit");
      },
    });
    const state = world.run();
    expect(state.status).toBe("COMPLETE");
    const samples = Object.values(state.deliverables).flatMap((d) => d.rounds.flatMap((r) => r.samples));
    expect(samples.filter((s) => !s.valid)).toEqual([]);
  });

  it("is the same after a replay", () => {
    const world = aWorld({ value: refusal("rate-limit") });
    endAll(world, world.fill());
    expect(replay([{ events: world.events }])?.service).toEqual(world.now.service);
  });
});

describe("a usage window", () => {
  const window = refusal("usage-window", { afterMs: 3_600_000 });

  it("is a state with its end, costs no retry and no place, and goes on by itself", () => {
    const end = { value: window as SessionEnd | undefined };
    const world = aWorld(end);
    endAll(world, world.fill());
    const resets = world.now.service?.until ?? "";
    expect(world.now.service).toMatchObject({ reason: "usage-window", waits: 0, places: 8 });
    expect(currentStateSentence(world.now)).toContain(`Waiting: usage limit, resets ${resets}.`);
    expect(world.now.spend.retries).toBe(0);
    expect(world.now.questions).toEqual([]);
    end.value = undefined;
    wake(world);
    expect(world.at).toBe(resets);
    expect(world.now.service).toBeUndefined();
    expect(world.fill()).toHaveLength(8);
    expect(world.run().status).toBe("COMPLETE");
  });
});

describe("an expired login", () => {
  const expired = refusal("auth", "never", 401);

  it("pauses eight sessions with one question", () => {
    const world = aWorld({ value: expired });
    endAll(world, world.fill());
    expect(world.now.questions).toMatchObject([{ kind: "auth", subject: "workflow" }]);
    expect(world.events.filter((e) => e.type === "workflow.paused")).toHaveLength(1);
    expect(Object.values(world.now.deliverables).every((d) => d.tries === 0)).toBe(true);
  });

  it("does not pause again for sessions that had started before a person logged in", () => {
    const end = { value: expired as SessionEnd | undefined };
    const world = aWorld(end);
    const [first, ...others] = world.fill();
    if (first === undefined) throw new Error("a session");
    endAll(world, [first]);
    world.at = "2026-02-20T11:00:00Z";
    world.submit({ type: "resume", by: "ana" });
    endAll(world, others);
    expect(world.now.status).toBe("ACTIVE");
    expect(world.now.questions).toEqual([]);
    end.value = undefined;
    expect(world.run().status).toBe("COMPLETE");
    expect(runningSessions(world.now)).toEqual([]);
  });
});
