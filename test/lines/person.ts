/** A person whose answers a seed decides: conflicts are joined by keeping both, sent for a new attempt, left out or left open. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runProgram } from "../../src/adapters/process/spawn.ts";
import type { DecisionWord, Question } from "../../src/core/workflow/question.ts";
import type { WorkflowState } from "../../src/core/workflow/state.ts";
import type { Engine } from "../../src/engine/engine.ts";
import { GIT_ENV } from "../support/scratch-repository.ts";
import { pick, type Tale } from "./tale.ts";

interface Desk {
  readonly engine: Engine;
  readonly tale: Tale;
  readonly worktreePath: (branch: string) => string;
}

/** Answers of a whole story; more would be one that goes in circles. */
const MOST = 80;
/** How often one slot is begun anew before it is left out. */
const AGAIN = 2;

/** Answers what is asked until nothing is, or only what was left open on purpose. Throws where that takes too long. */
export async function answerAll(desk: Desk): Promise<WorkflowState> {
  const open = new Set<string>();
  const asked = new Map<string, number>();
  let rewinds = desk.tale.rewinds ? 1 : 0;
  for (let at = 0; at < MOST; at += 1) {
    await desk.engine.idle();
    const state = stateOf(desk);
    if (rewinds > 0 && (await rewound(desk, state))) {
      rewinds -= 1;
      continue;
    }
    const question = state.questions.find(({ id }) => !open.has(id));
    if (question === undefined) return state;
    const times = asked.get(question.subject) ?? 0;
    asked.set(question.subject, times + 1);
    const word = wordFor(question, times, desk.tale);
    if (word === null || !(await answer(desk, question, word))) open.add(question.id);
  }
  throw new Error(
    `${MOST} answers and no end: ${stateOf(desk)
      .questions.map((q) => `${q.kind} ${q.subject}`)
      .join(", ")}`,
  );
}

function stateOf({ engine, tale }: Desk): WorkflowState {
  const state = engine.state(tale.plan.workflow.id);
  if (state === undefined) throw new Error("no state");
  return state;
}

/** With work behind it that is lost to the branch by that; not at a moment that has none. */
async function rewound({ engine, tale }: Desk, state: WorkflowState): Promise<boolean> {
  const point = state.checkpoints.find(({ commit, rolledBack }) => commit !== null && !rolledBack);
  const behind = Object.values(state.deliverables).some(
    ({ id, step }) =>
      step !== "blocked" &&
      (tale.plan.deliverables.find((one) => one.id === id)?.stage ?? 0) >= (point?.position ?? 99),
  );
  if (point === undefined || !behind) return false;
  const command = { type: "rewind" as const, checkpoint: point.id, by: "ana", note: "" };
  return (await engine.submit(state.id, command)).ok;
}

/** Null = it stays open. */
function wordFor({ kind, options }: Question, times: number, { random }: Tale): DecisionWord | null {
  const wanted = ((): readonly (DecisionWord | null)[] => {
    if (times > AGAIN) return ["skip", "accept", "approve", "done"];
    switch (kind) {
      case "conflict":
        return [pick(["redo", "redo", "resolve", "resolve", "resolve", "skip", null] as const, random)];
      case "protect":
        return [pick(["approve", "approve", "approve", "reject", "skip", null] as const, random)];
      case "escalation":
        return [pick(["accept", "accept", "guide", "back", null] as const, random), "accept"];
      case "empty":
        return [pick(["done", "skip"] as const, random)];
      default:
        return ["approve", "done", "accept", "retry", "rerun", "skip", "resume"];
    }
  })();
  for (const word of wanted) if (word === null || options.includes(word)) return word;
  return options.find((word) => word === "skip" || word === "approve" || word === "done") ?? null;
}

async function answer(desk: Desk, question: Question, word: DecisionWord): Promise<boolean> {
  const { engine, tale } = desk;
  const { subject } = question;
  const by = "ana";
  const text = word === "guide" || word === "back" ? "keep all lines" : "";
  const submit = (said: DecisionWord): ReturnType<Engine["submit"]> =>
    engine.submit(tale.plan.workflow.id, { type: "decide", subject, word: said, text, by });
  if (!(await submit(word)).ok) return false;
  if (word === "resolve") {
    await engine.idle();
    await keepBoth(desk, subject);
    return (await submit("done")).ok;
  }
  return true;
}

/** Merges the integration branch into the worktree of the attempt and takes only the marks out. */
async function keepBoth(desk: Desk, subject: string): Promise<void> {
  const { plan, deliverables } = stateOf(desk);
  const cwd = desk.worktreePath(deliverables[subject]?.branch ?? "");
  const git = (...args: readonly string[]) => runProgram("git", args, { cwd, env: GIT_ENV });
  await git("merge", "--no-edit", `${plan.layout.branchPrefix}/main`);
  const conflicted = (await git("diff", "--name-only", "--diff-filter=U")).stdout.toString("utf8");
  for (const path of conflicted.split("\n").filter((name) => name !== "")) withoutMarks(join(cwd, path));
  await git("add", "-A");
  await git("commit", "-q", "-m", `both sides of ${subject}`);
}

function withoutMarks(file: string): void {
  try {
    const lines = readFileSync(file, "utf8").split("\n");
    writeFileSync(file, lines.filter((line) => !/^(<{7}|={7}|>{7})/.test(line)).join("\n"));
  } catch {
    // One side moved or removed it: git has put what is left beside it.
  }
}
