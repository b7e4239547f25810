/** Comments of a person on lines of work: from the review to the creator and back, over rounds and attempts. */
import { describe, expect, it } from "vitest";
import type { CommandBody, LineComment } from "../../src/core/workflow/command.ts";
import { commentStatus, type ReviewComment } from "../../src/core/workflow/comment.ts";
import type { SessionEffect } from "../../src/core/workflow/effect.ts";
import { evolve } from "../../src/core/workflow/evolve.ts";
import { nextEffects } from "../../src/core/workflow/next-effects.ts";
import { replay } from "../../src/core/workflow/replay.ts";
import { type Script, World } from "../builders/world.ts";
import { THREE } from "../builders/worlds.ts";

const PER_SLOT = { ...THREE, finish: { ...THREE.finish, per: "slot" as const } };
const [FIRST = "", SECOND = ""] = THREE.deliverables.map((d) => d.id);
const UNCHECKED = {
  ...THREE,
  deliverables: THREE.deliverables.map((one) => ({ ...one, gate: { ...one.gate, checks: [] } })),
};
const PLACE: LineComment = { path: "src/a.ts", line: 3, text: "off by one", quote: "for (;;) {" };

function accepted(script: Script = {}): World {
  const world = new World(PER_SLOT, script);
  world.run();
  return world;
}

function comment(world: World, changes: Partial<LineComment> = {}, subject = FIRST): CommandBody {
  const commit = world.now.deliverables[subject]?.commit ?? "";
  return { type: "comment", subject, commit, comment: { ...PLACE, ...changes }, by: "ana" };
}

function back(text = "", subject = FIRST): CommandBody {
  return { type: "send-back", subject, text, comments: [], by: "ana" };
}

const resolve = (id: string, subject = FIRST): CommandBody => ({
  type: "resolve-comment",
  subject,
  comment: id,
  text: "fine now",
  by: "ana",
});

function comments(world: World, subject = FIRST): readonly ReviewComment[] {
  return world.now.deliverables[subject]?.comments ?? [];
}

const statuses = (world: World): readonly string[] => comments(world).map(commentStatus);

function prompts(world: World): readonly string[] {
  const sessions = [...world.done, ...nextEffects(world.now)].filter(
    (one): one is SessionEffect => one.kind === "session" && one.subject === FIRST,
  );
  return sessions.filter(({ purpose }) => ["create", "revise"].includes(purpose)).map(({ prompt }) => prompt);
}

/** An agent that answers every remark that its prompt asks it about. */
const ANSWERING: Script = {
  end: ({ prompt, purpose }) => {
    const ids = [...prompt.matchAll(/^ +- (F-\d+-\d+|C-\d+): one sentence/gm)].map((match) => match[1]);
    if (!["create", "revise"].includes(purpose) || ids.length === 0) return undefined;
    const answers = ids.map((id) => `- ${id}: counted from zero`).join("\n");
    return { kind: "ok", text: `Summary: done.\nAnswers:\n${answers}\nSelf-review:\n- all`, denials: [] };
  },
};

describe("a comment on a line", () => {
  it("is recorded with the commit it is about, and stays what it was when the journal is read again", () => {
    const world = accepted();
    expect(world.submit(comment(world))).toMatchObject({ ok: true });
    expect(world.submit(comment(world, { line: null, text: "a test is missing" }))).toMatchObject({
      ok: true,
    });
    expect(comments(world)).toMatchObject([
      {
        id: "C-001",
        path: "src/a.ts",
        line: 3,
        text: "off by one",
        quote: "for (;;) {",
        by: "ana",
        round: 1,
      },
      { id: "C-002", line: null, commit: world.now.deliverables[FIRST]?.commit },
    ]);
    expect(world.now.questions.map(({ subject }) => subject)).toContain(FIRST);
    expect(replay([{ events: world.events }])).toEqual(world.now);
  });

  it("goes to the creator as a finding when the work is sent back, and is not told twice by itself", () => {
    const world = accepted();
    world.submit(comment(world));
    expect(world.submit(back())).toMatchObject({ ok: true });
    const prompt = prompts(world).at(-1) ?? "";
    expect(prompt).toContain("src/a.ts:3 (person:ana)");
    expect(prompt).toContain("The line: for (;;) {");
    expect(prompt).toContain("F-1-1: one sentence on what became of this remark");
    expect(comments(world)[0]?.handed).toEqual({ epoch: 1, attempt: 1, round: 1, finding: "F-1-1" });
    world.run();
    expect(statuses(world)).toEqual(["handed"]);
    expect(world.now.deliverables[FIRST]?.rounds[1]?.findings).toEqual([]);
  });

  it("goes again with the next round, saying of which commit its line is, until somebody settles it", () => {
    const world = accepted();
    world.submit(comment(world));
    const { commit = "" } = world.now.deliverables[FIRST] ?? {};
    world.submit(back("first"));
    world.run();
    world.submit(back("second"));
    expect(prompts(world).at(-1)).toContain(`src/a.ts:3 at ${commit.slice(0, 8)} (person:ana)`);
    world.run();
    world.submit(resolve("C-001"));
    world.submit(back("third"));
    expect(prompts(world).at(-1)).not.toContain("src/a.ts:3");
    expect(comments(world)[0]?.resolved).toEqual({ by: "ana", text: "fine now", at: world.at });
  });

  it("is answered by the creator in its report; the person still has the last word", () => {
    const world = accepted(ANSWERING);
    world.submit(comment(world));
    world.submit(back());
    world.run();
    expect(statuses(world)).toEqual(["answered"]);
    expect(comments(world)[0]?.answer).toMatchObject({ text: "counted from zero", round: 2 });
    world.submit(back("something else"));
    expect(prompts(world).at(-1)).not.toContain("off by one");
    expect(world.submit(resolve("C-001"))).toMatchObject({ ok: true });
    expect(statuses(world)).toEqual(["resolved"]);
  });

  it("that came with a send-back is kept like any other", () => {
    const world = accepted();
    world.submit({ type: "send-back", subject: FIRST, text: "", comments: [PLACE], by: "ana" });
    world.run();
    expect(statuses(world)).toEqual(["handed"]);
    expect(world.now.deliverables[FIRST]?.rounds[0]?.findings).toMatchObject([
      { id: "F-1-1", source: "person:ana", section: "src/a.ts:3" },
    ]);
  });

  it("is told to a new attempt, which was not there when it was made", () => {
    let conflicts = 1;
    const world = new World(UNCHECKED, {
      ...ANSWERING,
      integration: ({ id, integration }) => {
        if (integration.type !== "merge" || conflicts-- <= 0) return undefined;
        const failure = { reason: "conflict", files: ["src/a.ts"] } as const;
        return { type: "integration-failed", effect: id, failure };
      },
    });
    world.run();
    world.submit(comment(world));
    world.submit({ type: "approve", subject: FIRST, by: "ana", note: "" });
    world.run();
    world.submit({ type: "decide", subject: FIRST, word: "redo", text: "", by: "ana" });
    world.run();
    expect(world.now.deliverables[FIRST]?.attempt).toBe(2);
    expect(prompts(world).at(-1)).toContain("C-001 [HIGH BLIND_SPOT] src/a.ts:3");
    expect(statuses(world)).toEqual(["answered"]);
  });
});

