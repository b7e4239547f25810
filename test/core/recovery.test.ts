import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { evolve } from "../../src/core/workflow/evolve.ts";
import { nextEffects } from "../../src/core/workflow/next-effects.ts";
import { replay } from "../../src/core/workflow/replay.ts";
import type { WorkflowState } from "../../src/core/workflow/state.ts";
import { type Script, World } from "../builders/world.ts";
import { aWorkflowPlan, EN108, MULTI, THREE } from "../builders/worlds.ts";

function approve(world: World, subject: string): void {
  expect(world.submit({ type: "approve", subject, by: "ana", note: "" })).toMatchObject({ ok: true });
}

function toQuestion(world: World, subject: string): World {
  for (let i = 0; i < 30; i += 1) {
    world.run();
    if (world.now.questions.some((q) => q.subject === subject)) return world;
    const next = world.now.questions[0];
    if (next === undefined) throw new Error(`nobody asks about ${subject}`);
    approve(world, next.subject);
  }
  throw new Error("too many questions");
}

function toEnd(world: World): WorkflowState {
  for (let i = 0; i < 30 && world.run().questions.length > 0; i += 1) {
    const next = world.now.questions.find((q) => q.options.includes("approve"));
    if (next === undefined) return world.now;
    approve(world, next.subject);
  }
  return world.now;
}

describe("the time of a record", () => {
  it("is never before that of the one before it, whatever time an outcome comes with", () => {
    const world = toQuestion(new World(EN108), "CP-001");
    const { updatedAt } = world.now;
    world.at = "2020-01-01T00:00:00Z";
    approve(world, "CP-001");
    expect(world.now.updatedAt).toBe(updatedAt);
    expect(world.now.log.map((entry) => entry.at)).toEqual(world.now.log.map((entry) => entry.at).toSorted());
  });
});

describe("a user checkpoint", () => {
  it("holds the next phase until a person approves", () => {
    const world = toQuestion(new World(EN108), "CP-001");
    expect(world.now.openings[1]).toBeUndefined();
    approve(world, "CP-001");
    world.run();
    expect(world.now.openings[1]).toBeDefined();
    expect(world.now.checkpoints[0]?.approval).toMatchObject({ status: "APPROVED", by: "ana" });
  });

  it("when rejected leaves no worktree of the work that is done again", () => {
    const world = toQuestion(new World(EN108), "CP-001");
    world.submit({ type: "reject", subject: "CP-001", by: "ana", note: "again", clean: false });
    world.run();
    const cleaned = world.done.flatMap((e) => (e.kind === "cleanup" ? [e.branch.split("/").at(-1)] : []));
    expect(cleaned).toEqual(expect.arrayContaining(["task-001.1.1", "task-002.1.1"]));
    expect(new Set(cleaned).size).toBe(cleaned.length);
    expect(world.now.deliverables["task-001"]?.abandoned).toBeUndefined();
  });

  it("sent back from an escalation leaves no worktree of the attempt that escalated", () => {
    const world = new World(EN108, {
      score: (e) => (e.subject === "task-003" && e.epoch === 1 ? 0.8 : undefined),
    });
    toQuestion(world, "task-003");
    world.submit({
      type: "decide",
      subject: "task-003",
      word: "back",
      text: "again",
      by: "ana",
      to: "phase-0",
    });
    toEnd(world);
    const cleaned = world.done.flatMap((e) => (e.kind === "cleanup" ? [e.branch.split("/").at(-1)] : []));
    expect(cleaned).toContain("task-003.1.1");
    expect(world.now.status).toBe("COMPLETE");
  });

  it("when rejected goes back to the phase just finished, keeps the files and tells every later prompt why", () => {
    const world = toQuestion(new World(EN108), "CP-001");
    world.submit({
      type: "reject",
      subject: "CP-001",
      by: "ana",
      note: "licences are missing",
      clean: false,
    });
    expect(world.now.epoch).toBe(2);
    world.run((s) => s.deliverables["task-001"]?.step === "create");
    const session = nextEffects(world.now).find((e) => e.kind === "session");
    expect(session?.kind === "session" ? session.prompt : "").toContain("licences are missing");
    expect(
      world.done
        .filter((e) => e.kind === "integrate" && e.integration.type === "restore")
        .map((e) => (e.kind === "integrate" && e.integration.type === "restore" ? e.integration.commit : "")),
    ).toEqual([null]);
    expect(world.now.deliverables["task-001"]?.superseded[0]?.ref).toMatch(
      /^[0-9a-f]{40}:.*research-version-bumping-tools\.md$/,
    );
    expect(toEnd(world).status).toBe("COMPLETE");
  });

  it("goes back to a named earlier phase and refuses one that has not been", () => {
    const world = toQuestion(new World(EN108), "CP-002");
    expect(
      world.submit({ type: "reject", subject: "CP-002", by: "ana", note: "x", to: "phase-3", clean: false }),
    ).toMatchObject({ ok: false, rejection: { code: "bad-argument" } });
    world.submit({
      type: "reject",
      subject: "CP-002",
      by: "ana",
      note: "new constraints",
      to: "phase-0",
      clean: true,
    });
    expect(world.now.deliverables["task-001"]).toMatchObject({ step: "blocked", epoch: 2 });
    expect(toEnd(world).status).toBe("COMPLETE");
  });
});

