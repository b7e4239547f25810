import { chmod, lstat, mkdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Provision } from "../../core/definition.ts";
import type { Provisioner, ProvisionUse } from "../../ports/provisioner.ts";
import { testSettings } from "../checks/testing-settings.ts";
import { createProvisioner } from "./index.ts";
import { provisionLogPath } from "./log.ts";
import { dependenciesOn, type TestProject, testProjects } from "./testing-project.ts";

const PACKAGES = ["a@1.0.0", "b@1.0.0", "@s/c@1.0.0"];
const NPM = ["--no-audit", "--no-fund", "--offline"];

let projects: Awaited<ReturnType<typeof testProjects>>;
let project: TestProject;
let provisioner: Provisioner;

beforeAll(async () => {
  projects = await testProjects([...PACKAGES, "b@2.0.0"], (template) => manifest(PACKAGES, {}, "", template));
});
beforeEach(async () => {
  project = await projects.open();
  provisioner = make();
});
afterAll(() => projects.remove());

const make = (env: Readonly<Record<string, string>> = project.env) =>
  createProvisioner({ root: project.root, commonDir: project.repository.commonDir, env });
const prepare = (path: string, provision: Partial<Provision> = {}, use?: ProvisionUse) =>
  provisioner.prepare(path, testSettings({ dependencies: "auto", ...provision }), use);
const there = async (...parts: readonly string[]) => (await lstat(join(...parts)).catch(() => null)) !== null;
const logOf = (path: string) => readFile(provisionLogPath(project.repository.commonDir, "w", path), "utf8");
const write = (path: string, content: string) => project.write(path, content);

/** Writes `package.json` and its lockfile, with everything installed in the checkout, and commits both. */
async function manifest(
  packages: readonly string[],
  more: object = {},
  folder = "",
  at = project,
): Promise<void> {
  const packed = folder === "" ? "./packed" : "../packed";
  const dependencies = dependenciesOn(packages, packed);
  await at.write(
    join(folder, "package.json"),
    JSON.stringify({ name: "p", version: "1.0.0", dependencies, ...more }),
  );
  await at.run("npm", ["install", ...NPM, "--ignore-scripts"], join(at.root, folder));
  await at.commit({});
}

/** An npm that installs what the tests look at, at once. */
async function quickNpm(): Promise<Readonly<Record<string, string>>> {
  const bin = join(project.env.HOME ?? "", "bin");
  const install =
    'rm -rf node_modules; mkdir -p node_modules/b; echo \'{"version":"1.0.0"}\' > node_modules/b/package.json';
  await project.write("npm", `#!/bin/sh\n${install}\n`, bin);
  await chmod(join(bin, "npm"), 0o755);
  return { ...project.env, PATH: `${bin}:${project.env.PATH}` };
}

