import { afterEach, expect, it } from "vitest";
import type { Engine } from "../../src/engine/engine.ts";
import type { CheckRunner } from "../../src/ports/provisioner.ts";
import { THREE } from "../builders/worlds.ts";
import { createEngine, engineDependencies, onBase } from "../support/engine.ts";
import { eventually } from "../support/eventually.ts";
import { type Scratch, scratchRepository } from "../support/scratch-repository.ts";

const scratches: Scratch[] = [];
afterEach(() => {
  for (const scratch of scratches.splice(0)) scratch.remove();
});

const ID = THREE.workflow.id;

/** Checks that never end by themselves once `hangs` says so. */
function hanging(runner: CheckRunner, hangs: () => boolean, met: string[]): CheckRunner {
  return {
    run: async (folder, checks, settings, red, signal) => {
      if (!hangs()) return runner.run(folder, checks, settings, red, signal);
      met.push("started");
      if (signal?.aborted !== true)
        await new Promise<void>((resolve) => signal?.addEventListener("abort", () => resolve()));
      met.push("ended");
      return [];
    },
  };
}

it.each([
  ["of a slot", (engine: Engine) => engine.state(ID)?.baseChecks !== undefined],
  ["of a merge candidate", (engine: Engine) => engine.state(ID)?.integrations[0]?.type === "merge"],
] as const)("cancel ends a check %s that would never end, and the candidate is dropped", async (_, hangs) => {
  const scratch = await scratchRepository();
  scratches.push(scratch);
  const dependencies = await engineDependencies(scratch);
  const met: string[] = [];
  const engine: Engine = createEngine({
    ...dependencies,
    checks: hanging(dependencies.checks, () => hangs(engine), met),
  });
  await engine.create(onBase(THREE, await scratch.git("rev-parse", "HEAD")), "ana");
  await eventually("a check hangs", () => met.length > 0);
  expect(await engine.submit(ID, { type: "cancel", by: "ana", reason: "enough" })).toMatchObject({
    ok: true,
  });
  await engine.idle();
  const state = engine.state(ID);
  await engine.close();
  expect(met.filter((word) => word === "ended")).toHaveLength(
    met.filter((word) => word === "started").length,
  );
  expect(state).toMatchObject({ status: "CANCELLED", integrations: [] });
  const branch = `${THREE.layout.branchPrefix}/main`;
  expect(state?.head).toBe(await scratch.git("rev-parse", branch));
  expect(await scratch.git("log", "--merges", "--format=%s", branch)).toBe("");
});
