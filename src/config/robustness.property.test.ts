/** Holds D1 (never throws) and D2 (every error inside the file) for texts that no person would write, and for near misses. */
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseDefinition } from "./parse-definition.ts";
import { loadSettings } from "./settings/load-settings.ts";
import type { Diagnostic } from "./source/diagnostic.ts";
import { renderDiagnostics } from "./source/render-diagnostics.ts";

const example = readFileSync(new URL("../../examples/en108-vbump.yaml", import.meta.url), "utf8");

const yamlPiece = fc.constantFrom(
  "workflow: W\n",
  "stages:\n",
  "  - phase: P\n",
  "    slots:\n",
  "      - brief: b\n",
  "  - barrier: B\n",
  "    a -> b: x\n",
  "pipelines: { a: , b: }\n",
  "limits: { usd: none }\n",
  "rubric: [{ name: A, weight: 1 }]\n",
  "inputs: { a: 1 }\n",
  "loop: { min: 3 }\n",
  "- ",
  ": ",
  "#",
  "&a ",
  "*a",
  "!t ",
  "{",
  "}",
  "[",
  "]",
  ",",
  "|\n",
  "\t",
  "\r\n",
  "\u0000",
  "'",
  '"',
  "---\n",
  "...\n",
  "%YAML 1.1\n",
  "<<: ",
  "? ",
  "\u0024{{ inputs.a }}",
  "\u0024{{",
  "__proto__: {}\n",
  "constructor: 1\n",
  "\ufeff",
  "\ud800",
  "1e999",
  ".nan",
  "null",
);
const anyText = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.array(yamlPiece, { maxLength: 25 }).map((pieces) => pieces.join("")),
);

/** A good file with one piece cut out and another put in. */
const nearMiss = fc
  .record({
    at: fc.nat(example.length),
    cut: fc.nat(30),
    piece: fc.oneof(yamlPiece, fc.string({ maxLength: 5 })),
  })
  .map(({ at, cut, piece }) => example.slice(0, at) + piece + example.slice(at + cut));

function expectInside(errors: readonly Diagnostic[], text: string): void {
  const lines = text.split("\n");
  for (const { line, column, length, message } of errors) {
    expect(line).toBeGreaterThanOrEqual(1);
    expect(line).toBeLessThanOrEqual(lines.length);
    expect(column).toBeGreaterThanOrEqual(1);
    expect(column).toBeLessThanOrEqual((lines[line - 1]?.length ?? 0) + 1);
    expect(length).toBeGreaterThanOrEqual(1);
    expect(message).not.toBe("");
  }
}

describe("any text", () => {
  it.each([
    ["at random", anyText, 400],
    ["near a good definition", nearMiss, 200],
  ])("%s gives a definition or errors inside the file", (_, texts, numRuns) => {
    fc.assert(
      fc.property(texts, (text) => {
        const result = parseDefinition(text, { file: "f.yaml" });
        const errors = result.ok ? result.warnings : result.errors;
        expectInside(errors, text);
        expect(renderDiagnostics(errors, text).length).toBeGreaterThanOrEqual(errors.length);
        if (!result.ok) expect(errors.length).toBeGreaterThan(0);
      }),
      { numRuns },
    );
  });

  it("gives settings or errors inside the file", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const result = loadSettings({ projectText: text, userText: text });
        if (!result.ok) expectInside(result.errors, text);
      }),
      { numRuns: 200 },
    );
  });

  it.each([100, 1000, 3000])("nested %d deep gives errors", (depth) => {
    for (const text of [
      `a: ${"[".repeat(depth)}${"]".repeat(depth)}`,
      `a: ${"{a: ".repeat(depth)}${"}".repeat(depth)}`,
      `x: ${"- ".repeat(depth)}a`,
    ]) {
      expect(parseDefinition(text, { file: "f.yaml" }).ok).toBe(false);
    }
  });

  it("means the same with Windows line ends", () => {
    const unix = parseDefinition(example, { file: "f.yaml" });
    expect(parseDefinition(example.replaceAll("\n", "\r\n"), { file: "f.yaml" })).toEqual(unix);
  });
});
