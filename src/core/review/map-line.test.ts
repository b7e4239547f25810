import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Hunk, mapLine, parseHunks, placeNow } from "./map-line.ts";

/** A piece of two versions of a file: lines that stay, or old lines in whose place new ones stand. */
type Piece = { readonly kept: number } | { readonly old: number; readonly fresh: number };

const piece = fc.oneof(
  fc.record({ kept: fc.integer({ min: 1, max: 5 }) }),
  fc.record({ old: fc.integer({ min: 0, max: 4 }), fresh: fc.integer({ min: 0, max: 4 }) }),
);

/** Both versions with the hunks between them, as `git diff --unified=0` would number them. */
function versions(pieces: readonly Piece[]): {
  readonly before: readonly string[];
  readonly after: readonly string[];
  readonly hunks: readonly Hunk[];
} {
  const before: string[] = [];
  const after: string[] = [];
  const hunks: Hunk[] = [];
  for (const [index, part] of pieces.entries()) {
    if ("kept" in part) {
      const lines = Array.from({ length: part.kept }, (_, at) => `kept ${index}.${at}`);
      before.push(...lines);
      after.push(...lines);
      continue;
    }
    if (part.old + part.fresh === 0) continue;
    hunks.push({
      oldStart: before.length + (part.old === 0 ? 0 : 1),
      oldCount: part.old,
      newStart: after.length + (part.fresh === 0 ? 0 : 1),
      newCount: part.fresh,
    });
    before.push(...Array.from({ length: part.old }, (_, at) => `old ${index}.${at}`));
    after.push(...Array.from({ length: part.fresh }, (_, at) => `fresh ${index}.${at}`));
  }
  return { before, after, hunks };
}

describe("a line of an earlier version", () => {
  it("is found again with the same words wherever lines came and went around it, and only then", () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const { before, after, hunks } = versions(pieces);
        for (const [index, text] of before.entries()) {
          const now = mapLine(index + 1, hunks);
          if (now.kind === "there") expect(after[now.line - 1]).toBe(text);
          else expect(text).toMatch(/^old /);
        }
      }),
    );
  });

  it("that was replaced points at one of the lines in its place; one that was removed at what follows", () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const { before, after, hunks } = versions(pieces);
        for (const index of before.keys()) {
          const now = mapLine(index + 1, hunks);
          if (now.kind === "changed") expect(after[now.line - 1]).toMatch(/^fresh /);
          if (now.kind === "gone") expect(now.line).toBeGreaterThanOrEqual(1);
          if (now.kind === "gone") expect(now.line).toBeLessThanOrEqual(after.length + 1);
        }
      }),
    );
  });

  it.each([
    [2, "there", 2],
    [3, "changed", 3],
    [4, "changed", 3],
    [5, "there", 4],
    [6, "there", 7],
    [9, "gone", 10],
    [10, "there", 10],
  ] as const)("%i is %s at %i", (line, kind, now) => {
    const hunks = parseHunks("@@ -3,2 +3 @@ function a() {\n-x\n@@ -5,0 +5,2 @@\n+y\n@@ -9 +9,0 @@\n-z\n");
    expect(mapLine(line, hunks)).toEqual({ kind, line: now });
    expect(mapLine(line, hunks.toReversed())).toEqual({ kind, line: now });
  });
});

describe("a place", () => {
  const at = { path: "a.ts", line: 3 };

  it("follows its file to another name, and is told apart from one whose file is gone or cannot be compared", () => {
    expect(placeNow(at, { kind: "same" })).toEqual({ kind: "there", ...at });
    const renamed = { kind: "changed", path: "b.ts", hunks: [] } as const;
    expect(placeNow(at, renamed)).toEqual({ kind: "there", path: "b.ts", line: 3 });
    expect(placeNow(at, { kind: "deleted" })).toEqual({ kind: "gone", path: "a.ts", line: null });
    expect(placeNow(at, { kind: "unknown" })).toEqual({ kind: "unknown" });
  });

  it("that is a whole file has changed with any of its lines", () => {
    const whole = { path: "a.ts", line: null };
    const hunks = [{ oldStart: 9, oldCount: 1, newStart: 9, newCount: 1 }];
    expect(placeNow(whole, { kind: "changed", path: "a.ts", hunks })).toMatchObject({ kind: "changed" });
    expect(placeNow(whole, { kind: "changed", path: "b.ts", hunks: [] })).toEqual({
      kind: "there",
      path: "b.ts",
      line: null,
    });
  });
});
