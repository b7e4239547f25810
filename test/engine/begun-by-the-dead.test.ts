import { expect, it, onTestFinished } from "vitest";
import type { Repository } from "../../src/ports/repository.ts";
import { THREE } from "../builders/worlds.ts";
import { createEngine, engineDependencies, onBase, runApproving } from "../support/engine.ts";
import { scratchRepository } from "../support/scratch-repository.ts";

it("a change of the branch that the git of a dead coordinator finishes meanwhile counts as done, and asks nobody", async () => {
  const scratch = await scratchRepository({ "src/app.ts": "export const app = 1;\n" });
  const dependencies = await engineDependencies(scratch);
  let moves = 0;
  // Every move has happened already, with the commit of the same change, when this coordinator wants to make it.
  const advance: Repository["advance"] = async (branch, commit, expected) => {
    moves += 1;
    const moved = await dependencies.repository.advance(branch, commit, expected);
    return moved.ok ? { ok: false, found: commit } : moved;
  };
  const repository = { ...dependencies.repository, advance };
  const engine = createEngine({ ...dependencies, repository });
  onTestFinished(async () => {
    await engine.close();
    scratch.remove();
  });
  const plan = onBase(THREE, await scratch.git("rev-parse", "HEAD"));
  await engine.create(plan, "ana");
  const state = await runApproving(engine, plan.workflow.id);
  expect(state.questions).toEqual([]);
  expect(state.status).toBe("COMPLETE");
  expect(moves).toBeGreaterThan(3);
  const merges = await scratch.git("log", "--merges", "--format=%s", `${plan.layout.branchPrefix}/main`);
  expect(merges.split("\n")).toHaveLength(3);
});
