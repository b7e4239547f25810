import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Plan } from "../../src/core/plan/plan.ts";
import { validateState } from "../../src/core/view/diagnostics.ts";
import type { WorkflowEvent } from "../../src/core/workflow/event.ts";
import { evolve } from "../../src/core/workflow/evolve.ts";
import type { WorkflowState } from "../../src/core/workflow/state.ts";
import { lintDocuments } from "../../src/documents/lint/lint.ts";
import { createRenderer } from "../../src/documents/renderer.ts";
import { parseStateDocument } from "../../src/documents/state/parse-state.ts";
import { type Script, World } from "../builders/world.ts";
import { EN108, MULTI, THREE } from "../builders/worlds.ts";

const { render } = createRenderer("1.2.3");
const PLANS: Readonly<Record<string, Plan>> = { MULTI, EN108, THREE };

/** Everything wrong with the documents and the state of one moment. */
function problems(state: WorkflowState): readonly string[] {
  const files = render(state);
  const parsed = parseStateDocument(files[0]?.content ?? "");
  const again = parsed.ok ? render(parsed.state) : [];
  return [
    ...lintDocuments(files).map((one) => `${one.rule} ${one.file}:${one.line} ${one.message}`),
    ...validateState(state).flatMap((one) => (one.level === "error" ? [`${one.rule} ${one.message}`] : [])),
    ...(JSON.stringify(again) === JSON.stringify(files) ? [] : ["not the same after reading it back"]),
  ];
}

/** The state after every batch of events that one command made, thinned out to about `count`. */
function moments(events: readonly WorkflowEvent[], count: number): readonly WorkflowState[] {
  let state: WorkflowState | null = null;
  const all: WorkflowState[] = [];
  for (const [index, event] of events.entries()) {
    state = evolve(state, event);
    if (events[index + 1]?.at !== event.at || events[index + 1]?.type === "session.dispatched")
      all.push(state);
  }
  const step = Math.max(1, Math.floor(all.length / count));
  return all.filter((_, index) => index % step === 0 || index === all.length - 1);
}

/** Runs to the end; whatever waits is answered with the first of these words that is allowed. */
function toTheEnd(
  world: World,
  words: readonly ("accept" | "skip" | "retry" | "waive" | "redo" | "done")[],
): void {
  for (let round = 0; round < 60; round += 1) {
    world.run();
    const [question] = world.now.questions;
    if (question === undefined) return;
    if (question.options.includes("approve")) {
      world.submit({ type: "approve", subject: question.subject, by: "ana", note: "" });
      continue;
    }
    const word = words.find((one) => question.options.includes(one));
    if (word === undefined) return;
    world.submit({ type: "decide", subject: question.subject, word, text: "so be it", by: "ana" });
  }
}

describe("documents of histories made by the core", () => {
  it.each(Object.keys(PLANS))("have no defect at any moment of an undisturbed run of %s", (name) => {
    const world = new World(PLANS[name] ?? MULTI);
    toTheEnd(world, []);
    expect(world.now.status).toBe("COMPLETE");
    expect(moments(world.events, 5).flatMap(problems)).toEqual([]);
  });

  it("have no defect when gates give up, sessions fail and a person decides", () => {
    const script = fc.record({
      plan: fc.constantFrom(...Object.keys(PLANS)),
      scores: fc.array(fc.constantFrom(0.4, 0.86, 0.9, 0.95), { minLength: 3, maxLength: 6 }),
      missing: fc.boolean(),
      word: fc.constantFrom("accept" as const, "skip" as const, "retry" as const),
    });
    fc.assert(
      fc.property(script, ({ plan, scores, missing, word }) => {
        const world = new World(PLANS[plan] ?? MULTI, scripted(scores, missing));
        toTheEnd(world, [word, "accept", "skip", "waive", "redo", "done"]);
        expect(moments(world.events, 3).flatMap(problems)).toEqual([]);
      }),
      { numRuns: 6 },
    );
  });

  it("have no defect after a checkpoint was rejected and the phase was done again", () => {
    const world = new World(EN108);
    for (const subject of ["plan", "CP-001"]) {
      world.run();
      world.submit({ type: "approve", subject, by: "ana", note: "" });
    }
    world.run();
    world.submit({ type: "reject", subject: "CP-002", by: "ana", note: "too vague | really", clean: false });
    expect(problems(world.now)).toEqual([]);
    toTheEnd(world, []);
    expect(world.now).toMatchObject({ status: "COMPLETE", epoch: 2 });
    expect(moments(world.events, 5).flatMap(problems)).toEqual([]);
  });
});

/** Scores come round robin by effect, one subject leaves no artifact in its first round. */
function scripted(scores: readonly number[], missing: boolean): Script {
  let turn = 0;
  return {
    score: () => {
      turn += 1;
      return scores[turn % scores.length];
    },
    artifactBytes: (subject, round) => (missing && round === 1 && /001$/.test(subject) ? null : undefined),
  };
}
