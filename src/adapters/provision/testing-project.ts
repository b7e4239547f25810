/** A project with packages of its own making, so that real package managers install it without any registry. */
import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Repository } from "../../ports/repository.ts";
import { openRepository } from "../git/index.ts";
import { TEST_ENV, type TempRepository, tempRepository } from "../git/testing/temp-repository.ts";
import { runProgram } from "../process/spawn.ts";

export interface TestProject {
  /** The checkout, in a folder of its own. */
  readonly root: string;
  readonly repository: Repository;
  /** Environment with a home folder of its own. */
  readonly env: Readonly<Record<string, string>>;
  /** Runs a program in the checkout, or below it; stdout. Rejects when it fails. */
  run(program: string, args: readonly string[], folder?: string): Promise<string>;
  write(path: string, content: string, base?: string): Promise<void>;
  read(path: string, base?: string): Promise<string>;
  /** Writes files and commits everything that no rule ignores. */
  commit(files: Readonly<Record<string, string>>): Promise<void>;
  /** A new worktree of an attempt, at HEAD. */
  worktree(name: string): Promise<string>;
  remove(): Promise<void>;
}

/**
 * A repository whose `packed/` has the tarballs `<name>-<version>.tgz` of the named packages, and the files that `fill` leaves
 * in it. Made once; `open` gives copies, which cost a fraction.
 */
export async function testProjects(
  packages: readonly string[],
  fill: (project: TestProject) => Promise<void>,
): Promise<{ readonly open: () => Promise<TestProject>; readonly remove: () => Promise<void> }> {
  const repo = await tempRepository();
  const template = await openProject(repo.root, repo);
  for (const name of packages) await pack(template, name);
  await repo.commit({ ".gitignore": "node_modules/\n.venv/\n" });
  await fill(template);
  const made: TestProject[] = [template];
  return {
    open: async () => {
      const folder = await realpath(await mkdtemp(join(tmpdir(), "signalbox-project-")));
      await template.run("cp", ["-a", repo.root, folder]);
      const project = await openProject(join(folder, "project"), repo);
      made.push(project);
      return project;
    },
    remove: async () => {
      for (const project of made) await project.remove();
    },
  };
}

async function openProject(root: string, template: TempRepository): Promise<TestProject> {
  const home = await mkdtemp(join(tmpdir(), "signalbox-home-"));
  const env = { ...TEST_ENV, HOME: home, npm_config_update_notifier: "false" };
  const run = async (program: string, args: readonly string[], folder = root): Promise<string> => {
    const { code, stdout, stderr } = await runProgram(program, args, { cwd: folder, env });
    if (code !== 0) throw new Error(`${program} ${args.join(" ")}: ${stderr}${stdout}`);
    return stdout.toString("utf8");
  };
  const write = (path: string, content: string, base = root): Promise<void> =>
    template.write(path, content, base);
  const repository = await openRepository(root, { env });
  return {
    root,
    repository,
    env,
    run,
    write,
    read: (path, base = root) => readFile(join(base, path), "utf8"),
    commit: async (files) => {
      for (const [path, content] of Object.entries(files)) await write(path, content);
      await run("git", ["add", "-A"]);
      await run("git", ["commit", "-q", "--allow-empty", "-m", "a change"]);
    },
    worktree: async (name) => {
      const base = (await repository.head()).commit ?? "";
      return (await repository.addWorktree({ workflow: "w", branch: `signalbox/w/${name}.1.1`, base })).path;
    },
    remove: async () => {
      await rm(dirname(root), { recursive: true, force: true });
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** `a@1.0.0` becomes `packed/a-1.0.0.tgz`, `@s/a@1.0.0` becomes `packed/s-a-1.0.0.tgz`. */
async function pack({ root, env, run }: TestProject, named: string): Promise<void> {
  const at = named.lastIndexOf("@");
  const [name, version] = [named.slice(0, at), named.slice(at + 1)];
  const folder = join(env.HOME ?? tmpdir(), "draft");
  const draft = join(folder, "package");
  await mkdir(draft, { recursive: true });
  await mkdir(join(root, "packed"), { recursive: true });
  await writeFile(
    join(draft, "package.json"),
    JSON.stringify({ name, version, bin: { [name.split("/").at(-1) ?? ""]: "run.js" } }),
  );
  await writeFile(join(draft, "run.js"), "#!/usr/bin/env node\nconsole.log(1);\n", { mode: 0o755 });
  await run("tar", ["-czf", join(root, "packed", tarball(named)), "-C", folder, "package"]);
}

/** File name of a packed package. */
export function tarball(named: string): string {
  return `${named
    .replace("@", named.startsWith("@") ? "" : "-")
    .replace("/", "-")
    .replace("@", "-")}.tgz`;
}

/** `dependencies` of a `package.json` at `packed`, the way to the tarballs. */
export function dependenciesOn(
  packages: readonly string[],
  packed = "./packed",
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    packages.map((named) => [named.slice(0, named.lastIndexOf("@")), `file:${packed}/${tarball(named)}`]),
  );
}
