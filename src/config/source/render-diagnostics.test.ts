import { describe, expect, it } from "vitest";
import type { Diagnostic } from "./diagnostic.ts";
import { renderDiagnostics } from "./render-diagnostics.ts";

const text = "workflow: Demo\nstages:\n  - phase: Build\n    slotts: []\n";
const error: Diagnostic = {
  file: "workflows/demo.yaml",
  line: 4,
  column: 5,
  length: 6,
  key: "stages[0].slotts",
  message: "unknown key `slotts`",
  expected: "phase, slots",
  nearest: "slots",
  hint: "Rename it.",
};

describe("rendered diagnostics", () => {
  it("show place, source line, caret and notes", () => {
    expect(renderDiagnostics([error], text)).toBe(
      [
        "workflows/demo.yaml:4:5: unknown key `slotts`",
        "  4 |     slotts: []",
        "    |     ^^^^^^",
        "    = expected: phase, slots",
        "    = nearest: slots",
        "    = hint: Rename it.",
      ].join("\n"),
    );
  });

  it("put an empty line between two", () => {
    expect(renderDiagnostics([error, error], text).split("\n\n")).toHaveLength(2);
  });

  it("leave a long list of keys out when the nearest one is known", () => {
    const expected = Array.from({ length: 60 }, (_, index) => `key-${index}`).join(", ");
    expect(renderDiagnostics([{ ...error, expected }], text)).not.toContain("key-59");
    const { nearest: _, ...far } = error;
    expect(renderDiagnostics([{ ...far, expected }], text)).toContain("key-59");
  });

  it("show a piece of a very long line with the caret under the place", () => {
    const line = `${"x".repeat(300)}HERE${"y".repeat(300)}`;
    const lines = renderDiagnostics([{ ...error, line: 1, column: 301, length: 4 }], line).split("\n");
    const caret = lines[2]?.indexOf("^") ?? -1;
    expect(lines[1]?.slice(caret, caret + 4)).toBe("HERE");
    expect(lines[1]?.length).toBeLessThan(120);
  });

  it("let no text of the file steer the terminal, and keep carets under their place", () => {
    const line = 'workflow: "\u001b]0;pwn\u0007\u202e" slotts';
    const shown = renderDiagnostics(
      [{ ...error, line: 1, column: 21, message: "unknown key `\u001b[2J`" }],
      line,
    );
    expect(shown.split("\n").slice(0, 3)).toEqual([
      "workflows/demo.yaml:1:21: unknown key `\ufffd[2J`",
      '  1 | workflow: "\ufffd]0;pwn\ufffd\ufffd" slotts',
      "    |                     ^^^^^^",
    ]);
  });

  it("show no source where the line is empty or unknown", () => {
    expect(renderDiagnostics([{ ...error, line: 1 }], "")).not.toContain("|");
  });
});
