/** What is disturbed: judged slots, a barrier, slots of real agent processes, a person, and an end without leftovers. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { isFrozen } from "../../src/adapters/process/identity.ts";
import { nextEffects } from "../../src/core/workflow/next-effects.ts";
import type { WorkflowState } from "../../src/core/workflow/state.ts";
import { processesOf } from "../support/e2e-processes.ts";
import { eventually } from "../support/eventually.ts";
import { type World, whereItStands } from "../support/user-world.ts";

export const ID = "chaos-20260220-001";

/** One slot needs a second round, so that revisions are met as well. */
export const SCENARIO = {
  delayMs: 60,
  deliverables: { "agent-a-001": { scores: [0.8, 0.95] }, "*": { scores: [0.95] } },
};

const DEFINITION = `workflow: Chaos
slug: chaos
criticality: C2
use: simulated
pipelines:
  a: { alias: left }
  b: { alias: right }
  c: { alias: joined }
  w: { alias: work }
stages:
  - phase: Research
    slots:
      - { in: a, role: ps-researcher, makes: research, brief: What the left side knows }
      - { in: b, role: ps-researcher, makes: research, brief: What the right side knows }
  - barrier: Exchange
    a -> b: Findings of the left side
    b -> a: Findings of the right side
  - phase: Work
    slots:
      - { id: one, in: w, use: "command:worker", criticality: C1, checks: ["test -s one.txt"], brief: The first piece }
      - { id: two, in: w, use: "command:worker", criticality: C1, checks: ["test -s two.txt"], brief: The second piece }
  - phase: Analysis
    slots:
      - { in: c, role: ps-analyst, makes: analysis, brief: Both together }
    checkpoint: A person reads the analysis
`;

/** Writes five lines, slowly enough to be met in the middle, with a helper outside its own group; again from the start each time. */
const WORKER = `name=$(basename "$PWD" | cut -d. -f1)
setsid sleep 3 &
: > "$name.txt"
for line in 1 2 3 4 5; do echo "$name $line" >> "$name.txt"; sleep 0.1; done
`;

export async function startStory(world: World): Promise<void> {
  world.write("worker.sh", WORKER);
  world.write("signalbox.yaml", "commands:\n  worker: [bash, worker.sh]\n");
  await world.git("add", "signalbox.yaml", "worker.sh");
  const definition = await world.define("chaos", DEFINITION);
  await world.ok("run", definition, "--id", ID, "--detach");
}

export function isOver(state: WorkflowState): boolean {
  return state.status === "COMPLETE" && nextEffects(state).length === 0;
}

/** How long a disturbed run may take to its end. */
const LIMIT_MS = 150_000;

/**
 * What a person does: resumes where no coordinator lives or one is frozen, approves the checkpoint, says `retry` to anything else. Resolves with
 * what was asked beside the checkpoint; throws when the workflow does not reach its end.
 */
export async function driveToEnd(world: World): Promise<readonly string[]> {
  const asked: string[] = [];
  const answered = new Set<string>();
  await eventually(
    "the workflow completes",
    async () => {
      const state = await world.state(ID);
      if (state !== null && isOver(state)) return true;
      const coordinator = await world.coordinator();
      if (coordinator === null || isFrozen(coordinator)) await world.run("resume", ID, "--detach");
      for (const question of state?.questions ?? []) {
        if (answered.has(question.id)) continue;
        const isPlanned = question.kind === "checkpoint";
        const ran = isPlanned
          ? await world.run("approve", question.subject, "-w", ID)
          : await world.run("decide", question.subject, question.options[0] ?? "retry", "-w", ID);
        if (ran.code === 0) answered.add(question.id);
        if (!isPlanned) asked.push(`${question.kind} of ${question.subject}: ${question.reason}`);
      }
      return false;
    },
    LIMIT_MS,
  ).catch(async (error: unknown) => {
    throw new Error(`${error instanceof Error ? error.message : error}; ${await circumstances(world)}`);
  });
  return [...new Set(asked)];
}

/** Where it stands, who lives, and what the coordinator said last. */
async function circumstances(world: World): Promise<string> {
  const state = await world.state(ID);
  const log = await readFile(join(world.commonDir, "signalbox", "coordinator.log"), "utf8").catch(() => "");
  return [
    state === null ? "no state" : whereItStands(state),
    ...(state === null ? [] : nextEffects(state).map(({ id }) => `outstanding: ${id}`)),
    ...processesOf(world.folder).map(({ command }) => `lives: ${command.slice(0, 120)}`),
    ...log.trimEnd().split("\n").slice(-8),
  ].join("\n  ");
}
