import { describe, expect, it } from "vitest";
import { aPlanContext, multiInstance } from "../../../test/builders/definitions.ts";
import { planOf } from "../../../test/builders/derived.ts";
import { World } from "../../../test/builders/world.ts";
import { THREE } from "../../../test/builders/worlds.ts";
import { inbox } from "./inbox.ts";

/** Machines have work at once. */
function aWorld(): World {
  return new World(THREE);
}

/** Stands still on its first question. */
function asking(): World {
  const world = new World(planOf(multiInstance(), aPlanContext({ id: "demo-20260220-001" })).plan);
  world.run();
  return world;
}

describe("what waits for a person in a workflow", () => {
  it("is nothing while machines work and a coordinator lives", () => {
    expect(inbox(aWorld().now, true)).toEqual([]);
  });

  it("is every open question with the commands that answer it", () => {
    const { now } = asking();
    const [question] = now.questions;
    const entries = inbox(now, true);
    expect(entries.map(({ kind, id, subject }) => ({ kind, id, subject }))).toEqual(
      now.questions.map(({ kind, id, subject }) => ({ kind, id, subject })),
    );
    expect(entries[0]?.answers.map(({ word }) => word)).toEqual(question?.options);
  });

  it("is work that is outstanding while nobody coordinates, whatever else is asked", () => {
    const world = aWorld();
    const [entry, ...others] = inbox(world.now, false);
    expect(entry).toMatchObject({ kind: "unattended", subject: "workflow", since: world.now.updatedAt });
    expect(entry?.answers.map(({ command }) => command)).toEqual(["signalbox resume"]);
    expect(others).toEqual([]);
  });

  it("is no standstill where everything that is left waits for a person anyway", () => {
    expect(inbox(asking().now, false).map(({ kind }) => kind)).not.toContain("unattended");
  });

  it("is a pause with its reason and since when, until it is resumed", () => {
    const world = aWorld();
    world.at = "2026-02-20T11:00:00Z";
    world.submit({ type: "pause", by: "ana", reason: "lunch" });
    expect(inbox(world.now, true)).toMatchObject([
      { kind: "paused", subject: "workflow", reason: "lunch", since: "2026-02-20T11:00:00Z" },
    ]);
    world.submit({ type: "resume", by: "ana" });
    expect(inbox(world.now, true)).toEqual([]);
  });

  it("is a pause once, as the question that explains it", () => {
    const world = aWorld();
    const state = {
      ...world.now,
      status: "PAUSED" as const,
      questions: [
        {
          id: "Q-009",
          kind: "auth" as const,
          subject: "workflow",
          askedAt: world.at,
          reason: "the login expired",
          options: ["resume", "cancel"] as const,
        },
      ],
    };
    expect(inbox(state, true).map(({ kind }) => kind)).toEqual(["auth"]);
  });

  it("is a blocker that a person set, with the verb that closes it, oldest first among the rest", () => {
    const world = new World(planOf(multiInstance(), aPlanContext({ id: "demo-20260220-001" })).plan);
    const text = "no licence yet";
    world.submit({ type: "block", by: "ana", subject: "phase-1", text, severity: "HIGH" });
    world.at = "2026-02-20T11:00:00Z";
    world.submit({ type: "pause", by: "ana", reason: "lunch" });
    const entries = inbox({ ...world.now, questions: asking().now.questions.map(later) }, true);
    expect(entries.map(({ kind, since }) => `${kind} ${since.slice(11, 16)}`)).toEqual([
      "blocked 10:00",
      "paused 11:00",
      "criticality 12:00",
    ]);
    expect(entries[0]?.answers[0]?.command).toBe('signalbox unblock BLK-001 "…"');
  });
});

function later<T extends { readonly askedAt: string }>(question: T): T {
  return { ...question, askedAt: "2026-02-20T12:00:00Z" };
}