it("a rewind takes the work back, not what was said about it", () => {
  const world = accepted();
  world.submit(comment(world));
  const back = { type: "workflow.rewound", stage: 0, epoch: 2, checkpoint: null, keepFiles: true } as const;
  const state = evolve(world.now, { ...back, reason: "again", at: world.at });
  expect(state.deliverables[FIRST]?.commit).toBeUndefined();
  expect(state.deliverables[FIRST]?.comments).toEqual(comments(world));
});

describe("a comment is refused, and nothing is recorded,", () => {
  const refused = (world: World, body: CommandBody): unknown => {
    const { seq } = world.now;
    const decision = world.submit(body);
    expect(world.now.seq).toBe(seq);
    return decision.ok ? null : decision.rejection;
  };

  it("without words, or without a place", () => {
    const world = accepted();
    expect(refused(world, comment(world, { text: " " }))).toMatchObject({ code: "bad-argument" });
    expect(refused(world, comment(world, { line: 0 }))).toMatchObject({ code: "bad-argument" });
    expect(refused(world, comment(world, { path: "" }))).toMatchObject({ code: "bad-argument" });
    const comments = [{ ...PLACE, text: "" }];
    expect(
      refused(world, { type: "send-back", subject: FIRST, text: "x", comments, by: "ana" }),
    ).toMatchObject({
      code: "bad-argument",
    });
  });

  it("on work that has changed since it was looked at", () => {
    const world = accepted();
    const old = comment(world);
    world.submit(back("again"));
    world.run();
    expect(refused(world, old)).toMatchObject({
      code: "stale",
      hint: `Look at it again: signalbox review ${FIRST}`,
    });
  });

  it("on work that is not under review: under way, landed, or not there", () => {
    const world = accepted();
    const late = comment(world);
    world.submit(back("again"));
    expect(refused(world, late)).toMatchObject({
      code: "not-waiting",
      message: `${FIRST} is not under review now`,
    });
    const commit = "f".repeat(40);
    world.submit({ type: "landed", subject: SECOND, way: "here", target: "main", commit, by: "ana" });
    expect(refused(world, comment(world, {}, SECOND))).toMatchObject({
      message: `${SECOND} has landed on main already, as ffffffffffff`,
    });
    expect(refused(world, comment(world, {}, "nobody"))).toMatchObject({ code: "no-such-subject" });
  });

  it("and so is the resolution of one that is not there, or settled already", () => {
    const world = accepted();
    world.submit(comment(world));
    expect(refused(world, resolve("C-007"))).toMatchObject({
      code: "no-such-subject",
      message: `no comment C-007 on ${FIRST} (there are: C-001)`,
    });
    expect(refused(world, resolve("C-001", SECOND))).toMatchObject({ code: "no-such-subject" });
    world.submit(resolve("C-001"));
    expect(refused(world, resolve("C-001"))).toMatchObject({ message: "C-001 was resolved by ana already" });
  });
});

it("an approval of what was seen is refused once something else waits there", () => {
  const world = new World(UNCHECKED);
  world.run();
  const seen = world.now.questions.find(({ subject }) => subject === FIRST)?.commit ?? "";
  const approve = { type: "approve", subject: FIRST, by: "ana", note: "", commit: seen } as const;
  world.submit({ type: "reject", subject: FIRST, by: "ana", note: "no", clean: false });
  world.run();
  expect(world.submit(approve)).toMatchObject({ rejection: { code: "stale" } });
  const now = world.now.deliverables[FIRST]?.commit ?? "";
  expect(world.submit({ ...approve, commit: now })).toMatchObject({ ok: true });
  expect(world.now.deliverables[FIRST]?.approval).toMatchObject({ commit: now, kind: "UNVERIFIED" });
});
