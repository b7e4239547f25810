/** How a slot goes on after trouble: in the same conversation, in a copy, in a fresh one with a summary, or by asking. */
import { describe, expect, it } from "vitest";
import { derivePlan } from "../../src/core/plan/derive-plan.ts";
import type { Plan } from "../../src/core/plan/plan.ts";
import type { Effect, SessionEffect } from "../../src/core/workflow/effect.ts";
import { nextEffects } from "../../src/core/workflow/next-effects.ts";
import type { SessionEnd } from "../../src/core/workflow/outcome.ts";
import { replay } from "../../src/core/workflow/replay.ts";
import { aDefinition, aPhase, aPlanContext, aSlot } from "../builders/definitions.ts";
import { World } from "../builders/world.ts";

const SLOT = "agent-a-001";

function aPlan(use: string): Plan {
  const slot = aSlot({ role: ["ps-researcher"], makes: "research" });
  const { plan, notices } = derivePlan(
    aDefinition({ criticality: "C1", use, stages: [aPhase("Research", [slot])] }),
    aPlanContext(),
  );
  if (plan === null) throw new Error(notices.map((n) => n.message).join("; "));
  return plan;
}

const CRASH: SessionEnd = { kind: "crashed", message: "it died", retry: "backoff" };
const SILENT: SessionEnd = { kind: "limit", which: "idle", message: "silent", retry: "backoff" };
const refused = (message: string, status: number | null = 400): SessionEnd => ({
  kind: "api",
  errorClass: "bad-request",
  status,
  message,
  retry: "never",
});

/** One slot whose sessions end as listed, then well. */
function played(ends: readonly (SessionEnd | undefined)[], use = "claude", keepsCrashed = true): World {
  let session = 0;
  return new World(aPlan(use), {
    keepsCrashed,
    end: () => {
      session += 1;
      return ends[session - 1];
    },
  });
}

const isMaker = (effect: Effect): effect is SessionEffect => effect.kind === "session";
const makers = (world: World): readonly SessionEffect[] => world.done.filter(isMaker);
const kinds = (world: World): readonly string[] =>
  world.done.map(({ kind }) => kind).filter((kind) => ["session", "commit", "timer"].includes(kind));

describe("a session that ends badly", () => {
  it("goes on in the same conversation after silence and after a first crash, without a commit in between", () => {
    for (const end of [SILENT, CRASH]) {
      const world = played([end]);
      world.run();
      const [first, second] = Object.values(world.now.sessions);
      expect(second?.conversation).toBe(first?.conversation);
      expect(kinds(world)).toEqual(["session", "timer", "session", "commit"]);
      expect(makers(world)[1]).toMatchObject({ resume: first?.conversation });
    }
  });

  it("goes on in a copy when the same conversation has crashed twice, and only once", () => {
    const world = played([CRASH, CRASH]);
    world.run();
    const [first, second, third] = Object.values(world.now.sessions);
    expect(second?.conversation).toBe(first?.conversation);
    expect(third?.conversation).not.toBe(first?.conversation);
    expect(makers(world)[2]).toMatchObject({ resume: first?.conversation, fork: true, costBefore: 0.02 });
    expect(world.now.deliverables[SLOT]).toMatchObject({
      attempt: 1,
      conversation: third?.conversation,
      restart: { how: "fork" },
    });
    expect(world.now.questions.map((q) => q.kind)).toEqual(["unverified"]);
  });

  it("starts fresh with a summary when its history is refused, on what is committed as unfinished", () => {
    const world = played([refused("prompt is too long: 210000 tokens", null)]);
    world.run();
    expect(kinds(world)).toEqual(["session", "timer", "commit", "session", "commit"]);
    const [kept] = world.done.filter((e) => e.kind === "commit");
    expect(kept?.message).toContain("(stopped, unfinished)");
    const fresh = makers(world)[1];
    expect(fresh?.resume).toBeUndefined();
    expect(fresh?.costBefore).toBe(0);
    expect(fresh?.prompt).toContain("## What was there before");
    expect(fresh?.prompt).toContain("prompt is too long: 210000 tokens");
    expect(fresh?.prompt).toMatch(/committed as unfinished work, [0-9a-f]{12} on this branch/);
    expect(world.now.deliverables[SLOT]?.attempt).toBe(1);
  });

  it("asks when the fresh conversation is refused as well, and when the first request was wrong itself", () => {
    const twice = played([refused("prompt is too long"), refused("prompt is too long")]);
    twice.run();
    expect(twice.now.questions).toMatchObject([{ kind: "failure", subject: SLOT }]);
    const wrong = played([refused("model: no such model", 404)]);
    wrong.run();
    expect(wrong.now.questions).toMatchObject([{ kind: "failure", subject: SLOT }]);
    expect(kinds(wrong)).toEqual(["session"]);
  });

  it("starts fresh when a continued conversation is refused with 400, but asks where it was the first request", () => {
    const continued = played([SILENT, refused("messages.3: invalid")]);
    continued.run();
    expect(kinds(continued)).toEqual(["session", "timer", "session", "timer", "commit", "session", "commit"]);
    const first = played([refused("messages.3: invalid")]);
    first.run();
    expect(first.now.questions.map((q) => q.kind)).toEqual(["failure"]);
  });

  it("starts fresh when the conversation is lost", () => {
    const lost: SessionEnd = { ...CRASH, message: "No conversation found with session ID: c" };
    const world = played([SILENT, lost]);
    world.run();
    expect(makers(world)[2]?.resume).toBeUndefined();
    expect(makers(world)[2]?.prompt).toContain("## What was there before");
  });

  it("starts fresh when an agent says that nothing of its conversation is left, and continues one that has an id", () => {
    const forgets = played([CRASH], "acp:one", false);
    forgets.run();
    expect(kinds(forgets)).toEqual(["session", "timer", "commit", "session", "commit"]);
    expect(makers(forgets)[1]?.prompt).toContain("## What was there before");
    const remembers = played([CRASH, CRASH], "acp:one");
    remembers.run();
    const [, second, third] = makers(remembers);
    expect(second?.resume).toBeDefined();
    expect(third).toMatchObject({ resume: second?.resume });
    expect(third?.fork).toBeUndefined();
  });

  it("never lets a program without conversations build on loose files, and asks after its retries", () => {
    const world = played([CRASH, CRASH, CRASH], "command:make");
    world.run();
    expect(kinds(world)).toEqual(["session", "timer", "commit", "session", "timer", "commit", "session"]);
    expect(world.now.questions).toMatchObject([
      { kind: "failure", reason: expect.stringContaining("(after 3 tries)") },
    ]);
  });

  it("is told with what was left, also after a replay, and a new attempt knows nothing of it", () => {
    const world = played([CRASH, CRASH, CRASH], "command:make");
    world.run();
    const restart = world.now.deliverables[SLOT]?.restart;
    expect(restart).toMatchObject({ how: "fresh", number: 2, commit: expect.any(String) });
    expect(replay([{ events: world.events }])?.deliverables[SLOT]?.restart).toEqual(restart);
    world.submit({ type: "decide", subject: SLOT, word: "retry", text: "", by: "ana" });
    world.run((now) => now.deliverables[SLOT]?.step === "create");
    expect(world.now.deliverables[SLOT]?.restart).toBeUndefined();
    const [next] = nextEffects(world.now).filter(isMaker);
    expect(next?.prompt).not.toContain("## What was there before");
  });
});
