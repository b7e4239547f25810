import { describe, expect, it } from "vitest";
import { encounters, MERGED, metAfterMerge, predictionOf } from "./encounters.ts";
import type { Matrix, Prediction } from "./matrix.ts";

const CLEAN: Prediction = { result: "clean", tree: null };

function conflict(...paths: readonly string[]): Prediction {
  return { result: "conflicts", files: paths.map((path) => ({ path, kind: "content" })) };
}

function matrix(names: readonly string[], pairs: Readonly<Record<string, Prediction>>): Matrix {
  const tips = names.map((name) => ({ name, commit: name, tree: name, uncommitted: false }));
  return {
    tips,
    pairs: names.flatMap((first, index) =>
      names.slice(index + 1).map((second) => ({
        first,
        second,
        prediction: pairs[`${first} ${second}`] ?? CLEAN,
      })),
    ),
  };
}

describe("what a line meets", () => {
  it("is told worst first, with files and kinds, whichever side of the pair it is", () => {
    const found = matrix(["@integration", "login", "export", "dates"], {
      "login export": conflict("a.ts", "b.ts"),
      "@integration login": { result: "overlaps", files: ["c.ts"], tree: null },
      "login dates": { result: "unrelated" },
    });
    expect(encounters(found, "login")).toEqual([
      { line: "dates", result: "unrelated", files: [] },
      {
        line: "export",
        result: "conflicts",
        files: [
          { path: "a.ts", kind: "content" },
          { path: "b.ts", kind: "content" },
        ],
      },
      { line: "@integration", result: "overlaps", files: [{ path: "c.ts", kind: null }] },
    ]);
    expect(predictionOf(found, "login", "@integration")).toMatchObject({ result: "overlaps" });
    expect(predictionOf(found, "login", "nobody")).toBeNull();
  });

  it("leaves out what it would be merged into itself", () => {
    const found = matrix(["login", MERGED], { [`login ${MERGED}`]: conflict("a.ts") });
    expect(encounters(found, "login")).toEqual([]);
  });
});

describe("what others meet once a line is merged", () => {
  it("is what conflicts then and does not conflict already", () => {
    const found = matrix(["@integration", "login", "export", "dates", MERGED], {
      "@integration export": conflict("old.ts"),
      [`export ${MERGED}`]: conflict("old.ts", "new.ts"),
      "@integration dates": conflict("old.ts"),
      [`dates ${MERGED}`]: conflict("old.ts"),
      [`login ${MERGED}`]: conflict("own.ts"),
    });
    const merge = { before: "@integration", merged: MERGED, except: ["login"] };
    expect(metAfterMerge(found, merge)).toEqual([
      { line: "export", result: "conflicts", files: [{ path: "new.ts", kind: "content" }] },
    ]);
  });
});
