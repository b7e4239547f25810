/**
 * Merges that something happens to between any two steps: a batch with a file that rules resolve, in an order that was chosen, and work that
 * conflicts, goes back to its creator and is merged when a person has approved it.
 */
import { cpSync, rmSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createCheckRunner } from "../../src/adapters/checks/index.ts";
import { openConflicts } from "../../src/adapters/git/conflicts/index.ts";
import { runProgram } from "../../src/adapters/process/spawn.ts";
import type { DecisionWord } from "../../src/core/workflow/question.ts";
import { replay } from "../../src/core/workflow/replay.ts";
import type { WorkflowState } from "../../src/core/workflow/state.ts";
import type { EngineDependencies } from "../../src/engine/dependencies.ts";
import { createEngine, type Engine } from "../../src/engine/engine.ts";
import type { CheckRunner } from "../../src/ports/provisioner.ts";
import { THREE } from "../builders/worlds.ts";
import { engineDependencies, onBase } from "../support/engine.ts";
import { eventually } from "../support/eventually.ts";
import { mortal } from "../support/mortal.ts";
import { GIT_ENV, type Scratch, scratchRepository } from "../support/scratch-repository.ts";

const ID = THREE.workflow.id;
const BRANCH = `${THREE.layout.branchPrefix}/main`;

/** Every half-step with SIGNALBOX_KILL_ALL=1; else strides that are primes. */
const EVERY = process.env.SIGNALBOX_KILL_ALL === "1";
/** Places that one run looks at, for the whole walk in parts: `0/4` is the first quarter. */
const [PART = 0, PARTS = 1] = (process.env.SIGNALBOX_KILL_PART ?? "0/1").split("/").map(Number);

const edit = (path: string, text: string, line?: number): object => ({
  path,
  text,
  round: 1,
  ...(line === undefined ? {} : { line }),
});

const SCENARIO = JSON.stringify({
  delayMs: 0,
  deliverables: {
    "*": { scores: [0.95], delayMs: 0 },
    login: { edits: [edit("src/app.ts", "  login();", 2), edit("CHANGELOG.md", "- login")] },
    export: { edits: [edit("src/app.ts", "  export_();", 2), edit("src/csv.ts", "export const csv = 1;")] },
    dates: { edits: [edit("CHANGELOG.md", "- dates")] },
  },
});

const PLAN = {
  ...THREE,
  merge: {
    warn: "none" as const,
    batch: 3,
    returns: "all" as const,
    files: [{ match: ["CHANGELOG.md"], resolve: "union" as const }],
  },
};

let scratch: Scratch;
let undisturbed: Lived;
/** What the branch held after each of its changes in the undisturbed story. */
let stands: readonly string[];

/** All that a disturbed story has to come to as well. */
interface End {
  readonly status: string;
  readonly asks: readonly string[];
  readonly slots: readonly string[];
  readonly files: string;
  readonly worktrees: number;
}

interface Lived {
  readonly end: End;
  readonly names: readonly string[];
  readonly heads: readonly string[];
}

async function dependenciesOf(): Promise<EngineDependencies> {
  return engineDependencies(scratch, {
    agentEnvironment: () => ({ PATH: process.env.PATH ?? "", SIGNALBOX_SCENARIO: SCENARIO }),
    openConflicts: () => openConflicts(scratch.root, { env: GIT_ENV }),
  });
}

/** Repository and worktrees as they are when all three are approved and the order of their merges is looked for. */
beforeAll(async () => {
  scratch = await scratchRepository({
    "CHANGELOG.md": "# Changes\n",
    "src/app.ts": "function app() {\n  start();\n}\n",
  });
  const first = mortal(await dependenciesOf(), "before conflicts.open");
  const engine = createEngine(first.dependencies);
  void engine.create(onBase(PLAN, await scratch.git("rev-parse", "HEAD")), "ana");
  await first.life.death;
  cpSync(scratch.folder, `${scratch.folder}.kept`, { recursive: true, verbatimSymlinks: true });
  undisturbed = await lived(await dependenciesOf());
  stands = await Promise.all(undisturbed.heads.map(standing));
}, 120_000);
afterAll(() => {
  rmSync(`${scratch.folder}.kept`, { recursive: true, force: true });
  scratch.remove();
});

