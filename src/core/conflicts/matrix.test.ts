import { expect, test } from "vitest";
import { conflictCount, type Matrix, type Prediction, worstFirst } from "./matrix.ts";

const content = (...paths: string[]): Prediction => ({
  result: "conflicts",
  files: paths.map((path) => ({ path, kind: "content" })),
});

function matrix(...pairs: (readonly [string, string, Prediction])[]): Matrix {
  return { tips: [], pairs: pairs.map(([first, second, prediction]) => ({ first, second, prediction })) };
}

const CLEAN: Prediction = { result: "clean", tree: null };

test("conflicts come before overlaps, more files before fewer, and clean pairs not at all", () => {
  const found = worstFirst(
    matrix(
      ["a", "b", CLEAN],
      ["a", "c", { result: "overlaps", files: ["x", "y", "z"], tree: "t" }],
      ["a", "d", content("x")],
      ["b", "c", content("x", "y")],
      ["b", "d", { result: "unrelated" }],
    ),
  );
  expect(found.map(({ first, second }) => first + second)).toEqual(["bd", "bc", "ad", "ac"]);
});

test("a line counts the others that it conflicts with, whichever side it is on", () => {
  const three = matrix(["a", "b", content("x")], ["c", "a", content("y")], ["b", "c", CLEAN]);
  expect(conflictCount(three, "a")).toBe(2);
  expect(conflictCount(three, "b")).toBe(1);
  expect(conflictCount(three, "a", new Set(["b"]))).toBe(1);
});

test("a pair without common history counts as a conflict", () => {
  expect(conflictCount(matrix(["a", "b", { result: "unrelated" }]), "a")).toBe(1);
});
