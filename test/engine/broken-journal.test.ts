import { afterEach, expect, it } from "vitest";
import type { EngineDependencies } from "../../src/engine/dependencies.ts";
import type { JournalStore } from "../../src/ports/journal.ts";
import { THREE } from "../builders/worlds.ts";
import { createEngine, engineDependencies, onBase, runApproving } from "../support/engine.ts";
import { eventually } from "../support/eventually.ts";
import { openFilesBelow } from "../support/open-files.ts";
import { type Scratch, scratchRepository } from "../support/scratch-repository.ts";

const scratches: Scratch[] = [];
afterEach(() => {
  for (const scratch of scratches.splice(0)) scratch.remove();
});

/** A store whose journals fail from the append `from` on, as on a full disk. */
function failing(store: JournalStore, from: number): JournalStore {
  let appends = 0;
  return {
    folder: (workflow) => store.folder(workflow),
    list: () => store.list(),
    load: (workflow) => store.load(workflow),
    acquire: (workflow) => store.acquire(workflow),
    open: async (workflow, lease) => {
      const journal = await store.open(workflow, lease);
      return {
        durability: journal.durability,
        read: (after) => journal.read(after),
        close: () => journal.close(),
        append: async (...args) => {
          appends += 1;
          if (appends >= from) throw new Error("ENOSPC: no space left on device, write");
          return journal.append(...args);
        },
      };
    },
  };
}

it.each([1, 2, 12, 25])(
  "a journal that cannot be written (from append %i) ends the loop, gives the lease back and loses nothing",
  async (from) => {
    const scratch = await scratchRepository();
    scratches.push(scratch);
    const dependencies: EngineDependencies = await engineDependencies(scratch);
    const plan = onBase(THREE, await scratch.git("rev-parse", "HEAD"));
    const told: string[] = [];
    const broken = createEngine({
      ...dependencies,
      store: failing(dependencies.store, from),
      narrate: (line) => told.push(line),
    });
    broken.onStopped((workflow, error) => told.push(`${workflow} stopped: ${error.code}`));
    const created = broken.create(plan, "ana");
    const error = from === 1 ? created : created.then(() => broken.failed);
    await (from === 1 ? expect(error).rejects : expect(error).resolves).toMatchObject({
      code: "journal-unwritable",
      kind: "environment",
    });
    await broken.idle();
    expect(broken.busy()).toBe(false);
    expect(broken.state(plan.workflow.id)).toBeUndefined();
    const stop = told.indexOf(`${plan.workflow.id} stopped: journal-unwritable`);
    expect(stop).toBeGreaterThanOrEqual(0);
    // A log on the same disk has room only after this was told.
    expect(told.findIndex((line) => line.includes("cannot be written"))).toBeGreaterThan(stop);
    await eventually("every file is closed", () => openFilesBelow(scratch.folder).length === 0);

    const mended = createEngine(dependencies);
    if (from === 1) await mended.create(plan, "ana");
    else await mended.open(plan.workflow.id);
    const state = await runApproving(mended, plan.workflow.id);
    await mended.close();
    expect(state.status).toBe("COMPLETE");
    const merges = await scratch.git("log", "--merges", "--format=%s", `${plan.layout.branchPrefix}/main`);
    expect(merges.split("\n")).toHaveLength(3);
  },
);
