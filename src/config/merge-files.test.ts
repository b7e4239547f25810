import { expect, test } from "vitest";
import { parseDefinition } from "./parse-definition.ts";
import { loadSettings } from "./settings/load-settings.ts";

const STAGES = "stages: [{ phase: P, slots: [{ brief: b }] }]\n";
const parse = (merge: string, projectText?: string) => {
  const loaded = loadSettings({ projectText: projectText ?? null });
  if (!loaded.ok) throw new Error("the project file is wrong");
  return parseDefinition(`workflow: W\n${merge}${STAGES}`, { file: "f.yaml", settings: loaded.settings });
};

test("rules for files in conflict are a list of globs, of which the first that matches counts", () => {
  const result = parse(
    "merge:\n  files:\n    - { match: ./CHANGELOG.md, resolve: union }\n    - { match: [docs/a.md, docs/b.md], resolve: tracker }\n",
  );
  expect(result.ok && result.definition.merge).toEqual({
    warn: "person",
    batch: 1,
    returns: "checks",
    files: [
      { match: ["CHANGELOG.md"], resolve: "union" },
      { match: ["docs/a.md", "docs/b.md"], resolve: "tracker" },
    ],
  });
  expect(result.ok && result.warnings).toEqual([]);
});

test("a definition that says nothing of files takes those of the project, else its own alone count", () => {
  const project = "merge:\n  warn: none\n  files: [{ match: NEWS, resolve: union }]\n";
  const inherited = parse("", project);
  expect(inherited.ok && inherited.definition.merge).toEqual({
    warn: "none",
    batch: 1,
    returns: "checks",
    files: [{ match: ["NEWS"], resolve: "union" }],
  });
  const own = parse("merge: { files: [{ match: TODO, resolve: union }] }\n", project);
  expect(own.ok && own.definition.merge).toEqual({
    warn: "none",
    batch: 1,
    returns: "checks",
    files: [{ match: ["TODO"], resolve: "union" }],
  });
});

test.each([
  ["CLAUDE.md", "instructions of agents"],
  ["src/**/*.ts", "source or configuration"],
  ["test/**", "a test"],
  [".context/rules/**", "rules of the project"],
])("a rule for %s is an error at its place", (glob, because) => {
  const result = parse(`merge:\n  files:\n    - match: [CHANGELOG.md, "${glob}"]\n      resolve: union\n`);
  expect(result.ok ? [] : result.errors).toMatchObject([
    {
      line: 4,
      column: 29,
      key: "merge.files[0].match[1]",
      message: `no rule resolves "${glob}" (${because}): only a person merges it`,
    },
  ]);
  expect(parse(`merge: { files: [{ match: "${glob}", resolve: person }] }\n`).ok).toBe(true);
});

test("a rule for more than documents is a warning at its place", () => {
  const result = parse('merge:\n  files:\n    - { match: "docs/**", resolve: union }\n');
  expect(result.ok && result.warnings).toMatchObject([
    {
      line: 4,
      key: "merge.files[0].match",
      message: expect.stringContaining('"docs/**" may match more than documents'),
    },
  ]);
});

test("what a project says is checked as well, and what is no rule is told with what would be one", () => {
  const loaded = loadSettings({
    projectText: "merge:\n  files: [{ match: package.json, resolve: union }]\n",
  });
  expect(loaded.ok ? [] : loaded.errors).toMatchObject([{ file: "signalbox.yaml", line: 2 }]);
  const result = parse("merge: { files: [{ match: NEWS, resolve: unoin }] }\n");
  expect(result.ok ? [] : result.errors).toMatchObject([
    { expected: "union, tracker, person", nearest: "union" },
  ]);
});

test("every key of merge that a definition says comes before what the project says", () => {
  const own = "merge: { warn: none, batch: 3, returns: all }\n";
  const result = parse(own, "merge: { warn: sessions, batch: 2, returns: none }\n");
  expect(result.ok && result.definition.merge).toMatchObject({ warn: "none", batch: 3, returns: "all" });
});
