import { expect, test } from "vitest";
import type { FilePolicy } from "./file-rules.ts";
import { type ConflictedFile, resolveConflicts } from "./resolve-conflicts.ts";

const POLICY: FilePolicy = {
  rules: [{ match: ["CHANGELOG.md"], resolve: "union" }],
  documents: ["o/ORCHESTRATION.yaml"],
  protect: [],
  brings: "target",
};

function conflicted(path: string, file: Partial<ConflictedFile> = {}): ConflictedFile {
  const texts = { base: "a\n", ours: "a\nours\n", theirs: "a\ntheirs\n", union: "a\nours\ntheirs\n" };
  return { path, kind: "content", ...texts, ...file };
}

const tracker = (...rows: string[]): string =>
  `| ID | Status | Updated |\n|---|---|---|\n${rows.map((row) => `${row}\n`).join("")}`;
const TRACKER = {
  base: tracker("| T-1 | open | 2026-02-20 |"),
  ours: tracker("| T-1 | done | 2026-02-21 |"),
  theirs: tracker("| T-1 | stuck | 2026-02-22 |", "| T-2 | open | 2026-02-22 |"),
};

test("each file is resolved by its rule, and says how", () => {
  const files = [
    conflicted("CHANGELOG.md"),
    conflicted("WORKTRACKER.md", TRACKER),
    conflicted("o/ORCHESTRATION.yaml"),
  ];
  expect(resolveConflicts(files, POLICY)).toEqual({
    resolved: [
      { path: "CHANGELOG.md", by: "union", content: "a\nours\ntheirs\n" },
      { path: "WORKTRACKER.md", by: "tracker", content: TRACKER.theirs, superseded: ["T-1"] },
      { path: "o/ORCHESTRATION.yaml", by: "regenerate", content: "a\nours\n" },
    ],
    unresolved: [],
  });
});

test("a file of a person's is told beside those that have a rule", () => {
  expect(resolveConflicts([conflicted("CHANGELOG.md"), conflicted("src/app.ts")], POLICY)).toMatchObject({
    resolved: [{ path: "CHANGELOG.md" }],
    unresolved: [{ path: "src/app.ts", because: null }],
  });
});

test("a union that lacks a line which a side added is no result", () => {
  const [lost] = resolveConflicts([conflicted("CHANGELOG.md", { union: "a\nours\n" })], POLICY).unresolved;
  expect(lost).toEqual({
    path: "CHANGELOG.md",
    because: 'the result would lack a line that was added: "theirs"',
  });
});

test("rows that no time decides, and files that are no text, are a person's", () => {
  const stuck = tracker("| T-1 | stuck | 2026-02-21 |");
  const files = [
    conflicted("WORKTRACKER.md", { ...TRACKER, theirs: stuck }),
    conflicted("CHANGELOG.md", { theirs: null }),
    conflicted("o/ORCHESTRATION.yaml", { ours: null }),
  ];
  expect(resolveConflicts(files, POLICY)).toEqual({
    resolved: [],
    unresolved: [
      { path: "WORKTRACKER.md", because: "T-1 changed on both sides, and no time says which is later" },
      { path: "CHANGELOG.md", because: "it is no text" },
      { path: "o/ORCHESTRATION.yaml", because: "it is gone on our side" },
    ],
  });
});