describe("a rewind", () => {
  it("runs what follows again under a new epoch and leaves what came before alone", () => {
    const world = new World(MULTI);
    toEnd(world);
    const before = world.now.deliverables["agent-a-001"]?.mergeCommit;
    expect(world.submit({ type: "rewind", checkpoint: "CP-002", by: "ana", note: "" })).toMatchObject({
      ok: true,
    });
    expect(world.now.status).toBe("ACTIVE");
    expect(world.now.deliverables["agent-a-001"]?.mergeCommit).toBe(before);
    expect(world.now.checkpoints.filter((c) => c.rolledBack).map((c) => c.id)).toEqual([
      "CP-003",
      "CP-004",
      "CP-005",
    ]);
    const state = toEnd(world);
    expect(state.status).toBe("COMPLETE");
    expect(state.deliverables["agent-a-002"]).toMatchObject({ epoch: 2, step: "merged" });
    expect(state.deliverables["agent-a-002"]?.superseded).toHaveLength(1);
  });

  it("stops the sessions of the old epoch first and ignores what they say late", () => {
    const world = new World(MULTI);
    toQuestionOrStage(world, 2);
    const effects = nextEffects(world.now).filter((e) => e.kind === "session");
    for (const effect of effects)
      world.submit({ type: "session-dispatched", effect: effect.id, conversation: `c-${effect.id}` });
    world.submit({ type: "rewind", checkpoint: "CP-001", by: "ana", note: "" });
    const outstanding = nextEffects(world.now)
      .map((e) => e.kind)
      .filter((kind) => kind !== "cleanup");
    expect(outstanding).toEqual(effects.map(() => "stop"));
    const late = effects[0]?.id ?? "";
    const usage = { costUsd: 1, turns: 1, durationMs: 1 };
    expect(
      world.submit({
        type: "session-ended",
        effect: late,
        outcome: { kind: "ok", text: "late", denials: [], sessionId: "x", usage },
      }),
    ).toMatchObject({ ok: true });
    expect(world.now.deliverables["agent-a-002"]?.step).toBe("blocked");
    expect(toEnd(world).status).toBe("COMPLETE");
  });

  it("leads to no checkpoint that an earlier one has taken back, because the work before it is made anew", () => {
    const world = new World(MULTI);
    toEnd(world);
    const to = (checkpoint: string) => world.submit({ type: "rewind", checkpoint, by: "ana", note: "" });
    expect(to("CP-001")).toMatchObject({ ok: true });
    expect(to("CP-002")).toMatchObject({
      ok: false,
      rejection: { message: expect.stringContaining("CP-002 was taken back") },
    });
    expect(to("CP-001")).toMatchObject({ ok: true });
    expect(toEnd(world).status).toBe("COMPLETE");
    expect(to("CP-002")).toMatchObject({ ok: true });
  });

  it("of an unknown checkpoint is refused with the known ones", () => {
    const world = new World(MULTI);
    toEnd(world);
    expect(world.submit({ type: "rewind", checkpoint: "CP-099", by: "ana", note: "" })).toMatchObject({
      ok: false,
      rejection: { code: "no-such-subject" },
    });
  });
});

function toQuestionOrStage(world: World, stage: number): void {
  for (let i = 0; i < 10; i += 1) {
    world.run((s) =>
      Object.values(s.deliverables).some(
        (d) => d.step === "create" && s.plan.deliverables.find((p) => p.id === d.id)?.stage === stage,
      ),
    );
    const question = world.now.questions[0];
    if (question === undefined) return;
    approve(world, question.subject);
  }
}

