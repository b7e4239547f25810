/** Approved work that does not fit goes back to its creator, on real repositories with simulated agents. */
import { afterEach, describe, expect, it } from "vitest";
import type { MergePolicy } from "../../src/core/definition.ts";
import type { WorkflowState } from "../../src/core/workflow/state.ts";
import type { Engine } from "../../src/engine/engine.ts";
import { THREE } from "../builders/worlds.ts";
import { createEngine, engineDependencies, onBase } from "../support/engine.ts";
import { type Scratch, scratchRepository } from "../support/scratch-repository.ts";

let repo: Scratch | undefined;
let engine: Engine | undefined;
afterEach(async () => {
  await engine?.close();
  repo?.remove();
});

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
});
