/** One user with one repository: a fresh home, real git, and the built command as a real process. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type ClaimRecord, livingClaims } from "../../src/adapters/coordinator/claim.ts";
import { openJournalStore } from "../../src/adapters/journal/jsonl.ts";
import { runProgram, spawnProcess } from "../../src/adapters/process/spawn.ts";
import type { Scenario } from "../../src/adapters/scenario/scenario.ts";
import { replay } from "../../src/core/workflow/replay.ts";
import type { WorkflowState } from "../../src/core/workflow/state.ts";
import type { Product } from "./e2e-build.ts";
import { endProcessesOf, kill } from "./e2e-processes.ts";
import { eventually } from "./eventually.ts";

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command that goes on while the test looks at other things. */
export interface Viewer {
  readonly pid: number;
  /** Everything on standard output so far. */
  output(): string;
  signal(name: NodeJS.Signals): void;
  readonly ended: Promise<Ran>;
}

export interface World {
  /** Holds repository, home, worktrees, sockets. */
  readonly folder: string;
  readonly root: string;
  readonly commonDir: string;
  /** Environment of every command. */
  readonly env: Readonly<Record<string, string>>;
  git(...args: readonly string[]): Promise<string>;
  write(path: string, content: string): void;
  /** Writes `workflows/<name>.yaml` and commits it; resolves with its path. */
  define(name: string, yaml: string): Promise<string>;
  /** Runs a command to its end, without a terminal. */
  run(...argv: readonly string[]): Promise<Ran>;
  /** Like `run`; fails unless the exit code is 0. */
  ok(...argv: readonly string[]): Promise<string>;
  start(...argv: readonly string[]): Viewer;
  /** State by the journal alone; null before its first entry. */
  state(workflow: string): Promise<WorkflowState | null>;
  /** Polls the journal until `holds`; fails with `what` and where the workflow stands. */
  until(
    workflow: string,
    what: string,
    holds: (state: WorkflowState) => boolean,
    limitMs?: number,
  ): Promise<WorkflowState>;
  coordinator(): Promise<ClaimRecord | null>;
  /** The same user in another repository, such as a clone. */
  at(root: string): World;
  /** The same with more variables. */
  with(env: Readonly<Record<string, string>>): World;
}

export interface WorldOptions {
  readonly scenario?: Scenario;
  /** Files of the first commit besides a README. */
  readonly files?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
}

/** Must be closed: whatever was started for it is ended by its id, and its folder goes. */
export async function createWorld(
  product: Product,
  options: WorldOptions = {},
): Promise<{ readonly world: World; close(): Promise<void> }> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "signalbox-e2e-")));
  const close = async (): Promise<void> => {
    await endProcessesOf(folder);
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  };
  for (const name of ["home", "tmp", "run"]) mkdirSync(join(folder, name));
  const scenario = join(folder, "scenario.json");
  writeFileSync(scenario, JSON.stringify(options.scenario ?? {}));
  const env = { ...environmentOf(folder), SIGNALBOX_SCENARIO: scenario, ...options.env };
  const world = makeWorld(product, folder, join(folder, "shop"), env);
  mkdirSync(world.root);
  await world.git("init", "-q", "-b", "trunk");
  for (const [path, content] of Object.entries({ "README.md": "# Shop\n", ...options.files }))
    world.write(path, content);
  await world.git("add", "-A");
  await world.git("commit", "-q", "-m", "start");
  return { world, close };
}

/** What a plain shell of a user has, with nothing of the user who runs the tests. */
function environmentOf(folder: string): Readonly<Record<string, string>> {
  return {
    PATH: process.env.PATH ?? "",
    HOME: join(folder, "home"),
    TMPDIR: join(folder, "tmp"),
    XDG_RUNTIME_DIR: join(folder, "run"),
    SIGNALBOX_USER: "ana",
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_CONFIG_SYSTEM: "/dev/null",
    GIT_AUTHOR_NAME: "Ana",
    GIT_AUTHOR_EMAIL: "ana@example.org",
    GIT_COMMITTER_NAME: "Ana",
    GIT_COMMITTER_EMAIL: "ana@example.org",
    LC_ALL: "C",
    TZ: "UTC",
  };
}

