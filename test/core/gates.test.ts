import { describe, expect, it } from "vitest";
import type { Check } from "../../src/core/definition.ts";
import type { Plan } from "../../src/core/plan/plan.ts";
import type { SessionEffect } from "../../src/core/workflow/effect.ts";
import type { SessionEnd } from "../../src/core/workflow/outcome.ts";
import type { WorkflowState } from "../../src/core/workflow/state.ts";
import { aFinding, type Script, World } from "../builders/world.ts";
import { EN108, MULTI, THREE } from "../builders/worlds.ts";

function approvePlan(world: World): World {
  world.run();
  for (const subject of ["plan"]) world.submit({ type: "approve", subject, by: "ana", note: "" });
  return world;
}

function started(script: Script, plan = EN108): World {
  return approvePlan(new World(plan, script));
}

const isJudgeOf = (effect: SessionEffect, subject: string): boolean =>
  effect.purpose === "judge" && effect.subject === subject;

/** Scores per round for one deliverable. */
function scores(subject: string, ...rounds: readonly number[]): Script {
  return { score: (e) => (e.subject === subject ? rounds[Math.min(e.round, rounds.length) - 1] : undefined) };
}

function verdicts(state: WorkflowState, subject: string): readonly unknown[] {
  return (state.deliverables[subject]?.rounds ?? []).map((r) => [r.score, r.verdict]);
}

describe("a gate", () => {
  it("sends a draft below the threshold back to the same conversation with its findings", () => {
    const world = started(scores("task-001", 0.8, 0.9, 0.95));
    world.run();
    expect(verdicts(world.now, "task-001")).toEqual([
      [0.8, "REVISE"],
      [0.9, "REVISE"],
      [0.95, "PASS"],
    ]);
    const sessions = world.done.filter(
      (e): e is SessionEffect =>
        e.kind === "session" && e.subject === "task-001" && ["create", "revise"].includes(e.purpose),
    );
    expect(sessions.map((s) => s.resume)).toEqual([undefined, expect.any(String), sessions[1]?.resume]);
  });

  it("does not pass a high score beside an open CRITICAL finding", () => {
    const world = started({
      findings: (e) =>
        e.purpose === "critique" && e.subject === "task-001" && e.round === 1
          ? [aFinding({ severity: "CRITICAL" }), aFinding({ type: "WEAK_ASSUMPTION" }), aFinding()]
          : (undefined as never),
    });
    world.run();
    expect(verdicts(world.now, "task-001")).toEqual([
      [0.95, "REVISE"],
      [0.95, "PASS"],
    ]);
  });

  it("passes at exactly the threshold and not a thousandth below", () => {
    const world = started({
      score: (e) => (e.subject === "task-001" ? 0.92 : e.subject === "task-002" ? 0.9195 : undefined),
    });
    world.run();
    expect(world.now.deliverables["task-001"]?.rounds.at(-1)?.verdict).toBe("PASS");
    expect(world.now.deliverables["task-002"]?.rounds.at(-1)?.verdict).toBe("ESCALATED");
  });

  it("passes by a panel of three and fails by one clear answer", () => {
    const world = started(scores("task-001", 0.7, 0.95));
    world.run();
    const counts = world.now.deliverables["task-001"]?.rounds.map((r) => r.samples.length);
    expect(counts).toEqual([1, 3]);
  });

  const bad: readonly [string, SessionEnd][] = [
    ["times out", { kind: "limit", which: "wall", message: "60 min", retry: "never" }],
    ["answers prose", { kind: "ok", text: "Looks great to me, 10/10!", denials: [] }],
    ["is killed", { kind: "crashed", message: "signal SIGKILL", retry: "backoff" }],
    [
      "omits a dimension",
      {
        kind: "ok",
        text: "",
        denials: [],
        structured: { scores: { completeness: { score: 1, evidence: "all" } }, criteria: {}, findings: [] },
      },
    ],
    [
      "answers nothing structured",
      { kind: "limit", which: "structured", message: "no answer", retry: "never" },
    ],
  ];
  it.each(bad)("never merges when the judge %s", (_, end) => {
    for (const [plan, subject] of [
      [EN108, "task-001"],
      [MULTI, "agent-a-001"],
      [MULTI, "barrier-1.a-to-b"],
    ] as const) {
      const world = started({ end: (e) => (isJudgeOf(e, subject) ? end : undefined) }, plan);
      const state = world.run();
      expect(state.deliverables[subject]?.mergeCommit).toBeUndefined();
      expect(state.questions.map((q) => [q.subject, q.kind])).toContainEqual([subject, "escalation"]);
    }
  });

  it.each([
    ["NaN", Number.NaN],
    ["1.2", 1.2],
    ["-0.1", -0.1],
    ["text", "0.99" as unknown as number],
  ])("never merges on a score of %s", (_, score) => {
    const world = started(scores("task-001", score));
    expect(world.run().deliverables["task-001"]?.approval).toBeUndefined();
  });

  it("asks a person when the artifact never appears, and never judges thin air", () => {
    const world = started({ artifactBytes: (subject) => (subject === "task-001" ? null : undefined) });
    const state = world.run();
    expect(state.questions.map((q) => [q.subject, q.kind])).toContainEqual(["task-001", "failure"]);
    expect(
      world.done.some((e) => e.kind === "session" && e.subject === "task-001" && e.purpose === "judge"),
    ).toBe(false);
  });

  it("treats a write into another slot's folder as CRITICAL and goes another round without a judge", () => {
    const other = "orchestration/en108-vbump-20260212-001/ORCHESTRATION.yaml";
    let times = 0;
    const world = started({
      files: (subject) => {
        if (subject !== "task-001" || times++ > 0) return [{ path: pathOf(subject), change: "added" }];
        return [
          { path: pathOf(subject), change: "added" },
          { path: other, change: "modified" },
        ];
      },
    });
    const state = world.run();
    expect(state.deliverables["task-001"]?.rounds.map((r) => r.verdict)).toEqual(["REVISE", "PASS"]);
    expect(state.deliverables["task-001"]?.rounds[0]?.findings[0]).toMatchObject({
      severity: "CRITICAL",
      source: "integrity",
    });
  });
});

