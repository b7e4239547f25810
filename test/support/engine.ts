/** An engine over real git and real files with the simulated agent in this process. */

import { createSystemIds } from "../../src/adapters/clock/ids.ts";
import { createSystemClock } from "../../src/adapters/clock/system.ts";
import { createWorktreeFiles } from "../../src/adapters/fs/worktree-files.ts";
import { openRepository } from "../../src/adapters/git/index.ts";
import { openSurroundings } from "../../src/adapters/git/surroundings.ts";
import { loadAdapter } from "../../src/adapters/host/adapters.ts";
import { createInProcessHost } from "../../src/adapters/host/in-process.ts";
import { openJournalStore } from "../../src/adapters/journal/jsonl.ts";
import type { Plan } from "../../src/core/plan/plan.ts";
import type { WorkflowState } from "../../src/core/workflow/state.ts";
import type { EngineDependencies } from "../../src/engine/dependencies.ts";
import { createEngine, type Engine } from "../../src/engine/engine.ts";
import { GIT_ENV, type Scratch } from "./scratch-repository.ts";

/** Dependencies for a scratch repository; `changes` replaces single ports. */
export async function engineDependencies(
  scratch: Scratch,
  changes: Partial<EngineDependencies> = {},
): Promise<EngineDependencies> {
  const repository = await openRepository(scratch.root, { env: GIT_ENV });
  const store = openJournalStore(repository.commonDir);
  return {
    store,
    repository,
    host: createInProcessHost({ commonDir: repository.commonDir, loadAdapter }),
    provisioner: { prepare: async () => ({ ok: true }), release: async () => {} },
    checks: {
      run: async (_folder, checks) =>
        checks.map((c) => ({
          name: c.name,
          passed: true,
          redAtBase: false,
          exitCode: 0,
          timedOut: false,
          tail: "",
        })),
    },
    files: createWorktreeFiles((workflow) => store.folder(workflow)),
    surroundings: await openSurroundings(scratch.root, { env: GIT_ENV }),
    clock: createSystemClock(),
    ids: createSystemIds(),
    documents: {
      render: (state) => [{ path: state.plan.layout.stateFile, content: `${JSON.stringify(state)}\n` }],
      renderHandoff: (state, id) => `# ${id}\n\n${state.deliverables[id]?.handoff?.purpose ?? ""}\n`,
    },
    notifier: { notify: async () => undefined },
    agentEnvironment: () => ({ PATH: process.env.PATH ?? "", ...scenarioEnv() }),
    commandOf: async () => undefined,
    agentOf: async () => undefined,
    parseState: (text) => JSON.parse(text) as WorkflowState,
    narrate: (line) => {
      if (process.env.SIGNALBOX_TEST_VERBOSE !== undefined) console.error(line);
    },
    ...changes,
  };
}

function scenarioEnv(): Record<string, string> {
  const scenario = process.env.SIGNALBOX_SCENARIO;
  return scenario === undefined ? {} : { SIGNALBOX_SCENARIO: scenario };
}

/** A plan moved onto the scratch repository's own base. */
export function onBase(plan: Plan, commit: string): Plan {
  return { ...plan, base: { branch: "trunk", commit, target: "trunk" } };
}

/** Approves whatever can be approved until nothing moves any more. */
export async function runApproving(engine: Engine, workflow: string, by = "ana"): Promise<WorkflowState> {
  for (let i = 0; i < 50; i += 1) {
    await engine.idle();
    const state = engine.state(workflow);
    const question = state?.questions.find((q) => q.options.includes("approve"));
    if (state === undefined || question === undefined) break;
    await engine.submit(workflow, { type: "approve", subject: question.subject, by, note: "" });
  }
  const state = engine.state(workflow);
  if (state === undefined) throw new Error("no state");
  return state;
}

export { createEngine };