describe("sessions that fail", () => {
  it("are tried again after a delay in the same conversation, then a person decides", () => {
    const world = new World(THREE, {
      end: (e) =>
        e.subject === "login"
          ? { kind: "limit", which: "wall", message: "1 h", retry: "backoff" }
          : undefined,
    });
    const state = world.run();
    const tries = world.done.filter((e) => e.kind === "session" && e.subject === "login");
    expect(tries.map((t) => t.id.split(".").at(-1))).toEqual(["t1", "t2", "t3"]);
    expect(state.questions.find((q) => q.subject === "login")).toMatchObject({
      kind: "failure",
      options: ["retry", "write", "skip", "cancel"],
    });
  });

  it("continue on retry with a fresh branch and conversation", () => {
    let fail = true;
    const world = new World(THREE, {
      end: (e) =>
        e.subject === "login" && fail ? { kind: "crashed", message: "boom", retry: "never" } : undefined,
    });
    world.run();
    fail = false;
    world.submit({ type: "decide", subject: "login", word: "retry", text: "", by: "ana" });
    world.run();
    expect(world.now.deliverables.login).toMatchObject({
      attempt: 2,
      branch: expect.stringMatching(/login\.1\.2$/),
    });
  });

  it("pause everything once when the login has expired, and go on after resume without losing a try", () => {
    let expired = true;
    const world = new World(THREE, {
      end: () =>
        expired
          ? { kind: "api", errorClass: "auth", status: 401, message: "expired", retry: "never" }
          : undefined,
    });
    world.run();
    expect(world.now.status).toBe("PAUSED");
    expect(world.now.questions.filter((q) => q.kind === "auth")).toHaveLength(1);
    expired = false;
    world.submit({ type: "resume", by: "ana" });
    expect(world.run().status).toBe("COMPLETE");
    expect(world.now.spend.retries).toBeGreaterThan(0);
    expect(Object.values(world.now.deliverables).every((d) => d.attempt === 1)).toBe(true);
  });

  it("wait for a spent usage window without losing a try", () => {
    let spent = 5;
    const world = new World(THREE, {
      end: (e) =>
        e.subject === "login" && spent-- > 0
          ? {
              kind: "api",
              errorClass: "usage-window",
              status: 429,
              message: "window",
              retry: { afterMs: 3_600_000 },
            }
          : undefined,
    });
    expect(world.run().status).toBe("COMPLETE");
    expect(world.at > "2026-02-20T15:00:00Z").toBe(true);
    expect(world.now.deliverables.login?.attempt).toBe(1);
  });

  it("stop at a limit of sessions and go on when a person raises it", () => {
    const limits = { ...THREE.settings.limits, sessions: 2 };
    const world = new World(aWorkflowPlan({ ...THREE, settings: { ...THREE.settings, limits } }));
    world.run();
    expect(world.now.questions.map((q) => q.kind)).toContain("limit");
    expect(world.now.spend.sessions).toBe(2);
    expect(
      world.submit({ type: "decide", subject: "workflow", word: "add", text: "", by: "ana", sessions: 2 }),
    ).toMatchObject({ ok: false });
    world.submit({ type: "decide", subject: "workflow", word: "add", text: "", by: "ana", sessions: 10 });
    expect(world.run().status).toBe("COMPLETE");
  });

  it("stop at the money limit with the work kept and go on when a person adds to it", () => {
    const plan = {
      ...THREE,
      settings: { ...THREE.settings, limits: { ...THREE.settings.limits, usd: 0.02 } },
    };
    const world = new World({
      ...plan,
      deliverables: plan.deliverables.map((d) => ({ ...d, settings: plan.settings })),
    });
    world.run();
    expect(world.now.questions.map((q) => q.kind)).toContain("limit");
    expect(world.now.spend.usd).toBeLessThanOrEqual(0.02 + 0.01);
    expect(
      world.submit({ type: "decide", subject: "workflow", word: "add", text: "", by: "ana", usd: 0.01 }),
    ).toMatchObject({ ok: false });
    world.submit({ type: "decide", subject: "workflow", word: "add", text: "", by: "ana", usd: 5 });
    expect(world.run().status).toBe("COMPLETE");
  });
});

describe("a barrier", () => {
  it("uses a retry when a handoff is below the threshold and does not score the other direction again", () => {
    const subject = "barrier-1.a-to-b";
    const world = new World(MULTI, {
      score: (e) => (e.subject === subject && e.round === 1 ? 0.8 : undefined),
    });
    const state = toEnd(world);
    expect(state.status).toBe("COMPLETE");
    expect(state.barriers["barrier-1"]).toMatchObject({ status: "COMPLETE", retryCount: 1 });
  });

  it("is blocked by an escalated handoff until a person decides", () => {
    const subject = "barrier-1.a-to-b";
    const world = toQuestion(
      new World(MULTI, { score: (e) => (e.subject === subject ? 0.6 : undefined) }),
      subject,
    );
    expect(world.now.barriers["barrier-1"]?.status).toBe("BLOCKED");
    world.submit({ type: "decide", subject, word: "accept", text: "", by: "ana" });
    expect(toEnd(world).status).toBe("COMPLETE");
  });
});

