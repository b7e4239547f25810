import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { runProgram } from "../../src/adapters/process/spawn.ts";
import type { WorkflowState } from "../../src/core/workflow/state.ts";
import type { Engine } from "../../src/engine/engine.ts";
import { THREE } from "../builders/worlds.ts";
import { createEngine, engineDependencies, onBase } from "../support/engine.ts";
import { GIT_ENV, type Scratch, scratchRepository } from "../support/scratch-repository.ts";

const SCENARIO = JSON.stringify({
  deliverables: {
    login: { edits: [{ path: "src/app.ts", line: 1, text: "export const app = 'login';" }] },
    export: { edits: [{ path: "src/app.ts", line: 1, text: "export const app = 'export';" }] },
  },
});

let repo: Scratch | undefined;
let engine: Engine | undefined;
afterEach(async () => {
  await engine?.close();
  repo?.remove();
});

/** Three fixes of which the first two change the same line, run until the second one conflicts. */
async function conflicting(): Promise<{
  readonly repo: Scratch;
  readonly engine: Engine;
  readonly state: WorkflowState;
  readonly worktree: string;
}> {
  const made = await scratchRepository({
    "README.md": "# Scratch\n",
    "src/app.ts": "export const app = 1;\n",
  });
  repo = made;
  const dependencies = await engineDependencies(made, {
    agentEnvironment: () => ({ PATH: process.env.PATH ?? "", SIGNALBOX_SCENARIO: SCENARIO }),
  });
  const running = createEngine(dependencies);
  engine = running;
  const plan = onBase(THREE, await made.git("rev-parse", "HEAD"));
  await running.create(plan, "ana");
  await running.idle();
  const state = running.state(plan.workflow.id);
  if (state === undefined) throw new Error("no state");
  return {
    repo: made,
    engine: running,
    state,
    worktree: dependencies.repository.worktreePath(state.deliverables.export?.branch ?? ""),
  };
}

describe("two slots that change the same line", () => {
  it("conflict at the second merge: the file is named, the branch has not moved, the first one stays merged", async () => {
    const { repo: made, state } = await conflicting();
    expect(state.questions).toMatchObject([
      {
        subject: "export",
        kind: "conflict",
        files: ["src/app.ts"],
        options: ["redo", "resolve", "skip", "cancel"],
      },
    ]);
    expect(await made.git("show", `${state.plan.layout.branchPrefix}/main:src/app.ts`)).toBe(
      "export const app = 'login';",
    );
    expect(state.deliverables.dates?.step).toBe("merged");
  });

  it("can be joined by a person in the worktree of the second, also when the branch has gone on meanwhile, and both sides survive", async () => {
    const { repo: made, engine: running, state, worktree } = await conflicting();
    const { id } = state;
    expect(
      await running.submit(id, { type: "decide", subject: "export", word: "resolve", text: "", by: "ana" }),
    ).toMatchObject({ ok: true });
    await running.submit(id, { type: "checkpoint", by: "ana", note: "" });
    await running.idle();
    await runProgram("git", ["merge", `${state.plan.layout.branchPrefix}/main`], {
      cwd: worktree,
      env: GIT_ENV,
    });
    writeFileSync(join(worktree, "src/app.ts"), "export const app = 'login and export';\n");
    await runProgram("git", ["commit", "-qam", "both"], { cwd: worktree, env: GIT_ENV });
    expect(
      await running.submit(id, { type: "decide", subject: "export", word: "done", text: "", by: "ana" }),
    ).toMatchObject({ ok: true });
    await running.idle();
    expect(running.state(id)?.questions).toEqual([]);
    expect(running.state(id)?.status).toBe("COMPLETE");
    expect(running.state(id)?.deliverables.export?.approval).toMatchObject({ kind: "WAIVED", by: "person" });
    expect(await made.git("show", `${state.plan.layout.branchPrefix}/main:src/app.ts`)).toBe(
      "export const app = 'login and export';",
    );
  });

  it("can be done anew from the present tip", async () => {
    const { engine: running, state } = await conflicting();
    await running.submit(state.id, { type: "decide", subject: "export", word: "redo", text: "", by: "ana" });
    await running.idle();
    expect(running.state(state.id)).toMatchObject({ status: "COMPLETE" });
    expect(running.state(state.id)?.deliverables.export?.attempt).toBe(2);
  });
});
