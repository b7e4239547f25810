import { expect, test } from "vitest";
import { afterRules } from "./after-rules.ts";
import type { ConflictFile, Matrix } from "./matrix.ts";

const POLICY = {
  rules: [{ match: ["CHANGELOG.md"], resolve: "union" }],
  documents: [],
  protect: [],
  brings: "work",
} as const;

const matrix = (...files: readonly ConflictFile[]): Matrix => ({
  tips: [],
  pairs: [{ first: "a", second: "b", prediction: { result: "conflicts", files } }],
});
const log: ConflictFile = { path: "CHANGELOG.md", kind: "content" };

test("a pair whose files all have rules is no conflict for a person, one with any other file is", () => {
  expect(afterRules(matrix(log), POLICY).pairs).toEqual([
    { first: "a", second: "b", prediction: { result: "overlaps", files: ["CHANGELOG.md"], tree: null } },
  ]);
  const both = matrix(log, { path: "src/a.ts", kind: "content" });
  expect(afterRules(both, POLICY)).toEqual(both);
  const gone = matrix({ ...log, kind: "delete-modify" });
  expect(afterRules(gone, POLICY)).toEqual(gone);
});
