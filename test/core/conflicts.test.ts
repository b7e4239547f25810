/** Conflicts that are seen coming, in the pure core: what is recorded, and who is told. */
import { describe, expect, it } from "vitest";
import type { PredictedConflict } from "../../src/core/conflicts/predicted.ts";
import type { Plan } from "../../src/core/plan/plan.ts";
import type { SessionEffect } from "../../src/core/workflow/effect.ts";
import type { WorkflowEvent } from "../../src/core/workflow/event.ts";
import { nextEffects } from "../../src/core/workflow/next-effects.ts";
import { World } from "../builders/world.ts";
import { THREE } from "../builders/worlds.ts";

const FORM: PredictedConflict = {
  first: "login",
  second: "export",
  files: [{ path: "src/form.ts", kind: "content" }],
};

/** Sessions of `login` and `export` run. */
function twoAtWork(warn?: NonNullable<Plan["merge"]>["warn"]): World {
  const world = new World(warn === undefined ? THREE : { ...THREE, merge: { warn } });
  const sessions = (): readonly SessionEffect[] =>
    nextEffects(world.now).filter((e): e is SessionEffect => e.kind === "session");
  world.run(() => sessions().length >= 2);
  for (const { id } of sessions()) world.submit({ type: "session-dispatched", effect: id, conversation: id });
  return world;
}

function predict(world: World, ...conflicts: readonly PredictedConflict[]): readonly WorkflowEvent[] {
  const decision = world.submit({ type: "conflicts-predicted", conflicts });
  return decision.ok ? decision.events : [];
}

describe("a conflict that is seen coming", () => {
  it("is recorded once, again when its files change, and cleared when it is gone", () => {
    const world = twoAtWork();
    expect(predict(world, FORM)).toMatchObject([{ type: "conflict.predicted", conflict: FORM }]);
    expect(predict(world, FORM)).toEqual([]);
    const more = { ...FORM, files: [...FORM.files, { path: "src/csv.ts", kind: "binary" as const }] };
    expect(predict(world, more)).toMatchObject([{ type: "conflict.predicted", conflict: more }]);
    expect(world.now.conflicts).toEqual([more]);
    expect(predict(world)).toMatchObject([{ type: "conflict.cleared", first: "login", second: "export" }]);
    expect(world.now.conflicts).toBeUndefined();
  });

  it("of lines that are not open any more is not recorded", () => {
    expect(predict(twoAtWork(), { ...FORM, second: "gone" })).toEqual([]);
  });

  it("is told to no session unless the policy says so", () => {
    const world = twoAtWork("person");
    predict(world, FORM);
    expect(world.now.messages).toBeUndefined();
  });

  it("is told to both sessions by policy: which slot, which files, how; and only what is new", () => {
    const world = twoAtWork("sessions");
    predict(world, FORM);
    expect(world.now.messages?.map(({ subject, kind, by }) => [subject, kind, by])).toEqual([
      ["login", "say", "signalbox"],
      ["export", "say", "signalbox"],
    ]);
    const [first, second] = world.now.messages ?? [];
    expect(first?.text).toMatch(/\(export\) .* in: src\/form\.ts \(the same lines changed\)/);
    expect(second?.text).toContain("(login)");
    predict(world);
    predict(world, FORM);
    predict(world, { ...FORM, files: [{ path: "src/csv.ts", kind: "binary" }] });
    const texts = world.now.messages?.map(({ text }) => text) ?? [];
    expect(texts.at(-1)).toContain("src/csv.ts");
    expect(texts.at(-1)).not.toContain("src/form.ts");
  });

  it("with the integration branch is told to the slot, with the target to nobody", () => {
    const world = twoAtWork("sessions");
    predict(
      world,
      { ...FORM, first: "@integration", second: "login" },
      { ...FORM, first: "@target", second: "export" },
    );
    expect(world.now.conflicts).toHaveLength(2);
    expect(world.now.messages?.map(({ subject }) => subject)).toEqual(["login"]);
  });
});

it("a conflict of work that went back to its creator is told to nobody who works: it holds what others merged", () => {
  const world = new World(
    { ...THREE, merge: { warn: "sessions", returns: "all" } },
    {
      integration: ({ id, integration }) =>
        integration.type === "merge" && integration.subject === "export"
          ? {
              type: "integration-failed",
              effect: id,
              failure: { reason: "conflict", files: ["src/form.ts"] },
            }
          : undefined,
    },
  );
  world.run((state) => state.deliverables.export?.rejoin?.joined !== undefined);
  world.fill();
  predict(world, { ...FORM, first: "export", second: "dates" });
  expect(world.now.conflicts).toHaveLength(1);
  expect(world.now.messages).toBeUndefined();
});
