import { describe, expect, it } from "vitest";
import { parseDefinition } from "./parse-definition.ts";
import { renderDiagnostics } from "./source/render-diagnostics.ts";

function errorsOf(text: string): string {
  const parsed = parseDefinition(text, { file: "d.yaml" });
  return parsed.ok ? "" : renderDiagnostics(parsed.errors, text);
}

const SLOTS = "workflow: Fixes\nstages:\n  - phase: Fix\n    slots:\n";

describe("what is said twice", () => {
  it("names the place of the first slot with the id", () => {
    const text = `${SLOTS}      - { id: login, brief: a }\n      - { id: dates, brief: b }\n      - { id: login, brief: c }\n`;
    expect(errorsOf(text)).toMatchInlineSnapshot(`
      "d.yaml:7:15: the slot id login is used twice
        7 |       - { id: login, brief: c }
          |               ^^^^^
          = first: d.yaml:5:15"
    `);
  });

  it("names the first task, check and key", () => {
    expect(
      errorsOf(`${SLOTS}      - { task: T-1, brief: a }\n      - { id: x, task: t-1, brief: b }\n`),
    ).toContain("first: d.yaml:5:17");
    expect(errorsOf(`checks: [make, make]\n${SLOTS}      - { id: x, brief: a }\n`)).toContain(
      "first: d.yaml:1:10",
    );
    expect(errorsOf(`goal: one\ngoal: two\n${SLOTS}      - { id: x, brief: a }\n`)).toMatchInlineSnapshot(`
      "d.yaml:2:1: the same key stands twice in one mapping
        2 | goal: two
          | ^^^^
          = first: d.yaml:1:1
          = hint: Remove one of the two."
    `);
  });
});

describe("a role that nobody declared", () => {
  it("is told with the nearest one", () => {
    const text = `${SLOTS}      - { id: x, role: ps-reasercher, brief: a }\n`;
    expect(errorsOf(text)).toContain("nearest: ps-researcher");
    expect(errorsOf(text)).not.toContain("ps-analyst");
  });

  it("is told with all there are, the project's first, where none is near", () => {
    const text = `roles: { tester: { makes: report } }\n${SLOTS}      - { id: x, role: wizard, brief: a }\n`;
    const shown = errorsOf(text);
    expect(shown).toContain("expected: one of tester, ps-researcher, ps-analyst");
    expect(shown.split("\n").every((line) => line.length <= 80)).toBe(true);
  });
});
