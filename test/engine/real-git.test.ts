import { afterEach, describe, expect, it } from "vitest";
import { MULTI, THREE } from "../builders/worlds.ts";
import { createEngine, engineDependencies, onBase, runApproving } from "../support/engine.ts";
import { type Scratch, scratchRepository } from "../support/scratch-repository.ts";

const scratches: Scratch[] = [];
afterEach(() => {
  for (const scratch of scratches.splice(0)) scratch.remove();
});

async function scratch(): Promise<Scratch> {
  const made = await scratchRepository({
    "README.md": "# Scratch\n",
    "src/app.ts": "export const app = 1;\n",
  });
  scratches.push(made);
  return made;
}

describe("the engine over real git with the simulated agent", () => {
  it("takes three fixes to merged commits on the integration branch", async () => {
    const repo = await scratch();
    const engine = createEngine(await engineDependencies(repo));
    const plan = onBase(THREE, await repo.git("rev-parse", "HEAD"));
    await engine.create(plan, "ana");
    const state = await runApproving(engine, plan.workflow.id);
    await engine.close();
    expect(state.questions).toEqual([]);
    expect(state.status).toBe("COMPLETE");
    const merges = await repo.git("log", "--merges", "--format=%s", `${plan.layout.branchPrefix}/main`);
    expect(merges.split("\n")).toHaveLength(3);
    expect(await repo.git("status", "--porcelain")).toBe("");
  });

  it("takes the cross-pollinated workflow through barriers to its end", async () => {
    const repo = await scratch();
    const engine = createEngine(await engineDependencies(repo));
    const plan = onBase(MULTI, await repo.git("rev-parse", "HEAD"));
    await engine.create(plan, "ana");
    const state = await runApproving(engine, plan.workflow.id);
    await engine.close();
    expect(state.questions.map((q) => q.reason)).toEqual([]);
    expect(state.status).toBe("COMPLETE");
    const files = (await repo.git("ls-tree", "-r", "--name-only", `${plan.layout.branchPrefix}/main`)).split(
      "\n",
    );
    expect(files.filter((f) => f.endsWith("handoff.md"))).toHaveLength(4);
    expect(await repo.git("worktree", "list")).not.toContain("agent-a-001");
  });
});
