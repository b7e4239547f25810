import { describe, expect, it } from "vitest";
import type { WorkflowEvent } from "../../core/workflow/event.ts";
import { eventLines } from "./event-line.ts";
import { createStyle } from "./style.ts";

const STYLE = createStyle({ write: () => {}, isTTY: false }, { TZ: "UTC" }, "never");
const at = "2026-02-20T10:00:00Z";
const usage = {
  inputTokens: 0,
  outputTokens: 0,
  cacheReadTokens: 0,
  turns: 1,
  costUsd: 0.02,
  durationMs: 3000,
};

/** Without the time. */
function told(...events: readonly object[]): readonly string[] {
  const whole = events.map((event) => ({ at, ...event }) as WorkflowEvent);
  return eventLines(whole, STYLE).map((line) => line.slice(10));
}

const crash = "the agent crashed";
const error = `coder session ${crash} (after 1 try)`;
const ended = {
  type: "session.ended",
  session: "w/1/export/1/create.r1.t1",
  outcome: { kind: "crashed", message: crash, usage },
};
const failed = { type: "deliverable.moved", subject: "export", step: "failed", error };
const question = { id: "Q-001", kind: "failure", subject: "export", askedAt: at, reason: error, options: [] };
const blocker = {
  id: "BLK-001",
  blocking: ["export"],
  description: error,
  severity: "HIGH",
  raisedAt: at,
  question: "Q-001",
};

describe("events of one moment", () => {
  it("tell a reason once: with the question that it leads to", () => {
    expect(
      told(ended, failed, { type: "question.asked", question }, { type: "blocker.raised", blocker }),
    ).toEqual(["✗ export  session crashed (3s, $0.02)", "✗ export  failed", `? export  ${error}`]);
  });

  it("tell it with what happened where nothing else does", () => {
    expect(told(ended)).toEqual([`✗ export  session crashed (3s, $0.02): ${crash}`]);
    expect(told(failed)).toEqual([`✗ export  failed: ${error}`]);
    expect(told({ type: "blocker.raised", blocker: { ...blocker, question: undefined } })).toEqual([
      `? BLK-001  blocks export: ${error}`,
    ]);
  });

  it("tell a pause of our own with its question, and one of a person with its reason", () => {
    const reason = "The agent is not logged in";
    const asked = { ...question, kind: "auth", subject: "workflow", reason };
    expect(
      told({ type: "workflow.paused", reason, by: "signalbox" }, { type: "question.asked", question: asked }),
    ).toEqual(["? workflow  paused", `? workflow  ${reason}`]);
    expect(told({ type: "workflow.paused", reason: "lunch", by: "ana" })).toEqual([
      "? workflow  paused by ana: lunch",
    ]);
  });

  it("tell which files a merge resolved by rules", () => {
    const resolved = [{ path: "CHANGELOG.md", by: "union" }];
    const merged = {
      type: "deliverable.merged",
      subject: "export",
      mergeCommit: "a".repeat(40),
      artifact: null,
    };
    expect(told({ ...merged, resolved }).join()).toContain(
      "merged as aaaaaaaa, resolved CHANGELOG.md (union)",
    );
    const done = { from: "main", resolved };
    expect(told({ type: "sync.settled", commit: "b".repeat(40), done }).join()).toContain(
      "main at bbbbbbbb is in, resolved CHANGELOG.md (union)",
    );
  });

  it("tell a pass once, with its reason", () => {
    const approval = { kind: "PASS", commit: "fccef036aaaa", score: null, by: "gate" };
    expect(
      told(
        {
          type: "round.decided",
          subject: "login",
          decision: { verdict: "PASS", reason: "integrity and checks" },
        },
        { type: "deliverable.approved", subject: "login", approval },
      ),
    ).toEqual(["✓ login  PASS: integrity and checks"]);
    expect(
      told({ type: "deliverable.approved", subject: "login", approval: { ...approval, kind: "WAIVED" } }),
    ).toEqual(["✓ login  waived for fccef036"]);
  });
});
