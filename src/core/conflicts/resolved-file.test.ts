import fc from "fast-check";
import { expect, test } from "vitest";
import { parseResolved, type ResolvedFile, resolvedText } from "./resolved-file.ts";

test("a trailer says which file was resolved how, and which rows gave way", () => {
  expect(resolvedText({ path: "CHANGELOG.md", by: "union" })).toBe("CHANGELOG.md (union)");
  expect(resolvedText({ path: "a b.md", by: "tracker", superseded: ["TASK-3", "[T-7](x.md)"] })).toBe(
    '"a b.md" (tracker, later: TASK-3 "[T-7](x.md)")',
  );
});

test("what a trailer says is read back as it was", () => {
  const files = fc.record<ResolvedFile>(
    {
      path: fc.string({ minLength: 1 }),
      by: fc.constantFrom("union", "tracker", "regenerate"),
      superseded: fc.array(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 3 }),
    },
    { requiredKeys: ["path", "by"] },
  );
  fc.assert(
    fc.property(files, (file) => {
      expect(parseResolved(resolvedText(file))).toEqual(file);
    }),
  );
});

test("anything else is not read as one", () => {
  for (const text of ["", "CHANGELOG.md", "a.md (magic)", '"a.md (union)'])
    expect(parseResolved(text), text).toBeNull();
});
