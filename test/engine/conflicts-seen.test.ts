/** Conflicts seen while agents work: real git, a real host, the simulated agent. Nobody has committed or merged anything yet. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { createAdapter } from "../../src/adapters/agents/simulated.ts";
import { openConflicts } from "../../src/adapters/git/conflicts/index.ts";
import { createInProcessHost } from "../../src/adapters/host/in-process.ts";
import type { Scenario } from "../../src/adapters/scenario/scenario.ts";
import type { Plan } from "../../src/core/plan/plan.ts";
import type { Engine } from "../../src/engine/engine.ts";
import type { Clock } from "../../src/ports/clock.ts";
import { THREE } from "../builders/worlds.ts";
import { createEngine, engineDependencies, onBase } from "../support/engine.ts";
import { eventually } from "../support/eventually.ts";
import { GIT_ENV, type Scratch, scratchRepository } from "../support/scratch-repository.ts";

const ID = THREE.workflow.id;
const READS = { tool: "Read", input: { path: "README.md" }, times: 5000, until: "told" as const };

let scratch: Scratch | undefined;
let engine: Engine | undefined;
afterEach(async () => {
  await engine?.close();
  scratch?.remove();
});

/** Agents of `login` and `export` that read until somebody speaks to them. */
async function twoAtWork(merge: NonNullable<Plan["merge"]>): Promise<{
  readonly running: Engine;
  readonly write: (slot: string, text: string) => void;
}> {
  const made = await scratchRepository();
  scratch = made;
  const scenario: Scenario = {
    deliverables: {
      login: { delayMs: 20, calls: [READS] },
      export: { delayMs: 20, calls: [READS] },
    },
  };
  const base = await engineDependencies(made, {
    openConflicts: () => openConflicts(made.root, { env: GIT_ENV }),
  });
  const adapter = createAdapter({ scenario });
  const { commonDir } = base.repository;
  const host = createInProcessHost({ commonDir, loadAdapter: async () => adapter });
  // A slow machine rests longer between two looks than a test waits.
  const pause: Clock["pause"] = (ms, signal) => base.clock.pause(Math.min(ms, 300), signal);
  const running = createEngine({ ...base, host, clock: { ...base.clock, pause } });
  engine = running;
  await running.create({ ...onBase(THREE, await made.git("rev-parse", "HEAD")), merge }, "ana");
  for (const slot of ["login", "export"])
    await eventually(`a session of ${slot}`, () =>
      Object.values(running.state(ID)?.sessions ?? {}).some((one) => one.subject === slot),
    );
  const write = (slot: string, text: string): void => {
    const branch = running.state(ID)?.deliverables[slot]?.branch ?? "";
    writeFileSync(join(base.repository.worktreePath(branch), "shared.txt"), text);
  };
  return { running, write };
}

it("are recorded with their files, and told to both sessions where the policy says so", async () => {
  const { running, write } = await twoAtWork({ warn: "sessions" });
  write("login", "of login\n");
  write("export", "of export\n");
  await eventually("the conflict", () => (running.state(ID)?.conflicts ?? []).length > 0, 50_000);
  expect(running.state(ID)?.conflicts).toMatchObject([
    { first: "login", second: "export", files: [{ path: "shared.txt", kind: "both-added" }] },
  ]);
  // The agents read until they are told, so only a message lets them get there.
  for (const slot of ["login", "export"])
    await eventually(
      `${slot} has gone on`,
      () => {
        const step = running.state(ID)?.deliverables[slot]?.step;
        return step !== "create" && step !== "provision";
      },
      50_000,
    );
});

it("disappear from the state when the work does", async () => {
  const { running, write } = await twoAtWork({ warn: "person" });
  write("login", "of login\n");
  write("export", "of export\n");
  await eventually("the conflict", () => (running.state(ID)?.conflicts ?? []).length > 0, 50_000);
  write("export", "of login\n");
  await eventually("no conflict", () => running.state(ID)?.conflicts === undefined, 50_000);
});
