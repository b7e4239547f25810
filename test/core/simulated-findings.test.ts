/** What the simulation has found in the rules, each as small as it can be told. */
import { describe, expect, it } from "vitest";
import type { SessionEffect } from "../../src/core/workflow/effect.ts";
import { isOver, nextEffects } from "../../src/core/workflow/next-effects.ts";
import { World } from "../builders/world.ts";
import { THREE } from "../builders/worlds.ts";

describe("an ended workflow that cannot write its last commit", () => {
  function cancelled(): { readonly world: World; mend(): void } {
    let moved = true;
    const world = new World(THREE, {
      integration: ({ id, integration }) =>
        moved && integration.type === "record"
          ? { type: "integration-failed", effect: id, failure: { reason: "foreign-ref", found: null } }
          : undefined,
    });
    world.run(({ head }) => head !== null);
    world.submit({ type: "cancel", by: "ana", reason: "enough" });
    world.run(({ questions }) => questions.length > 0);
    return {
      world,
      mend: () => {
        moved = false;
      },
    };
  }

  it("asks a person, and stays ended", () => {
    const { world } = cancelled();
    expect(world.now.status).toBe("CANCELLED");
    expect(world.now.questions).toMatchObject([
      { kind: "foreign-ref", subject: "workflow", options: ["resume", "skip"] },
    ]);
  });

  it.each([
    { type: "resume", by: "ana" } as const,
    { type: "decide", subject: "workflow", word: "resume", text: "", by: "ana" } as const,
  ])("writes it after $type", (command) => {
    const { world, mend } = cancelled();
    mend();
    expect(world.submit(command)).toMatchObject({ ok: true });
    expect(world.run().status).toBe("CANCELLED");
    expect(isOver(world.now)).toBe(true);
    expect(world.now.questions).toEqual([]);
    expect(world.submit({ type: "resume", by: "ana" })).toMatchObject({ ok: false });
  });

  it("leaves it out when the person says so", () => {
    const { world } = cancelled();
    world.submit({ type: "decide", subject: "workflow", word: "skip", text: "", by: "ana" });
    expect(isOver(world.run())).toBe(true);
  });
});

describe("a person who writes the work of a slot whose worktree could not be prepared", () => {
  it("makes a round of its own, so that what was written is committed", () => {
    const world = new World(THREE);
    const provision = nextEffects(world.run((now) => now.deliverables.login?.step === "provision")).find(
      (effect) => effect.kind === "provision" && effect.subject === "login",
    );
    world.submit({ type: "provision-failed", effect: provision?.id ?? "", message: "npm ci failed" });
    for (const word of ["write", "done"] as const)
      expect(world.submit({ type: "decide", subject: "login", word, text: "", by: "ana" })).toMatchObject({
        ok: true,
      });
    expect(world.run().deliverables.login).toMatchObject({ step: "merged", approval: { by: "person" } });
  });
});

describe("a session that is dispatched without a money limit", () => {
  it("has none either when another coordinator starts it", () => {
    const { settings, deliverables, ...plan } = THREE;
    const limits = { ...settings.limits, usd: null };
    const world = new World({
      ...plan,
      settings: { ...settings, limits },
      deliverables: deliverables.map((d) => ({ ...d, settings: { ...d.settings, limits } })),
    });
    const isSession = (effect: { readonly kind: string }): effect is SessionEffect =>
      effect.kind === "session";
    const first = nextEffects(world.run((now) => nextEffects(now).some(isSession))).find(isSession);
    expect(first?.usd).toBe(null);
    world.submit({ type: "session-dispatched", effect: first?.id ?? "", conversation: "c" });
    expect(nextEffects(world.now).find((effect) => effect.id === first?.id)).toMatchObject({
      dispatched: "c",
      usd: null,
    });
  });
});
