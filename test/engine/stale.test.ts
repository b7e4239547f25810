import { afterEach, expect, it } from "vitest";
import type { Engine } from "../../src/engine/engine.ts";
import type { JournalStore } from "../../src/ports/journal.ts";
import { THREE } from "../builders/worlds.ts";
import { createEngine, engineDependencies, onBase } from "../support/engine.ts";
import { type Scratch, scratchRepository } from "../support/scratch-repository.ts";

let repo: Scratch | undefined;
const engines: Engine[] = [];
afterEach(async () => {
  for (const engine of engines.splice(0)) await engine.close();
  repo?.remove();
});

it("a coordinator whose lease was taken while it slept refuses nothing from its old state: it stops", async () => {
  repo = await scratchRepository({ "README.md": "# Scratch\n" });
  const dependencies = await engineDependencies(repo);
  const first = createEngine(dependencies);
  engines.push(first);
  const plan = onBase(THREE, await repo.git("rev-parse", "HEAD"));
  const { id } = plan.workflow;
  await first.create(plan, "ana");
  await first.idle();
  const late = { type: "approve", subject: "nobody", by: "ana", note: "" } as const;
  expect(await first.submit(id, late)).toMatchObject({ ok: false });

  const { store } = dependencies;
  const acquire: JournalStore["acquire"] = (workflow) => store.acquire(workflow, { steal: true });
  const second = createEngine({ ...dependencies, store: { ...store, acquire } });
  engines.push(second);
  await second.open(id);

  await expect(first.submit(id, late)).rejects.toMatchObject({ code: "fenced" });
  expect(await second.submit(id, late)).toMatchObject({ ok: false });
});
