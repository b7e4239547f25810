import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parseDefinition } from "./parse-definition.ts";

const folder = new URL("../../examples/", import.meta.url);
const names = readdirSync(folder).filter((name) => name.endsWith(".yaml"));
const read = (name: string) => readFileSync(new URL(name, folder), "utf8");

function parse(name: string) {
  const parsed = parseDefinition(read(name), { file: name });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
  return parsed;
}

describe("examples", () => {
  it.each(names)("%s parses without warnings and names its schema", (name) => {
    expect(parse(name).warnings).toEqual([]);
    expect(read(name)).toMatch(/^# yaml-language-server: \$schema=\.\.\/schemas\/definition\.schema\.json\n/);
  });

  it("multi-instance has three phases, two barriers with two directions each, five slots", () => {
    const { stages, loop, criticality } = parse("multi-instance.yaml").definition;
    expect(
      stages.map((stage) =>
        stage.kind === "phase" ? stage.slots.length : stage.directions.map(({ from, to }) => from + to),
      ),
    ).toEqual([2, ["ab", "ba"], 2, ["ab", "ba"], 1]);
    expect({ loop: loop.profile, criticality }).toEqual({ loop: "h14", criticality: "C2" });
  });

  it("en108-vbump has four reviewed phases from 0, and five tasks with critics and validators", () => {
    const { stages, firstPhase, reviewPhases, reviewPlan } = parse("en108-vbump.yaml").definition;
    const slots = stages.flatMap((stage) => (stage.kind === "phase" ? stage.slots : []));
    expect({ firstPhase, reviewPhases, reviewPlan }).toEqual({
      firstPhase: 0,
      reviewPhases: true,
      reviewPlan: true,
    });
    expect(stages.every((stage) => stage.kind === "phase" && stage.checkpoint !== undefined)).toBe(true);
    expect(slots.map(({ task, critics }) => `${task} ${critics.join("+")}`)).toEqual([
      "TASK-001 red-team+devils-advocate+steelman",
      "TASK-002 blue-team+strawman+steelman",
      "TASK-003 red-team+blue-team+devils-advocate",
      "TASK-004 red-team+steelman",
      "TASK-005 blue-team+devils-advocate",
    ]);
    expect(slots.every(({ validator }) => validator !== undefined)).toBe(true);
  });

  it("three-fixes keeps what stands behind the # in its briefs", () => {
    const [stage] = parse("three-fixes.yaml").definition.stages;
    expect(stage?.kind === "phase" && stage.slots.map(({ brief }) => brief[0])).toEqual([
      "Fix #41: the login form accepts an empty password",
      "Fix #57: CSV export drops the last row",
      "Fix #63: dates are parsed in local time",
    ]);
  });
});
