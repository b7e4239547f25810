/** Real git repositories in temporary folders, without the user's configuration. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { runProgram } from "../../src/adapters/process/spawn.ts";

export const GIT_ENV: Readonly<Record<string, string>> = {
  PATH: process.env.PATH ?? "",
  HOME: "/nonexistent",
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_CONFIG_SYSTEM: "/dev/null",
  GIT_AUTHOR_NAME: "Ana",
  GIT_AUTHOR_EMAIL: "ana@example.org",
  GIT_COMMITTER_NAME: "Ana",
  GIT_COMMITTER_EMAIL: "ana@example.org",
  LC_ALL: "C",
};

export interface Scratch {
  /** Parent folder; worktrees go beside the repository, inside it. */
  readonly folder: string;
  readonly root: string;
  git(...args: readonly string[]): Promise<string>;
  write(path: string, content: string): void;
  remove(): void;
}

export async function scratchRepository(
  files: Readonly<Record<string, string>> = { "README.md": "# Scratch\n" },
): Promise<Scratch> {
  const folder = mkdtempSync(join(tmpdir(), "signalbox-scratch-"));
  const root = join(folder, "repo");
  mkdirSync(root);
  const git = async (...args: readonly string[]): Promise<string> => {
    const result = await runProgram("git", args, { cwd: root, env: GIT_ENV });
    if (result.code !== 0) throw new Error(`git ${args.join(" ")}: ${result.stderr}`);
    return result.stdout.toString("utf8").trim();
  };
  const write = (path: string, content: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  };
  await git("init", "-q", "-b", "trunk");
  await git("config", "user.name", "Ana");
  await git("config", "user.email", "ana@example.org");
  for (const [path, content] of Object.entries(files)) write(path, content);
  await git("add", "-A");
  await git("commit", "-q", "-m", "first");
  return { folder, root, git, write, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
