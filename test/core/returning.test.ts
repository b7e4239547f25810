/** Approved work that does not fit what is merged goes back to its creator, in the pure core. */
import { describe, expect, it } from "vitest";
import type { MergePolicy } from "../../src/core/definition.ts";
import type { Plan } from "../../src/core/plan/plan.ts";
import type { CommandBody, IntegrationFailure } from "../../src/core/workflow/command.ts";
import type { IntegrateEffect, SessionEffect } from "../../src/core/workflow/effect.ts";
import { nextEffects } from "../../src/core/workflow/next-effects.ts";
import type { JoinedReport } from "../../src/core/workflow/outcome.ts";
import { type Script, World } from "../builders/world.ts";
import { THREE } from "../builders/worlds.ts";

const FORM = { path: "src/form.ts", change: "modified" } as const;
const CONFLICT: IntegrationFailure = { reason: "conflict", files: ["src/form.ts"] };
const RED: IntegrationFailure = {
  reason: "checks",
  results: [
    { name: "npm test", passed: false, redAtBase: false, exitCode: 1, timedOut: false, tail: "2 failed" },
  ],
};

function returning(returns: NonNullable<MergePolicy["returns"]>): Plan {
  return { ...THREE, merge: { warn: "person", returns } };
}

/** The merge of `export` fails so many times. */
function failing(failure: IntegrationFailure, times = 1): Pick<Script, "integration"> {
  let left = times;
  return {
    integration: ({ id, integration }: IntegrateEffect): CommandBody | undefined => {
      if (integration.type !== "merge" || integration.subject !== "export" || left === 0) return undefined;
      left -= 1;
      return { type: "integration-failed", effect: id, failure };
    },
  };
}

function worldOf(plan: Plan, script: Script): World {
  const world = new World(plan, script);
  world.run();
  return world;
}

const promptsOf = (world: World): readonly string[] =>
  world.done.flatMap((effect) =>
    effect.kind === "session" && effect.subject === "export" && effect.place.type === "attempt"
      ? [effect.prompt]
      : [],
  );

const judgesOf = (world: World): readonly SessionEffect[] =>
  world.done.filter(
    (e): e is SessionEffect => e.kind === "session" && e.subject === "export" && e.purpose === "judge",
  );

describe("work whose checks fail together with what is merged", () => {
  it("goes back to its creator once: same attempt, same conversation, with the failure as a finding", () => {
    const world = worldOf(returning("checks"), failing(RED));
    const [first, second] = promptsOf(world);
    expect(first).not.toContain("Fit what was merged meanwhile");
    expect(second).toContain("Fit what was merged meanwhile");
    expect(second).toContain("Merged with what is on the integration branch by now");
    expect(world.now.deliverables.export).toMatchObject({ attempt: 1, step: "merged" });
    expect(world.now.status).toBe("COMPLETE");
    const [made, revised] = world.done.filter(
      (e): e is SessionEffect => e.kind === "session" && e.subject === "export",
    );
    expect(revised?.resume).toBe(world.now.sessions[made?.id ?? ""]?.conversation);
  });

  it("has only what differs from what is merged as its own from there on", () => {
    const world = worldOf(returning("checks"), failing(RED));
    const joined = world.done.find(({ kind }) => kind === "join");
    expect(joined).toMatchObject({ subject: "export" });
    expect(world.now.deliverables.export?.base).toBe(joined?.kind === "join" ? joined.onto : "");
  });

  it("is a person's where no check gave a verdict: there is nothing that its creator could answer", () => {
    const silent = RED.reason === "checks" ? RED.results.map((one) => ({ ...one, exitCode: null })) : [];
    const world = worldOf(returning("checks"), failing({ reason: "checks", results: silent }));
    expect(world.now.questions).toMatchObject([{ kind: "conflict", subject: "export" }]);
  });

  it("is a person's when it fails again", () => {
    const world = worldOf(returning("checks"), failing(RED, 2));
    expect(world.now.questions).toMatchObject([{ kind: "conflict", subject: "export" }]);
    expect(world.done.filter(({ kind }) => kind === "join")).toHaveLength(1);
  });

  it("is a person's at once where the policy says so, and in plans that are older than the policy", () => {
    for (const plan of [returning("none"), THREE, { ...THREE, merge: { warn: "person" as const } }]) {
      const world = worldOf(
        plan.merge?.returns === undefined ? { ...plan, merge: { warn: "person" } } : plan,
        failing(RED),
      );
      expect(world.now.questions).toMatchObject([{ kind: "conflict", subject: "export" }]);
    }
  });

  it("is a person's where a person made it", () => {
    const world = new World(returning("checks"), failing(RED));
    world.run((state) => state.deliverables.export?.step === "create");
    world.submit({ type: "direct", subject: "export", word: "write", text: "", by: "ana" } as CommandBody);
    world.run();
    world.submit({ type: "decide", subject: "export", word: "done", text: "", by: "ana" });
    world.run();
    expect(world.now.questions).toMatchObject([{ kind: "conflict", subject: "export" }]);
  });
});