function makeWorld(product: Product, folder: string, root: string, env: World["env"]): World {
  const commonDir = join(root, ".git");
  const git = (...args: readonly string[]): Promise<string> => runGit(root, env, args);
  const write = (path: string, content: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  };
  const [file, script] = product.command;
  const run = async (...argv: readonly string[]): Promise<Ran> => {
    const { code, stdout, stderr } = await runProgram(file, [script, ...argv], {
      cwd: root,
      env,
      timeoutMs: 120_000,
    });
    return { code, stdout: stdout.toString("utf8"), stderr };
  };
  const state: World["state"] = async (workflow) => replay(await openJournalStore(commonDir).load(workflow));
  return {
    folder,
    root,
    commonDir,
    env,
    git,
    write,
    run,
    state,
    define: async (name, yaml) => {
      const path = `workflows/${name}.yaml`;
      write(path, yaml);
      await git("add", path);
      await git("commit", "-q", "-m", `define ${name}`);
      return path;
    },
    ok: async (...argv) => {
      const ran = await run(...argv);
      if (ran.code !== 0)
        throw new Error(`signalbox ${argv.join(" ")} ended with ${ran.code}\n${ran.stdout}\n${ran.stderr}`);
      return ran.stdout;
    },
    start: (...argv) => startViewer([file, script, ...argv], root, env),
    until: (workflow, what, holds, limitMs) => untilState(() => state(workflow), what, holds, limitMs),
    coordinator: async () => (await livingClaims(commonDir))[0] ?? null,
    at: (elsewhere) => makeWorld(product, folder, elsewhere, env),
    with: (more) => makeWorld(product, folder, root, { ...env, ...more }),
  };
}

/** Git as the user runs it, in any folder of the world. */
export async function runGit(cwd: string, env: World["env"], args: readonly string[]): Promise<string> {
  const result = await runProgram("git", args, { cwd, env });
  if (result.code !== 0) throw new Error(`git ${args.join(" ")}: ${result.stderr}`);
  return result.stdout.toString("utf8").trim();
}

function startViewer(
  [file, ...args]: readonly [string, ...string[]],
  cwd: string,
  env: World["env"],
): Viewer {
  const child = spawnProcess(file, args, {
    cwd,
    env: { ...env },
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const pid = child.pid ?? 0;
  let stdout = "";
  let stderr = "";
  child.stdout?.on("data", (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  child.stderr?.on("data", (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const ended = new Promise<Ran>((resolve) => child.on("close", (code) => resolve({ code, stdout, stderr })));
  return { pid, output: () => stdout, signal: (name) => kill(pid, name), ended };
}

async function untilState(
  load: () => Promise<WorkflowState | null>,
  what: string,
  holds: (state: WorkflowState) => boolean,
  limitMs = 120_000,
): Promise<WorkflowState> {
  let last: WorkflowState | null = null;
  try {
    return await eventually(
      what,
      async () => {
        last = await load();
        return last !== null && holds(last) ? last : false;
      },
      limitMs,
    );
  } catch (error) {
    throw new Error(
      `${error instanceof Error ? error.message : String(error)}; ${last === null ? "no state" : whereItStands(last)}`,
    );
  }
}

/** In one line, for messages. */
export function whereItStands(state: WorkflowState): string {
  const steps = Object.values(state.deliverables).map((d) => `${d.id} ${d.step}`);
  const questions = state.questions.map((q) => `${q.subject}: ${q.reason}`);
  return `${state.status}, ${steps.join(", ")}; asks: ${questions.join(" | ") || "nothing"}`;
}
