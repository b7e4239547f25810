/** Approved work that does not fit goes back to its creator, on real repositories with simulated agents. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { runProgram } from "../../src/adapters/process/spawn.ts";
import type { MergePolicy } from "../../src/core/definition.ts";
import type { DecisionWord } from "../../src/core/workflow/question.ts";
import type { WorkflowState } from "../../src/core/workflow/state.ts";
import type { Engine } from "../../src/engine/engine.ts";
import { THREE } from "../builders/worlds.ts";
import { createEngine, engineDependencies, onBase } from "../support/engine.ts";
import { GIT_ENV, type Scratch, scratchRepository } from "../support/scratch-repository.ts";

let worktree: (branch: string) => string;
let repo: Scratch | undefined;
let engine: Engine | undefined;
afterEach(async () => {
  await engine?.close();
  repo?.remove();
});

const WITHOUT_ITS_OWN = { text: "function app() {\n  login();\n  // later\n}\n" };

interface Story {
  readonly repo: Scratch;
  readonly engine: Engine;
  readonly state: () => WorkflowState;
  readonly integrated: (file: string) => Promise<string>;
}

/** Three fixes of which the first two change the same line; what `export` keeps of the conflict is told by `joins`. */
async function told(joins: readonly object[], merge: Partial<MergePolicy>): Promise<Story> {
  const edit = (text: string) => ({ edits: [{ path: "src/app.ts", line: 2, text }] });
  const scenario = {
    deliverables: { login: edit("  login();"), export: { ...edit("  export_();"), joins } },
  };
  const made = await scratchRepository({
    "README.md": "# Scratch\n",
    "src/app.ts": "function app() {\n  start();\n}\n",
  });
  repo = made;
  const dependencies = await engineDependencies(made, {
    agentEnvironment: () => ({ PATH: process.env.PATH ?? "", SIGNALBOX_SCENARIO: JSON.stringify(scenario) }),
  });
  worktree = dependencies.repository.worktreePath;
  const running = createEngine(dependencies);
  engine = running;
  const plan = onBase({ ...THREE, merge: { warn: "none", ...merge } }, await made.git("rev-parse", "HEAD"));
  await running.create(plan, "ana");
  await running.idle();
  return {
    repo: made,
    engine: running,
    state: () => {
      const state = running.state(plan.workflow.id);
      if (state === undefined) throw new Error("no state");
      return state;
    },
    integrated: (file) => made.git("show", `${plan.layout.branchPrefix}/main:${file}`),
  };
}

describe("a batch of slots, two of which change the same line", () => {
  it("is merged in one step without the one that conflicts, each with a merge of its own; that one has its turn alone", async () => {
    const { repo: made, state } = await told([], { batch: 3 });
    expect(state().deliverables).toMatchObject({ login: { step: "merged" }, dates: { step: "merged" } });
    expect(state().questions).toMatchObject([{ kind: "conflict", subject: "export" }]);
    const branch = `${state().plan.layout.branchPrefix}/main`;
    const merges = await made.git("log", "--first-parent", "--merges", "--format=%s", branch);
    expect(merges.split("\n").map((subject) => subject.split(":")[0])).toEqual(["dates", "login"]);
    const together = await made.git("log", "--first-parent", "--format=%s", "--grep=after the merge", branch);
    expect(together.split("\n")).toEqual([expect.stringContaining("login, dates: state and documents")]);
  });
});

