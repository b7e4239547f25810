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
import { MULTI, THREE } from "../builders/worlds.ts";

const USAGE = { costUsd: 0.01, turns: 1, durationMs: 1 };
const CANCELLED: SessionEnd = { kind: "cancelled", reason: "stopped" };

const AUTO = { ...MULTI, escalateAuto: true };

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
    expect(world.submit(say("retry")).ok).toBe(true);
    expect(login(world)).toMatchObject({ attempt: 2, manual: false, step: "provision" });
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

describe("a slot that a person attaches", () => {
  const attach = { type: "attach", subject: "login", by: "ana" } as const;

  it("has its session ended and committed, then nothing works on it until it is handed back as a round", () => {
    const { world, session } = running();
    expect(world.submit(attach).ok).toBe(true);
    carryOutStop(world, session);
    expect(login(world)).toMatchObject({
      step: "waiting",
      attempt: 1,
      conversation: "c-1",
      attached: { by: "ana", since: world.at },
    });
    expect(world.now.questions).toMatchObject([
      { kind: "attached", reason: expect.stringContaining("by ana") },
    ]);
    expect(
      nextEffects(world.now).filter((effect) => "subject" in effect && effect.subject === "login"),
    ).toEqual([]);
    expect(rejected(world.submit({ ...attach, by: "bob" }))).toMatch(
      /^not-yet: login is attached by ana since/,
    );

    world.at = "2026-02-20T10:30:00Z";
    world.submit({ type: "detach", subject: "login", by: "ana", to: "gate" });
    expect(world.events).toContainEqual(
      expect.objectContaining({ type: "deliverable.detached", by: "ana", forMs: expect.any(Number) }),
    );
    const commit = nextEffects(world.now).find((e) => e.kind === "commit" && e.subject === "login");
    expect(commit?.id).toContain(".attached.");
    expect(login(world).rounds).toHaveLength(1);
    world.run();
    expect(login(world)).toMatchObject({ step: "merged", attempt: 1 });
    expect(login(world).attached).toBeUndefined();
  });

  it("is waited for where the person has the time, and nothing new starts meanwhile", () => {
    const { world, session } = running();
    world.submit({ ...attach, patient: true });
    const about = nextEffects(world.now).filter((e) => "subject" in e && e.subject === "login");
    expect(about).toMatchObject([{ kind: "session", id: session, dispatched: "c-1" }]);
    end(world, session, { kind: "ok", text: "Summary: done\nSelf-review:\n- none", denials: [] });
    world.run();
    expect(login(world).attached?.by).toBe("ana");
  });

  it("can be under review: what is handed back then is a round of its own, also beyond the last", () => {
    const world = new World(AUTO, { score: () => 0.5 });
    world.run((state) => state.questions.some((one) => one.kind === "escalation"));
    const subject = world.now.questions.find((one) => one.kind === "escalation")?.subject ?? "";
    const rounds = world.now.deliverables[subject]?.rounds.length ?? 0;
    expect(world.submit({ ...attach, subject }).ok).toBe(true);
    expect(world.now.decisions.at(-1)).toMatchObject({ word: "attach", by: "ana" });
    world.submit({ type: "detach", subject, by: "ana", to: "gate" });
    expect(world.now.deliverables[subject]).toMatchObject({ step: "commit", extraRounds: 1 });
    expect(world.now.deliverables[subject]?.rounds).toHaveLength(rounds + 1);
  });

  it("goes on with its agent in the same conversation where the person wants that", () => {
    const { world, session } = running();
    world.submit(attach);
    carryOutStop(world, session);
    world.submit({ type: "decide", subject: "login", word: "continue", text: "now the tests", by: "ana" });
    expect(login(world).attached).toBeUndefined();
    expect(sessionOf(world.now)).toMatchObject({ resume: "c-1", purpose: "create" });
    expect(sessionOf(world.now)?.prompt).toContain("now the tests");
  });

  it("whose terminal is gone is taken again, or ended by whoever answers", () => {
    const { world, session } = running();
    world.submit(attach);
    carryOutStop(world, session);
    expect(world.submit({ ...attach, by: "bob", again: true }).ok).toBe(true);
    expect(login(world).attached?.by).toBe("bob");
    world.submit({ type: "decide", subject: "login", word: "done", text: "", by: "cleo" });
    expect(login(world)).toMatchObject({ step: "commit", attached: { endedAt: world.at } });
    expect(rejected(world.submit({ type: "detach", subject: "login", by: "bob", to: "gate" }))).toMatch(
      /^not-waiting/,
    );
  });

  it("counts as unknown money where its agent has a program of its own", () => {
    const { world, session } = running("claude");
    world.submit(attach);
    carryOutStop(world, session);
    expect(world.now.spend.incomplete).toBe(false);
    world.submit({ type: "detach", subject: "login", by: "ana", to: "gate" });
    expect(world.now.spend.incomplete).toBe(true);
  });

  it("is none before it has started, once it is merged, and where it is an answer", () => {
    const world = new World(AUTO);
    const subject = "barrier-1.a-to-b";
    expect(rejected(world.submit({ ...attach, subject }))).toMatch(/attach makes no sense .*BLOCKED/);
    world.run((state) => sessionOf(state, subject) !== undefined);
    expect(rejected(world.submit({ ...attach, subject }))).toMatch(/is a handoff, which is an answer/);
    expect(rejected(world.submit({ ...attach, subject: "agent-a-001" }))).toMatch(/is merged \(COMPLETE\)/);
  });
});

