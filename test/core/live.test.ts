/**
 * People and running sessions in the pure core. Defects these would catch: an answer to nobody, one that is lost with its session, a
 * question that outlives its session or hides the decision behind it, a stop that loses work or passes it.
 */
import { describe, expect, it } from "vitest";
import { waiting } from "../../src/core/view/waiting.ts";
import type { SessionEffect } from "../../src/core/workflow/effect.ts";
import type { SessionAsk } from "../../src/core/workflow/live.ts";
import { nextEffects } from "../../src/core/workflow/next-effects.ts";
import type { SessionEnd } from "../../src/core/workflow/outcome.ts";
import { restoredState } from "../../src/core/workflow/restored.ts";
import type { WorkflowState } from "../../src/core/workflow/state.ts";
import { World } from "../builders/world.ts";
import { MULTI, THREE } from "../builders/worlds.ts";

const USAGE = { costUsd: 0.01, turns: 1, durationMs: 1 };
const ASK: SessionAsk = { number: 1, kind: "agent", question: "Which size?", choices: ["small", "large"] };

function sessionOf(state: WorkflowState, subject = "login"): SessionEffect | undefined {
  return nextEffects(state).find((e): e is SessionEffect => e.kind === "session" && e.subject === subject);
}

/** A world whose slot `login` has a session that makes its work. */
function running(): { readonly world: World; readonly session: string } {
  const world = new World(THREE);
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

const CANCELLED: SessionEnd = { kind: "cancelled", reason: "stopped" };
const OK: SessionEnd = { kind: "ok", text: "Summary: done\nSelf-review:\n- nothing", denials: [] };

function rejected(decision: ReturnType<World["submit"]>): string {
  return decision.ok ? "accepted" : `${decision.rejection.code}: ${decision.rejection.message}`;
}

describe("a question of a running session", () => {
  it("waits for a person with its choices, and is asked once however often it is told", () => {
    const { world, session } = running();
    expect(world.submit({ type: "session-asked", effect: session, ask: ASK }).ok).toBe(true);
    expect(rejected(world.submit({ type: "session-asked", effect: session, ask: ASK }))).toMatch(/^stale/);
    expect(waiting(world.now)).toMatchObject([
      {
        kind: "agent",
        subject: "login",
        reason: "Which size?",
        answers: [
          { command: "signalbox answer Q-001 'small'", text: "small" },
          { command: "signalbox answer Q-001 'large'" },
          { command: 'signalbox answer Q-001 "…"' },
        ],
      },
    ]);
  });

  it("offers nothing of an agent to a shell that a shell could take for more than text", () => {
    const { world, session } = running();
    const choices = ["it's $(touch x)", "two\nlines", "\u001b[31mred", "x".repeat(200)];
    world.submit({ type: "session-asked", effect: session, ask: { ...ASK, choices } });
    const commands = waiting(world.now)[0]?.answers.map((answer) => answer.command);
    expect(commands).toEqual(["signalbox answer Q-001 'it'\\''s $(touch x)'", 'signalbox answer Q-001 "…"']);
  });

  it("is answered by its id or its slot: recorded, closed, and on its way to the session until it is there", () => {
    const { world, session } = running();
    world.submit({ type: "session-asked", effect: session, ask: ASK });
    world.submit({ type: "answer", question: "login", text: "the small one", by: "ana" });
    expect(world.now.questions).toEqual([]);
    expect(world.now.decisions).toMatchObject([
      { question: "Q-001", word: "answer", text: "the small one", by: "ana" },
    ]);
    const deliver = nextEffects(world.now).find((effect) => effect.kind === "deliver");
    expect(deliver).toMatchObject({
      id: `${session}/deliver/M-001`,
      message: { kind: "answer", ask: 1, text: "the small one", by: "ana" },
    });
    world.submit({ type: "pause", by: "ana", reason: "" });
    expect(nextEffects(world.now)).toContainEqual(deliver);
    world.submit({ type: "delivered", effect: deliver?.id ?? "", problem: null });
    expect(nextEffects(world.now).some((effect) => effect.kind === "deliver")).toBe(false);
    expect(rejected(world.submit({ type: "delivered", effect: deliver?.id ?? "", problem: null }))).toMatch(
      /^stale/,
    );
  });

  it("that is gone says why, and nothing changes", () => {
    const { world, session } = running();
    world.submit({ type: "session-asked", effect: session, ask: ASK });
    world.submit({ type: "session-ask-closed", effect: session, ask: 1, reason: "nobody answered in time" });
    const before = world.now;
    const late = { type: "answer", question: "Q-001", text: "small", by: "ana" } as const;
    expect(rejected(world.submit(late))).toBe(
      "not-waiting: Q-001 is not open any more: nobody answered in time",
    );
    world.submit({ type: "session-asked", effect: session, ask: { ...ASK, number: 2 } });
    end(world, session, OK);
    expect(rejected(world.submit({ ...late, question: "Q-002" }))).toBe(
      "not-waiting: Q-002 is not open any more: the session ended",
    );
    expect(rejected(world.submit({ ...late, question: "Q-009" }))).toBe(
      "not-waiting: Q-009 has asked nothing",
    );
    expect(before.decisions).toEqual([]);
    expect(world.now.messages).toBeUndefined();
  });

  it("hides no decision about its slot, and two of one slot are told apart", () => {
    const { world, session } = running();
    world.submit({ type: "session-asked", effect: session, ask: ASK });
    world.submit({ type: "session-asked", effect: session, ask: { ...ASK, number: 2 } });
    const answer = { type: "answer", text: "small", by: "ana" } as const;
    expect(rejected(world.submit({ ...answer, question: "login" }))).toMatch(
      /^bad-argument: login has asked 2/,
    );
    expect(world.submit({ ...answer, question: "Q-002" }).ok).toBe(true);
    end(world, session, { kind: "crashed", message: "gone", retry: "never" });
    expect(world.now.questions).toMatchObject([{ kind: "failure", subject: "login" }]);
  });

  it("leaves it to the host to say whether an answer was heard before its session ended, and a note tells when not", () => {
    const { world, session } = running();
    world.submit({ type: "session-asked", effect: session, ask: ASK });
    world.submit({ type: "answer", question: "Q-001", text: "small", by: "ana" });
    end(world, session, OK);
    const effect =
      nextEffects(world.now).find((one) => one.kind === "deliver") ?? expect.fail("nothing to deliver");
    world.submit({ type: "delivered", effect: effect.id, problem: "the session ended" });
    expect(world.now.messages).toBeUndefined();
    expect(world.now.notes.at(-1)?.text).toBe("not delivered (the session ended): small");
  });

  it("for a permission takes allow and deny, and nothing else", () => {
    const { world, session } = running();
    const ask: SessionAsk = {
      ...ASK,
      kind: "permission",
      question: "",
      choices: [],
      tool: "Bash",
      target: "npm ci",
    };
    world.submit({ type: "session-asked", effect: session, ask });
    expect(world.now.questions[0]?.reason).toBe("wants to use Bash npm ci");
    const answer = { type: "answer", question: "Q-001", by: "ana" } as const;
    expect(rejected(world.submit({ ...answer, text: "perhaps" }))).toMatch(/^bad-argument/);
    world.submit({ ...answer, text: "Allow" });
    expect(world.now.messages).toMatchObject([{ kind: "allow", ask: 1 }]);
  });

  it("does not travel with a clone: the session is not there", () => {
    const { world, session } = running();
    world.submit({ type: "session-asked", effect: session, ask: ASK });
    world.submit({ type: "say", subject: "login", text: "hello", by: "ana" });
    const state = restoredState(world.now, "0".repeat(40));
    expect(state.questions).toEqual([]);
    expect(state.messages).toBeUndefined();
  });
});

describe("saying something to a slot", () => {
  it("sends it to the session that makes the work and records who said it", () => {
    const { world, session } = running();
    world.submit({ type: "say", subject: "login", text: "keep the old text", by: "ana" });
    expect(world.now.notes).toMatchObject([
      { by: "ana", subject: "login", text: "said to the session: keep the old text" },
    ]);
    expect(world.now.messages).toMatchObject([
      { session, kind: "say", ask: null, text: "keep the old text" },
    ]);
  });

  it("arrives in the order in which it was said", () => {
    const { world } = running();
    for (const text of ["one", "two"]) world.submit({ type: "say", subject: "login", text, by: "ana" });
    const deliver = () => nextEffects(world.now).filter((effect) => effect.kind === "deliver");
    expect(deliver().map((effect) => effect.message.text)).toEqual(["one"]);
    world.submit({ type: "delivered", effect: deliver()[0]?.id ?? "", problem: null });
    expect(deliver().map((effect) => effect.message.text)).toEqual(["two"]);
  });

  it("is refused where nobody hears it, with the state of the slot and what to do instead", () => {
    const { world, session } = running();
    const say = (subject: string) => world.submit({ type: "say", subject, text: "x", by: "ana" });
    expect(rejected(say("nobody"))).toMatch(/^no-such-subject/);
    end(world, session, OK);
    expect(rejected(say("login"))).toBe(
      "not-yet: no agent works on login now: its session has ended and its work is being committed",
    );
    const deaf = new World({
      ...THREE,
      deliverables: THREE.deliverables.map((d) => ({
        ...d,
        settings: { ...d.settings, use: "command:lint" },
      })),
    });
    deaf.run((state) => sessionOf(state) !== undefined);
    deaf.submit({ type: "session-dispatched", effect: sessionOf(deaf.now)?.id ?? "", conversation: "c" });
    const decision = deaf.submit({ type: "say", subject: "login", text: "x", by: "ana" });
    expect(rejected(decision)).toBe(
      "not-an-option: login runs through command:lint, which hears nothing while it runs",
    );
  });
});

describe("trouble in a running session", () => {
  const trouble = {
    number: 1,
    trouble: "loop",
    reason: "loops: Bash npm test, 5 times",
    since: "2026-02-20T09:00:00Z",
  } as const;

  it("waits beside the work, with since when, and goes by itself when it is over", () => {
    const { world, session } = running();
    world.submit({ type: "session-troubled", effect: session, trouble });
    expect(rejected(world.submit({ type: "session-troubled", effect: session, trouble }))).toMatch(/^stale/);
    expect(waiting(world.now)).toMatchObject([
      {
        kind: "trouble",
        since: trouble.since,
        answers: [{ word: "continue" }, { word: "stop" }, { word: "say" }],
      },
    ]);
    expect(world.now.deliverables.login?.step).toBe("create");
    world.submit({ type: "session-trouble-over", effect: session, trouble: 1 });
    expect(world.now.questions).toEqual([]);
  });

  it("is answered by letting it go on, by words to the session, or by stopping it", () => {
    for (const [word, text] of [
      ["continue", ""],
      ["say", "read the log"],
      ["stop", ""],
    ] as const) {
      const { world, session } = running();
      world.submit({ type: "session-troubled", effect: session, trouble });
      expect(world.submit({ type: "decide", subject: "Q-001", word, text, by: "ana" }).ok).toBe(true);
      expect(world.now.questions).toEqual([]);
      expect(world.now.decisions).toMatchObject([{ question: "Q-001", word }]);
      expect(world.now.messages?.map((message) => message.kind) ?? []).toEqual(word === "say" ? ["say"] : []);
      expect(world.now.deliverables.login?.stopping !== undefined).toBe(word === "stop");
    }
  });

  it("is closed by words said to the session", () => {
    const { world, session } = running();
    world.submit({ type: "session-troubled", effect: session, trouble });
    world.submit({ type: "say", subject: "login", text: "read the log", by: "ana" });
    expect(world.now.questions).toEqual([]);
  });
});

describe("stopping a slot", () => {
  it("ends the session, keeps what it wrote in a commit that nothing takes for the work, and asks how it goes on", () => {
    const { world, session } = running();
    world.submit({ type: "stop", subject: "login", by: "ana", reason: "wrong approach" });
    expect(
      nextEffects(world.now).filter((effect) => "session" in effect && effect.session === session),
    ).toMatchObject([{ kind: "stop", reason: "stopped by ana: wrong approach" }]);
    expect(world.submit({ type: "stop", subject: "login", by: "ben", reason: "" })).toEqual({
      ok: true,
      events: [],
    });
    end(world, session, CANCELLED);
    world.run();
    const login = world.now.deliverables.login;
    expect(login).toMatchObject({ step: "waiting", attempt: 1, conversation: "c-1" });
    expect(login?.stopping).toBeUndefined();
    expect(login?.commit).toBeUndefined();
    const [question] = world.now.questions.filter((one) => one.subject === "login");
    expect(question).toMatchObject({
      kind: "stopped",
      options: ["continue", "retry", "write", "skip"],
      reason: expect.stringMatching(
        /^ana stopped it \(wrong approach\): 1 file is kept in [0-9a-f]{8} on branch /,
      ),
      commit: expect.any(String),
    });
  });

  it.each([
    ["continue", "create", 1],
    ["retry", "provision", 2],
    ["write", "waiting", 1],
    ["skip", "skipped", 1],
  ] as const)("goes on with %s", (word, step, attempt) => {
    const { world, session } = running();
    world.submit({ type: "stop", subject: "login", by: "ana", reason: "" });
    end(world, session, CANCELLED);
    world.run();
    world.submit({ type: "decide", subject: "login", word, text: "shorter", by: "ana" });
    expect(world.now.deliverables.login).toMatchObject({ step, attempt });
    if (word !== "continue") return;
    expect(sessionOf(world.now)).toMatchObject({ resume: "c-1" });
    expect(sessionOf(world.now)?.prompt).toMatch(/Interruption[\s\S]*shorter/);
  });

  it("of a review leaves the work as it is, and continue reviews on", () => {
    const subject = "agent-a-001";
    const world = new World(MULTI);
    world.run();
    world.submit({ type: "approve", subject: "plan", by: "ana", note: "" });
    world.run((state) => sessionOf(state, subject)?.purpose === "critique");
    const session = sessionOf(world.now, subject)?.id ?? "";
    world.submit({ type: "session-dispatched", effect: session, conversation: "c-1" });
    const { commit } = world.now.deliverables[subject] ?? {};
    const say = { type: "say", subject, text: "be kind", by: "ana" } as const;
    expect(rejected(world.submit(say))).toMatch(/under review, and nobody speaks to a reviewer$/);
    world.submit({ type: "stop", subject, by: "ana", reason: "" });
    end(world, session, CANCELLED);
    expect(world.now.deliverables[subject]).toMatchObject({ step: "waiting", commit });
    world.submit({ type: "decide", subject, word: "continue", text: "", by: "ana" });
    expect(world.now.deliverables[subject]?.step).toBe("critique");
    world.run((state) => state.deliverables[subject]?.step === "merged");
    expect(world.now.deliverables[subject]?.step).toBe("merged");
  });

  it("is refused where nothing runs, and changes nothing", () => {
    const { world, session } = running();
    end(world, session, OK);
    expect(rejected(world.submit({ type: "stop", subject: "login", by: "ana", reason: "" }))).toMatch(
      /^not-yet/,
    );
    world.run();
    expect(world.now.deliverables.login?.step).toBe("merged");
  });

  it("that a rewind overtakes leaves nothing behind", () => {
    const { world } = running();
    world.submit({ type: "stop", subject: "login", by: "ana", reason: "" });
    world.submit({ type: "cancel", by: "ana", reason: "" });
    world.run();
    expect(world.now.status).toBe("CANCELLED");
    expect(world.now.questions).toEqual([]);
  });
});