function putBack(): void {
  rmSync(scratch.folder, { recursive: true, force: true });
  cpSync(`${scratch.folder}.kept`, scratch.folder, { recursive: true, verbatimSymlinks: true });
}

/** Files at a commit, without the documents, in which times stand. */
async function filesAt(commit: string): Promise<string> {
  const rows = (await scratch.git("ls-tree", "-r", commit)).split("\n");
  return rows.filter((row) => !row.includes("ORCHESTRATION")).join("\n");
}

/** Where a branch stands: what it holds, and every step that led there. */
async function standing(commit: string): Promise<string> {
  return `${await scratch.git("log", "--first-parent", "--format=%s", commit)}\n${await filesAt(commit)}`;
}

/** A person who lets everything go on, and approves what was joined. */
async function goOn(engine: Engine): Promise<void> {
  for (let at = 0; at < 20; at += 1) {
    await engine.idle();
    const state = engine.state(ID);
    const [question] = state?.questions ?? [];
    if (state === undefined || question === undefined) return;
    const { kind, subject, options } = question;
    if (kind === "foreign-ref") await scratch.git("update-ref", `refs/heads/${BRANCH}`, state.head ?? "");
    const word = (["resume", "approve", "rerun", "resolve", "retry", "accept"] as const).find((it) =>
      options.includes(it),
    );
    if (word === undefined) return;
    await decided(engine, subject, word);
    if (word === "resolve") await joinAgain(engine, subject, state.deliverables[subject]?.branch ?? "");
  }
}

async function decided(engine: Engine, subject: string, word: DecisionWord): Promise<void> {
  await engine.submit(ID, { type: "decide", subject, word, text: "", by: "ana" });
}

/** Takes in what is merged by now, which fits, and says so. */
async function joinAgain(engine: Engine, subject: string, branch: string): Promise<void> {
  await engine.idle();
  const { repository } = await dependenciesOf();
  const cwd = repository.worktreePath(branch);
  await runProgram("git", ["merge", "--no-edit", BRANCH], { cwd, env: GIT_ENV });
  await decided(engine, subject, "done");
}

/** Opens, and goes on to the end. */
async function lived(dependencies: EngineDependencies): Promise<Lived> {
  const { dependencies: immortal, life } = mortal(dependencies, Number.POSITIVE_INFINITY);
  const engine = createEngine(immortal);
  await engine.open(ID);
  await goOn(engine);
  await engine.close();
  const entries = await dependencies.store.load(ID);
  const heads = entries.flatMap(({ events }) =>
    events.flatMap((event) => (event.type === "integration.done" ? [event.head] : [])),
  );
  return { end: await endOf(replay(entries)), names: life.names, heads };
}

async function endOf(state: WorkflowState | null): Promise<End> {
  return {
    status: state?.status ?? "none",
    asks: state?.questions.map(({ kind, reason }) => `${kind}: ${reason}`) ?? [],
    slots: Object.values(state?.deliverables ?? {}).map(({ id, step }) => `${id} ${step}`),
    files: await filesAt(BRANCH),
    worktrees: (await scratch.git("worktree", "list")).split("\n").length,
  };
}

/** Half-steps of the undisturbed story at which something happens. */
function places(stride: number, wanted: (name: string) => boolean = () => true): readonly number[] {
  const all = undisturbed.names.flatMap((name, at) => (wanted(name) ? [at] : []));
  return all.filter((_, at) => (EVERY ? at % PARTS === PART : at % stride === 0));
}

const isBefore = (name: string): boolean => name.startsWith("before ");

/** Lives to where something happens; `instead` absent = a kill. Where the branch stood when that life was over. */
async function disturbed(at: number, instead?: (name: string) => Promise<void> | void): Promise<string> {
  putBack();
  const real = await dependenciesOf();
  const { dependencies, life } = mortal(real, at, instead);
  const engine = createEngine(dependencies);
  const living = engine
    .open(ID)
    .then(() => goOn(engine))
    .catch(() => undefined)
    .then(() => engine.close().catch(() => undefined));
  await Promise.race([life.death, living]);
  await eventually("agents have ended", async () => (await real.host.running()).length === 0);
  await life.settled();
  return standing(BRANCH);
}

