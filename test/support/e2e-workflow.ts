/** Small definitions, and what a workflow leaves behind, for comparing a disturbed run with an undisturbed one. */

import { isAlive } from "../../src/adapters/process/identity.ts";
import { nextEffects } from "../../src/core/workflow/next-effects.ts";
import type { WorkflowState } from "../../src/core/workflow/state.ts";
import { kill } from "./e2e-processes.ts";
import { eventually } from "./eventually.ts";
import type { World } from "./user-world.ts";

/** Two slots, a barrier with two handoffs, one slot that joins them, a person at its end. */
export const CROSS = `workflow: Cross
slug: cross
criticality: C2
pipelines:
  a: { alias: left }
  b: { alias: right }
  c: { alias: joined }
stages:
  - phase: Research
    slots:
      - { in: a, role: ps-researcher, makes: research, brief: What the left side knows }
      - { in: b, role: ps-researcher, makes: research, brief: What the right side knows }
  - barrier: Exchange
    a -> b: Findings of the left side
    b -> a: Findings of the right side
  - phase: Analysis
    slots:
      - { in: c, role: ps-analyst, makes: analysis, brief: Both together }
    checkpoint: A person reads the analysis
`;

/** One slot after the other, a person between them. */
export const STEPS = `workflow: Steps
slug: steps
criticality: C2
stages:
  - phase: Research
    slots:
      - { role: ps-researcher, makes: research, brief: Find out }
    checkpoint: A person reads the research
  - phase: Analysis
    slots:
      - { role: ps-analyst, makes: analysis, brief: Weigh it }
  - phase: Design
    slots:
      - { role: ps-architect, makes: design, brief: Decide it }
`;

/** Everything that must be the same whatever happened on the way. */
export interface End {
  readonly status: string;
  /** `git ls-tree` lines of the integration branch; of documents, which carry times and commit ids, only that they are there. */
  readonly files: readonly string[];
  /** Subjects of merge commits, sorted. */
  readonly merges: readonly string[];
  /** Checkpoint trailers along the branch, newest first. */
  readonly checkpoints: readonly string[];
  readonly branches: readonly string[];
  readonly worktrees: readonly string[];
}

const DOCUMENT = /\/(ORCHESTRATION[^/]*|quality-gates\/.*|escalations\/.*)$/;

async function endOf(world: World, workflow: string): Promise<End> {
  const branch = `signalbox/${workflow}/main`;
  const lines = async (...args: readonly string[]): Promise<readonly string[]> =>
    (await world.git(...args)).split("\n").filter((line) => line.trim() !== "");
  const worktrees = await lines("worktree", "list", "--porcelain");
  return {
    status: (await world.state(workflow))?.status ?? "none",
    files: (await lines("ls-tree", "-r", branch)).map((line) =>
      DOCUMENT.test(line) ? line.replace(/^.*\t/, "document ") : line,
    ),
    merges: [...(await lines("log", "--merges", "--format=%s", branch))].sort(),
    checkpoints: await lines(
      "log",
      "--first-parent",
      "--format=%(trailers:key=Signalbox-Checkpoint,valueonly)",
      branch,
    ),
    branches: await lines("for-each-ref", "--format=%(refname)", "refs/heads"),
    worktrees: worktrees
      .filter((line) => line.startsWith("worktree "))
      .map((line) => line.replace(world.folder, "<folder>")),
  };
}

/** Waits for the end, its last commit and its cleaning up, then says what is left. */
export async function endOfCompleted(world: World, workflow: string, limitMs?: number): Promise<End> {
  const isOver = (state: WorkflowState): boolean =>
    state.status === "COMPLETE" && nextEffects(state).length === 0;
  await world.until(workflow, "it completes and is cleaned up", isOver, limitMs);
  return endOf(world, workflow);
}

/** kill -9 of the coordinator, proven by its identity. */
export async function killCoordinator(world: World): Promise<void> {
  const holder = await world.coordinator();
  if (holder === null) throw new Error("no coordinator runs");
  kill(holder.pid, "SIGKILL");
  await eventually("the coordinator is dead", () => !isAlive(holder));
}

/** Ids of sessions that were handed to the host and have not ended as far as the journal knows. */
export function openSessions(state: WorkflowState, purpose?: string): readonly string[] {
  return Object.values(state.sessions)
    .filter(
      (session) => session.status === "DISPATCHED" && (purpose === undefined || session.purpose === purpose),
    )
    .map((session) => session.id);
}

/** True when a question of that kind, or on that subject, is open. */
export function asks(state: WorkflowState, what: string): boolean {
  return state.questions.some((question) => question.kind === what || question.subject === what);
}