describe("a worktree whose lockfile is installed in the checkout", () => {
  it("gets a copy that is nobody else's", async () => {
    const path = await project.worktree("a");
    expect(await prepare(path)).toEqual({ ok: true });
    expect(await logOf(path)).toContain("package-lock.json: node_modules copied from the checkout");
    expect((await lstat(join(path, "node_modules"))).isSymbolicLink()).toBe(false);
    await writeFile(join(path, "node_modules/a/run.js"), "changed by an agent");
    expect(await project.read("node_modules/a/run.js")).toContain("console.log");
    expect(await project.run("node_modules/.bin/c", [], path)).toBe("1\n");
    expect(await project.run("npm", ["ls", "--all"], path)).toContain("@s/c@1.0.0");
  });

  it("has nothing of it in its commit, although no ignore rule names it", async () => {
    await project.write(".gitignore", "");
    await project.run("git", ["commit", "-q", "-m", "no rules", "--", ".gitignore"]);
    const path = await project.worktree("a");
    expect(await prepare(path)).toEqual({ ok: true });
    expect(await project.run("git", ["status", "--porcelain"], path)).toContain("node_modules/");
    expect(await project.repository.commitWorktree(path, { subject: "x", trailers: {} }, "e", [])).toBeNull();
  });

  it.each([
    [
      "a package that the lockfile does not name",
      () => write("node_modules/x/package.json", "{}"),
      "node_modules/x is not in the lockfile",
    ],
    [
      "a package in a scope that the lockfile does not name",
      () => write("node_modules/@s/x/package.json", "{}"),
      "node_modules/@s/x is not in the lockfile",
    ],
    [
      "no package of the lockfile",
      () => rm(join(project.root, "node_modules/b"), { recursive: true }),
      "node_modules/b is not complete",
    ],
    [
      "another version",
      () => write("node_modules/b/package.json", '{"version":"2.0.0"}'),
      "node_modules/b is not complete",
    ],
    [
      "an install under way",
      () => write("node_modules/.b-aB3dE_9z/package.json", "{}"),
      "something is being installed there",
    ],
    [
      "no record of npm",
      () => rm(join(project.root, "node_modules/.package-lock.json")),
      ".package-lock.json is not there",
    ],
    [
      "a lockfile that the user is changing",
      () => write("package-lock.json", "{}"),
      "its lockfile is another one",
    ],
    [
      "a link to elsewhere",
      () => symlink("/etc", join(project.root, "node_modules/a/etc")),
      "leads out of the worktree",
    ],
  ])("is installed for itself where the checkout has %s", async (_, change, reason) => {
    const path = await project.worktree("a");
    provisioner = make(await quickNpm());
    await change();
    expect(await prepare(path)).toEqual({ ok: true });
    const log = await logOf(path);
    expect(log).toContain(reason);
    expect(log).toContain("installed with npm");
    expect(await there(path, "node_modules/x")).toBe(false);
    expect(await readFile(join(path, "node_modules/b/package.json"), "utf8")).toContain("1.0.0");
  });

  it("does not get a copy that was torn while the user installed", async () => {
    const path = await project.worktree("a");
    const bin = join(project.env.HOME ?? "", "bin");
    await mkdir(bin);
    const during = `touch "${project.root}/node_modules/.package-lock.json"`;
    await writeFile(join(bin, "cp"), `#!/bin/sh\n${during}\nPATH=\${PATH#*:} exec cp "$@"\n`, {
      mode: 0o755,
    });
    const before = process.env.PATH;
    process.env.PATH = `${bin}:${before}`;
    try {
      expect(await prepare(path)).toEqual({ ok: true });
    } finally {
      process.env.PATH = before;
    }
    expect(await logOf(path)).toContain("it was changed while it was copied");
    expect(await logOf(path)).toContain("installed with npm");
  });

  it("runs the project's own install scripts, whose files are no work of the agent's", async () => {
    const scripts = { postinstall: "echo made > generated.txt", prepare: "husky" };
    await manifest(PACKAGES, { scripts });
    const path = await project.worktree("a");
    expect(await prepare(path)).toEqual({ ok: true });
    expect(await readFile(join(path, "generated.txt"), "utf8")).toBe("made\n");
    expect(await logOf(path)).toContain("copied from the checkout");
    expect(await project.repository.commitWorktree(path, { subject: "x", trailers: {} }, "e", [])).toBeNull();
  });

  it("leaves scripts out that the project's configuration switches off", async () => {
    await write(".npmrc", "ignore-scripts=true\n");
    await manifest(PACKAGES, { scripts: { postinstall: "echo made > generated.txt" } });
    const path = await project.worktree("a");
    await prepare(path);
    expect(await there(path, "node_modules/a")).toBe(true);
    expect(await there(path, "generated.txt")).toBe(false);
  });
});

describe("a worktree whose lockfile is installed nowhere", () => {
  it("is installed, and the next one with the same lockfile gets a copy of that", async () => {
    await rm(join(project.root, "node_modules"), { recursive: true });
    const [first, second] = [await project.worktree("a"), await project.worktree("b")];
    expect(await Promise.all([prepare(first), prepare(second)])).toEqual([{ ok: true }, { ok: true }]);
    const logs = [await logOf(first), await logOf(second)].join("");
    expect(logs.match(/installed with npm/g)).toHaveLength(1);
    expect(logs.match(/copied from an earlier install/g)).toHaveLength(1);
    expect(await project.run("node_modules/.bin/a", [], first)).toBe("1\n");
    expect(await project.run("node_modules/.bin/a", [], second)).toBe("1\n");
  });

  it("is installed for the lockfile of its own commit, not for that of the checkout", async () => {
    await manifest(["a@1.0.0", "b@2.0.0"]);
    const path = await project.worktree("a");
    await project.run("git", ["checkout", "-q", "HEAD~1"]);
    await project.run("npm", ["ci", ...NPM]);
    expect(await prepare(path)).toEqual({ ok: true });
    expect(await readFile(join(path, "node_modules/b/package.json"), "utf8")).toContain("2.0.0");
    expect(await there(path, "node_modules/@s")).toBe(false);
  });

  it("fails with the command, its exit code and its output where the lockfile is out of step, and leaves nothing half", async () => {
    await rm(join(project.root, "node_modules"), { recursive: true });
    const right = await project.read("package.json");
    const wrong = JSON.stringify({ name: "p", version: "1.0.0", dependencies: dependenciesOn(["b@2.0.0"]) });
    await project.commit({ "package.json": wrong });
    const path = await project.worktree("a");
    const result = await prepare(path);
    const summary = /^"npm ci [^"]*" failed with exit code 1, 2 times \(all of its output: \.git\/\S+\)\n/;
    expect(result).toMatchObject({ ok: false, message: expect.stringMatching(summary) });
    if (!result.ok) expect(result.message).toContain("in sync");
    await project.write("package.json", right, path);
    expect(await prepare(path)).toEqual({ ok: true });
    expect(await there(path, "node_modules/a")).toBe(true);
  });

  it("is left alone where its package manager is not there either", async () => {
    await rm(join(project.root, "node_modules"), { recursive: true });
    await rm(join(project.root, "package-lock.json"));
    await project.commit({ "pnpm-lock.yaml": "lockfileVersion: '9.0'\n" });
    const path = await project.worktree("a");
    provisioner = make({ ...project.env, PATH: "/usr/bin:/bin" });
    expect(await prepare(path)).toEqual({ ok: true });
    expect(await logOf(path)).toContain("pnpm-lock.yaml: left alone, pnpm is not on the PATH");
  });
});

