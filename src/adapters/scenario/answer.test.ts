import { describe, expect, it } from "vitest";
import { z } from "zod";
import { structuredAnswer } from "./answer.ts";
import { type PromptFacts, readPrompt } from "./header.ts";
import type { JsonSchema } from "./json-schema.ts";
import type { DeliverableScenario } from "./scenario.ts";
import { spoilAnswer } from "./spoil.ts";

function facts(header: string, rest = ""): PromptFacts {
  const read = readPrompt(`${header}\n\n${rest}`);
  if (read === null) throw new Error("not a prompt");
  return read;
}

function answer(prompt: PromptFacts, schema: JsonSchema, all: DeliverableScenario = {}, sample = 1): unknown {
  return structuredAnswer({ facts: prompt, schema, scenario: { deliverables: { "*": all } }, sample });
}

const JUDGE = "signalbox-task: judge\ndeliverable: alpha\nround: 1 of 3";
const finding = z.object({
  type: z.enum(["BLIND_SPOT", "WEAK_ASSUMPTION", "MISSING_EVIDENCE", "CONTRADICTION"]),
  severity: z.enum(["CRITICAL", "HIGH", "MEDIUM", "LOW"]),
  section: z.string().min(1),
  evidence: z.string().min(10),
  action: z.string().min(1),
});
const nested = z.strictObject({
  scores: z.strictObject({
    completeness: z.strictObject({ score: z.number().min(0).max(1), evidence: z.string().min(1) }),
    clarity: z.strictObject({ score: z.number().min(0).max(1), evidence: z.string().min(1) }),
  }),
  criteria: z.strictObject({
    criterion_1: z.strictObject({
      verdict: z.enum(["met", "unmet", "not_applicable"]),
      evidence: z.string().min(1),
    }),
  }),
  findings: z.array(finding),
});
const schemaOf = (type: z.ZodType): JsonSchema => z.toJSONSchema(type) as JsonSchema;

describe("a judgement", () => {
  it("fits the schema that was asked for and has exactly the scores that the scenario fixes", () => {
    const read = nested.parse(answer(facts(JUDGE), schemaOf(nested), { scores: [0.9] }));
    expect([read.scores.completeness.score, read.scores.clarity.score]).toEqual([0.9, 0.9]);
    expect(read.criteria.criterion_1.verdict).toBe("met");
    expect(read.findings).toEqual([]);
  });

  it("fits other shapes of the same question just as well", () => {
    const flat = z.object({
      scores: z
        .array(z.object({ dimension: z.enum(["completeness", "clarity"]), score: z.number().max(1) }))
        .min(2),
      evidence: z.record(z.string(), z.string()),
      criteria: z.array(z.object({ criterion: z.string(), verdict: z.enum(["unmet", "met"]) })),
      note: z.union([z.string().min(200), z.null()]),
    });
    const prompt = facts(JUDGE, "## Criteria\n- Sources are named\n- Risks are listed");
    const read = flat.parse(answer(prompt, schemaOf(flat), { scores: [0.9] }));
    expect(read.scores).toEqual([
      { dimension: "completeness", score: 0.9 },
      { dimension: "clarity", score: 0.9 },
    ]);
    expect(read.criteria).toEqual([
      { criterion: "Sources are named", verdict: "met" },
      { criterion: "Risks are listed", verdict: "met" },
    ]);
  });

  it("follows references and merges parts of a schema", () => {
    const schema = {
      $defs: { share: { type: "number", minimum: 0, maximum: 1 } },
      allOf: [{ properties: { confidence: { $ref: "#/$defs/share" } }, required: ["confidence"] }],
      properties: { kind: { const: "x" } },
    };
    expect(answer(facts(JUDGE), schema)).toEqual({ kind: "x", confidence: expect.closeTo(0.86, 0) });
  });

  it("reports an open critical finding and an unmet criterion in the rounds that the scenario names", () => {
    const read = nested.parse(answer(facts(JUDGE), schemaOf(nested), { critical: [1], unmet: [1] }));
    expect(read.findings.map((item) => item.severity)).toEqual(["CRITICAL"]);
    expect(read.criteria.criterion_1.verdict).toBe("unmet");
    const later = facts("signalbox-task: judge\ndeliverable: alpha\nround: 2 of 3");
    expect(nested.parse(answer(later, schemaOf(nested), { critical: [1] })).findings).toEqual([]);
  });

  it("rises from round to round by default, on one side of the threshold for every sample", () => {
    for (const deliverable of ["alpha", "beta", "gamma", "delta", "epsilon", "zeta"]) {
      const composites = [1, 2, 3].map((round) => {
        const prompt = facts(`signalbox-task: judge\ndeliverable: ${deliverable}\nround: ${round} of 3`);
        const samples = [1, 2, 3].map(
          (sample) => nested.parse(answer(prompt, schemaOf(nested), {}, sample)).scores,
        );
        return samples.flatMap((scores) => [scores.completeness.score, scores.clarity.score]);
      });
      const [first = [], second = [], third = []] = composites;
      expect(Math.min(...first)).toBeGreaterThan(0.77);
      expect(Math.max(...first)).toBeLessThan(0.9);
      expect(second.every((score) => score < 0.92) || second.every((score) => score >= 0.92)).toBe(true);
      expect(Math.min(...third)).toBeGreaterThanOrEqual(0.92);
    }
  });
});

