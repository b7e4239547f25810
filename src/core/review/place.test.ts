import { describe, expect, it } from "vitest";
import { parsePlace, placeProblem, quoteOf } from "./place.ts";

const CHANGED = [
  { path: "src/a.ts", change: "modified" },
  { path: "old.ts", change: "deleted" },
];
const facts = (lines: readonly string[] | null) => ({ file: { lines }, changed: CHANGED });
const ABSENT = { file: null, changed: CHANGED };

describe("a place", () => {
  it.each([
    ["src/a.ts:12", { path: "src/a.ts", line: 12 }],
    ["./src/a.ts", { path: "src/a.ts", line: null }],
    ["notes: today.md:3", { path: "notes: today.md", line: 3 }],
    ["a:b:4", { path: "a:b", line: 4 }],
    [":4", { path: ":4", line: null }],
    ["/etc/passwd:1", null],
    ["../outside.ts:1", null],
    ["src/../../outside.ts", null],
    ["", null],
    ["a\nb:1", null],
  ])("%s is read", (text, place) => {
    expect(parsePlace(text)).toEqual(place);
  });

  it("is there where the file has the line, or where the whole file is meant", () => {
    expect(placeProblem({ path: "src/a.ts", line: 2 }, facts(["one", "two"]))).toBeNull();
    expect(placeProblem({ path: "src/a.ts", line: null }, facts(null))).toBeNull();
    expect(placeProblem({ path: "old.ts", line: null }, ABSENT)).toBeNull();
  });

  it.each([
    ["nope.ts", 1, ABSENT, "nope.ts is not in the work", "It changed: src/a.ts, old.ts"],
    ["src/a.ts", 3, facts(["1", "2"]), "src/a.ts:3 is not in the work: it has 2 lines", "Lines are 1 to 2"],
    ["src/a.ts", 0, facts(["1"]), "it has 1 line", "Lines are 1 to 1"],
    ["src/a.ts", 1, facts([]), "it is empty", "--comment src/a.ts"],
    ["logo.png", 1, facts(null), "logo.png has no lines", "--comment logo.png"],
    ["old.ts", 1, ABSENT, "old.ts is removed by this work", "--comment old.ts"],
  ])("%s:%i that is not there is named, with what is", (path, line, known, message, hint) => {
    const problem = placeProblem({ path, line }, known);
    expect(problem?.message).toContain(message);
    expect(problem?.hint).toContain(hint);
  });

  it("keeps its line without the spaces around it, cut where it is long", () => {
    expect(quoteOf({ path: "a", line: 1 }, facts(["  let x = 1;"]))).toBe("let x = 1;");
    expect(quoteOf({ path: "a", line: 1 }, facts(["x".repeat(500)]))).toHaveLength(200);
    expect(quoteOf({ path: "a", line: 1 }, facts([" "]))).toBeUndefined();
    expect(quoteOf({ path: "a", line: null }, facts(["x"]))).toBeUndefined();
  });
});
