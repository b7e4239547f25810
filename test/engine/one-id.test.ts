import { afterEach, describe, expect, it } from "vitest";
import { THREE } from "../builders/worlds.ts";
import { createEngine, engineDependencies, onBase } from "../support/engine.ts";
import { type Scratch, scratchRepository } from "../support/scratch-repository.ts";

const scratches: Scratch[] = [];
afterEach(() => {
  for (const scratch of scratches.splice(0)) scratch.remove();
});

async function world() {
  const scratch = await scratchRepository({ "src/app.ts": "export const app = 1;\n" });
  scratches.push(scratch);
  const plan = onBase(THREE, await scratch.git("rev-parse", "HEAD"));
  return { dependencies: await engineDependencies(scratch), plan };
}

const TAKEN = {
  kind: "user",
  code: "already-exists",
  message: `The workflow ${THREE.workflow.id} exists already`,
};

describe("an id that is taken", () => {
  it("is refused while its workflow is being opened, so that two that start at once do not share one", async () => {
    const { dependencies, plan } = await world();
    const engine = createEngine(dependencies);
    const [first, second] = await Promise.allSettled([engine.create(plan, "ana"), engine.create(plan, "bo")]);
    await engine.close();
    expect(first.status).toBe("fulfilled");
    expect(second).toMatchObject({ status: "rejected", reason: TAKEN });
  });

  it("is refused by a later coordinator, which has only the journal", async () => {
    const { dependencies, plan } = await world();
    const before = createEngine(dependencies);
    await before.create(plan, "ana");
    await before.close();
    const after = createEngine(dependencies);
    await expect(after.create(plan, "bo")).rejects.toMatchObject(TAKEN);
    expect((await after.open(plan.workflow.id)).status).not.toBe("CANCELLED");
    await after.close();
  });
});