describe("two slots that change the same line, where agents may propose", () => {
  it("are joined by the second one's agent, and merged when a person has approved exactly that", async () => {
    const { engine: running, state, integrated } = await told([], { returns: "all" });
    expect(state().questions).toMatchObject([{ kind: "protect", subject: "export", files: ["src/app.ts"] }]);
    expect(await integrated("src/app.ts")).not.toContain("export_");
    const [question] = state().questions;
    expect(question?.commit).toBe(state().deliverables.export?.commit);
    await running.submit(state().id, { type: "approve", subject: "export", by: "ana", note: "" });
    await running.idle();
    expect(state().status).toBe("COMPLETE");
    expect(await integrated("src/app.ts")).toBe("function app() {\n  export_();\n  login();\n}");
  });

  it("are not merged where the agent drops a line of the other one: the round fails, names the line, and the next one has it", async () => {
    const both = "function app() {\n  login();\n  export_();\n}\n";
    const joins = [
      { keep: "own", round: 2 },
      { text: both, round: 3 },
    ];
    const { state, integrated } = await told(joins, { returns: "all" });
    const rounds = state().deliverables.export?.rounds ?? [];
    expect(rounds.map(({ verdict }) => verdict)).toEqual(["PASS", "REVISE", "PASS"]);
    expect(rounds[1]?.findings).toMatchObject([
      { source: "integrity", severity: "CRITICAL", section: "src/app.ts:2" },
    ]);
    expect(rounds[1]?.findings[0]?.evidence).toContain("login();");
    expect(state().questions).toMatchObject([{ kind: "protect", subject: "export" }]);
    expect(await integrated("src/app.ts")).not.toContain("export_");
  });

  it("are a person's where the agent drops it again", async () => {
    const { state } = await told([{ keep: "own" }], { returns: "all" });
    expect(state().questions).toMatchObject([{ kind: "escalation", subject: "export" }]);
    expect(state().deliverables.export?.approval).toBeUndefined();
  });

  it("are a person's where nothing of the approved work is left, who is told which lines that were", async () => {
    const { state } = await told([{ keep: "merged" }], { returns: "all" });
    expect(state().questions).toMatchObject([
      {
        kind: "empty",
        subject: "export",
        reason: "Nothing of what was approved is left. It leaves out src/app.ts: export_();",
      },
    ]);
  });

  it("are told line by line to a person who joins them by hand in a worktree from which its agent dropped some", async () => {
    const story = await told([WITHOUT_ITS_OWN], { returns: "all" });
    const { state, integrated } = story;
    const cwd = await joinedByHand(story);
    expect(state().questions).toMatchObject([
      { kind: "user-artifact", reason: "It leaves out src/app.ts: export_();" },
    ]);
    expect(state().deliverables.export?.approval).toBeUndefined();
    writeFileSync(join(cwd, "src/app.ts"), "function app() {\n  login();\n  export_();\n}\n");
    await decided(story, "done");
    expect(state()).toMatchObject({ status: "COMPLETE", questions: [] });
    expect(await integrated("src/app.ts")).toContain("export_();");
  });

  it("are merged without the lines that a person leaves out, when that person approves exactly that", async () => {
    const story = await told([WITHOUT_ITS_OWN], { returns: "all" });
    const { state, integrated } = story;
    await joinedByHand(story);
    await decided(story, "approve");
    expect(state()).toMatchObject({ status: "COMPLETE", questions: [] });
    expect(state().deliverables.export?.approval).toMatchObject({ kind: "WAIVED", by: "person" });
    expect(await integrated("src/app.ts")).not.toContain("export_();");
  });
});

async function decided({ engine: running, state }: Story, word: DecisionWord, round?: number): Promise<void> {
  const which = round === undefined ? {} : { round };
  await running.submit(state().id, {
    type: "decide",
    subject: "export",
    word,
    text: "",
    by: "ana",
    ...which,
  });
  await running.idle();
}

/** The work that was approved is accepted once more, conflicts once more, and is joined in the worktree that it went back to. */
async function joinedByHand(story: Story): Promise<string> {
  const { state } = story;
  await decided(story, "accept", 1);
  expect(state().questions).toMatchObject([{ kind: "conflict", subject: "export" }]);
  await decided(story, "resolve");
  const cwd = worktree(state().deliverables.export?.branch ?? "");
  const main = `${state().plan.layout.branchPrefix}/main`;
  await runProgram("git", ["merge", "--no-edit", main], { cwd, env: GIT_ENV });
  await decided(story, "done");
  return cwd;
}
