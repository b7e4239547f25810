/**
 * People who take a slot into their own hands, in the pure core. Defects these would catch: a word that is lost behind a question, work that
 * a stop drops, a second session beside the first one, a word that is taken where it makes no sense.
 */
import { describe, expect, it } from "vitest";
import type { SessionEffect } from "../../src/core/workflow/effect.ts";
import { nextEffects } from "../../src/core/workflow/next-effects.ts";
import type { SessionEnd } from "../../src/core/workflow/outcome.ts";
import type { WorkflowState } from "../../src/core/workflow/state.ts";
import { World } from "../builders/world.ts";
import { THREE } from "../builders/worlds.ts";

const USAGE = { costUsd: 0.01, turns: 1, durationMs: 1 };
const CANCELLED: SessionEnd = { kind: "cancelled", reason: "stopped" };

function sessionOf(state: WorkflowState, subject = "login"): SessionEffect | undefined {
  return nextEffects(state).find((e): e is SessionEffect => e.kind === "session" && e.subject === subject);
}

/** A world whose slot `login` has a session that makes its work. */
function running(use = "simulated"): { readonly world: World; readonly session: string } {
  const settings = (before: typeof THREE.settings) => ({ ...before, use });
  const deliverables = THREE.deliverables.map((one) => ({ ...one, settings: settings(one.settings) }));
  const world = new World({ ...THREE, deliverables });
  world.run((state) => sessionOf(state) !== undefined);
  const session = sessionOf(world.now)?.id ?? "";
  world.submit({ type: "session-dispatched", effect: session, conversation: "c-1" });
  return { world, session };
}

function end(world: World, session: string, outcome: SessionEnd): void {
  world.submit({
    type: "session-ended",
    effect: session,
    outcome: { ...outcome, sessionId: "c-1", usage: USAGE },
  });
}

function rejected(decision: ReturnType<World["submit"]>): string {
  return decision.ok ? "accepted" : `${decision.rejection.code}: ${decision.rejection.message}`;
}

function say(word: "retry" | "skip" | "write", subject = "login") {
  return { type: "direct", subject, word, text: "", by: "ana" } as const;
}

const login = (world: World) => world.now.deliverables.login ?? expect.fail("no login");

/** Ends what a stop ends, and commits it. */
function carryOutStop(world: World, session: string): string {
  expect(nextEffects(world.now)).toContainEqual(expect.objectContaining({ kind: "stop", session }));
  end(world, session, CANCELLED);
  const commit = nextEffects(world.now).find((e) => e.kind === "commit" && e.subject === "login");
  if (commit === undefined) return expect.fail("nothing is committed");
  world.answer(commit);
  return commit.id;
}

describe("a word of a person on a slot at work", () => {
  it("ends its session, keeps what it wrote, and starts a new attempt", () => {
    const { world, session } = running();
    expect(world.submit(say("retry")).ok).toBe(true);
    expect(rejected(world.submit(say("skip")))).toMatch(
      /^not-yet: skip makes no sense .* ana is stopping it/,
    );
    expect(carryOutStop(world, session)).toContain(".stopped.");
    expect(login(world)).toMatchObject({ attempt: 2, step: "provision", abandoned: [{ attempt: 1 }] });
    expect(login(world).conversation).toBeUndefined();
    expect(world.now.decisions).toMatchObject([
      { subject: "login", word: "retry", by: "ana", question: null },
    ]);
    world.run();
    expect(login(world).step).toBe("merged");
  });

  it("leaves it out, or gives its worktree to a person with everything that is in it", () => {
    const skipped = running();
    skipped.world.submit({ ...say("skip"), text: "not needed" });
    carryOutStop(skipped.world, skipped.session);
    expect(login(skipped.world)).toMatchObject({ step: "skipped", summary: "skipped by ana: not needed" });

    const { world, session } = running();
    world.submit(say("write"));
    carryOutStop(world, session);
    expect(login(world)).toMatchObject({ step: "waiting", manual: true, attempt: 1 });
    expect(world.now.questions).toMatchObject([{ kind: "user-artifact", subject: "login" }]);
    world.submit({ type: "decide", subject: "login", word: "done", text: "", by: "ana" });
    world.run();
    expect(login(world).step).toBe("merged");
  });

  it("works while the slot is checked or reviewed, and while it waits to be tried again", () => {
    const checked = new World(THREE);
    checked.run((state) => state.deliverables.login?.step === "checks");
    expect(checked.submit(say("write")).ok).toBe(true);
    expect(checked.now.questions).toMatchObject([{ kind: "user-artifact", subject: "login" }]);

    const { world, session } = running();
    end(world, session, { kind: "crashed", message: "gone", retry: "backoff" });
    expect(login(world).notBefore).toBeDefined();
    expect(world.submit(say("retry")).ok).toBe(true);
    expect(login(world)).toMatchObject({ attempt: 2, step: "provision" });
  });
});

