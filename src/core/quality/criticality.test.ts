import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MULTI_INSTANCE_CONTEXT, multiInstance } from "../../../test/builders/definitions.ts";
import { planOf } from "../../../test/builders/derived.ts";
import { CRITICALITIES } from "../vocabulary.ts";
import {
  applyEscalation,
  DEFAULT_ESCALATION_RULES,
  escalateForFiles,
  higherLevel,
  isHigher,
} from "./criticality.ts";

const escalate = (paths: readonly string[], extra: { makes?: string; baselined?: readonly string[] } = {}) =>
  applyEscalation(DEFAULT_ESCALATION_RULES, { paths, ...extra }, "C1");

describe("applyEscalation with the documented rules", () => {
  it.each([
    ["docs/governance/JERRY_CONSTITUTION.md", "AE-001", "C4"],
    [".context/rules/quality.md", "AE-002", "C3"],
    [".claude/rules/a/b.md", "AE-002", "C3"],
    ["docs/decisions/0001-storage.md", "AE-003", "C3"],
    ["docs/adr/storage.md", "AE-003", "C3"],
    ["adr-001.md", "AE-003", "C3"],
    ["docs/ADR_7.md", "AE-003", "C3"],
    ["src/auth/login.ts", "AE-005", "C3"],
    ["src/permissions.ts", "AE-005", "C3"],
    ["src/session-credentials.ts", "AE-005", "C3"],
    ["lib/access-control_list.py", "AE-005", "C3"],
  ])("%s is %s", (path, rule, to) => {
    expect(escalate([path])).toEqual({
      level: to,
      escalated: [{ rule, condition: `touches ${path}`, from: "C1", to }],
    });
  });

  it.each([
    "src/author.ts",
    "docs/quadratic.md",
    "src/cadre/x.ts",
    "README.md",
    "src/secretary.ts",
    "docs/governance/notes.md",
  ])("%s is nobody's business: a part of a word is no match", (path) => {
    expect(escalate([path])).toEqual({ level: "C1", escalated: [] });
  });

  it("raises what makes an ADR, wherever it is written", () => {
    expect(
      escalate(["orchestration/x/convergent/phase-3/agent-c-001/agent-c-001-adr.md"], { makes: "adr" })
        .escalated,
    ).toEqual([{ rule: "AE-003", condition: "makes adr", from: "C1", to: "C3" }]);
  });

  it("raises an accepted ADR to C4, naming every step on the way", () => {
    const path = "docs/decisions/0001-storage.md";
    expect(escalate([path], { baselined: [path] })).toEqual({
      level: "C4",
      escalated: [
        { rule: "AE-003", condition: `touches ${path}`, from: "C1", to: "C3" },
        { rule: "AE-004", condition: `touches ${path} (accepted on the base)`, from: "C3", to: "C4" },
      ],
    });
  });
});

describe("applyEscalation", () => {
  it("needs all conditions of a rule, and ignores a rule without any", () => {
    const rules = [
      { id: "X-1", when: { makes: "adr", paths: ["docs/**"] }, to: "C3" },
      { id: "X-2", when: {}, to: "C4" },
    ] as const;
    expect(applyEscalation(rules, { makes: "adr", paths: ["src/a.ts"] }, "C2").level).toBe("C2");
    expect(applyEscalation(rules, { makes: "research", paths: ["docs/a.md"] }, "C2").level).toBe("C2");
    expect(applyEscalation(rules, { makes: "adr", paths: ["docs/a.md"] }, "C2").escalated).toEqual([
      { rule: "X-1", condition: "makes adr, touches docs/a.md", from: "C2", to: "C3" },
    ]);
  });

  it("only raises, and leaves a record for exactly the rules that did", () => {
    const rule = fc.record({
      id: fc.constantFrom("AE-101", "AE-102", "AE-103"),
      when: fc.record({ paths: fc.constantFrom(["a/**"], ["b/**"], ["**"]) }),
      to: fc.constantFrom(...CRITICALITIES),
    });
    fc.assert(
      fc.property(
        fc.array(rule),
        fc.constantFrom(...CRITICALITIES),
        fc.subarray(["a/x", "b/y", "c"]),
        (rules, level, paths) => {
          const result = applyEscalation(rules, { paths }, level);
          expect(isHigher(level, result.level)).toBe(false);
          const steps = [level, ...result.escalated.map(({ to }) => to)];
          expect(result.escalated.map(({ from }) => from)).toEqual(steps.slice(0, -1));
          expect(steps.at(-1)).toBe(result.level);
          expect(result.escalated.every(({ from, to }) => isHigher(to, from))).toBe(true);
        },
      ),
    );
  });

  it("compares levels", () => {
    expect(higherLevel("C1", "C3")).toBe("C3");
    expect(higherLevel("C3", "C1")).toBe("C3");
    expect(isHigher("C2", "C2")).toBe(false);
  });
});

describe("escalateForFiles", () => {
  const { plan } = planOf(multiInstance(), MULTI_INSTANCE_CONTEXT);
  const research = plan.deliverables[0]!;
  const decision = plan.deliverables.at(-1)!;

  it("asks the plan's rules about the files that a commit really changed", () => {
    const result = escalateForFiles(plan, research, [
      { path: "src/app.ts", change: "modified" },
      { path: ".claude/rules/x.md", change: "added" },
    ]);
    expect(result).toEqual({
      level: "C3",
      escalated: [{ rule: "AE-002", condition: "touches .claude/rules/x.md", from: "C2", to: "C3" }],
    });
  });

  it("counts the old name of a rename", () => {
    const moved = [{ path: "src/gate.ts", change: "renamed", from: "src/auth/gate.ts" }] as const;
    expect(escalateForFiles(plan, research, moved).level).toBe("C3");
  });

  it("raises an accepted ADR to C4 from where the deliverable stands", () => {
    const files = [{ path: "docs/adr/1.md", change: "modified", baselined: true }] as const;
    expect(
      escalateForFiles(plan, decision, files).escalated.map(({ rule, from, to }) => [rule, from, to]),
    ).toEqual([["AE-004", "C3", "C4"]]);
    expect(escalateForFiles(plan, research, files, "C4").escalated).toEqual([]);
  });

  it("takes no offence at names inside the deliverable's own folder", () => {
    const path = `${research.folder}security/auth.md`;
    expect(escalateForFiles(plan, research, [{ path, change: "added" }]).level).toBe("C2");
    expect(
      escalateForFiles(plan, research, [{ path: "orchestration/x/security/auth.md", change: "added" }]).level,
    ).toBe("C3");
  });

  it("does not raise again what the plan has raised", () => {
    expect(
      escalateForFiles(plan, decision, [{ path: "orchestration/x-adr.md", change: "added" }]).escalated,
    ).toEqual([]);
  });
});
