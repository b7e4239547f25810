import { join } from "node:path";
import { afterAll, afterEach, expect, it } from "vitest";
import { runProgram } from "../../src/adapters/process/spawn.ts";
import { derivePlan } from "../../src/core/plan/derive-plan.ts";
import type { Plan } from "../../src/core/plan/plan.ts";
import { createRenderer } from "../../src/documents/renderer.ts";
import { parseStateDocument } from "../../src/documents/state/parse-state.ts";
import type { EngineDependencies } from "../../src/engine/dependencies.ts";
import { aBarrier, aDefinition, aPhase, aPlanContext, aSlot } from "../builders/definitions.ts";
import { createEngine, engineDependencies, onBase, runApproving } from "../support/engine.ts";
import { GIT_ENV, type Scratch, scratchRepository } from "../support/scratch-repository.ts";

const scratches: Scratch[] = [];
afterEach(() => {
  for (const scratch of scratches.splice(0)) scratch.remove();
});
const before = process.env.SIGNALBOX_SCENARIO;
process.env.SIGNALBOX_SCENARIO = JSON.stringify({ deliverables: { "*": { scores: [0.95], delayMs: 0 } } });
afterAll(() => {
  if (before === undefined) delete process.env.SIGNALBOX_SCENARIO;
  else process.env.SIGNALBOX_SCENARIO = before;
});

/** Two pipelines with a barrier, people at every end, a synthesis: every kind of commit on the integration branch. */
function crossPlan(): Plan {
  const definition = aDefinition({
    criticality: "C2",
    reviewPlan: true,
    reviewPhases: true,
    pipelines: [
      { key: "a", alias: "left" },
      { key: "b", alias: "right" },
    ],
    stages: [
      aPhase("Research", [
        aSlot({ in: "a", role: ["ps-researcher"], makes: "research" }),
        aSlot({ in: "b", role: ["ps-researcher"], makes: "research" }),
      ]),
      aBarrier("Exchange", [{ from: "a", to: "b", text: "What left knows" }]),
      aPhase("Analysis", [aSlot({ in: "b", role: ["ps-analyst"], makes: "analysis" })]),
    ],
    finish: { approve: true, synthesis: true, merge: "none", per: "workflow", documents: "keep", next: [] },
  });
  const { plan, notices } = derivePlan(definition, aPlanContext({ id: "cross-20260220-001" }));
  if (plan === null) throw new Error(notices.map((n) => n.message).join("; "));
  return plan;
}

async function dependenciesOf(scratch: Scratch): Promise<EngineDependencies> {
  return engineDependencies(scratch, {
    documents: createRenderer("test"),
    parseState: (text) => {
      const parsed = parseStateDocument(text);
      if (!parsed.ok) throw new Error(parsed.errors.join("; "));
      return parsed.state;
    },
  });
}

/** A clone as another machine has it, with the integration branch as it was pushed at `commit`. */
async function clonedAt(source: Scratch, commit: string, branch: string): Promise<Scratch> {
  const scratch = await scratchRepository();
  scratches.push(scratch);
  const root = join(scratch.folder, "clone");
  const git = async (cwd: string, ...args: readonly string[]): Promise<string> => {
    const result = await runProgram("git", args, { cwd, env: GIT_ENV });
    if (result.code !== 0) throw new Error(`git ${args.join(" ")}: ${result.stderr}`);
    return result.stdout.toString("utf8").trim();
  };
  const bare = join(scratch.folder, "remote.git");
  await git(scratch.folder, "init", "-q", "--bare", "-b", "trunk", bare);
  await git(source.root, "push", "-q", bare, "trunk", `${commit}:refs/heads/${branch}`);
  await git(scratch.folder, "clone", "-q", bare, root);
  return { ...scratch, root, git: (...args) => git(root, ...args) };
}

interface End {
  readonly status: string;
  readonly questions: readonly string[];
  readonly files: readonly string[];
  readonly merges: readonly string[];
  readonly checkpoints: readonly string[];
}

async function runToEnd(scratch: Scratch, plan: Plan, create: boolean): Promise<End> {
  const engine = createEngine(await dependenciesOf(scratch));
  await (create ? engine.create(plan, "ana") : engine.open(plan.workflow.id));
  const state = await runApproving(engine, plan.workflow.id);
  await engine.close();
  const branch = `${plan.layout.branchPrefix}/main`;
  const lines = async (...args: readonly string[]): Promise<readonly string[]> =>
    (await scratch.git(...args)).split("\n").filter((line) => line !== "");
  return {
    status: state.status,
    questions: state.questions.map((q) => `${q.subject}: ${q.reason}`),
    files: await lines("ls-tree", "-r", "--name-only", branch),
    merges: [...(await lines("log", "--merges", "--format=%s", branch))].sort(),
    checkpoints: await lines(
      "log",
      "--first-parent",
      "--format=%(trailers:key=Signalbox-Checkpoint,valueonly,separator=%x2C)",
      branch,
    ),
  };
}

/** Every commit with SIGNALBOX_KILL_ALL=1, else every fifth. */
const STRIDE = process.env.SIGNALBOX_KILL_ALL === "1" ? 1 : 5;

it("a branch that was pushed at any of its commits goes on elsewhere to the same end", {
  timeout: 900_000,
}, async () => {
  const scratch = await scratchRepository();
  scratches.push(scratch);
  const plan = onBase(crossPlan(), await scratch.git("rev-parse", "HEAD"));
  const branch = `${plan.layout.branchPrefix}/main`;
  const undisturbed = await runToEnd(scratch, plan, true);
  expect(undisturbed).toMatchObject({ status: "COMPLETE", questions: [] });
  const commits = (
    await scratch.git(
      "log",
      "--first-parent",
      "--reverse",
      "--format=%H %s",
      `${plan.base.commit}..${branch}`,
    )
  ).split("\n");
  // The last one says that the workflow is complete; a merge's own commit is never what was pushed: its documents come with the next.
  const pushed = commits
    .slice(0, -1)
    .filter((line) => !/^\S+ (?!.*state and documents).*\bmerge\b/i.test(line));
  for (let index = 0; index < pushed.length; index += STRIDE) {
    const [commit = ""] = (pushed[index] ?? "").split(" ");
    const clone = await clonedAt(scratch, commit, branch);
    const end = await runToEnd(clone, plan, false);
    expect({ from: pushed[index], end }).toEqual({ from: pushed[index], end: undisturbed });
  }
});
