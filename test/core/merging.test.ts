/** The merge queue, in the pure core: who waits for whom, in which order, several together, and who is sent away. */
import { describe, expect, it } from "vitest";
import type { Plan } from "../../src/core/plan/plan.ts";
import type { CommandBody } from "../../src/core/workflow/command.ts";
import type { IntegrateEffect, OrderEffect } from "../../src/core/workflow/effect.ts";
import { type Script, World } from "../builders/world.ts";
import { MULTI, THREE } from "../builders/worlds.ts";

const [LOGIN, EXPORT, DATES] = ["login", "export", "dates"];

function batched(batch: number): Plan {
  return { ...THREE, merge: { warn: "person", batch } };
}

/** Slots of each merge that was tried, in the order in which they were. */
function tried(world: World): readonly (readonly string[])[] {
  return world.done.flatMap((effect) => {
    if (effect.kind !== "integrate" || effect.integration.type !== "merge") return [];
    const { subject, together = [] } = effect.integration;
    return [[subject, ...together.map((one) => one.subject)]];
  });
}

const ordersOf = (world: World): readonly OrderEffect[] =>
  world.done.filter((effect): effect is OrderEffect => effect.kind === "order");

/** Checks of a candidate fail wherever one of these is in it. */
function failingWith(...bad: readonly string[]): NonNullable<Script["integration"]> {
  return ({ id, integration }: IntegrateEffect): CommandBody | undefined => {
    if (integration.type !== "merge") return undefined;
    const members = [integration.subject, ...(integration.together ?? []).map((one) => one.subject)];
    if (!members.some((one) => bad.includes(one))) return undefined;
    const results = [
      { name: "npm test", passed: false, redAtBase: false, exitCode: 1, timedOut: false, tail: "" },
    ];
    const failure = { reason: "checks", results, ...(members.length > 1 ? { tried: members } : {}) } as const;
    return { type: "integration-failed", effect: id, failure };
  };
}

describe("slots of a phase that may change the same files", () => {
  it("are merged when all of them are decided, in an order that is asked for again on each tip", () => {
    const world = new World(THREE);
    world.run((state) => state.deliverables.login?.step === "merge");
    expect(world.now.integrations).toEqual([]);
    world.run();
    expect(world.now.status).toBe("COMPLETE");
    const [first, second, ...more] = ordersOf(world);
    expect(first?.candidates.map(({ subject }) => subject)).toEqual([LOGIN, EXPORT, DATES]);
    expect(second?.candidates.map(({ subject }) => subject)).toEqual([EXPORT, DATES]);
    expect(second?.head).not.toBe(first?.head);
    expect(more).toEqual([]);
  });

  it("go clean first, so that one of three conflicts instead of two", () => {
    const against: Readonly<Record<string, readonly string[]>> = {
      login: ["export", "dates"],
      export: ["login"],
      dates: ["login"],
    };
    const world = new World(THREE, { forecast: (subject) => ({ against: against[subject] ?? [] }) });
    world.run();
    expect(tried(world)).toEqual([[EXPORT], [DATES], [LOGIN]]);
    expect(world.events.find(({ type }) => type === "merges.ordered")).toMatchObject({
      order: { candidates: [{ subject: EXPORT }, { subject: DATES }, { subject: LOGIN }] },
    });
  });

  it("go by priority where their author gave one", () => {
    const plan = {
      ...THREE,
      deliverables: THREE.deliverables.map((d) => (d.id === DATES ? { ...d, priority: 5 } : d)),
    };
    const world = new World(plan);
    world.run();
    expect(tried(world)).toEqual([[DATES], [LOGIN], [EXPORT]]);
  });

  it("do not wait for one that waits for a person", () => {
    const world = new World(THREE, {
      end: ({ subject }) =>
        subject === EXPORT ? { kind: "crashed", message: "x", retry: "never" } : undefined,
    });
    world.run();
    expect(world.now.questions).toMatchObject([{ subject: EXPORT, kind: "failure" }]);
    expect(tried(world)).toEqual([[LOGIN], [DATES]]);
  });

  it("merge at once what another one needs, though others still work", () => {
    const plan = {
      ...THREE,
      deliverables: THREE.deliverables.map((d) => (d.id === DATES ? { ...d, after: ["login"] } : d)),
    };
    const world = new World(plan);
    world.run((state) => state.deliverables.login?.step === "merge");
    expect(world.now.deliverables.export?.step).not.toBe("merge");
    expect(world.now.integrations).toMatchObject([{ type: "merge", subject: LOGIN }]);
    world.run();
    expect(world.now.status).toBe("COMPLETE");
  });

  it("forget the order with a rewind", () => {
    const world = new World(THREE);
    world.run((state) => state.head !== null);
    world.submit({ type: "checkpoint", by: "ana", note: "before" });
    world.run((state) => state.mergeOrder !== undefined);
    world.submit({ type: "rewind", checkpoint: "CP-002", by: "ana", note: "" });
    expect(world.now.epoch).toBe(2);
    expect(world.now.mergeOrder).toBeUndefined();
  });
});

