import { describe, expect, it } from "vitest";
import { THREE_FIXES_CONTEXT, threeFixes } from "../../../test/builders/definitions.ts";
import { planOf } from "../../../test/builders/derived.ts";
import { World } from "../../../test/builders/world.ts";
import { THREE } from "../../../test/builders/worlds.ts";
import { type AttemptStanding, isAtEnd } from "../../core/view/attempts.ts";
import type { WorkflowState } from "../../core/workflow/state.ts";
import { type NeedOptions, needOf } from "./need.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const REVIEW = "review-0123456789ab";
const SPARE = "spare-01234567";

function later(state: WorkflowState, ms: number, changes: Partial<NeedOptions> = {}): NeedOptions {
  return { now: Date.parse(state.updatedAt) + ms, keepMs: 7 * DAY, named: false, ...changes };
}

function completed(): WorkflowState {
  const world = new World(THREE);
  for (let i = 0; i < 20; i += 1) {
    world.run();
    const question = world.now.questions.find(({ options }) => options.includes("approve"));
    if (question === undefined) break;
    world.submit({ type: "approve", subject: question.subject, by: "ana", note: "" });
  }
  expect(world.now.status).toBe("COMPLETE");
  return world.now;
}

/** One slot is merged, the others are on their way when it ends. */
function cancelled(): WorkflowState {
  const world = new World(THREE);
  world.run(({ deliverables }) => deliverables.login?.step === "merged");
  world.submit({ type: "cancel", by: "ana", reason: "" });
  return world.run();
}

function goes(state: WorkflowState, options: NeedOptions, ...names: readonly string[]): readonly boolean[] {
  return names.map((name) => needOf(state, name, options).goes);
}

describe("what nobody needs any more", () => {
  it("is everything of a complete workflow, at once", () => {
    const state = completed();
    const names = ["login.1.1", "integration", REVIEW, SPARE];
    expect(goes(state, later(state, 0), ...names)).toEqual([true, true, true, true]);
  });

  it("is what a cancelled workflow left only when its time has come, and its merged work and spare worktrees at once", () => {
    const state = cancelled();
    const names = ["login.1.1", SPARE, "export.1.1", "integration"];
    expect(goes(state, later(state, 6 * DAY), ...names)).toEqual([true, true, false, false]);
    expect(goes(state, later(state, 7 * DAY), ...names)).toEqual([true, true, true, true]);
    expect(needOf(state, "export.1.1", later(state, 6 * DAY))).toMatchObject({
      why: "left when the workflow was cancelled 6d0h ago; kept for another 1d0h",
      needed: false,
      hint: `Take it now: signalbox clean export -w ${state.id}`,
    });
  });

  it("is what a person names, whatever its age", () => {
    const state = cancelled();
    expect(goes(state, later(state, 0, { named: true }), "export.1.1", "integration")).toEqual([true, true]);
  });

  it("is only what is older than a person says, even where it was named or merged", () => {
    const state = completed();
    const options = { named: true, olderThanMs: 2 * DAY };
    expect(goes(state, later(state, DAY, options), "login.1.1", "integration")).toEqual([false, false]);
    expect(goes(state, later(state, 3 * DAY, options), "login.1.1", "integration")).toEqual([true, true]);
  });

  it("is never a worktree that a session, a person or the workflow needs, however old and named", () => {
    const world = new World(planOf(threeFixes({ checks: [] }), THREE_FIXES_CONTEXT).plan);
    const waiting = world.run();
    const need = needOf(waiting, "login.1.1", later(waiting, 99 * DAY, { named: true }));
    expect(need).toMatchObject({
      goes: false,
      needed: true,
      why: "a person is asked about it",
      slot: "login",
    });
    const fresh = new World(THREE);
    const running = fresh.run(({ deliverables }) => deliverables.login?.step === "commit");
    expect(
      goes(running, later(running, 99 * DAY, { named: true }), "login.1.1", "integration", REVIEW),
    ).toEqual([false, false, false]);
  });

  it("is nothing that the plan does not know", () => {
    const state = completed();
    const options = later(state, 99 * DAY, { named: true });
    expect(goes(state, options, "nobody.1.1", "review-1", "integration.bak")).toEqual([false, false, false]);
  });

  it("has a reason for every way an attempt can be needed", () => {
    const needed: readonly AttemptStanding[] = ["running", "waiting", "under-way"];
    expect(needed.filter(isAtEnd)).toEqual([]);
  });
});