describe("which lockfiles count", () => {
  it("those in folders that are installed in the checkout too, and not those that are not", async () => {
    await manifest(["a@1.0.0"], {}, "client");
    await manifest(["b@1.0.0"], {}, "server");
    await rm(join(project.root, "server/node_modules"), { recursive: true });
    const path = await project.worktree("a");
    expect(await prepare(path)).toEqual({ ok: true });
    expect(await there(path, "client/node_modules/a/package.json")).toBe(true);
    expect(await there(path, "server/node_modules")).toBe(false);
    expect(await logOf(path)).toContain(
      "server/package-lock.json: nothing to do, nothing is installed beside it",
    );
  });

  it("one that only the worktree's commit has", async () => {
    await manifest(["a@1.0.0"], {}, "fresh");
    const path = await project.worktree("a");
    await rm(join(project.root, "fresh"), { recursive: true });
    expect(await prepare(path)).toEqual({ ok: true });
    expect(await there(path, "fresh/node_modules/a")).toBe(true);
  });

  it("members of a workspace have their own packages", async () => {
    await write(
      "packages/m/package.json",
      JSON.stringify({
        name: "m",
        version: "1.0.0",
        dependencies: dependenciesOn(["b@2.0.0"], "../../packed"),
      }),
    );
    await manifest(PACKAGES, { workspaces: ["packages/*"] });
    const path = await project.worktree("a");
    expect(await prepare(path)).toEqual({ ok: true });
    expect(await logOf(path)).toContain("node_modules, packages/m/node_modules copied from the checkout");
    expect(await readFile(join(path, "packages/m/node_modules/b/package.json"), "utf8")).toContain("2.0.0");
    expect((await lstat(join(path, "node_modules/m"))).isSymbolicLink()).toBe(true);
  });

  it("not one that a command of the author's installs, and not one that names no packages", async () => {
    const path = await project.worktree("a");
    expect(await prepare(path, { run: ["true || npm ci"] })).toEqual({ ok: true });
    expect(await there(path, "node_modules")).toBe(false);
    expect(await logOf(path)).toContain('package-lock.json: left to "true || npm ci"');
    await manifest([]);
    const other = await project.worktree("b");
    await prepare(other);
    expect(await logOf(other)).toContain("it names no packages");
  });

  it("cargo's needs nothing, and says why", async () => {
    await project.commit({ "Cargo.lock": "version = 4\n" });
    const path = await project.worktree("a");
    await prepare(path);
    expect(await logOf(path)).toContain("Cargo.lock: nothing to do, crates come from cargo's shared cache");
  });
});

describe("checks", () => {
  it("have dependencies where work on a document has none", async () => {
    const path = await project.worktree("a");
    expect(await prepare(path, { dependencies: "checks" }, "work")).toEqual({ ok: true });
    expect(await there(path, "node_modules")).toBe(false);
    expect(await prepare(path, { dependencies: "checks" }, "checks")).toEqual({ ok: true });
    expect(await there(path, "node_modules")).toBe(true);
    expect(await prepare(path, { dependencies: "none" })).toEqual({ ok: true });
  });

  it("give them back when the last one is over, and get them again without anything being run twice", async () => {
    const { path } = await project.repository.addReviewWorktree(
      "w",
      (await project.repository.head()).commit ?? "",
    );
    const step = { run: ["echo x >> ran"] };
    await prepare(path, step, "checks");
    await prepare(path, step, "checks");
    await provisioner.release(path);
    expect(await there(path, "node_modules")).toBe(true);
    await provisioner.release(path);
    expect(await there(path, "node_modules")).toBe(false);
    expect(await there(path, "package.json")).toBe(true);
    await prepare(path, step, "checks");
    expect(await there(path, "node_modules/a")).toBe(true);
    expect(await readFile(join(path, "ran"), "utf8")).toBe("x\n");
    expect(await logOf(path)).toContain("node_modules moved from a worktree that is done with");
  });

  it("never see what others have left in a tree", async () => {
    const [first, second] = [await project.worktree("a"), await project.worktree("b")];
    await prepare(first, {}, "checks");
    await writeFile(join(first, "node_modules/a/run.js"), "changed by a check");
    await provisioner.release(first);
    await prepare(second, {}, "checks");
    expect(await readFile(join(second, "node_modules/a/run.js"), "utf8")).toContain("console.log");
    expect(await logOf(second)).toContain(
      "not moved from a worktree that is done with: what was there has been changed",
    );
    expect(await logOf(second)).toContain("copied from the checkout");
  });

  it("never have the checkout's own packages taken away", async () => {
    const path = await project.worktree("a");
    await prepare(path, { link: ["node_modules"] });
    await provisioner.release(path);
    expect(await there(project.root, "node_modules/a/run.js")).toBe(true);
    expect((await lstat(join(path, "node_modules"))).isSymbolicLink()).toBe(true);
  });
});