describe("a critique", () => {
  const critique = z.strictObject({
    patterns_used: z
      .array(z.enum(["steelman", "strawman", "devils-advocate", "red-team", "blue-team"]))
      .min(2),
    strategies_used: z.array(z.enum(["S-001", "S-002", "S-003", "S-010"])),
    findings: z.array(finding).min(3),
  });
  const prompt = facts(
    "signalbox-task: critique\ndeliverable: alpha\nround: 1 of 3\nfindings-minimum: 6",
    "Apply S-003, then S-002. Patterns: Steelman, then Devil's Advocate (devils-advocate).",
  );

  it("has at least the findings asked for, a blind spot and a weak assumption among them", () => {
    const read = critique.parse(answer(prompt, schemaOf(critique)));
    expect(read.findings.length).toBeGreaterThanOrEqual(6);
    const types = read.findings.map((item) => item.type);
    expect(types).toContain("BLIND_SPOT");
    expect(types).toContain("WEAK_ASSUMPTION");
    expect(new Set(read.findings.map((item) => item.evidence)).size).toBeGreaterThan(3);
  });

  it("reports exactly what it was asked to apply, in the order of execution", () => {
    const read = critique.parse(answer(prompt, schemaOf(critique)));
    expect(read.strategies_used).toEqual(["S-003", "S-002"]);
    expect(read.patterns_used).toEqual(["steelman", "devils-advocate"]);
  });
});

describe("a handoff", () => {
  it("names only artifacts that it may name, and no blockers", () => {
    const handoff = z.strictObject({
      task: z.string().min(1),
      key_findings: z.array(z.string()).min(3).max(5),
      artifacts: z.array(z.enum(["a.md", "b.md"])).min(1),
      blockers: z.array(z.string()),
      confidence: z.number().min(0).max(1),
      criticality: z.enum(["C2", "C3"]),
    });
    const read = handoff.parse(
      answer(facts("signalbox-task: handoff\ndeliverable: barrier-1.a-to-b"), schemaOf(handoff)),
    );
    expect(read).toMatchObject({ artifacts: ["a.md", "b.md"], blockers: [], criticality: "C2" });
  });
});

describe("a malformed answer", () => {
  const good = {
    scores: { a: { score: 0.9, evidence: "x" }, b: { score: 0.8, evidence: "y" } },
    findings: [{ evidence: "z" }],
  };
  it.each([
    ["omit-dimension", { ...good, scores: { b: good.scores.b } }],
    ["nan", { ...good, scores: { ...good.scores, a: { score: "NaN", evidence: "x" } } }],
    ["over-one", { ...good, scores: { ...good.scores, a: { score: 1.7, evidence: "x" } } }],
    [
      "no-evidence",
      {
        scores: { a: { score: 0.9, evidence: "" }, b: { score: 0.8, evidence: "" } },
        findings: [{ evidence: "" }],
      },
    ],
    [null, good],
  ] as const)("is wrong in the one way that was asked for: %s", (fault, expected) => {
    expect(spoilAnswer(good, fault)).toEqual(expected);
  });
});
