/** A small repository to try things in: a shop with two notes for the agents to read. */
import { mkdir, mkdtemp, readdir, readFile, realpath, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { createGit, gitEnvironment } from "../../adapters/git/git.ts";
import { SignalboxError } from "../../core/errors.ts";
import type { CliIo } from "../io.ts";
import { packageRoot } from "../version.ts";

export interface Scratch {
  /** Holds repository, worktrees and the demo's own home. */
  readonly folder: string;
  readonly root: string;
  /** Hermetic home for the agents. */
  readonly home: string;
  /** Repository-relative path of the definition. */
  readonly definition: string;
}

const FILES: Readonly<Record<string, string>> = {
  "README.md": "# Switchyard\n\nA service that runs many coding sessions at once.\n",
  "PLAN.md":
    "# Plan\n\nDecide how the coordinator starts sessions: through an SDK, a command line, or both.\n",
  "SPIKE-001": "Compare the SDK with the command line: capabilities, limits, cost of a start.\n",
  "SPIKE-002": "Find how worktrees and sessions live and end together.\n",
  "src/index.ts": 'export const name = "switchyard";\n',
};

const DEFINITION = "workflows/multi-instance.yaml";

/** Makes it in `wanted` (which must be empty or not there), else in a new temporary folder; one commit on `main`. */
export async function makeScratch(io: CliIo, wanted: string | undefined): Promise<Scratch> {
  const folder = await realpath(
    wanted === undefined
      ? await mkdtemp(join(tmpdir(), "signalbox-demo-"))
      : await emptyFolder(resolve(io.cwd, wanted)),
  );
  const root = join(folder, "switchyard");
  const home = join(folder, "home");
  await mkdir(home, { recursive: true });
  for (const [path, content] of Object.entries({ ...FILES, [DEFINITION]: await demoDefinition() })) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
  }
  const identity = {
    GIT_AUTHOR_NAME: "Demo",
    GIT_AUTHOR_EMAIL: "demo@localhost",
    GIT_COMMITTER_NAME: "Demo",
    GIT_COMMITTER_EMAIL: "demo@localhost",
  };
  const git = createGit(root, { ...gitEnvironment(io.env), ...identity });
  await git.run(["init", "--quiet", "--initial-branch=main"]);
  await git.run(["add", "--all"]);
  await git.run(["commit", "--quiet", "--message", "Start"]);
  return { folder, root, home, definition: DEFINITION };
}

/** The example of the documentation. The rise to C3 is agreed to beforehand, so that one approval is asked. */
async function demoDefinition(): Promise<string> {
  const root = packageRoot();
  if (root === null)
    throw new SignalboxError("environment", "no-examples", "The examples of this package cannot be found", [
      "Install it again: npm install --global signalbox",
    ]);
  const text = await readFile(join(root, "examples", "multi-instance.yaml"), "utf8");
  return `${text.replace(/^# yaml-language-server.*\n/, "")}\nescalate: auto\n`;
}

async function emptyFolder(path: string): Promise<string> {
  await mkdir(path, { recursive: true });
  if ((await readdir(path)).length > 0)
    throw new SignalboxError("user", "not-empty", `${path} is not empty`, [
      "Name a new folder: signalbox demo --keep /tmp/signalbox-demo",
    ]);
  return path;
}