describe("work that a person has already", () => {
  const adopt = {
    type: "adopt",
    subject: "login",
    commit: "b".repeat(40),
    base: "a".repeat(40),
    from: "../shop-login",
    by: "ana",
  } as const;
  const made = (world: World) =>
    world.done.filter((effect) => effect.kind === "session" && effect.subject === "login");

  it("is the next attempt of its slot, without an agent, and passes the same gate", () => {
    const { world, session } = running();
    expect(rejected(world.submit(adopt))).toBe("not-yet: an agent works on login");
    end(world, session, { kind: "crashed", message: "gone", retry: "never" });
    expect(world.submit(adopt).ok).toBe(true);
    expect(world.now.questions).toEqual([]);
    expect(world.now.decisions).toMatchObject([{ question: "Q-001", word: "adopt", text: "../shop-login" }]);
    expect(nextEffects(world.now)).toContainEqual(
      expect.objectContaining({ kind: "provision", attempt: 2, base: adopt.base, start: adopt.commit }),
    );
    world.run();
    expect(made(world)).toEqual([]);
    expect(world.done.some((effect) => effect.kind === "checks" && effect.subject === "login")).toBe(true);
    expect(login(world)).toMatchObject({ step: "merged", attempt: 2 });
  });

  it("waits for its turn, and what fails of it goes to an agent", () => {
    let failed = false;
    const world = new World(THREE, {
      checks: (subject) => {
        const red = subject === "login" && !failed;
        failed ||= red;
        const result = { redAtBase: false, exitCode: red ? 1 : 0, timedOut: false, tail: "" };
        return [{ ...result, name: "npm test", passed: !red }];
      },
    });
    world.submit(adopt);
    expect(login(world)).toMatchObject({ step: "blocked", adoption: { attempt: 1 } });
    world.run();
    expect(made(world)).toMatchObject([{ purpose: "revise", round: 2 }]);
    expect(login(world)).toMatchObject({ step: "merged", attempt: 1 });
  });

  it("may be a part of the plan, for the first attempt alone", () => {
    const { type: _, subject: __, ...adopted } = adopt;
    const deliverables = THREE.deliverables.map((one) => (one.id === "login" ? { ...one, adopted } : one));
    const world = new World({ ...THREE, deliverables });
    world.run((state) => state.deliverables.login?.step === "checks");
    expect(login(world)).toMatchObject({ base: adopt.base, summary: "Adopted by ana from ../shop-login" });
    world.submit(say("retry"));
    world.run();
    expect(made(world)).toMatchObject([{ purpose: "create", attempt: 2 }]);
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
