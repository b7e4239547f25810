/** Runs the command line in this process with captured streams, in a real repository, against a fake engine. */
import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import { startCoordinator } from "../../src/adapters/coordinator/run.ts";
import { openJournalStore } from "../../src/adapters/journal/jsonl.ts";
import { runProgram } from "../../src/adapters/process/spawn.ts";
import type { CliIo } from "../../src/cli/io.ts";
import { runCli } from "../../src/cli/run-cli.ts";
import type { JournalStore } from "../../src/ports/journal.ts";
import { FakeEngine } from "./fake-engine.ts";

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface World {
  /** Root of the repository. */
  readonly root: string;
  readonly commonDir: string;
  readonly store: JournalStore;
  /** What every command sees. */
  readonly env: CliIo["env"];
  /** Makes this process the coordinator of the repository, with an engine that does nothing by itself. */
  coordinate(): Promise<FakeEngine>;
  run(...argv: readonly string[]): Promise<Ran>;
  runWith(changes: Partial<CliIo>, ...argv: readonly string[]): Promise<Ran>;
  write(path: string, content: string): Promise<void>;
  git(...args: readonly string[]): Promise<string>;
}

/** Time that every command sees: half an hour after the fake engine's first minute. */
const NOW = Date.parse("2026-02-20T10:30:00Z");

const GIT_ENV = {
  PATH: process.env.PATH ?? "",
  HOME: "/nonexistent",
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_CONFIG_SYSTEM: "/dev/null",
  GIT_AUTHOR_NAME: "Ada",
  GIT_AUTHOR_EMAIL: "ada@example.org",
  GIT_COMMITTER_NAME: "Ada",
  GIT_COMMITTER_EMAIL: "ada@example.org",
  GIT_AUTHOR_DATE: "2026-02-20T09:00:00Z",
  GIT_COMMITTER_DATE: "2026-02-20T09:00:00Z",
};

/** A repository with one commit on `main`, removed after the test. */
export async function aWorld(): Promise<World> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "sbx-cli-")));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const root = join(folder, "shop");
  await mkdir(root);
  const git = async (...args: readonly string[]): Promise<string> => {
    const result = await runProgram("git", args, { cwd: root, env: GIT_ENV });
    if (result.code !== 0) throw new Error(result.stderr);
    return result.stdout.toString("utf8");
  };
  const write = async (path: string, content: string): Promise<void> => {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
  };
  await git("init", "-q", "-b", "main");
  await write("README.md", "# Shop\n");
  await git("add", ".");
  await git("commit", "-q", "-m", "start");
  const commonDir = join(root, ".git");
  const store = openJournalStore(commonDir);
  const env = {
    PATH: GIT_ENV.PATH,
    HOME: folder,
    XDG_RUNTIME_DIR: folder,
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_CONFIG_SYSTEM: "/dev/null",
    TZ: "UTC",
  };
  const runWith = (changes: Partial<CliIo>, ...argv: readonly string[]): Promise<Ran> =>
    runCaptured({ cwd: root, env, ...changes }, argv, folder);
  return {
    root,
    commonDir,
    store,
    env,
    git,
    write,
    run: (...argv) => runWith({}, ...argv),
    runWith,
    coordinate: () => coordinate(commonDir, env, store),
  };
}

async function coordinate(commonDir: string, env: CliIo["env"], store: JournalStore): Promise<FakeEngine> {
  const engine = new FakeEngine(store);
  const started = await startCoordinator({
    commonDir,
    env,
    version: "test",
    since: "2026-02-20T10:00:00Z",
    lingerMs: 60_000,
    compose: async () => ({ engine, reopen: async () => [] }),
    log: () => {},
  });
  if (!started.ok) throw new Error("somebody else coordinates");
  onTestFinished(() => started.coordinator.stop());
  return engine;
}

async function runCaptured(changes: Partial<CliIo>, argv: readonly string[], folder: string): Promise<Ran> {
  let stdout = "";
  let stderr = "";
  const code = await runCli(argv, {
    cwd: folder,
    env: {},
    stdout: {
      write: (text) => {
        stdout += text;
      },
      isTTY: false,
    },
    stderr: {
      write: (text) => {
        stderr += text;
      },
      isTTY: false,
    },
    interactive: false,
    now: () => NOW,
    onInterrupt: () => () => {},
    self: [process.execPath, "-e", "process.exit(9)"],
    user: "ada",
    parentEnv: () => undefined,
    ...changes,
  });
  const plain = (text: string): string => text.replaceAll(folder, "<folder>");
  return { code, stdout: plain(stdout), stderr: plain(stderr) };
}

/** One text for inline snapshots: exit code, then both streams where they say something. How full this machine is counts for nothing. */
export function told({ code, stdout, stderr }: Ran): string {
  const narration = stderr.replace(/^! the disk of .* would be \d+ % full .*\n/m, "");
  return [
    `exit ${code}`,
    ...(stdout === "" ? [] : ["--- stdout", stdout.trimEnd()]),
    ...(narration === "" ? [] : ["--- stderr", narration.trimEnd()]),
  ].join("\n");
}