describe("a word of a person on a slot that asks", () => {
  it("is the answer", () => {
    const { world, session } = running();
    end(world, session, { kind: "crashed", message: "gone", retry: "never" });
    expect(world.now.questions).toMatchObject([{ kind: "failure" }]);
    expect(world.submit(say("write")).ok).toBe(true);
    expect(world.now.decisions).toMatchObject([{ question: "Q-001", word: "write" }]);
    expect(world.now.questions).toMatchObject([{ kind: "user-artifact" }]);
    expect(rejected(world.submit(say("write")))).toBe("not-an-option: login cannot be answered with write");
  });
});

describe("an interrupt", () => {
  const interrupt = (text: string) => ({ type: "interrupt", subject: "login", text, by: "ana" }) as const;

  it("goes into the session that makes the work, and stands in the record", () => {
    const { world, session } = running();
    expect(world.submit(interrupt("use metric units")).ok).toBe(true);
    expect(nextEffects(world.now)).toContainEqual(
      expect.objectContaining({
        kind: "deliver",
        message: expect.objectContaining({ session, kind: "interrupt", ask: null, text: "use metric units" }),
      }),
    );
    expect(nextEffects(world.now).some((effect) => effect.kind === "stop")).toBe(false);
    expect(world.now.notes).toMatchObject([
      { by: "ana", subject: "login", text: "interrupted the session: use metric units" },
    ]);
  });

  it("ends a session that hears nothing, and goes on in its worktree with the words as guidance", () => {
    const { world, session } = running("command:tool");
    world.submit(interrupt("use metric units"));
    carryOutStop(world, session);
    expect(login(world)).toMatchObject({ step: "create", attempt: 1, guidance: "use metric units" });
    expect(world.now.questions).toEqual([]);
    const next = sessionOf(world.now);
    expect(next?.id).not.toBe(session);
    expect(next?.prompt).toContain("use metric units");
  });

  it("without words is a stop that asks how to go on, and reaches nobody who is not at work", () => {
    const { world, session } = running();
    world.submit(interrupt(""));
    carryOutStop(world, session);
    expect(world.now.questions).toMatchObject([
      { kind: "stopped", options: expect.arrayContaining(["continue"]) },
    ]);
    expect(rejected(world.submit(interrupt("go on")))).toMatch(/^not-yet: no agent works on login now/);
  });
});

describe("a word that makes no sense", () => {
  it("is refused with what stands in the way", () => {
    const world = new World(THREE);
    expect(rejected(world.submit(say("retry", "nobody")))).toMatch(/^no-such-subject/);
    expect(rejected(world.submit(say("retry")))).toMatch(/retry makes no sense for login now: it waits/);
    expect(rejected(world.submit(say("write")))).toMatch(/write makes no sense for login now: it waits/);
    world.run((state) => state.deliverables.login?.step === "commit");
    expect(rejected(world.submit(say("skip")))).toMatch(/its work is being committed/);
    world.run();
    expect(rejected(world.submit(say("retry")))).toMatch(/not-an-option|merged|ended/);
  });

  it("is none of a slot that has not started: it can be left out", () => {
    const world = new World(THREE);
    expect(world.submit(say("skip")).ok).toBe(true);
    world.run();
    expect(login(world)).toMatchObject({ step: "skipped", attempt: 0 });
    expect(world.now.deliverables.export?.step).toBe("merged");
  });
});
