import { describe, expect, it } from "vitest";
import { handoffSchema, parseHandoff } from "./handoff.ts";

const limits = { sources: ["orchestration/w/a.md", "orchestration/w/b.md"], criticality: "C2" } as const;
const handoff = {
  task: "Design the lifecycle",
  purpose: "Limits of the interface",
  key_findings: ["one", "two", "three"],
  for_target: ["use one"],
  success_criteria: ["each limit is answered"],
  artifacts: ["orchestration/w/a.md"],
  blockers: ["[PERSISTENT] no licence"],
  confidence: 0.8,
  criticality: "C2",
};

describe("a handoff", () => {
  it("is read into its content", () => {
    expect(parseHandoff(handoff, limits)).toEqual({
      ok: true,
      content: {
        task: "Design the lifecycle",
        purpose: "Limits of the interface",
        keyFindings: ["one", "two", "three"],
        forTarget: ["use one"],
        successCriteria: ["each limit is answered"],
        artifacts: ["orchestration/w/a.md"],
        blockers: ["[PERSISTENT] no licence"],
        confidence: 0.8,
        criticality: "C2",
      },
    });
  });

  it("may raise the level and names each artifact once", () => {
    const artifacts = ["./orchestration/w/a.md", "orchestration/w/a.md"];
    expect(parseHandoff({ ...handoff, criticality: "C4", artifacts }, limits)).toMatchObject({
      ok: true,
      content: { criticality: "C4", artifacts: ["orchestration/w/a.md"] },
    });
  });

  it.each([
    ["two findings", { key_findings: ["one", "two"] }, "fewer than 3"],
    ["six findings", { key_findings: ["1", "2", "3", "4", "5", "6"] }, "more than 5"],
    ["a blank finding", { key_findings: ["one", "two", " "] }, "key_findings[2] is blank"],
    ["no success criterion", { success_criteria: [] }, "success_criteria"],
    ["nothing for the target", { for_target: [] }, "for_target"],
    ["no artifact", { artifacts: [] }, "artifacts"],
    ["a path that is no source", { artifacts: ["/etc/passwd"] }, "artifacts names /etc/passwd"],
    ["a lower level", { criticality: "C1" }, "criticality C1 is lower than the source's C2"],
    ["an unknown level", { criticality: "high" }, "criticality"],
    ["a confidence above 1", { confidence: 80 }, "confidence"],
    ["a confidence as text", { confidence: "0.8" }, "confidence"],
    ["no task", { task: undefined }, "task is missing"],
    ["no blockers list", { blockers: undefined }, "blockers is missing"],
  ])("breaks its contract with %s", (_, change, reason) => {
    expect(parseHandoff({ ...handoff, ...change }, limits)).toMatchObject({
      ok: false,
      reason: expect.stringContaining(reason),
    });
  });

  it("may name no artifact where there is none to name", () => {
    expect(parseHandoff({ ...handoff, artifacts: [] }, { ...limits, sources: [] })).toMatchObject({
      ok: true,
    });
  });

  it("has a schema that offers only existing paths and levels that do not fall", () => {
    expect(handoffSchema(limits)).toMatchObject({
      additionalProperties: false,
      properties: {
        artifacts: { items: { enum: limits.sources }, minItems: 1 },
        criticality: { enum: ["C2", "C3", "C4"] },
        key_findings: { minItems: 3, maxItems: 5 },
      },
    });
  });
});
