/** P1, P2: work that stands where no commit takes it in goes back to its maker and never passes. */
import { expect, it } from "vitest";
import { lastRound, requireDeliverable } from "../../src/core/workflow/queries.ts";
import { World } from "../builders/world.ts";
import { THREE } from "../builders/worlds.ts";

const [first] = THREE.deliverables.map((d) => d.id);
const subject = first ?? "";

it("sends a commit with a nested repository back, and passes once it is gone", () => {
  const world = new World(THREE, {
    nested: (id, round) => (id === subject && round === 1 ? ["tools/gen/"] : undefined),
  });
  world.run((state) => requireDeliverable(state, subject).rounds.length === 2);
  const [round] = requireDeliverable(world.now, subject).rounds;
  expect(round).toMatchObject({ verdict: "REVISE", samples: [] });
  expect(round?.findings.map((f) => [f.severity, f.section])).toEqual([["CRITICAL", "tools/gen/"]]);
  const revision = world.run((state) => state.deliverables[subject]?.approval !== undefined);
  expect(lastRound(requireDeliverable(revision, subject))).toMatchObject({ round: 2, verdict: "PASS" });
});

it("does not call it an empty change when everything stands in the nested repository", () => {
  const world = new World(THREE, {
    files: (id) => (id === subject ? [] : [{ path: `src/${id}.ts`, change: "added" }]),
    nested: (id) => (id === subject ? ["tools/gen/"] : undefined),
  });
  const state = world.run((now) => now.questions.some((q) => q.subject === subject));
  expect(state.questions.find((q) => q.subject === subject)?.kind).toBe("escalation");
  expect(requireDeliverable(state, subject).approval).toBeUndefined();
});