describe("a merge conflict", () => {
  it("waits with the files named and starts anew from the present tip on redo", () => {
    let conflicts = 1;
    const world = new World(THREE, {
      integration: (e) =>
        e.integration.type === "merge" && e.integration.subject === "export" && conflicts-- > 0
          ? { type: "integration-failed", effect: e.id, failure: { reason: "conflict", files: ["src/a.ts"] } }
          : undefined,
    });
    world.run();
    expect(world.now.questions).toMatchObject([{ subject: "export", kind: "conflict", files: ["src/a.ts"] }]);
    world.submit({ type: "decide", subject: "export", word: "redo", text: "", by: "ana" });
    expect(world.run().status).toBe("COMPLETE");
    expect(world.now.deliverables.export?.attempt).toBe(2);
  });
});

/** Scores and troubles drawn from a seed; the order of answers too. */
function chaos(numbers: readonly number[]): Script {
  let index = 0;
  const draw = (): number => numbers[index++ % numbers.length] ?? 0;
  return {
    score: () => 0.8 + (draw() % 20) / 100,
    end: () => (draw() % 11 === 0 ? { kind: "crashed", message: "chaos", retry: "backoff" } : undefined),
    pick: (effects) => draw() % effects.length,
  };
}

/** Answers whatever is asked, differently each time, until the end or 60 questions. */
function live(world: World): WorkflowState {
  for (let i = 0; i < 60; i += 1) {
    const question = world.run().questions[0];
    if (question === undefined) break;
    const word = question.options.includes("approve")
      ? "approve"
      : (question.options.find((o) => ["accept", "retry", "redo", "waive", "done", "resume"].includes(o)) ??
        "cancel");
    if (word === "approve") world.submit({ type: "approve", subject: question.subject, by: "ana", note: "" });
    else if (!world.submit({ type: "decide", subject: question.subject, word, text: "", by: "ana" }).ok)
      world.submit({ type: "cancel", by: "ana", reason: "no way on" });
  }
  return world.run();
}

describe("whatever happens", () => {
  const plans = fc.constantFrom(MULTI, EN108, THREE);
  const numbers = fc.array(fc.nat(1000), { minLength: 5, maxLength: 60 });

  it("replaying the journal gives the live state, and every prefix is a state that can go on", () => {
    fc.assert(
      fc.property(plans, numbers, (plan, draws) => {
        const world = new World(plan, chaos(draws));
        live(world);
        expect(replay([{ events: world.events }])).toEqual(world.now);
        let state: WorkflowState | null = null;
        for (const [index, event] of world.events.entries()) {
          state = evolve(state, event);
          if (index % 25 === 0) nextEffects(state);
        }
      }),
      { numRuns: 25 },
    );
  });

  it("nothing is merged without an approval of exactly that commit, and nothing twice in an epoch", () => {
    fc.assert(
      fc.property(plans, numbers, (plan, draws) => {
        const world = new World(plan, chaos(draws));
        live(world);
        const approved = new Map<string, string>();
        const merged = new Set<string>();
        for (const event of world.events) {
          if (event.type === "deliverable.approved") approved.set(event.subject, event.approval.commit);
          if (event.type === "integration.queued" && event.integration.type === "merge")
            expect(approved.get(event.integration.subject)).toBe(event.integration.commit);
          if (event.type === "workflow.rewound") merged.clear();
          if (event.type !== "deliverable.merged") continue;
          expect(merged.has(event.subject)).toBe(false);
          merged.add(event.subject);
        }
      }),
      { numRuns: 25 },
    );
  });

  it("the workflow ends or waits for a person, and never names an effect twice at once", () => {
    fc.assert(
      fc.property(plans, numbers, (plan, draws) => {
        const world = new World(plan, chaos(draws));
        const state = live(world);
        const ids = nextEffects(state).map((e) => e.id);
        expect(new Set(ids).size).toBe(ids.length);
        expect(["COMPLETE", "CANCELLED"].includes(state.status) || state.questions.length > 0).toBe(true);
      }),
      { numRuns: 25 },
    );
  });
});
