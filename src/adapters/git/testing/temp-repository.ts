/** Real repositories in temporary folders, for tests. */
import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { runProgram } from "../../process/spawn.ts";

/** Nothing of the machine's own git configuration reaches a test. */
export const TEST_ENV: Readonly<Record<string, string>> = {
  PATH: process.env.PATH ?? "/usr/bin:/bin",
  HOME: "/nonexistent",
  TMPDIR: tmpdir(),
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_CONFIG_SYSTEM: "/dev/null",
};

export interface TempRepository {
  /** Main worktree, inside a folder of its own that `remove` deletes. */
  readonly root: string;
  /** Runs plain git, as a person would; stdout without the last line end. Rejects when git fails. */
  git(args: readonly string[], cwd?: string): Promise<string>;
  /** Writes a file below `folder` (default: the main worktree), making folders. */
  write(path: string, content: string, folder?: string): Promise<void>;
  read(path: string, folder?: string): Promise<string>;
  /** Writes files and commits them in the main worktree; the commit. */
  commit(files: Readonly<Record<string, string>>, message?: string): Promise<string>;
  remove(): Promise<void>;
}

/** A repository `project` with branch main, one commit and a configured person. */
export async function tempRepository(): Promise<TempRepository> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "signalbox-git-")));
  const root = join(folder, "project");
  await mkdir(root);
  const git = (args: readonly string[], cwd = root): Promise<string> => plainGit(args, cwd);
  const write = async (path: string, content: string, base = root): Promise<void> => {
    await mkdir(dirname(join(base, path)), { recursive: true });
    await writeFile(join(base, path), content);
  };
  const repository: TempRepository = {
    root,
    git,
    write,
    read: (path, base = root) => readFile(join(base, path), "utf8"),
    commit: async (files, message = "a change") => {
      for (const [path, content] of Object.entries(files)) await write(path, content);
      await git(["add", "-A"]);
      await git(["commit", "-q", "--allow-empty", "-m", message]);
      return git(["rev-parse", "HEAD"]);
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
  await git(["init", "-q", "-b", "main"]);
  await git(["config", "user.name", "Ada"]);
  await git(["config", "user.email", "ada@example.org"]);
  await repository.commit({ "README.md": "hello\n", "src/a.txt": "one\ntwo\nthree\n" }, "first");
  return repository;
}

/** Plain git with the environment of the tests. */
export async function plainGit(args: readonly string[], cwd: string): Promise<string> {
  const result = await runProgram("git", args, { cwd, env: TEST_ENV });
  if (result.code !== 0) throw new Error(`git ${args.join(" ")}: ${result.stderr}`);
  return result.stdout.toString("utf8").replace(/\n$/, "");
}
