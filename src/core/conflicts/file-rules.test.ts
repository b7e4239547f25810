import { expect, test } from "vitest";
import { classify, type FilePolicy, type FileRule } from "./file-rules.ts";
import type { ConflictKind } from "./matrix.ts";

const UNION_ALL: readonly FileRule[] = [{ match: ["**"], resolve: "union" }];

function classOf(path: string, policy: Partial<FilePolicy> = {}, kind: ConflictKind = "content"): string {
  const found = classify(
    { path, kind },
    {
      rules: [],
      documents: ["orchestration/w/ORCHESTRATION.yaml"],
      protect: [],
      brings: "work",
      ...policy,
    },
  );
  return found.by === "person" && found.because !== null ? `person: ${found.because}` : found.by;
}

test("what no rule names is a person's", () => {
  expect(classOf("CHANGELOG.md")).toBe("person");
  expect(classOf("docs/guide.md", { rules: [{ match: ["CHANGELOG.md"], resolve: "union" }] })).toBe("person");
});

test("a tracker is merged by its rows wherever it is, unless a rule says otherwise", () => {
  expect(classOf("WORKTRACKER.md")).toBe("tracker");
  expect(classOf("projects/x/WORKTRACKER.md")).toBe("tracker");
  const rules: readonly FileRule[] = [{ match: ["projects/**"], resolve: "person" }];
  expect(classOf("projects/x/WORKTRACKER.md", { rules })).toBe("person");
});

test("of several rules for one file the first one counts", () => {
  const rules: readonly FileRule[] = [
    { match: ["docs/STATUS.md", "docs/PLAN.md"], resolve: "tracker" },
    { match: ["docs/**"], resolve: "union" },
  ];
  expect(classOf("docs/PLAN.md", { rules })).toBe("tracker");
  expect(classOf("docs/news.md", { rules })).toBe("union");
});

test.each([
  ["CLAUDE.md", "instructions of agents"],
  ["packages/a/AGENTS.md", "instructions of agents"],
  [".context/rules/style.md", "rules of the project"],
  [".github/notes.md", "configuration"],
  ["requirements-dev.txt", "configuration"],
  ["CMakeLists.txt", "configuration"],
  ["test/notes.md", "a test"],
  ["src/app.ts", "source or configuration"],
  ["package.json", "source or configuration"],
  ["Makefile", "source or configuration"],
])("%s is a person's although the configuration says otherwise", (path, because) => {
  expect(classOf(path, { rules: UNION_ALL })).toBe(`person: ${because}`);
  const rules: readonly FileRule[] = [{ match: [path], resolve: "tracker" }];
  expect(classOf(path, { rules })).toBe(`person: ${because}`);
});

test("what is protected is a person's", () => {
  expect(classOf("CHANGELOG.md", { rules: UNION_ALL })).toBe("union");
  expect(classOf("CHANGELOG.md", { rules: UNION_ALL, protect: ["CHANGE*"] })).toBe("person: protected");
  expect(classOf("a/WORKTRACKER.md", { protect: ["a/**"] })).toBe("person: protected");
});

test("only a conflict of lines has a rule", () => {
  expect(classOf("CHANGELOG", { rules: UNION_ALL }, "both-added")).toBe("union");
  expect(classOf("CHANGELOG", { rules: UNION_ALL }, "binary")).toMatch(/^person: binary/);
  expect(classOf("WORKTRACKER.md", {}, "delete-modify")).toMatch(/^person: deleted in one/);
});

test("our own documents are written anew when the target brings them, and work that changed them is looked at", () => {
  const path = "orchestration/w/ORCHESTRATION.yaml";
  expect(classOf(path, { brings: "target" })).toBe("regenerate");
  expect(classOf(path, { rules: UNION_ALL })).toMatch(/^person: only Signalbox writes it/);
  expect(classOf("orchestration/other/ORCHESTRATION_PLAN.md", { brings: "target", rules: UNION_ALL })).toBe(
    "person: a document of another workflow",
  );
});
