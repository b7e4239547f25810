/** Something of a person's stands where a worktree has to go: a question at once, with the way out, and nothing touched. */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, expect, it } from "vitest";
import type { Engine } from "../../src/engine/engine.ts";
import { THREE } from "../builders/worlds.ts";
import { createEngine, engineDependencies, onBase, runApproving } from "../support/engine.ts";
import { type Scratch, scratchRepository } from "../support/scratch-repository.ts";

let repo: Scratch | undefined;
let engine: Engine | undefined;
afterEach(async () => {
  await engine?.close();
  repo?.remove();
});

it.each([
  ["folder", (place: string) => writeFileSync(join(place, "mine.txt"), "mine"), "mine.txt"],
  ["file", (place: string) => writeFileSync(place, "mine"), ""],
] as const)("asks at once about a %s, and goes on after it was moved away", async (kind, make, inside) => {
  repo = await scratchRepository();
  const dependencies = await engineDependencies(repo);
  const plan = onBase(THREE, await repo.git("rev-parse", "HEAD"));
  const place = dependencies.repository.worktreePath(`${plan.layout.branchPrefix}/login.1.1`);
  mkdirSync(kind === "folder" ? place : dirname(place), { recursive: true });
  make(place);
  engine = createEngine(dependencies);
  await engine.create(plan, "ana");
  const waiting = await runApproving(engine, plan.workflow.id);
  const shown = place.replace(`${repo.folder}/`, "../");
  expect(waiting.questions).toMatchObject([
    {
      kind: "failure",
      subject: "login",
      reason: expect.stringContaining(`The ${kind} ${shown} stands where`),
    },
  ]);
  expect(waiting.questions[0]?.reason).toContain(`mv ${shown} ${shown}.old`);
  expect(JSON.stringify(waiting)).not.toContain(repo.folder);
  expect(waiting.deliverables.login?.tries).toBe(0);
  expect(waiting.spend.retries).toBe(0);
  expect(readFileSync(join(place, inside), "utf8")).toBe("mine");
  renameSync(place, `${place}.old`);
  await engine.submit(plan.workflow.id, {
    type: "decide",
    subject: "login",
    word: "retry",
    text: "",
    by: "ana",
  });
  expect((await runApproving(engine, plan.workflow.id)).status).toBe("COMPLETE");
  expect(readFileSync(join(`${place}.old`, inside), "utf8")).toBe("mine");
});
