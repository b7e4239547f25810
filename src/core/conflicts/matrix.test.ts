import { expect, test } from "vitest";
import { type Matrix, type Prediction, worstFirst } from "./matrix.ts";

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
