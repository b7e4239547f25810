import fc from "fast-check";
import picomatch from "picomatch";
import { describe, expect, it } from "vitest";
import { matchAnyGlob, matchGlob } from "./glob.ts";

const word = fc.string({ unit: fc.constantFrom("a", "b", ".", "-"), minLength: 1, maxLength: 3 });
/** Two dots in a row mean a range inside braces to picomatch, and a parent folder elsewhere: neither occurs in our paths. */
const name = word.filter((text) => text !== "." && !text.includes(".."));
const path = fc.array(name, { minLength: 1, maxLength: 4 }).map((segments) => segments.join("/"));

const piece = fc.oneof(name, fc.constant("*"), fc.constant("?"));
const braces = fc.array(name, { minLength: 2, maxLength: 3 }).map((parts) => `{${parts.join(",")}}`);
const segment = fc.oneof(
  fc.constant("**"),
  fc
    .array(fc.oneof(piece, braces), { minLength: 1, maxLength: 3 })
    .map((pieces) => pieces.join("").replace(/\*\*+/g, "*")),
);
const glob = fc.array(segment, { minLength: 1, maxLength: 4 }).map((segments) => segments.join("/"));

describe("matchGlob", () => {
  it.each([
    ["**", "a/b/c"],
    ["src/**", "src/a/b.ts"],
    ["src/**", "src"],
    ["**/rules/**", ".claude/rules/x.md"],
    ["**/*.md", "README.md"],
    ["docs/*/x?.md", "docs/a/x1.md"],
    ["{a,b/{c,d}}/e", "b/d/e"],
    ["a{,.ts}", "a"],
    ["a{,.ts}", "a.ts"],
    [".github/**", ".github/workflows/ci.yml"],
    ["*", ".env"],
    ["{x", "{x"],
    ["{x}", "{x}"],
    ["a.b", "a.b"],
  ])("%s matches %s", (pattern, file) => {
    expect(matchGlob(pattern, file)).toBe(true);
  });

  it.each([
    ["src/*", "src/a/b.ts"],
    ["src/**", "source/a"],
    ["*.md", "docs/a.md"],
    ["a?c", "a/c"],
    ["a.b", "axb"],
    ["A", "a"],
    ["**/adr/**", "docs/quadratic/x"],
    ["a{,.ts}", "a.tsx"],
    ["", "a"],
  ])("%s does not match %s", (pattern, file) => {
    expect(matchGlob(pattern, file)).toBe(false);
  });

  it("agrees with picomatch on every glob of the supported kind", () => {
    fc.assert(
      fc.property(glob, path, (pattern, file) => {
        expect(matchGlob(pattern, file)).toBe(picomatch.isMatch(file, pattern, { dot: true }));
      }),
      { numRuns: 5000 },
    );
  });

  it("answers at once where stars pile up", () => {
    expect(matchGlob(`${"*a".repeat(30)}b`, "a".repeat(60))).toBe(false);
    expect(matchGlob(`${"**/".repeat(30)}b`, Array(40).fill("a").join("/"))).toBe(false);
  });

  it("matches a list where one of it matches", () => {
    expect(matchAnyGlob(["a/*", "b/*"], "b/x")).toBe(true);
    expect(matchAnyGlob([], "b/x")).toBe(false);
  });
});
