/** Files in conflict that have rules, over real git: the merge goes on, or a person is asked as ever. */
import { afterEach, expect, it } from "vitest";
import type { FileRule } from "../../src/core/conflicts/file-rules.ts";
import type { WorkflowState } from "../../src/core/workflow/state.ts";
import type { EngineDependencies } from "../../src/engine/dependencies.ts";
import type { Engine } from "../../src/engine/engine.ts";
import { THREE } from "../builders/worlds.ts";
import { createEngine, engineDependencies, onBase, runApproving } from "../support/engine.ts";
import { type Scratch, scratchRepository } from "../support/scratch-repository.ts";

const RULES: readonly FileRule[] = [{ match: ["CHANGELOG.md"], resolve: "union" }];
const HEAD = "| ID | Status | Updated |\n|---|---|---|\n";
const row = (status: string, hour: number): string => `| TASK-1 | ${status} | 2026-02-20T${hour}:00:00Z |`;
const ID = THREE.workflow.id;
const BRANCH = `signalbox/${ID}/main`;

interface Edit {
  readonly path: string;
  readonly line?: number;
  readonly text: string;
}

let scratch: Scratch;
let engine: Engine | undefined;
afterEach(async () => {
  await engine?.close();
  scratch.remove();
});

/** Three fixes, of which `login` and `export` make these edits. */
async function run(
  edits: { readonly login: readonly Edit[]; readonly export: readonly Edit[] },
  change: (dependencies: EngineDependencies) => Partial<EngineDependencies> = () => ({}),
): Promise<WorkflowState> {
  scratch = await scratchRepository({
    "CHANGELOG.md": "# Changes\n",
    "WORKTRACKER.md": `${HEAD}${row("open", 10)}\n`,
    "src/app.ts": "export const app = 1;\n",
  });
  const deliverables = Object.fromEntries(Object.entries(edits).map(([id, list]) => [id, { edits: list }]));
  const dependencies = await engineDependencies(scratch, {
    agentEnvironment: () => ({
      PATH: process.env.PATH ?? "",
      SIGNALBOX_SCENARIO: JSON.stringify({ deliverables }),
    }),
  });
  const running = createEngine({ ...dependencies, ...change(dependencies) });
  engine = running;
  const plan = onBase(
    { ...THREE, merge: { warn: "none", files: RULES } },
    await scratch.git("rev-parse", "HEAD"),
  );
  await running.create(plan, "ana");
  await running.idle();
  const state = running.state(ID);
  if (state === undefined) throw new Error("no state");
  return state;
}

const shown = (path: string): Promise<string> => scratch.git("show", `${BRANCH}:${path}`);

const BOTH = {
  login: [
    { path: "CHANGELOG.md", text: "- login" },
    { path: "WORKTRACKER.md", line: 3, text: row("done", 11) },
  ],
  export: [
    { path: "CHANGELOG.md", text: "- export" },
    { path: "WORKTRACKER.md", line: 3, text: row("stuck", 12) },
  ],
};
const RESOLVED = [
  { path: "CHANGELOG.md", by: "union" },
  { path: "WORKTRACKER.md", by: "tracker", superseded: ["TASK-1"] },
];

it("files with rules are resolved without a question: the lines of both stand there, the later row, and the commit says so", async () => {
  const state = await run(BOTH);
  expect(state).toMatchObject({ status: "COMPLETE", questions: [] });
  expect(await shown("CHANGELOG.md")).toBe("# Changes\n- login\n- export");
  expect(await shown("WORKTRACKER.md")).toBe(`${HEAD}${row("stuck", 12)}`);
  expect(state.deliverables.login?.resolved).toBe(undefined);
  expect(state.deliverables.export?.resolved).toEqual(RESOLVED);
  const log = state.log.filter(({ event }) => event === "RESOLVED").map(({ details }) => details);
  expect(log).toEqual(["export: CHANGELOG.md (union), WORKTRACKER.md (tracker, later: TASK-1)"]);
  const merge = state.deliverables.export?.mergeCommit ?? "";
  expect(await scratch.git("log", "-1", "--format=%(trailers:key=Signalbox-Resolved)", merge)).toBe(
    "Signalbox-Resolved: CHANGELOG.md (union)\nSignalbox-Resolved: WORKTRACKER.md (tracker, later: TASK-1)",
  );
});

it("a merge that was made before its coordinator died tells the same of its files", async () => {
  const state = await run(BOTH, ({ repository }) => ({
    repository: {
      ...repository,
      // The branch moves, and nobody hears of it.
      advance: async (branch, commit, expected) => {
        const moved = await repository.advance(branch, commit, expected);
        return moved.ok && expected !== null ? { ok: false, found: commit } : moved;
      },
    },
  }));
  expect(state).toMatchObject({ status: "COMPLETE", questions: [] });
  expect(state.deliverables.export?.resolved).toEqual(RESOLVED);
});

it("one file of a person's leaves all of them to the person, who is told which would have needed nobody", async () => {
  const state = await run({
    login: [...BOTH.login, { path: "src/app.ts", line: 1, text: "export const app = 2;" }],
    export: [
      { path: "CHANGELOG.md", text: "- export" },
      { path: "WORKTRACKER.md", line: 3, text: row("stuck", 11) },
      { path: "src/app.ts", line: 1, text: "export const app = 3;" },
    ],
  });
  expect(state.questions).toMatchObject([
    {
      subject: "export",
      kind: "conflict",
      files: ["CHANGELOG.md", "WORKTRACKER.md", "src/app.ts"],
      options: ["redo", "resolve", "skip", "cancel"],
      reason:
        "Merging conflicts in CHANGELOG.md, WORKTRACKER.md, src/app.ts; by rule alone: CHANGELOG.md (union); WORKTRACKER.md: TASK-1 changed on both sides, and no time says which is later",
    },
  ]);
  expect(await shown("CHANGELOG.md")).toBe("# Changes\n- login");
});

it("documents of the workflow that an earlier landing left on the target are written anew when it is brought in", async () => {
  const path = THREE.layout.stateFile;
  const state = await run({
    login: [{ path: "src/app.ts", line: 1, text: "export const app = 2;" }],
    export: [{ path: "src/app.ts", line: 1, text: "export const app = 3;" }],
  });
  expect(state.questions).toMatchObject([{ subject: "export", kind: "conflict" }]);
  scratch.write(path, "landed earlier\n");
  await scratch.git("add", "-A");
  await scratch.git("commit", "-q", "-m", "landed");
  const commit = await scratch.git("rev-parse", "HEAD");
  await engine?.submit(ID, { type: "sync", commit, from: "trunk", by: "ana" });
  await engine?.submit(ID, { type: "decide", subject: "export", word: "skip", text: "", by: "ana" });
  if (engine === undefined) throw new Error("no engine");
  const after = await runApproving(engine, ID);
  expect(after.syncs).toMatchObject([{ commit, resolved: [{ path, by: "regenerate" }] }]);
  expect(await shown(path)).toContain(`"${ID}"`);
});
