import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  makePlace,
  type Place,
  promptOf,
  specOf,
  startSession,
} from "../../../test/support/agent-sessions.ts";
import type { SessionOutcome } from "../../core/workflow/outcome.ts";
import type { SessionSpec } from "../../ports/session-host.ts";
import type { DeliverableScenario } from "../scenario/scenario.ts";
import { createAdapter } from "./simulated.ts";

let place: Place;
beforeEach(() => {
  place = makePlace();
});
afterEach(() => place.remove());

function play(all: DeliverableScenario, over: Partial<SessionSpec> = {}): Promise<SessionOutcome> {
  const adapter = createAdapter({ scenario: { delayMs: 0, deliverables: { "*": all } } });
  return startSession(adapter, specOf(place.cwd, over)).outcome;
}

function artifact(): string {
  return readFileSync(path.join(place.cwd, "out/alpha.md"), "utf8");
}

describe("the simulated agent", () => {
  it("writes the same artifact for the same seed and another one for another deliverable", async () => {
    await play({});
    const first = artifact();
    await play({});
    expect(artifact()).toBe(first);
    await play({}, { prompt: promptOf({ deliverable: "beta", artifact: "out/alpha.md" }) });
    expect(artifact()).not.toBe(first);
    expect(first.split("\n").length).toBeGreaterThan(60);
  });

  it("changes the artifact in a revision and names the findings it answers", async () => {
    await play({});
    const first = artifact();
    const header = { "signalbox-task": "revise", round: "2 of 3", artifact: "out/alpha.md" };
    await play(
      {},
      { purpose: "revise", round: 2, prompt: promptOf(header, "## Findings\n- F-1-1 HIGH: no source") },
    );
    expect(artifact()).not.toBe(first);
    expect(artifact()).toContain("- F-1-1: answered");
  });

  it("makes a real change where a commit is asked for, inside what it may write", async () => {
    const prompt = promptOf({ artifact: "commit" });
    const outcome = await play({}, { prompt, artifact: "commit", writes: ["src/**/*.ts"] });
    expect(outcome.kind).toBe("ok");
    expect(readFileSync(path.join(place.cwd, "src/alpha.ts"), "utf8")).toMatch(/^\/\/ alpha round 1/);
  });

  it("changes the line that a scenario names, so that two slots can be made to conflict", async () => {
    mkdirSync(path.join(place.cwd, "src"));
    writeFileSync(path.join(place.cwd, "src/shared.ts"), "one\ntwo\nthree\n");
    const edits = [{ path: "src/shared.ts", line: 2, text: "changed" }];
    await play({ edits }, { prompt: promptOf({ artifact: "commit" }), artifact: "commit" });
    expect(readFileSync(path.join(place.cwd, "src/shared.ts"), "utf8")).toBe("one\nchanged\nthree\n");
  });

  it.each([
    ["crash", { kind: "crashed" }],
    ["api-401", { kind: "api", errorClass: "auth", retry: "never" }],
    ["api-429", { kind: "api", errorClass: "rate-limit", retry: "backoff" }],
    ["api-529", { kind: "api", errorClass: "overloaded", retry: "backoff" }],
    ["network", { kind: "api", errorClass: "network", status: null }],
    ["usage-window", { kind: "api", errorClass: "usage-window", retry: { afterMs: 1000 } }],
    ["overspend", { kind: "limit", which: "usd" }],
    ["turns", { kind: "limit", which: "turns" }],
  ] as const)("fails as told: %s", async (fault, expected) => {
    expect(await play({ fail: [{ fault }] })).toMatchObject(expected);
  });

  it("knows what it spent when it goes over the limit, and does not when it crashes", async () => {
    const limits = { ...specOf(place.cwd).limits, usd: 2 };
    expect((await play({ fail: [{ fault: "overspend" }] }, { limits })).usage.costUsd).toBe(2.5);
    expect((await play({ fail: [{ fault: "crash" }] })).usage.costUsd).toBeNull();
  });

  it("leaves the artifact away or empty when told so, and says ok all the same", async () => {
    expect((await play({ fail: [{ fault: "no-artifact" }] })).kind).toBe("ok");
    expect(existsSync(path.join(place.cwd, "out/alpha.md"))).toBe(false);
    await play({ fail: [{ fault: "empty-artifact" }] });
    expect(artifact()).toBe("");
  });

  it("is refused a write outside its worktree, goes on and lists the refusal", async () => {
    const outcome = await play({ fail: [{ fault: "denied-write" }] });
    const target = path.join(place.root, "outside.md");
    expect(outcome).toMatchObject({ kind: "ok", denials: [{ tool: "Write", target }] });
    expect(existsSync(target)).toBe(false);
    expect(artifact()).not.toBe("");
    expect(await play({ fail: [{ fault: "blocked" }] })).toMatchObject({ kind: "blocked" });
  });

  it("writes nothing in a read-only session", async () => {
    const outcome = await play({}, { boundary: null });
    expect(outcome).toMatchObject({ denials: [{ tool: "Write" }] });
    expect(existsSync(path.join(place.cwd, "out"))).toBe(false);
  });

  it("lets a fault strike as often as told and no more", async () => {
    const scenario = {
      delayMs: 0,
      deliverables: { alpha: { fail: [{ fault: "crash" as const, times: 2 }] } },
    };
    const adapter = createAdapter({ scenario });
    const kinds: string[] = [];
    for (let run = 0; run < 3; run += 1)
      kinds.push((await startSession(adapter, specOf(place.cwd)).outcome).kind);
    expect(kinds).toEqual(["crashed", "crashed", "ok"]);
  });

  it("takes its scenario from the session's environment and reports one that cannot be read", async () => {
    const env = { SIGNALBOX_SCENARIO: '{"deliverables":{"*":{"fail":[{"fault":"crash"}]}}}' };
    expect((await startSession(createAdapter(), specOf(place.cwd, { env })).outcome).kind).toBe("crashed");
    const bad = { SIGNALBOX_SCENARIO: "/no/such/file.json" };
    const outcome = await startSession(createAdapter(), specOf(place.cwd, { env: bad })).outcome;
    expect(outcome).toMatchObject({
      kind: "crashed",
      message: expect.stringContaining("/no/such/file.json"),
      retry: "never",
    });
  });
});
