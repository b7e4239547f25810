/** Contract of the package managers that are installed on this machine; the others are skipped. */
import { accessSync, constants, readFileSync } from "node:fs";
import { chmod, lstat, readFile, rm } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { testSettings } from "../checks/testing-settings.ts";
import { createProvisioner } from "./index.ts";
import { provisionLogPath } from "./log.ts";
import { installCommands, installsItself, type ManagerId } from "./managers.ts";
import { npmTree, yarnTree } from "./npm-tree.ts";
import { dependenciesOn, type TestProject, testProjects } from "./testing-project.ts";

function isHere(program: string): boolean {
  return (process.env.PATH ?? "").split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

let projects: Awaited<ReturnType<typeof testProjects>>;
beforeAll(async () => {
  projects = await testProjects(["a@1.0.0", "b@1.0.0"], async () => {});
});
afterAll(() => projects.remove());

const there = async (...parts: readonly string[]) => (await lstat(join(...parts)).catch(() => null)) !== null;

async function prepared(
  project: TestProject,
  name: string,
): Promise<{ readonly path: string; readonly log: string }> {
  const { commonDir } = project.repository;
  const path = await project.worktree(name);
  const provisioner = createProvisioner({ root: project.root, commonDir, env: project.env });
  expect(await provisioner.prepare(path, testSettings({ dependencies: "auto", timeoutMs: 60_000 }))).toEqual({
    ok: true,
  });
  return { path, log: await readFile(provisionLogPath(commonDir, "w", path), "utf8") };
}

describe.each<[ManagerId, readonly string[], string]>([
  ["npm", ["install", "--offline", "--no-audit", "--no-fund"], "copied from the checkout"],
  ["pnpm", ["install", "--offline"], "installed with pnpm"],
  ["yarn", ["install", "--offline", "--non-interactive"], "copied from the checkout"],
  ["bun", ["install"], "installed with bun"],
])("%s", (manager, install, expected) => {
  it.skipIf(!isHere(manager))(
    "gives a worktree packages of its own, from a warm checkout and without one",
    async () => {
      const project = await projects.open();
      const dependencies = dependenciesOn(["a@1.0.0", "b@1.0.0"]);
      await project.write(
        "package.json",
        JSON.stringify({ name: "p", version: "1.0.0", license: "MIT", dependencies }),
      );
      await project.run(manager, install);
      await project.commit({});
      const warm = await prepared(project, "warm");
      expect(warm.log).toContain(expected);
      await rm(join(project.root, "node_modules"), { recursive: true });
      const cold = await prepared(project, "cold");
      expect(cold.log).toContain(`installed with ${manager}`);
      for (const { path } of [warm, cold]) {
        expect(await project.run("node_modules/.bin/a", [], path)).toBe("1\n");
        expect((await lstat(join(path, "node_modules/a/package.json"))).nlink).toBe(1);
        expect(await project.run("git", ["status", "--porcelain"], path)).toBe("");
      }
    },
  );
});

/** An interpreter that makes what the real one makes, without the seconds that takes. */
const PYTHON = `#!/bin/sh
mkdir -p "$3/bin" && echo "home = $(dirname "$0")" > "$3/pyvenv.cfg"
printf '#!/bin/sh\\necho "$@" > installed.txt\\n' > "$3/bin/python" && chmod +x "$3/bin/python"
`;

describe("python", () => {
  it("gets a virtual environment where the checkout has one, made by the same interpreter", async () => {
    const project = await projects.open();
    const bin = join(project.env.HOME ?? "", "python");
    await project.write("python3", PYTHON, bin);
    await chmod(join(bin, "python3"), 0o755);
    await project.run(join(bin, "python3"), ["-m", "venv", "venv"]);
    await project.commit({ "requirements.txt": "flask==3.0.0\n", ".gitignore": "venv/\ninstalled.txt\n" });
    const { path, log } = await prepared(project, "venv");
    expect(log).toContain(`$ ${bin}/python3 -m venv venv`);
    expect(log).toContain("requirements.txt: installed with pip");
    expect(await there(path, "venv/pyvenv.cfg")).toBe(true);
    expect(await readFile(join(path, "installed.txt"), "utf8")).toMatch(
      /^-m pip install .*-r requirements\.txt$/m,
    );
    await rm(join(project.root, "venv"), { recursive: true });
    const other = await prepared(project, "none");
    expect(other.log).toContain("requirements.txt: nothing to do, the checkout has no virtual environment");
  });
});

describe("installs by the author's own commands", () => {
  it.each<[ManagerId, string, boolean]>([
    ["npm", "npm ci --ignore-scripts", true],
    ["npm", "cd client && npm i", true],
    ["npm", "npm run build", false],
    ["npm", "pnpm install", false],
    ["pnpm", "pnpm -r install", false],
    ["pnpm", "pnpm i --offline", true],
    ["yarn", "yarn", true],
    ["yarn", "yarn install --immutable", true],
    ["yarn", "yarn build", false],
    ["bun", "bun install", true],
    ["uv", "uv sync --dev", true],
    ["pip", ".venv/bin/pip install -e .", true],
    ["cargo", "cargo fetch", false],
  ])("%s in %j: %s", (manager, command, expected) => {
    expect(installsItself(manager, command)).toBe(expected);
  });

  it("keep odd paths of interpreters in one word", () => {
    const facts = { modernYarn: true, home: "venv", python: "/opt/my python/bin/python3" };
    expect(installCommands("pip", facts)[0]).toBe("'/opt/my python/bin/python3' -m venv venv");
    expect(installCommands("yarn", facts)).toEqual(["yarn install --immutable"]);
  });
});

describe("an installed tree", () => {
  const lock = (packages: object) => JSON.stringify({ lockfileVersion: 3, packages });
  const A = { version: "1.0.0", integrity: "sha512-x" };

  it.each([
    ["the same", { "": {}, "node_modules/a": A }, { "node_modules/a": A }, true],
    [
      "without an optional one",
      { "node_modules/a": A, "node_modules/o": { ...A, optional: true } },
      { "node_modules/a": A },
      true,
    ],
    [
      "without the development ones",
      { "node_modules/a": A, "node_modules/d": { ...A, dev: true } },
      { "node_modules/a": A },
      false,
    ],
    [
      "other content of the same version",
      { "node_modules/a": A },
      { "node_modules/a": { ...A, integrity: "sha512-y" } },
      false,
    ],
    ["one more", {}, { "node_modules/a": A }, false],
    [
      "a link in place of a package",
      { "node_modules/a": A },
      { "node_modules/a": { resolved: "../a", link: true } },
      false,
    ],
    [
      "a link to a member",
      { "node_modules/m": { resolved: "m", link: true }, m: {} },
      { "node_modules/m": { resolved: "m", link: true }, m: {} },
      true,
    ],
    [
      "a link that leads out",
      { "node_modules/m": { resolved: "../m", link: true } },
      { "node_modules/m": { resolved: "../m", link: true } },
      false,
    ],
  ])("with %s", (_, wanted, present, fits) => {
    expect(npmTree(lock(wanted), lock(present)) !== null).toBe(fits);
  });

  it("of yarn fits by every pattern of its lockfile, installed whole", () => {
    const file =
      '# yarn lockfile v1\n\n\n"@s/c@^1.0.0", "@s/c@^1.1.0":\n  version "1.1.0"\n  resolved "https://r/c.tgz#1"\n';
    const record = {
      lockfileEntries: { "@s/c@^1.0.0": "https://r/c.tgz#1", "@s/c@^1.1.0": "https://r/c.tgz#1" },
    };
    expect(yarnTree(file, JSON.stringify({ ...record, flags: [] }))).not.toBeNull();
    expect(yarnTree(file, JSON.stringify({ ...record, flags: ["production"] }))).toBeNull();
    expect(yarnTree(file, JSON.stringify({ ...record, linkedModules: ["c"] }))).toBeNull();
    expect(yarnTree(file, JSON.stringify({ lockfileEntries: {} }))).toBeNull();
    expect(yarnTree("__metadata:\n  version: 8\n", JSON.stringify(record))).toBeNull();
  });

  it("of this very project can be read", () => {
    const read = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), "utf8");
    const tree = npmTree(read("package-lock.json"), read("node_modules/.package-lock.json"));
    expect(tree?.packages.size ?? 1000).toBeGreaterThan(100);
  });
});
