/** A merge that brings nothing new has no commit of its own; the simulation found that a recovered one was told otherwise. */
import { describe, expect, it } from "vitest";
import type { EngineDependencies } from "../../src/engine/dependencies.ts";
import { unrecordedChange } from "../../src/engine/perform-integrate.ts";
import type { FoundEffect } from "../../src/ports/repository.ts";
import { World } from "../builders/world.ts";
import { THREE } from "../builders/worlds.ts";

describe("a merge that was carried out and not recorded", () => {
  const state = new World(THREE).run(({ integrations }) => integrations.some(({ type }) => type === "merge"));
  const [queued] = state.integrations;
  const merged = queued?.type === "merge" ? queued.commit : "";

  function mergedAfter(found: Pick<FoundEffect, "merges">) {
    const repository = {
      resolve: async () => "new-tip",
      findEffect: async (): Promise<FoundEffect> => ({ ...found, commit: "new-tip", at: state.updatedAt }),
    };
    return unrecordedChange({ repository } as unknown as EngineDependencies, state);
  }

  it("stands for itself where it has a commit", async () => {
    expect(await mergedAfter({ merges: [{ commit: "merge", merged }] })).toMatchObject({
      command: { head: "new-tip", mergeCommit: "merge" },
    });
  });

  it("is what it came to where it brought nothing new, as if nobody had died", async () => {
    expect(await mergedAfter({ merges: [] })).toMatchObject({
      command: { head: "new-tip", mergeCommit: state.head },
    });
  });
});
