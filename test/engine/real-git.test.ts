import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { derivePlan } from "../../src/core/plan/derive-plan.ts";
import type { AddWorktree } from "../../src/ports/repository.ts";
import { aPhase, aSlot, THREE_FIXES_CONTEXT, threeFixes } from "../builders/definitions.ts";
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

  it("hands the worktree of a merged slot on where the settings ask for it, and leaves none at the end", async () => {
    const repo = await scratch();
    const dependencies = await engineDependencies(repo);
    const { repository } = dependencies;
    const given: string[] = [];
    let putAside = (): void => {};
    const first = new Promise<void>((resolve) => {
      putAside = resolve;
    });
    const addWorktree = async (request: AddWorktree) => {
      if (given.length > 0) await first;
      const place = await repository.addWorktree(request);
      given.push(basename((await readFile(join(place.path, ".git"), "utf8")).trim()));
      return place;
    };
    const recycleWorktree = (workflow: string, path: string) =>
      repository.recycleWorktree(workflow, path).finally(putAside);
    const engine = createEngine({
      ...dependencies,
      repository: { ...repository, addWorktree, recycleWorktree },
    });
    const phases = ["Fix", "Tidy"].map((name) => aPhase(name, [aSlot({ id: name.toLowerCase() })]));
    const definition = threeFixes({ stages: phases, provision: { reuse: true } });
    const { plan } = derivePlan(definition, THREE_FIXES_CONTEXT);
    if (plan === null) throw new Error("no plan");
    const based = onBase(plan, await repo.git("rev-parse", "HEAD"));
    await engine.create(based, "ana");
    const state = await runApproving(engine, based.workflow.id);
    await engine.close();
    expect(state.status).toBe("COMPLETE");
    expect(given).toEqual(["fix.1.1", "fix.1.1"]);
    expect(await repo.git("worktree", "list")).not.toContain("spare-");
    expect(await repo.git("for-each-ref", "refs/signalbox/preserved")).toBe("");
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
