/** An ordinary project of a user: TypeScript, tests of its own, dependencies in place, an `.env`, a dev server on its port, work in progress. */
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import type { Scenario } from "../../src/adapters/scenario/scenario.ts";
import { taskIds } from "../../src/config/dispatch/task-ids.ts";
import type { World } from "./e2e-world.ts";

/** As a person types them; slots are named by their words. */
export const TASKS = [
  "Fix #41: the login form accepts an empty password",
  "Fix #57: CSV export drops the last row",
  "Fix #63: dates are parsed in local time",
] as const;
export const [LOGIN = "", EXPORT = "", DATES = ""] = taskIds(TASKS);

const TYPESCRIPT = dirname(createRequire(import.meta.url).resolve("typescript/package.json"));
const VERSION = (JSON.parse(readFileSync(join(TYPESCRIPT, "package.json"), "utf8")) as { version: string })
  .version;

const EXPORT_TEST = `import { test } from "node:test"; import { equal } from "node:assert"; import { csv } from "../src/export.js"; test("keeps the last row", () => equal(csv(["a", "b"]), "a\\nb"));`;

/** Runs every test of the project, and refuses to run without what a worktree needs. */
const RUNNER = `
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { createServer } from "node:http";
import ts from "typescript";
if (!existsSync(".env")) throw new Error(".env is missing");
const port = Number(process.env.PORT ?? 3000);
await new Promise((resolve, reject) => { const server = createServer().on("error", reject).listen(port, "127.0.0.1", () => server.close(resolve)); });
rmSync(".build", { recursive: true, force: true });
for (const folder of ["src", "test"]) {
  mkdirSync(".build/" + folder, { recursive: true });
  for (const name of readdirSync(folder)) {
    const text = readFileSync(folder + "/" + name, "utf8");
    const { outputText } = ts.transpileModule(text, { compilerOptions: { module: "ESNext", target: "ES2022" } });
    writeFileSync(".build/" + folder + "/" + name.replace(/ts$/, "js"), outputText);
  }
}
const tests = readdirSync(".build/test").map((name) => ".build/test/" + name);
process.exit(spawnSync(process.execPath, ["--test", ...tests], { stdio: "inherit" }).status ?? 1);
`;

const LOCK = {
  name: "shop",
  lockfileVersion: 3,
  requires: true,
  packages: {
    "": { name: "shop", devDependencies: { typescript: VERSION } },
    "node_modules/typescript": { version: VERSION, dev: true },
  },
};

export const PROJECT: Readonly<Record<string, string>> = {
  ".gitignore": "node_modules/\n.env\n.build/\n",
  "package.json": `${JSON.stringify({ name: "shop", private: true, type: "module", scripts: { test: "node scripts/test.mjs" }, devDependencies: { typescript: VERSION } }, null, 2)}\n`,
  "package-lock.json": `${JSON.stringify(LOCK, null, 2)}\n`,
  "scripts/test.mjs": RUNNER,
  "signalbox.yaml": `provision: { copy: [.env] }\nenv: { set: { PORT: "$\{{ port.0 }}" } }\n`,
  "src/login.ts": 'export const accepts = (password: string): boolean => password !== "x";\n',
  "src/export.ts": 'export const csv = (rows: readonly string[]): string => rows.join("\\n");\n',
  "src/dates.ts": "export const day = (text: string): number => new Date(text).getUTCDate();\n",
  "test/login.test.ts":
    'import { test } from "node:test"; import { equal } from "node:assert"; import { accepts } from "../src/login.js"; test("takes a word", () => equal(accepts("secret"), true));\n',
  "test/export.test.ts": `${EXPORT_TEST}\n`,
};

/** What the three agents do: one is wrong twice, one deletes a test until it is told not to, one asks. */
export const MORNING: Scenario = {
  deliverables: {
    [LOGIN]: {
      edits: [
        {
          path: "src/login.ts",
          line: 1,
          text: "export const accepts = (password: string): boolean => password === '';",
          round: 1,
        },
        {
          path: "src/login.ts",
          line: 1,
          text: "export const accepts = (_: string): boolean => false;",
          round: 2,
        },
        {
          path: "src/login.ts",
          line: 1,
          text: "export const accepts = (password: string): boolean => password.length > 0;",
          round: 3,
        },
      ],
    },
    [EXPORT]: {
      calls: [
        {
          tool: "Bash",
          input: { command: "rm test/export.test.ts", description: "Remove a test" },
          round: 1,
        },
      ],
      edits: [
        {
          path: "src/export.ts",
          line: 1,
          text: 'export const csv = (rows: readonly string[]): string => [...rows].join("\\n");',
        },
        { path: "test/export.test.ts", line: 1, text: EXPORT_TEST, round: 2 },
      ],
    },
    [DATES]: {
      asks: [{ question: "Should days be those of UTC or of the user?", options: ["UTC", "user"] }],
      edits: [
        {
          path: "src/dates.ts",
          line: 1,
          text: 'export const day = (text: string): number => new Date(text + "Z").getUTCDate();',
        },
      ],
    },
  },
};

/** What is on the user's disk and not in git, and the dev server that holds a port. */
export async function settleIn(world: World): Promise<void> {
  const modules = join(world.root, "node_modules");
  mkdirSync(modules);
  cpSync(TYPESCRIPT, join(modules, "typescript"), { recursive: true });
  const { packages, ...rest } = LOCK;
  const installed = { ...rest, packages: { "node_modules/typescript": packages["node_modules/typescript"] } };
  writeFileSync(join(modules, ".package-lock.json"), JSON.stringify(installed));
  world.write(".env", "TOKEN=secret-of-the-user\n");
  world.write("README.md", "# Shop\n\nwork in progress\n");
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
}