describe("slots that write only their own artifact", () => {
  it("are merged in plan order as soon as the earlier ones are decided, and nobody asks for an order", () => {
    const world = new World(MULTI);
    world.run();
    for (const { id } of world.now.questions)
      world.submit({ type: "decide", subject: id, word: "approve", text: "", by: "ana" });
    const merged = (): number => world.events.filter(({ type }) => type === "deliverable.merged").length;
    world.run(() => merged() > 3);
    expect(merged()).toBe(4);
    expect(ordersOf(world)).toEqual([]);
  });
});

describe("a batch", () => {
  it("is merged in one step, each slot with a merge of its own", () => {
    const world = new World(batched(3));
    world.run();
    expect(tried(world)).toEqual([[LOGIN, EXPORT, DATES]]);
    const merges = world.events.filter(({ type }) => type === "deliverable.merged");
    expect(new Set(merges.map((one) => "mergeCommit" in one && one.mergeCommit)).size).toBe(3);
    expect(world.now.status).toBe("COMPLETE");
  });

  it("takes what was merged, where less was merged than was wanted; the rest has its turn on the new tip", () => {
    const cut: NonNullable<Script["integration"]> = (effect) =>
      effect.integration.type === "merge" && effect.integration.together?.length === 2
        ? { type: "integrated", effect: effect.id, head: "f".repeat(40), mergeCommit: "e".repeat(40) }
        : undefined;
    const world = new World(batched(3), { integration: cut });
    world.run();
    expect(tried(world)).toEqual([
      [LOGIN, EXPORT, DATES],
      [EXPORT, DATES],
    ]);
    expect(world.now.status).toBe("COMPLETE");
  });

  it("that fails is halved until one fails alone: a person is asked about that one, all others are merged", () => {
    const world = new World(batched(3), { integration: failingWith(EXPORT) });
    world.run();
    expect(tried(world)).toEqual([[LOGIN, EXPORT, DATES], [LOGIN, EXPORT], [LOGIN], [EXPORT], [DATES]]);
    expect(world.now.deliverables).toMatchObject({ login: { step: "merged" }, dates: { step: "merged" } });
    expect(world.now.questions).toMatchObject([{ subject: EXPORT, kind: "conflict" }]);
    expect(world.now.suspects).toBeUndefined();
  });
});

describe("a merge that changes more than its gate was for", () => {
  it("opens the gate again at the higher level, once a person has agreed, and merges what passes it", () => {
    let raised = false;
    const world = new World(THREE, {
      integration: ({ id, integration }) => {
        if (integration.type !== "merge" || integration.subject !== "export" || raised) return undefined;
        raised = true;
        const files = [{ path: ".context/rules/style.md", change: "modified" }] as const;
        return { type: "integration-failed", effect: id, failure: { reason: "raised", files } };
      },
    });
    world.run();
    expect(world.now.questions).toMatchObject([{ kind: "criticality", subject: "export" }]);
    expect(world.now.deliverables.export).toMatchObject({ criticality: "C3" });
    world.submit({ type: "approve", subject: "export", by: "ana", note: "" });
    world.run();
    const judged = world.done.filter(
      (e) => e.kind === "session" && e.subject === "export" && e.purpose === "judge",
    );
    expect(judged.length).toBeGreaterThan(0);
    expect(world.now.deliverables.export).toMatchObject({ step: "merged" });
    expect(world.now.deliverables.export?.rounds).toHaveLength(2);
  });
});

describe("a limit after which no agent starts", () => {
  it("does not keep from the branch what is approved: it is ordered and merged before the person is asked again", () => {
    const limits = { ...THREE.settings.limits, parallel: 1, sessions: 2 };
    const world = new World({ ...THREE, settings: { ...THREE.settings, limits } });
    world.run();
    expect(world.now.questions).toMatchObject([{ kind: "limit", subject: "workflow" }]);
    world.submit({ type: "decide", subject: "workflow", word: "finish", text: "", by: "ana" });
    world.run();
    expect(tried(world)).toEqual([[LOGIN], [EXPORT]]);
    expect(world.now).toMatchObject({ status: "PAUSED", deliverables: { dates: { step: "create" } } });
  });
});
