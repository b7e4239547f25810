/** Plays the tale of one seed on a real repository with simulated agents, and says which lines were lost. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { WorkflowEvent } from "../../src/core/workflow/event.ts";
import type { CheckRunner } from "../../src/ports/provisioner.ts";
import { createEngine, engineDependencies, onBase } from "../support/engine.ts";
import { scratchRepository } from "../support/scratch-repository.ts";
import { lostLines } from "./ledger.ts";
import { answerAll } from "./person.ts";
import { MARK, MARK_FILES, tellTale } from "./tale.ts";

export interface Played {
  readonly problems: readonly string[];
  /** What happened to the slots, one line each. */
  readonly trail: readonly string[];
  /** What happened, by word, for the figures. */
  readonly seen: Readonly<Record<string, number>>;
}

/** One mark is fine; two are what neither slot could know of. */
export const checks: CheckRunner = {
  run: async (folder, wanted) =>
    wanted.map(({ name }) => {
      const marks =
        MARK_FILES.map((name) => textOf(join(folder, name)))
          .join("")
          .split(MARK).length - 1;
      const passed = marks < 2;
      const tail = passed ? "" : `${marks} marks`;
      return { name, passed, redAtBase: false, exitCode: passed ? 0 : 1, timedOut: false, tail };
    }),
};

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

export async function play(seed: number): Promise<Played> {
  const tale = tellTale(seed);
  const scratch = await scratchRepository(tale.files);
  try {
    const dependencies = await engineDependencies(scratch, {
      checks,
      agentEnvironment: () => ({
        PATH: process.env.PATH ?? "",
        SIGNALBOX_SCENARIO: JSON.stringify(tale.scenario),
      }),
    });
    const engine = createEngine(dependencies);
    const { id } = tale.plan.workflow;
    await engine.create(onBase(tale.plan, await scratch.git("rev-parse", "HEAD")), "ana");
    const { worktreePath } = dependencies.repository;
    const state = await answerAll({ engine, tale, worktreePath });
    await engine.close();
    const events = (await dependencies.store.load(id)).flatMap((entry) => entry.events);
    const problems = await lostLines(scratch, events);
    const trail = events.flatMap(trailOf);
    return {
      problems,
      trail,
      seen: figures(
        events.map(({ type }) => type),
        state.status,
      ),
    };
  } finally {
    scratch.remove();
  }
}

function trailOf(event: WorkflowEvent): readonly string[] {
  switch (event.type) {
    case "deliverable.attempted":
      return [`${event.subject} begins ${event.attempt} on ${event.base.slice(0, 10)}`];
    case "deliverable.approved":
      return [`${event.subject} approved ${event.approval.commit.slice(0, 10)} by ${event.approval.by}`];
    case "deliverable.returned":
      return [`${event.subject} returned: ${event.rejoin.why} ${event.rejoin.files.join(" ")}`];
    case "deliverable.merged":
      return [`${event.subject} merged as ${event.mergeCommit.slice(0, 10)}`];
    case "integration.done":
      return [`the branch is at ${event.head.slice(0, 10)}`];
    case "integration.dropped":
      return [`not merged: ${event.reason}`];
    case "question.asked":
      return [`${event.question.kind} of ${event.question.subject}: ${event.question.reason}`];
    case "decision.recorded":
      return [`${event.decision.word} on ${event.decision.subject}`];
    case "workflow.rewound":
      return [event.reason];
    default:
      return [];
  }
}

const COUNTED: Readonly<Record<string, string>> = {
  "deliverable.merged": "merges",
  "deliverable.joined": "returns to a creator",
  "question.asked": "questions",
  "workflow.rewound": "rewinds",
  "batch.suspected": "failed or settled batches",
};

function figures(types: readonly string[], status: string): Record<string, number> {
  const seen: Record<string, number> = { [`stories that end ${status}`]: 1 };
  for (const type of types) {
    const word = COUNTED[type];
    if (word !== undefined) seen[word] = (seen[word] ?? 0) + 1;
  }
  return seen;
}