describe("work that conflicts with what is merged", () => {
  it("is a person's unless the policy lets its agent propose", () => {
    expect(worldOf(returning("checks"), failing(CONFLICT)).now.questions).toMatchObject([
      { kind: "conflict" },
    ]);
  });

  it("is never an agent's where git names no file: nobody could see what was joined", () => {
    const nameless = { ...CONFLICT, files: [] };
    expect(worldOf(returning("all"), failing(nameless)).now.questions).toMatchObject([{ kind: "conflict" }]);
  });

  it("is never an agent's where our own documents are in conflict", () => {
    const documents = { ...CONFLICT, files: [THREE.layout.stateFile] };
    expect(worldOf(returning("all"), failing(documents)).now.questions).toMatchObject([{ kind: "conflict" }]);
  });

  it("is joined by its creator, judged by what both sides were for, and approved by a person, whatever its score", () => {
    const world = worldOf(returning("all"), failing(CONFLICT));
    expect(promptsOf(world).at(-1)).toContain("Both changed the same places");
    expect(judgesOf(world).length).toBeGreaterThan(0);
    expect(judgesOf(world)[0]?.prompt).toContain("What export was for still holds");
    expect(world.now.questions).toMatchObject([
      { kind: "protect", subject: "export", files: ["src/form.ts"], options: ["approve", "reject", "skip"] },
    ]);
    expect(world.now.questions[0]?.reason).toContain("was joined by its agent: src/form.ts");
    world.submit({ type: "approve", subject: "export", by: "ana", note: "" });
    world.run();
    expect(world.now.deliverables.export).toMatchObject({ step: "merged", approval: { by: "person" } });
    expect(world.now.status).toBe("COMPLETE");
  });

  const dropped: JoinedReport = {
    marks: [],
    dropped: [{ side: "merged", path: "src/form.ts", line: 3, text: "  check(password);" }],
  };

  it("fails its round where it drops a line of either side without a reason, and its agent is told which", () => {
    const world = worldOf(returning("all"), {
      ...failing(CONFLICT),
      joined: (_, round) => (round === 2 ? dropped : { marks: [], dropped: [] }),
    });
    const revision = promptsOf(world).at(-1) ?? "";
    expect(revision).toContain("src/form.ts:3");
    expect(revision).toContain("This line of what was merged meanwhile is gone: check(password);");
    expect(world.now.questions).toMatchObject([{ kind: "protect" }]);
  });

  it("is escalated where it drops the line again", () => {
    const world = worldOf(returning("all"), { ...failing(CONFLICT), joined: () => dropped });
    expect(world.now.questions).toMatchObject([{ kind: "escalation", subject: "export" }]);
    expect(world.now.deliverables.export?.approval).toBeUndefined();
  });

  it("may leave a line out with its reason, which the person sees", () => {
    const leftOut =
      "Left out:\n- src/form.ts: check(password); -- the other side checks it on the server now";
    const world = worldOf(returning("all"), {
      ...failing(CONFLICT),
      joined: () => dropped,
      end: ({ place, subject }) =>
        place.type === "attempt" && subject === "export"
          ? { kind: "ok", text: `Summary: joined\nSelf-review:\n- both\n${leftOut}`, denials: [] }
          : undefined,
    });
    expect(world.now.questions).toMatchObject([{ kind: "protect" }]);
    expect(world.now.questions[0]?.reason).toContain("leaves out a line of src/form.ts:3: check(password);");
  });

  it("fails its round where a mark is left", () => {
    const world = worldOf(returning("all"), {
      ...failing(CONFLICT),
      joined: () => ({ marks: ["src/form.ts:1"], dropped: [] }),
    });
    expect(world.now.questions).toMatchObject([{ kind: "escalation", subject: "export" }]);
  });

  it("is as a person writes it where its agent could not: lines of both sides may become one, marks may not stay", () => {
    let report: JoinedReport = dropped;
    const world = worldOf(returning("all"), { ...failing(CONFLICT), joined: () => report });
    world.submit({ type: "decide", subject: "export", word: "write", text: "", by: "ana" });
    report = { ...dropped, marks: ["src/form.ts:1"] };
    world.run();
    const done: CommandBody = { type: "decide", subject: "export", word: "done", text: "", by: "ana" };
    world.submit(done);
    world.run();
    expect(world.now.questions[0]?.reason).toContain("src/form.ts:1");
    report = dropped;
    world.submit(done);
    world.run();
    expect(world.now.deliverables.export).toMatchObject({ step: "merged", approval: { by: "person" } });
  });
});