describe("merges to which something happens between any two steps", () => {
  it("are a batch with a file that rules resolve, and work that goes back to its creator, in this story", async () => {
    const state = replay(await (await dependenciesOf()).store.load(ID));
    expect(undisturbed.end).toMatchObject({
      status: "COMPLETE",
      asks: [],
      slots: ["login merged", "export merged", "dates merged"],
    });
    expect(state?.deliverables.export?.rejoin).toMatchObject({ why: "conflict", files: ["src/app.ts"] });
    expect(Object.values(state?.deliverables ?? {}).flatMap(({ resolved = [] }) => resolved)).toMatchObject([
      { path: "CHANGELOG.md", by: "union" },
    ]);
    expect(undisturbed.names.filter((name) => name === "before conflicts.open")).not.toEqual([]);
  });

  it("go on after a kill: the branch is before or after a change, and the end is the same", {
    timeout: EVERY ? 4 * 3_600_000 : 300_000,
  }, async () => {
    for (const at of places(97)) {
      const where = `${at} ${undisturbed.names[at]}`;
      expect(stands, where).toContain(await disturbed(at));
      expect((await lived(await dependenciesOf())).end, where).toEqual(undisturbed.end);
    }
  });

  it("go on after a full disk, when a person says so: the branch is before or after, and the end is the same", {
    timeout: EVERY ? 4 * 3_600_000 : 300_000,
  }, async () => {
    for (const at of places(61, (name) => isBefore(name) || name === "after repository.advance")) {
      const where = `${at} ${undisturbed.names[at]}`;
      expect(stands, where).toContain(await disturbed(at, noSpace));
      expect((await lived(await dependenciesOf())).end, where).toEqual(undisturbed.end);
    }
  });

  it("never overwrite what somebody else put on the branch: a person is asked, and when it is put back the end is the same", {
    timeout: EVERY ? 4 * 3_600_000 : 300_000,
  }, async () => {
    for (const at of places(53, isBefore)) {
      const where = `${at} ${undisturbed.names[at]}`;
      let [theirs, below] = ["", ""];
      const found = await disturbed(at, async () => {
        below = await scratch.git("rev-parse", BRANCH);
        theirs = await foreignCommit(below);
      });
      const { end } = await lived(await dependenciesOf());
      expect(await scratch.git("reflog", "show", "--format=%H", BRANCH), where).toContain(theirs);
      if (await isTip(theirs)) {
        // Nothing was left to change: it stands on the end.
        expect(stands, where).toContain(await standing(below));
        expect({ ...end, files: undisturbed.end.files }, where).toEqual(undisturbed.end);
        expect(await filesAt(below), where).toBe(undisturbed.end.files);
        continue;
      }
      expect(stands, where).toContain(found);
      expect(end, where).toEqual(undisturbed.end);
    }
  });

  it("go on after checks that hang until their time limit, whichever of them does", async () => {
    const calls = undisturbed.names.filter((name) => name === "before checks.run").length;
    for (let at = 0; at < calls; at += EVERY ? 1 : 7) {
      putBack();
      const dependencies = await dependenciesOf();
      const { end } = await lived({ ...dependencies, checks: hanging(dependencies.checks, at) });
      expect(end, `run ${at} of the checks`).toMatchObject({ status: "COMPLETE", asks: [] });
      expect(end.slots, `run ${at} of the checks`).toEqual(undisturbed.end.slots);
      expect(end.files, `run ${at} of the checks`).toEqual(undisturbed.end.files);
    }
  });
});

const noSpace = (): void => {
  throw Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
};

/** Somebody commits on the branch, and moves it there. */
async function foreignCommit(below: string): Promise<string> {
  const made = await scratch.git("commit-tree", `${below}^{tree}`, "-p", below, "-m", "theirs");
  await scratch.git("update-ref", "--create-reflog", `refs/heads/${BRANCH}`, made);
  return made;
}

async function isTip(commit: string): Promise<boolean> {
  return (await scratch.git("rev-parse", BRANCH)) === commit;
}

/** The run with this number waits for something that never comes, and is ended by its limit. */
function hanging(checks: CheckRunner, at: number): CheckRunner {
  const real = createCheckRunner({ env: GIT_ENV });
  let runs = 0;
  return {
    run: (folder, wanted, ...rest) => {
      runs += 1;
      if (runs - 1 !== at) return checks.run(folder, wanted, ...rest);
      const endless = wanted.map((check) => ({ ...check, run: "exec tail -f /dev/null", timeoutMs: 200 }));
      return real.run(folder, endless, ...rest);
    },
  };
}
