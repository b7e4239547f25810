/** A person's side of a measured run: repository, environment, tasks, and what is typed. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runProgram } from "../src/adapters/process/spawn.ts";
import { makeRepository } from "./scratch.ts";

export interface Subject {
  readonly folder: string;
  readonly program: string;
  readonly claude: string;
  readonly url: string;
  readonly tasks: number;
}

export function prepared(folder: string): string {
  const root = join(folder, "shop");
  rmSync(root, { recursive: true, force: true });
  makeRepository(root);
  for (const name of ["home", "tmp", "run"]) mkdirSync(join(folder, name), { recursive: true });
  return root;
}

export function taskNames(tasks: number): readonly string[] {
  return Array.from({ length: tasks }, (_, index) => `Change number ${index + 1}`);
}

/** A file of so many tasks for `dispatch --file`. */
export function tasksFile(folder: string, tasks: number): string {
  const path = join(folder, "tasks.md");
  const lines = taskNames(tasks).map((name) => `- ${name}\n`);
  writeFileSync(path, lines.join(""));
  return path;
}

export function environmentOf({ folder, url, claude }: Subject): Readonly<Record<string, string>> {
  return {
    PATH: process.env.PATH ?? "",
    HOME: join(folder, "home"),
    TMPDIR: join(folder, "tmp"),
    XDG_RUNTIME_DIR: join(folder, "run"),
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_AUTHOR_NAME: "Bench",
    GIT_AUTHOR_EMAIL: "bench@localhost",
    GIT_COMMITTER_NAME: "Bench",
    GIT_COMMITTER_EMAIL: "bench@localhost",
    ANTHROPIC_BASE_URL: url,
    ANTHROPIC_API_KEY: "sk-ant-dummy",
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
    DISABLE_TELEMETRY: "1",
    DISABLE_AUTOUPDATER: "1",
    SIGNALBOX_CLAUDE_BIN: claude,
  };
}

export async function shell(
  command: string,
  cwd: string,
  env: Readonly<Record<string, string>>,
): Promise<string> {
  const { stdout, stderr } = await runProgram("sh", ["-c", command], { cwd, env, timeoutMs: 10 * 60_000 });
  const output = stdout.toString("utf8");
  return output.includes("exit 0") || output.includes("exit 5") || stderr === ""
    ? output
    : `${output}${stderr}`;
}

export function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
