import { describe, expect, it } from "vitest";
import { scriptsBehind } from "./check-scripts.ts";
import { detectChecks } from "./detect-checks.ts";

const files =
  (all: Readonly<Record<string, string>>) =>
  (path: string): string | null =>
    all[path] ?? null;
const check = (run: string) => ({ name: run, run, timeoutMs: 1 });

describe("the check of a repository", () => {
  it.each<[Readonly<Record<string, string>>, readonly string[]]>([
    [{ "package.json": '{"scripts":{"test":"vitest"}}' }, ["npm test"]],
    [{ "package.json": '{"scripts":{"test":"vitest"}}', "pnpm-lock.yaml": "" }, ["pnpm test"]],
    [{ "package.json": '{"scripts":{"test":"jest"}}', "yarn.lock": "" }, ["yarn test"]],
    [{ "package.json": '{"scripts":{"test":"echo \\"Error: no test specified\\" && exit 1"}}' }, []],
    [{ "package.json": '{"scripts":{"build":"tsc"}}' }, []],
    [{ "package.json": "not json" }, []],
    [{ "Cargo.toml": "[package]" }, ["cargo test"]],
    [{ "go.mod": "module x" }, ["go test ./..."]],
    [{ "pyproject.toml": "[tool.pytest.ini_options]\n" }, ["python -m pytest"]],
    [{ "pyproject.toml": "[tool.black]\n" }, []],
    [{ "pyproject.toml": "[tool.pytest]\n", "pytest.ini": "[pytest]" }, ["python -m pytest"]],
    [{ "package.json": '{"scripts":{"test":"x"}}', "Cargo.toml": "" }, ["npm test", "cargo test"]],
    [{ Makefile: "build:\n\tcc\ntest: build\n\t./t\n" }, ["make test"]],
    [{ Makefile: "test := 1\nall:\n" }, []],
    [{ Makefile: "test:\n\tgo test ./...\n", "go.mod": "" }, ["go test ./..."]],
    [{ "README.md": "test" }, []],
  ])("of %j is %j", (all, expected) => {
    expect(detectChecks(files(all))).toEqual(expected);
  });
});

describe("files behind a check", () => {
  const manifest = JSON.stringify({
    scripts: {
      pretest: "node scripts/prepare.mjs",
      test: "npm run lint && node --test test/all.js",
      lint: "./tools/lint.sh && npm test",
      deploy: "sh deploy.sh",
    },
  });

  it("are those that the called scripts of package.json lead to, however deep, without those that are not called", () => {
    expect(scriptsBehind([check("npm test")], files({ "package.json": manifest })).toSorted()).toEqual([
      "scripts/prepare.mjs",
      "test/all.js",
      "tools/lint.sh",
    ]);
  });

  it.each(["npm run lint", "pnpm lint", "yarn run --silent lint", "CI=1 bun run lint"])(
    "are found in %s",
    (run) => {
      expect(scriptsBehind([check(run)], files({ "package.json": manifest }))).toContain("tools/lint.sh");
    },
  );

  it("are the Makefile where make is called", () => {
    expect(scriptsBehind([check("make -s test")], files({ Makefile: "test:\n" }))).toEqual(["Makefile"]);
    expect(scriptsBehind([check("cargo test")], files({ Makefile: "test:\n" }))).toEqual([]);
  });
});