describe("an agent's join of a conflict", () => {
  const dropped: JoinedReport = {
    marks: [],
    dropped: [{ side: "merged", path: "src/form.ts", line: 3, text: "  check(password);" }],
  };
  const leftOut = "Left out:\n- src/form.ts: check(password); -- the other side checks it on the server now";

  it("is what a person accepts of it: what was approved before the join only where they name its round", () => {
    const world = worldOf(returning("all"), { ...failing(CONFLICT), joined: () => dropped });
    const accept = { type: "decide", subject: "export", word: "accept", text: "", by: "ana" } as const;
    world.submit(accept);
    const { approval, rounds } = world.now.deliverables.export ?? {};
    expect(approval).toMatchObject({ round: 3, commit: rounds?.at(-1)?.commit, by: "person" });
    const named = worldOf(returning("all"), { ...failing(CONFLICT), joined: () => dropped });
    named.submit({ ...accept, round: 1 });
    expect(named.now.deliverables.export?.approval).toMatchObject({ round: 1, by: "person" });
  });

  it("keeps the reasons that it gave, also in rounds about something else", () => {
    let reports = 0;
    const world = worldOf(returning("all"), {
      ...failing(CONFLICT),
      joined: () => dropped,
      end: ({ place, subject }) => {
        if (place.type !== "attempt" || subject !== "export") return undefined;
        reports += 1;
        const text = `Summary: joined\nSelf-review:\n- both\n${reports === 2 ? leftOut : ""}`;
        return { kind: "ok", text, denials: [] };
      },
    });
    world.submit({ type: "reject", subject: "export", by: "ana", note: "rename it", clean: false });
    world.run();
    expect(world.now.questions).toMatchObject([{ kind: "protect" }]);
    expect(world.now.questions[0]?.reason).toContain("leaves out a line");
  });

  it("is a proposal too where only the checks had failed, because a rule had resolved what conflicts in its worktree", () => {
    const world = new World(returning("checks"), failing(RED));
    world.run((state) => nextEffects(state).some(({ kind }) => kind === "join"));
    const join = nextEffects(world.now).find(({ kind }) => kind === "join");
    const commit = world.commit();
    world.submit({ type: "joined", effect: join?.id ?? "", commit, files: ["CHANGELOG.md"], sides: [] });
    world.run();
    expect(world.now.questions).toMatchObject([{ kind: "protect", files: ["CHANGELOG.md"] }]);
  });

  it("is forgotten once it is merged: work that is sent back later is about something else", () => {
    const perSlot: Plan = { ...returning("all"), finish: { ...THREE.finish, per: "slot" } };
    const world = worldOf(perSlot, failing(CONFLICT));
    world.submit({ type: "approve", subject: "export", by: "ana", note: "" });
    world.run();
    world.submit({ type: "send-back", subject: "export", text: "do more", comments: [], by: "ana" });
    world.run();
    expect(promptsOf(world).at(-1)).not.toContain("Fit what was merged meanwhile");
    expect(world.now.deliverables.export).toMatchObject({ step: "merged", approval: { by: "gate" } });
  });

  it("is a proposal where a person began to join it and had the agent go on", () => {
    const world = worldOf(returning("none"), failing(CONFLICT));
    const say = (word: "resolve" | "continue"): CommandBody => ({
      type: "decide",
      subject: "export",
      word,
      text: "",
      by: "ana",
    });
    world.submit(say("resolve"));
    world.submit({ type: "attach", subject: "export", by: "ana" });
    world.submit(say("continue"));
    world.run();
    expect(promptsOf(world).at(-1)).toContain("a person has begun to join both");
    expect(world.now.questions).toMatchObject([
      { kind: "protect", subject: "export", files: ["src/form.ts"] },
    ]);
  });

  it("is told line by line where a person hands in what the agent made as it was, and merged when that is approved", () => {
    const world = worldOf(returning("all"), { ...failing(CONFLICT), joined: () => dropped });
    const made = world.now.deliverables.export?.commit ?? "";
    world.submit({ type: "decide", subject: "export", word: "write", text: "", by: "ana" });
    world.submit({ type: "decide", subject: "export", word: "done", text: "", by: "ana" });
    world.run((state) => nextEffects(state).some(({ kind }) => kind === "commit"));
    const commit = nextEffects(world.now).find(({ kind }) => kind === "commit");
    const report = {
      commit: made,
      base: "b".repeat(40),
      files: [FORM],
      strays: [],
      nested: [],
      joined: dropped,
    };
    world.submit({ type: "committed", effect: commit?.id ?? "", report });
    expect(world.now.questions[0]?.reason).toBe("It leaves out src/form.ts: check(password);");
    world.submit({ type: "approve", subject: "export", by: "ana", note: "" });
    world.run();
    expect(world.now.deliverables.export).toMatchObject({
      step: "merged",
      approval: { by: "person", commit: made },
    });
  });
});
