/** A small repository to try things in. */
import { mkdir, mkdtemp, readdir, readFile, realpath, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { createGit, gitEnvironment } from "../../adapters/git/git.ts";
import { SignalboxError } from "../../core/errors.ts";
import type { CliIo } from "../io.ts";
import { packageRoot } from "../version.ts";
import { STORIES, type Story } from "./stories.ts";

export interface Scratch {
  /** Holds repository, worktrees and the demo's own home. */
  readonly folder: string;
  readonly root: string;
  /** Hermetic home for the agents. */
  readonly home: string;
  /** Repository-relative path of the definition. */
  readonly definition: string;
}

/** Who plays the agents. */
export interface Player {
  readonly use: "claude" | "claude-cli" | "simulated";
  /** What agents need to see instead of the user's own environment. */
  readonly agentEnv: Readonly<Record<string, string>>;
}

/** A folder for it: `wanted` (which must be empty or not there), else a new temporary one. */
export async function scratchFolder(io: CliIo, story: Story, wanted: string | undefined): Promise<Scratch> {
  const folder = await realpath(
    wanted === undefined
      ? await mkdtemp(join(tmpdir(), "signalbox-demo-"))
      : await emptyFolder(resolve(io.cwd, wanted)),
  );
  const root = join(folder, story.repository);
  const home = join(folder, "home");
  await mkdir(home, { recursive: true });
  return { folder, root, home, definition: `workflows/${story.example}` };
}

/** Folder and repository of the workflow's story at once, for rehearsals with the simulated agent. */
export async function makeScratch(io: CliIo, wanted: string | undefined): Promise<Scratch> {
  const scratch = await scratchFolder(io, STORIES.workflow, wanted);
  await fillScratch(scratch, STORIES.workflow, io, { use: "simulated", agentEnv: {} });
  return scratch;
}

/** Makes the repository, one commit on `main`. The definition carries who plays the agents, so that a later `resume` starts nobody else. */
export async function fillScratch(
  { root, definition }: Scratch,
  story: Story,
  io: CliIo,
  player: Player,
): Promise<void> {
  const files = { ...story.files, [definition]: await demoDefinition(story, player) };
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
  }
  const git = createGit(root, gitEnvironment(io.env));
  await git.run(["init", "--quiet", "--initial-branch=main"]);
  await git.run(["config", "user.name", "Demo"]);
  await git.run(["config", "user.email", "demo@localhost"]);
  await git.run(["add", "--all"]);
  await git.run(["commit", "--quiet", "--message", "Start"]);
}

/** The example of the documentation. */
async function demoDefinition({ example, more }: Story, { use, agentEnv }: Player): Promise<string> {
  const root = packageRoot();
  if (root === null)
    throw new SignalboxError("environment", "no-examples", "The examples of this package cannot be found", [
      "Install it again: npm install --global signalbox",
    ]);
  const text = await readFile(join(root, "examples", example), "utf8");
  const set = Object.entries(agentEnv).map(([name, value]) => `    ${name}: ${JSON.stringify(value)}\n`);
  const env = set.length === 0 ? "" : `env:\n  set:\n${set.join("")}`;
  return `${text.replace(/^# yaml-language-server.*\n/, "")}\n${more}use: ${use}\n${env}`;
}

async function emptyFolder(path: string): Promise<string> {
  await mkdir(path, { recursive: true });
  if ((await readdir(path)).length > 0)
    throw new SignalboxError("user", "not-empty", `${path} is not empty`, [
      "Name a new folder: signalbox demo --keep /tmp/signalbox-demo",
    ]);
  return path;
}