function pathOf(subject: string): string {
  const planned = EN108.deliverables.find((d) => d.id === subject);
  return planned?.makes.kind === "file" ? planned.makes.path : "src/change.ts";
}

describe("the gate of a phase", () => {
  it("is WAIVED, not passed, where a person stood in for a score", () => {
    const world = started(scores("task-001", 0.7));
    world.run();
    world.submit({ type: "decide", subject: "task-001", word: "accept", text: "good enough", by: "ana" });
    expect(world.run().phaseGates["phase-0"]?.status).toBe("WAIVED");
    expect(started({}).run().phaseGates["phase-0"]?.status).toBe("PASS");
  });
});

describe("an escalation", () => {
  const escalated = (): World => {
    const world = started(scores("task-001", 0.88, 0.86, 0.87, 0.95));
    world.run();
    expect(world.now.questions.find((q) => q.subject === "task-001")?.options).toEqual([
      "accept",
      "guide",
      "write",
      "back",
      "cancel",
    ]);
    expect(world.now.blockers).toHaveLength(1);
    return world;
  };
  const answer = (
    world: World,
    word: "accept" | "guide" | "write" | "back" | "cancel",
    text = "",
    more = {},
  ): WorkflowState => {
    const decision = world.submit({ type: "decide", subject: "task-001", word, text, by: "ana", ...more });
    expect(decision).toMatchObject({ ok: true });
    return world.run();
  };

  it("accepts the best version, not the last, as WAIVED by name", () => {
    const state = answer(escalated(), "accept", "good enough");
    expect(state.deliverables["task-001"]?.approval).toMatchObject({
      kind: "WAIVED",
      round: 1,
      score: 0.88,
      by: "person",
      decision: "RD-002",
    });
    expect(state.deliverables["task-001"]?.step).toBe("merged");
    expect(state.issues.map((i) => i.id)).toEqual(["ISS-001"]);
  });

  it("goes one more round with a person's guidance", () => {
    const state = answer(escalated(), "guide", "compare costs");
    expect(verdicts(state, "task-001").at(-1)).toEqual([0.95, "PASS"]);
  });

  it("lets a person write the artifact and takes it from there", () => {
    const world = escalated();
    answer(world, "write");
    expect(world.now.questions.find((q) => q.subject === "task-001")?.kind).toBe("user-artifact");
    world.submit({ type: "decide", subject: "task-001", word: "done", text: "", by: "ana" });
    expect(world.run().deliverables["task-001"]?.approval).toMatchObject({ kind: "WAIVED", by: "person" });
    expect(verdicts(world.now, "task-001")).toEqual([
      [0.88, "REVISE"],
      [0.86, "REVISE"],
      [0.87, "ESCALATED"],
      [null, "PASS"],
    ]);
  });

  it("goes back to an earlier phase with the text as a constraint in every later prompt", () => {
    const state = answer(escalated(), "back", "only free tools", { to: "phase-0" });
    expect(state.epoch).toBe(2);
    expect(state.decisions.at(-1)).toMatchObject({ word: "back", constraint: true });
  });

  it("cancels without losing a commit", () => {
    const state = answer(escalated(), "cancel");
    expect(state.status).toBe("CANCELLED");
    expect(state.deliverables["task-001"]?.commit).toBeDefined();
  });

  it("refuses guidance without text and words that are no option", () => {
    const world = escalated();
    expect(
      world.submit({ type: "decide", subject: "task-001", word: "guide", text: " ", by: "ana" }),
    ).toMatchObject({ ok: false, rejection: { code: "bad-argument" } });
    expect(
      world.submit({ type: "decide", subject: "task-001", word: "skip", text: "", by: "ana" }),
    ).toMatchObject({ ok: false, rejection: { code: "not-an-option" } });
    expect(world.submit({ type: "approve", subject: "task-001", by: "ana", note: "" })).toMatchObject({
      ok: false,
    });
  });
});

