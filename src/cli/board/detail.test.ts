import { describe, expect, it } from "vitest";
import { World } from "../../../test/builders/world.ts";
import { THREE } from "../../../test/builders/worlds.ts";
import { unit } from "../../core/view/unit.ts";
import type { WorkflowState } from "../../core/workflow/state.ts";
import { createStyle } from "../output/style.ts";
import { unitLines } from "./detail.ts";
import { resolvedLines } from "./resolved-lines.ts";

const STYLE = createStyle({ write: () => {}, isTTY: true }, {}, "never");

function shown(state: WorkflowState, id: string, width = 80): readonly string[] {
  const found = unit(state, id);
  if (found === undefined) throw new Error(`no ${id}`);
  return unitLines(state, found, { style: STYLE, now: Date.parse(state.createdAt), width, suffix: " -w x" });
}

/** The first slot of a workflow, with a round that says `revision`. */
function withRevision(revision: string): readonly [WorkflowState, string] {
  const world = new World(THREE);
  world.run((state) => Object.values(state.deliverables).some((d) => d.step === "merged"));
  const merged = Object.values(world.now.deliverables).find((d) => d.step === "merged");
  if (merged === undefined) throw new Error("nothing was merged");
  const rounds = merged.rounds.map((round) => ({ ...round, revision }));
  return [
    { ...world.now, deliverables: { ...world.now.deliverables, [merged.id]: { ...merged, rounds } } },
    merged.id,
  ];
}

describe("a slot in full", () => {
  it("says what a round changed only where the round says something", () => {
    for (const nothing of ["", "  \n"])
      expect(shown(...withRevision(nothing)).some((line) => line.includes("changed"))).toBe(false);
    expect(shown(...withRevision("Names an owner."))).toContain("  changed  Names an owner.");
  });

  it("names the files that its merge resolved by rules, as the board does for the last ones", () => {
    const [state, id] = withRevision("");
    const merged = state.deliverables[id];
    if (merged === undefined) throw new Error("no slot");
    const resolved = [{ path: "WORKTRACKER.md", by: "tracker" as const, superseded: ["TASK-1"] }];
    const told = { ...state, deliverables: { ...state.deliverables, [id]: { ...merged, resolved } } };
    expect(shown(told, id)).toContain("  resolved  WORKTRACKER.md (tracker, later: TASK-1)");
    expect(resolvedLines(state, STYLE, 80)).toEqual([]);
    expect(resolvedLines(told, STYLE, 80)).toEqual([
      `${STYLE.symbol.info} ${id} resolved by rule: WORKTRACKER.md (tracker, later: TASK-1)`,
    ]);
  });

  it("wraps long texts below their beginning and leaves no spaces at the ends", () => {
    const lines = shown(...withRevision("word ".repeat(40).trim()));
    const at = lines.findIndex((line) => line.startsWith("  changed"));
    expect(lines[at + 1]).toMatch(/^ {11}word/);
    expect(lines.every((line) => line === line.trimEnd() && line.length <= 80)).toBe(true);
  });

  it("tells why it failed once, with the question about it, whose commands name the workflow", () => {
    const world = new World(THREE, {
      end: (effect) =>
        effect.subject === "login" ? { kind: "crashed", message: "it broke", retry: "never" } : undefined,
    });
    world.run();
    const failed = Object.values(world.now.deliverables).find((d) => d.step === "failed");
    const text = shown(world.now, failed?.id ?? "none").join("\n");
    expect(text.match(/it broke/g)).toHaveLength(1);
    expect(text).toMatch(/signalbox decide \S+ retry -w x/);
    expect(text).toContain("round 1  not decided");
  });
});
