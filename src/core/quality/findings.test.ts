import { describe, expect, it } from "vitest";
import { aFinding, aSample } from "../../../test/builders/gates.ts";
import type { CheckResult } from "../workflow/outcome.ts";
import type { Finding, Round } from "../workflow/round.ts";
import {
  bySeverity,
  checkFindings,
  criteriaFindings,
  mergeFindings,
  numberFindings,
  openFindings,
} from "./findings.ts";
import type { RawFinding } from "./raw-finding.ts";

const raw: RawFinding = {
  type: "BLIND_SPOT",
  severity: "LOW",
  section: "Costs",
  evidence: "No figure.",
  action: "Add it.",
};

function aRound(round: number, changes: Partial<Round> = {}): Round {
  return {
    round,
    attempt: 1,
    epoch: 1,
    startedAt: "2026-02-20T10:00:00Z",
    patternsUsed: [],
    strategiesUsed: [],
    findings: [],
    samples: [],
    panels: [],
    ...changes,
  };
}

describe("findings", () => {
  it("are numbered after those that the round has, heaviest first", () => {
    const round = { round: 2, findings: [aFinding({ id: "F-2-4" })] };
    const numbered = numberFindings([raw, { ...raw, severity: "CRITICAL" }], round, "critic:ps-critic");
    expect(numbered.map(({ id, severity, source, resolved }) => [id, severity, source, resolved])).toEqual([
      ["F-2-5", "CRITICAL", "critic:ps-critic", false],
      ["F-2-6", "LOW", "critic:ps-critic", false],
    ]);
  });

  it("keep their order within a severity", () => {
    const sorted = bySeverity([
      aFinding({ id: "1", severity: "LOW" }),
      aFinding({ id: "2", severity: "HIGH" }),
      aFinding({ id: "3", severity: "LOW" }),
      aFinding({ id: "4", severity: "MEDIUM" }),
    ]);
    expect(sorted.map(({ id }) => id)).toEqual(["2", "4", "1", "3"]);
  });

  it("of several reviewers that say the same become the heaviest one", () => {
    const merged = mergeFindings([
      aFinding({ id: "F-1-1", severity: "LOW" }),
      aFinding({ id: "F-1-2", severity: "CRITICAL", section: " costs ", action: "give  the figure." }),
      aFinding({ id: "F-1-3", severity: "LOW", action: "Something else." }),
    ]);
    expect(merged.map(({ id }) => id)).toEqual(["F-1-2", "F-1-3"]);
  });
});

describe("a failed check", () => {
  const result: CheckResult = {
    name: "npm test",
    passed: false,
    redAtBase: false,
    exitCode: 1,
    timedOut: false,
    tail: `${"x".repeat(5000)}\n3 failed`,
  };

  it("is a CRITICAL finding with the end of its output", () => {
    const [finding] = checkFindings([result], 2);
    expect(finding).toMatchObject({
      id: "F-2-1",
      severity: "CRITICAL",
      source: "check:npm test",
      resolved: false,
    });
    expect(finding?.evidence).toContain("exit code 1");
    expect(finding?.evidence.endsWith("3 failed")).toBe(true);
    expect(finding?.evidence.length).toBeLessThan(1600);
  });

  it("is none where it was red on the base, and none where it passed", () => {
    expect(
      checkFindings(
        [
          { ...result, redAtBase: true },
          { ...result, passed: true },
        ],
        1,
      ),
    ).toEqual([]);
  });

  it("says when it ran into its limit", () => {
    const [finding] = checkFindings([{ ...result, exitCode: null, timedOut: true, tail: "" }], 1);
    expect(finding?.evidence).toBe("The check ran into its time limit and printed nothing.");
  });
});

describe("a criterion", () => {
  it("is a CRITICAL finding when it is unmet or judged without evidence", () => {
    const findings = criteriaFindings(
      [
        { criterion: "Risks named", verdict: "unmet", evidence: "none is" },
        { criterion: "Options compared", verdict: "met", evidence: "" },
        { criterion: "Costs given", verdict: "met", evidence: "table 2" },
        { criterion: "Deployed", verdict: "not_applicable", evidence: "other slot" },
      ],
      aRound(1),
      "judge:ps-validator",
    );
    expect(findings.map(({ id, severity, section, type }) => [id, severity, section, type])).toEqual([
      ["F-1-1", "CRITICAL", "Risks named", "CONTRADICTION"],
      ["F-1-2", "CRITICAL", "Options compared", "MISSING_EVIDENCE"],
    ]);
  });
});

describe("a finding is open", () => {
  const by = (source: string): Finding => aFinding({ id: source, source });
  const first = aRound(1, {
    findings: ["check:test", "integrity", "critic:ps-critic", "judge:ps-validator", "person:ann"].map(by),
  });
  const open = (next: Partial<Round>): readonly string[] =>
    openFindings([first, aRound(2, next)]).map(({ source }) => source);

  it("until a later round was looked at by whoever reported it", () => {
    const all = first.findings.map(({ source }) => source);
    expect(open({})).toEqual(all);
    expect(open({ commit: "1".repeat(40) })).not.toContain("integrity");
    expect(open({ checks: [] })).not.toContain("check:test");
    expect(open({ strategiesUsed: ["S-002"] })).not.toContain("critic:ps-critic");
    expect(open({ samples: [aSample(1, 0.9)] })).not.toContain("judge:ps-validator");
    expect(open({ verdict: "REVISE" })).toEqual(all.slice(0, 4));
  });

  it("when only another reviewer or an invalid answer looked at it", () => {
    const other = aSample(1, 0.9, { reviewer: "nse-qa" });
    const invalid = aSample(2, 0.9, { valid: false });
    expect(open({ samples: [other, invalid] })).toContain("judge:ps-validator");
  });

  it("unless it is marked resolved", () => {
    expect(openFindings([aRound(1, { findings: [aFinding({ resolved: true })] })])).toEqual([]);
  });
});
