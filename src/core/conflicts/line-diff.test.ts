import fc from "fast-check";
import { expect, test } from "vitest";
import { diffLines, splitLines } from "./line-diff.ts";

const lines = (text: string): readonly string[] => [...text];
const texts = fc.array(fc.constantFrom("a", "b", "c", "}"), { maxLength: 14 });

/** The side, made from the base and the changes. */
function applied(base: readonly string[], side: readonly string[]): readonly string[] {
  let at = 0;
  const parts = diffLines(base, side).flatMap((hunk) => {
    const before = base.slice(at, hunk.baseStart);
    at = hunk.baseEnd;
    return [...before, ...side.slice(hunk.start, hunk.end)];
  });
  return [...parts, ...base.slice(at)];
}

test("a line feed at the end begins no line, a carriage return belongs to its line", () => {
  expect(splitLines("")).toEqual([]);
  expect(splitLines("a\r\nb")).toEqual(["a\r", "b"]);
  expect(splitLines("a\n\n")).toEqual(["a", ""]);
});

test("a changed line is one change, and what surrounds it is none", () => {
  expect(diffLines(lines("abc"), lines("axc"))).toEqual([{ baseStart: 1, baseEnd: 2, start: 1, end: 2 }]);
  expect(diffLines(lines("abc"), lines("abc"))).toEqual([]);
});

test("one more of several equal lines is found behind the last of them", () => {
  expect(diffLines(lines("a}}b"), lines("a}}}b"))).toEqual([{ baseStart: 3, baseEnd: 3, start: 3, end: 4 }]);
});

test("changes carry the base over to the side, in order and without touching each other", () => {
  fc.assert(
    fc.property(texts, texts, (base, side) => {
      expect(applied(base, side)).toEqual(side);
      const hunks = diffLines(base, side);
      for (const [index, hunk] of hunks.entries())
        expect(hunks[index + 1]?.baseStart ?? Number.POSITIVE_INFINITY).toBeGreaterThan(hunk.baseEnd);
    }),
  );
});

test("thousands of lines without one that is unique are still compared", () => {
  const many = Array.from({ length: 6000 }, (_, index) => (index % 2 === 0 ? "x" : "y"));
  expect(applied(many, many.toReversed().concat("x"))).toEqual(many.toReversed().concat("x"));
});
