import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { idProblem, letterOf, nearest, nextWorkflowId, slugOf } from "./names.ts";

describe("nextWorkflowId", () => {
  it("begins at 001 and counts per purpose and day", () => {
    expect(nextWorkflowId("demo", "20260220", [])).toBe("demo-20260220-001");
    const taken = ["demo-20260220-001", "demo-20260219-007", "demo-x-20260220-009"];
    expect(nextWorkflowId("demo", "20260220", taken)).toBe("demo-20260220-002");
  });

  it("goes above the highest, so that a removed id does not come back", () => {
    expect(nextWorkflowId("demo", "20260220", ["demo-20260220-005"])).toBe("demo-20260220-006");
  });

  it("refuses after 999", () => {
    expect(() => nextWorkflowId("demo", "20260220", ["demo-20260220-999"])).toThrow("All 999 ids");
  });

  it("never gives a taken id", () => {
    const ids = fc.array(
      fc.integer({ min: 1, max: 998 }).map((n) => `demo-20260220-${String(n).padStart(3, "0")}`),
    );
    fc.assert(fc.property(ids, (taken) => !taken.includes(nextWorkflowId("demo", "20260220", taken))));
  });
});

describe("slugOf", () => {
  it.each([
    ["Research", "research"],
    ["Phase 1: SDK & CLI", "phase-1-sdk-cli"],
    ["Ärger über Größe", "arger-uber-grosse"],
    ["  --x--  ", "x"],
    ["日本", ""],
  ])("%s becomes %s", (text, slug) => {
    expect(slugOf(text)).toBe(slug);
  });

  it("is short, and a slug of a slug is itself", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        expect(slugOf(text)).toMatch(/^([a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?)?$/);
        expect(slugOf(slugOf(text))).toBe(slugOf(text));
      }),
    );
  });
});

describe("idProblem", () => {
  it.each(["login", "task-001", "agent-a-001", "Fix_41"])("%s can name a slot", (id) => {
    expect(idProblem(id)).toBeNull();
  });

  it.each([
    "",
    "-x",
    "a.b",
    "a b",
    "../x",
    "a/b",
    "synthesis",
    "Phase-1",
    "barrier-2",
    "CP-001",
    "main",
    "x".repeat(65),
  ])("%s cannot name a slot", (id) => {
    expect(idProblem(id)).not.toBeNull();
  });
});

describe("letters and near spellings", () => {
  it("goes on after z", () => {
    expect([0, 1, 25, 26, 27, 51, 52].map(letterOf)).toEqual(["a", "b", "z", "aa", "ab", "az", "ba"]);
  });

  it("proposes what is spelled alike, and nothing where nothing is", () => {
    expect(nearest("ps-reseacher", ["ps-researcher", "ps-reviewer"])).toBe("ps-researcher");
    expect(nearest("xyz", ["ps-researcher"])).toBeUndefined();
  });
});