describe("work without a judge", () => {
  it("is UNVERIFIED without checks and waits for a person", () => {
    const world = new World({
      ...THREE,
      settings: { ...THREE.settings, checks: [] },
      deliverables: THREE.deliverables.map((d) => ({ ...d, gate: { ...d.gate, checks: [] } })),
    });
    const state = world.run();
    expect(state.questions.map((q) => q.kind)).toEqual(["unverified", "unverified", "unverified"]);
    expect(Object.values(state.deliverables).some((d) => d.step === "merged")).toBe(false);
  });

  it("asks a person about protected files although the checks are green", () => {
    const plan = {
      ...THREE,
      deliverables: THREE.deliverables.map((d) => ({
        ...d,
        settings: { ...d.settings, protect: ["package.json"] },
        gate: { ...d.gate, checks: [{ name: "t", run: "true", timeoutMs: 1 }] },
      })),
    };
    const world = new World(plan, { files: () => [{ path: "package.json", change: "modified" }] });
    expect(world.run().questions.map((q) => q.kind)).toEqual(["protect", "protect", "protect"]);
  });

  it("names the file, the line and the reason where a test was switched off, also where nothing checked the work", () => {
    const change = {
      path: "test/a.test.ts",
      change: "modified",
      protected: "skips a test",
      protectedLine: 12,
    } as const;
    const withChecks = (checks: readonly Check[]): Plan => ({
      ...THREE,
      settings: { ...THREE.settings, checks: [] },
      deliverables: THREE.deliverables.map((d) => ({ ...d, gate: { ...d.gate, checks } })),
    });
    const reasons = (checks: readonly Check[]): readonly string[] =>
      new World(withChecks(checks), { files: () => [change] }).run().questions.map((q) => q.reason);
    expect(reasons([{ name: "t", run: "true", timeoutMs: 1 }])[0]).toBe("It skips a test: test/a.test.ts:12");
    expect(reasons([])[0]).toBe(
      "No check and no judge looked at it (UNVERIFIED). It skips a test: test/a.test.ts:12",
    );
  });

  describe("whose check was red at the base", () => {
    const check = { name: "npm test", run: "npm test", timeoutMs: 1 };
    const red = { name: "npm test", passed: false, redAtBase: false, exitCode: 1, timedOut: false };
    const failing = (...failures: readonly string[]) => [
      { ...red, tail: failures.join(" "), failures, failureCount: failures.length },
    ];
    const worldWith = (work: readonly string[]): World => {
      const plan = {
        ...THREE,
        settings: { ...THREE.settings, checks: [] },
        deliverables: THREE.deliverables.map((d) => ({ ...d, gate: { ...d.gate, checks: [check] } })),
      };
      return new World(plan, {
        checks: (subject) => (subject === "base" ? failing("a", "b") : failing(...work)),
      });
    };

    it("has no finding and no verdict where nothing new fails: a person decides", () => {
      const state = worldWith(["a", "b"]).run();
      expect(state.questions.map((q) => [q.kind, q.reason])).toContainEqual([
        "unverified",
        "npm test is red at base too: 2 failures, none of them new: no verdict on this work (UNVERIFIED)",
      ]);
      expect(Object.values(state.deliverables).flatMap((d) => d.rounds[0]?.findings)).toEqual([]);
      expect(state.log).toContainEqual(
        expect.objectContaining({ event: "BASE_CHECKED", details: "npm test is red at base: 2 failures" }),
      );
    });

    it("is merged once the person accepts it, as unverified", () => {
      const world = worldWith(["a"]);
      for (const { subject } of world.run().questions)
        world.submit({ type: "approve", subject, by: "ana", note: "" });
      const state = world.run();
      expect(state.status).toBe("COMPLETE");
      expect(Object.values(state.deliverables).map((d) => d.approval?.kind)).toContain("UNVERIFIED");
    });

    it("gets a finding with exactly what fails only with it", () => {
      const [round] = worldWith(["a", "c"]).run().deliverables.login?.rounds ?? [];
      expect(round?.findings).toMatchObject([{ severity: "CRITICAL", source: "check:npm test" }]);
      expect(round?.findings[0]?.evidence).toContain("not with these:\n- c\n");
    });
  });
});
