import { afterEach, describe, expect, it } from "vitest";
import type { CommandBody } from "../../src/core/workflow/command.ts";
import type { EngineDependencies } from "../../src/engine/dependencies.ts";
import type { Engine } from "../../src/engine/engine.ts";
import type { JournalStore } from "../../src/ports/journal.ts";
import type { Repository } from "../../src/ports/repository.ts";
import { THREE } from "../builders/worlds.ts";
import { createEngine, engineDependencies, onBase, runApproving } from "../support/engine.ts";
import { type Scratch, scratchRepository } from "../support/scratch-repository.ts";

const scratches: Scratch[] = [];
afterEach(() => {
  for (const scratch of scratches.splice(0)) scratch.remove();
});

const ID = THREE.workflow.id;
const BRANCH = `${THREE.layout.branchPrefix}/main`;

/** A workflow that was paused exactly while its first merge moved the branch; `dies` = and its engine saw nothing more. */
async function pausedInMerge(dies = false): Promise<{ readonly scratch: Scratch; readonly engine: Engine }> {
  const scratch = await scratchRepository();
  scratches.push(scratch);
  const dependencies = await engineDependencies(scratch);
  const plan = onBase(THREE, await scratch.git("rev-parse", "HEAD"));
  let moves = 0;
  let paused: () => void = () => {};
  const death = new Promise<void>((resolve) => {
    paused = resolve;
  });
  const advance: Repository["advance"] = async (...args) => {
    moves += 1;
    const moved = await dependencies.repository.advance(...args);
    // The first move is the creation, the second the first merge.
    if (moves !== 2) return moved;
    await engine.submit(ID, { type: "pause", reason: "lunch", by: "ana" });
    paused();
    return dies ? new Promise(() => {}) : moved;
  };
  const engine: Engine = createEngine({
    ...dependencies,
    repository: { ...dependencies.repository, advance },
  });
  await engine.create(plan, "ana");
  await (dies ? death : engine.idle());
  expect(moves).toBe(2);
  expect(engine.state(ID)?.status).toBe("PAUSED");
  return { scratch, engine: dies ? await successor(dependencies) : engine };
}

/** The engine of the next coordinator. */
async function successor(dependencies: EngineDependencies): Promise<Engine> {
  const { store } = dependencies;
  const acquire: JournalStore["acquire"] = (workflow) => store.acquire(workflow, { steal: true });
  const engine = createEngine({ ...dependencies, store: { ...store, acquire } });
  await engine.open(ID);
  return engine;
}

describe("a pause that comes while a change of the branch is under way", () => {
  it("lets it end and records it", async () => {
    const { scratch, engine } = await pausedInMerge();
    expect(engine.state(ID)).toMatchObject({ head: await scratch.git("rev-parse", BRANCH) });
    await engine.close();
  });

  it.each([false, true])(
    "leaves nothing unrecorded to a cancel that comes after it (coordinator died: %s)",
    async (dies) => {
      const { scratch, engine } = await pausedInMerge(dies);
      const cancel: CommandBody = { type: "cancel", by: "ana", reason: "enough" };
      expect(await engine.submit(ID, cancel)).toMatchObject({ ok: true });
      await engine.idle();
      const state = engine.state(ID);
      await engine.close();
      expect(state).toMatchObject({
        status: "CANCELLED",
        integrations: [],
        head: await scratch.git("rev-parse", BRANCH),
      });
      expect(Object.values(state?.deliverables ?? {}).filter((d) => d.step === "merged")).toHaveLength(1);
    },
  );

  it("and resume goes on to the end with each merge once", async () => {
    const { scratch, engine } = await pausedInMerge();
    await engine.submit(ID, { type: "resume", by: "ana" });
    const state = await runApproving(engine, ID);
    await engine.close();
    expect(state.status).toBe("COMPLETE");
    expect((await scratch.git("log", "--merges", "--format=%s", BRANCH)).split("\n")).toHaveLength(3);
  });
});
