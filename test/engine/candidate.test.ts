/** Candidates of merges, with a repository that says what merging would give. */
import { describe, expect, it } from "vitest";
import type { MergePolicy } from "../../src/core/definition.ts";
import type { IntegrateEffect } from "../../src/core/workflow/effect.ts";
import { nextEffects } from "../../src/core/workflow/next-effects.ts";
import type { ChangedFile } from "../../src/core/workflow/outcome.ts";
import type { WorkflowState } from "../../src/core/workflow/state.ts";
import { buildCandidate } from "../../src/engine/build-candidate.ts";
import type { EngineDependencies } from "../../src/engine/dependencies.ts";
import type { MergeResult } from "../../src/ports/repository.ts";
import { World } from "../builders/world.ts";
import { THREE } from "../builders/worlds.ts";

interface Answers {
  readonly merge?: (commit: string) => MergeResult;
  readonly files?: readonly ChangedFile[];
  /** Whether `npm test` passes. */
  readonly passes?: boolean;
}

function dependencies({ merge, files = [], passes = true }: Answers): EngineDependencies {
  const result = {
    name: "npm test",
    passed: passes,
    redAtBase: false,
    exitCode: 1,
    timedOut: false,
    tail: "",
  };
  return {
    repository: {
      isAncestor: async () => false,
      buildMerge: async (into: string, commit: string) =>
        merge?.(commit) ?? { ok: true, commit: `${into.slice(-4)}+${commit.slice(-4)}` },
      changedFiles: async () => files,
      addReviewWorktree: async () => ({ path: "/review" }),
    },
    provisioner: { prepare: async () => ({ ok: true }), release: async () => undefined },
    checks: { run: async () => [result] },
  } as unknown as EngineDependencies;
}

/** All three wait, and their merge is outstanding. */
function waiting(merge: Partial<MergePolicy> = {}): {
  readonly state: WorkflowState;
  readonly effect: IntegrateEffect;
} {
  const world = new World({ ...THREE, merge: { warn: "none", ...merge } });
  const state = world.run(({ integrations }) => integrations.some(({ type }) => type === "merge"));
  const effect = nextEffects(state).find((one): one is IntegrateEffect => one.kind === "integrate");
  if (effect === undefined) throw new Error("nothing is merged");
  return { state, effect };
}

function candidateOf({ state, effect }: ReturnType<typeof waiting>, answers: Answers) {
  const flight = { effect, state: () => state, signal: new AbortController().signal };
  return buildCandidate(dependencies(answers), flight as Parameters<typeof buildCandidate>[1]);
}

describe("the candidate of a merge", () => {
  it("takes exactly the approved commit", async () => {
    const { state, effect } = waiting();
    if (effect.integration.type !== "merge") throw new Error("no merge");
    const other = { ...effect, integration: { ...effect.integration, commit: "f".repeat(40) } };
    expect(await candidateOf({ state, effect: other }, {})).toMatchObject({
      failure: { reason: "not-approved" },
    });
  });

  it("that changes more than its gate was for opens the gate again", async () => {
    const files = [{ path: ".context/rules/style.md", change: "modified" }] as const;
    const built = await candidateOf(waiting(), { files });
    expect(built).toEqual({ failure: { reason: "raised", files } });
  });
});

describe("the candidate of a batch", () => {
  const batch = waiting({ batch: 3 });

  it("has a merge of each slot, one behind the other", async () => {
    const built = await candidateOf(batch, {});
    expect(built).toMatchObject({ also: [{ subject: "export" }, { subject: "dates" }] });
  });

  it("leaves out what conflicts with those before it", async () => {
    const conflicting = batch.state.deliverables.export?.commit;
    const merge = (commit: string): MergeResult =>
      commit === conflicting ? { ok: false, conflicts: ["a"] } : { ok: true, commit: `+${commit.slice(-4)}` };
    expect(await candidateOf(batch, { merge })).toMatchObject({ also: [{ subject: "dates" }] });
  });

  it("names all who were in it when the checks fail", async () => {
    expect(await candidateOf(batch, { passes: false })).toMatchObject({
      failure: { reason: "checks", tried: ["login", "export", "dates"] },
    });
  });
});
