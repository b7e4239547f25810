import { afterAll, afterEach, describe, expect, it } from "vitest";
import { derivePlan } from "../../src/core/plan/derive-plan.ts";
import type { Plan } from "../../src/core/plan/plan.ts";
import { replay } from "../../src/core/workflow/replay.ts";
import type { Engine } from "../../src/engine/engine.ts";
import { aDefinition, aPhase, aPlanContext, aSlot } from "../builders/definitions.ts";
import { createEngine, engineDependencies, onBase, runApproving } from "../support/engine.ts";
import { eventually } from "../support/eventually.ts";
import { mortal } from "../support/mortal.ts";
import { openFilesBelow } from "../support/open-files.ts";
import { type Scratch, scratchRepository } from "../support/scratch-repository.ts";

/**
 * One judged slot, one checkpoint, one end: every kind of change of the integration branch but a rewind. The second slot gets the
 * worktree of the first, whose own is removed.
 */
function smallPlan(): Plan {
  const definition = aDefinition({
    criticality: "C2",
    provision: { reuse: true },
    stages: [
      aPhase("Research", [aSlot({ role: ["ps-researcher"], makes: "research" })]),
      aPhase("Analysis", [aSlot({ role: ["ps-analyst"], makes: "analysis" })]),
    ],
  });
  const { plan, notices } = derivePlan(definition, aPlanContext({ id: "small-20260220-001" }));
  if (plan === null) throw new Error(notices.map((n) => n.message).join("; "));
  return plan;
}

const scratches: Scratch[] = [];
const before = process.env.SIGNALBOX_SCENARIO;
process.env.SIGNALBOX_SCENARIO = JSON.stringify({
  delayMs: 0,
  deliverables: { "*": { scores: [0.95], delayMs: 0 } },
});
afterEach(() => {
  for (const scratch of scratches.splice(0)) scratch.remove();
});
afterAll(() => {
  if (before === undefined) delete process.env.SIGNALBOX_SCENARIO;
  else process.env.SIGNALBOX_SCENARIO = before;
});

interface End {
  readonly status: string;
  /** What waits for a person. */
  readonly asks: readonly string[];
  readonly files: string;
  readonly merges: readonly string[];
  readonly checkpoints: readonly string[];
  readonly worktrees: number;
  readonly branches: readonly string[];
}

type Dependencies = Awaited<ReturnType<typeof engineDependencies>>;

/** What a person does with an engine; called again after a death, it goes on where it stands. */
type Story = (engine: Engine, plan: Plan, dependencies: Dependencies) => Promise<void>;

const toTheEnd: Story = async (engine, plan, dependencies) => {
  const { id } = plan.workflow;
  if ((await dependencies.store.load(id)).length === 0) await engine.create(plan, "ana");
  else await engine.open(id);
  await runApproving(engine, id);
};

/** Back to the first checkpoint once, then to the end again. */
const thereAndBack: Story = async (engine, plan) => {
  const { id } = plan.workflow;
  const state = await engine.open(id);
  if (state.epoch === 1)
    await engine.submit(id, { type: "rewind", checkpoint: "CP-001", by: "ana", note: "" });
  await runApproving(engine, id);
};

/** Lives through `before`, then through the story, dying once at the given half-step of it; another engine goes on. */
async function lifeWithDeath(
  dieAt: number,
  story: Story,
  before: Story | null,
): Promise<{ readonly end: End; readonly steps: number; readonly died: string }> {
  const scratch = await scratchRepository();
  scratches.push(scratch);
  const dependencies = await engineDependencies(scratch);
  const plan = onBase(smallPlan(), await scratch.git("rev-parse", "HEAD"));
  if (before !== null) await lived(dependencies, plan, before);
  const first = mortal(dependencies, dieAt);
  const engine = createEngine(first.dependencies);
  const living = story(engine, plan, dependencies).then(() => "");
  // A death while it closes down is one as well.
  const closed = living.then(() => engine.close()).then(() => "");
  const died = await Promise.race([first.life.death, closed]);
  if (died !== "") await lived(dependencies, plan, story);
  const end = await endOf(scratch, plan, dependencies);
  await eventually("every file is closed", () => openFilesBelow(scratch.folder).length === 0);
  return { end, steps: first.life.steps(), died };
}

async function lived(dependencies: Dependencies, plan: Plan, story: Story): Promise<void> {
  const engine = createEngine(mortal(dependencies, Number.POSITIVE_INFINITY).dependencies);
  await story(engine, plan, dependencies);
  await engine.close();
}

async function endOf(
  scratch: Scratch,
  plan: Plan,
  dependencies: Awaited<ReturnType<typeof engineDependencies>>,
): Promise<End> {
  const branch = `${plan.layout.branchPrefix}/main`;
  const state = replay(await dependencies.store.load(plan.workflow.id));
  const tree = (await scratch.git("ls-tree", "-r", branch))
    .split("\n")
    .filter((line) => !line.includes("ORCHESTRATION"));
  const log = (
    await scratch.git(
      "log",
      "--first-parent",
      "--format=%s%x09%(trailers:key=Signalbox-Checkpoint,valueonly,separator=%x2C)",
      branch,
    )
  ).split("\n");
  return {
    status: state?.status ?? "none",
    asks: state?.questions.map(({ kind, reason }) => `${kind}: ${reason}`) ?? [],
    files: tree.join("\n"),
    merges: (await scratch.git("log", "--merges", "--format=%s", branch)).split("\n"),
    checkpoints: log.map((line) => line.split("\t")[1] ?? "").filter((id) => id !== ""),
    worktrees: (await scratch.git("worktree", "list")).split("\n").length,
    branches: (await scratch.git("for-each-ref", "--format=%(refname)", "refs/heads")).split("\n"),
  };
}

/** Every half-step with SIGNALBOX_KILL_ALL=1; else strides that are primes, so that before and after take turns. */
const EVERY = process.env.SIGNALBOX_KILL_ALL === "1";

describe("a coordinator killed between any two steps", () => {
  it.each([
    ["of a workflow", toTheEnd, null, 2, 29],
    ["of a rewind", thereAndBack, toTheEnd, 3, 61],
  ] as const)(
    "%s leaves, after another one has gone on, exactly what an undisturbed run leaves",
    { timeout: EVERY ? 4 * 3_600_000 : 600_000 },
    async (_, story, before, merges, stride) => {
      const undisturbed = await lifeWithDeath(Number.POSITIVE_INFINITY, story, before);
      expect(undisturbed.end.status).toBe("COMPLETE");
      expect(undisturbed.end.merges).toHaveLength(merges);
      for (let dieAt = 0; dieAt < undisturbed.steps; dieAt += EVERY ? 1 : stride) {
        const { end, died } = await lifeWithDeath(dieAt, story, before);
        expect({ died: `${dieAt} ${died}`, end }).toEqual({ died: `${dieAt} ${died}`, end: undisturbed.end });
        for (const scratch of scratches.splice(0)) scratch.remove();
      }
    },
  );
});
