import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { aGate } from "../../../test/builders/gates.ts";
import { answerOf, critiqueSchema, judgeSchema, parseCritique, parseJudgement } from "./answers.ts";
import { SIX_DIMENSIONS } from "./rubric.ts";

const finding = {
  type: "BLIND_SPOT",
  severity: "HIGH",
  section: "Costs",
  evidence: "No figure.",
  action: "Add the figure.",
};
const criteria = ["All options compared", "Risks named"];
const scores = Object.fromEntries(
  SIX_DIMENSIONS.map((d) => [d.key, { score: 0.9, evidence: `seen in ${d.name}` }]),
);
const judged = aGate({ criteria });
const judgement = {
  scores,
  criteria: {
    criterion_1: { verdict: "met", evidence: "table 2" },
    criterion_2: { verdict: "unmet", evidence: "no risk is named" },
  },
  findings: [finding],
};

describe("a judge's answer", () => {
  it("is read whole when it is complete", () => {
    const parsed = parseJudgement(judgement, judged);
    expect(parsed).toMatchObject({
      ok: true,
      scores: { completeness: 0.9, traceability: 0.9 },
      evidence: { completeness: "seen in Completeness" },
      criteria: [
        { criterion: "All options compared", verdict: "met", evidence: "table 2" },
        { criterion: "Risks named", verdict: "unmet" },
      ],
      findings: [finding],
    });
  });

  it("may leave criteria out where none are asked", () => {
    const { criteria: _, ...rest } = judgement;
    expect(parseJudgement(rest, aGate())).toMatchObject({ ok: true, criteria: [] });
  });

  it("keeps a criterion without evidence, for it to become a finding", () => {
    const blank = { ...judgement.criteria, criterion_1: { verdict: "met", evidence: " " } };
    expect(parseJudgement({ ...judgement, criteria: blank }, judged)).toMatchObject({
      ok: true,
      criteria: [{ evidence: "" }, {}],
    });
  });

  const withScore = (entry: unknown) => ({ ...judgement, scores: { ...scores, completeness: entry } });
  it.each([
    ["prose", "Looks good to me, 0.95.", "answer is the text"],
    ["nothing", undefined, "answer is missing"],
    ["null", null, "answer is null"],
    ["a list", [judgement], "answer is a list"],
    ["no scores", { criteria: judgement.criteria, findings: [] }, "scores is missing"],
    ["a missing dimension", withScore(undefined), "scores.completeness is missing"],
    ["a bare number", withScore(0.9), "scores.completeness is 0.9, not an object"],
    [
      "a number as text",
      withScore({ score: "0.9", evidence: "x" }),
      'scores.completeness.score is the text "0.9"',
    ],
    [
      "NaN",
      withScore({ score: Number.NaN, evidence: "x" }),
      "scores.completeness.score is NaN, outside 0..1",
    ],
    ["a score above 1", withScore({ score: 1.01, evidence: "x" }), "outside 0..1"],
    ["a score below 0", withScore({ score: -0.1, evidence: "x" }), "outside 0..1"],
    ["a score of a hundred", withScore({ score: 92, evidence: "x" }), "outside 0..1"],
    ["infinity", withScore({ score: Number.POSITIVE_INFINITY, evidence: "x" }), "outside 0..1"],
    ["missing evidence", withScore({ score: 0.9 }), "scores.completeness.evidence is missing"],
    ["blank evidence", withScore({ score: 0.9, evidence: " \n" }), "scores.completeness.evidence is blank"],
    [
      "a foreign dimension",
      { ...judgement, scores: { ...scores, beauty: { score: 1, evidence: "x" } } },
      "beauty",
    ],
    ["no criteria", { scores, findings: [] }, "criteria is missing"],
    [
      "a missing criterion",
      { ...judgement, criteria: { criterion_1: judgement.criteria.criterion_1 } },
      "criteria.criterion_2 is missing",
    ],
    [
      "an unknown criterion verdict",
      {
        ...judgement,
        criteria: { ...judgement.criteria, criterion_2: { verdict: "mostly", evidence: "x" } },
      },
      "criteria.criterion_2.verdict",
    ],
    [
      "criterion evidence that is no text",
      { ...judgement, criteria: { ...judgement.criteria, criterion_2: { verdict: "met" } } },
      "criteria.criterion_2.evidence is not text",
    ],
    ["no findings list", { ...judgement, findings: undefined }, "findings is missing"],
    [
      "a finding of unknown type",
      { ...judgement, findings: [{ ...finding, type: "TYPO" }] },
      "findings[0].type",
    ],
    [
      "an unknown severity",
      { ...judgement, findings: [{ ...finding, severity: "MAJOR" }] },
      "findings[0].severity",
    ],
    [
      "a finding without evidence",
      { ...judgement, findings: [{ ...finding, evidence: "" }] },
      "findings[0].evidence",
    ],
    ["a finding that is text", { ...judgement, findings: ["all fine"] }, "findings[0] is the text"],
  ])("is invalid with %s", (_, value, reason) => {
    const parsed = parseJudgement(value, judged);
    expect(parsed).toMatchObject({ ok: false, reason: expect.stringContaining(reason) });
  });

  it("needs the minimum of findings where no critic reports any", () => {
    const loop = { profile: "disc-002", min: 1, max: 3, findings: 3 } as const;
    expect(parseJudgement(judgement, aGate({ criteria, loop, critic: null }))).toMatchObject({ ok: false });
    expect(parseJudgement(judgement, aGate({ criteria, loop }))).toMatchObject({ ok: true });
  });

  it("does not take names of the prototype for dimensions", () => {
    const rubric = [{ key: "constructor", name: "Constructor", weight: 1 }];
    expect(parseJudgement({ scores: {}, findings: [] }, aGate({ rubric }))).toMatchObject({ ok: false });
  });

  it("never throws, whatever comes", () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        expect(parseJudgement(value, judged).ok).toBe(false);
        expect(parseCritique(value, judged).ok).toBe(false);
      }),
    );
  });
});

describe("a critique", () => {
  const loop = { profile: "disc-002", min: 1, max: 3, findings: 3 } as const;
  const gate = aGate({ loop, patterns: ["steelman", "devils-advocate"] });
  const findings = [finding, { ...finding, type: "WEAK_ASSUMPTION" }, { ...finding, type: "CONTRADICTION" }];
  const critique = {
    patterns_used: ["steelman", "devils-advocate"],
    strategies_used: ["S-003", "S-002", "S-007"],
    findings,
  };

  it("is read when it applied what was asked, in order, and found enough", () => {
    expect(parseCritique(critique, gate)).toMatchObject({
      ok: true,
      patternsUsed: ["steelman", "devils-advocate"],
      strategiesUsed: ["S-003", "S-002", "S-007"],
    });
  });

  it.each([
    [
      "a strategy left out",
      { ...critique, strategies_used: ["S-003", "S-002"] },
      "strategies_used lacks S-007",
    ],
    [
      "Devil's Advocate before Steelman (H-16)",
      { ...critique, strategies_used: ["S-002", "S-003", "S-007"] },
      "order",
    ],
    ["patterns in the wrong order", { ...critique, patterns_used: ["devils-advocate", "steelman"] }, "order"],
    [
      "a pattern left out",
      { ...critique, patterns_used: ["steelman"] },
      "patterns_used lacks devils-advocate",
    ],
    [
      "an unknown strategy",
      { ...critique, strategies_used: ["S-003", "S-002", "S-099"] },
      "strategies_used[2]",
    ],
    ["no strategies", { ...critique, strategies_used: undefined }, "strategies_used is missing"],
    ["two findings", { ...critique, findings: findings.slice(0, 2) }, "2 entries, fewer than 3"],
    [
      "no blind spot",
      { ...critique, findings: findings.map((f) => ({ ...f, type: "CONTRADICTION" })) },
      "BLIND_SPOT",
    ],
    [
      "no weak assumption",
      { ...critique, findings: [finding, finding, { ...finding, type: "MISSING_EVIDENCE" }] },
      "WEAK_ASSUMPTION",
    ],
    ["prose", "Three findings: ...", "not an object"],
  ])("is invalid with %s", (_, value, reason) => {
    expect(parseCritique(value, gate)).toMatchObject({ ok: false, reason: expect.stringContaining(reason) });
  });

  it("needs no finding where no minimum is set", () => {
    const open = aGate();
    expect(parseCritique({ ...critique, patterns_used: [], findings: [] }, open)).toMatchObject({ ok: true });
  });

  it("of one part of a separate critique is held to that part alone", () => {
    const first = { patterns_used: ["steelman"], strategies_used: ["S-003"], findings: [finding] };
    expect(parseCritique(first, gate, { mode: "separate", part: 1 })).toMatchObject({ ok: true });
    expect(parseCritique(first, gate, { mode: "separate", part: 2 })).toMatchObject({ ok: false });
  });
});

describe("schemas", () => {
  it("name every dimension and criterion and allow nothing else", () => {
    const schema = judgeSchema(judged);
    expect(schema).toMatchObject({
      type: "object",
      additionalProperties: false,
      required: ["scores", "criteria", "findings"],
      properties: {
        scores: { required: SIX_DIMENSIONS.map((d) => d.key), additionalProperties: false },
        criteria: { required: ["criterion_1", "criterion_2"] },
      },
    });
  });

  it("carry no $schema key, which agents refuse", () => {
    const text = JSON.stringify([judgeSchema(judged), critiqueSchema(judged)]);
    expect(text).not.toContain("$schema");
  });

  it("ask for the minimum of findings", () => {
    const gate = aGate({ loop: { profile: "disc-002", min: 1, max: 3, findings: 3 } });
    expect(critiqueSchema(gate)).toMatchObject({ properties: { findings: { minItems: 3 } } });
  });
});

describe("the answer of a session", () => {
  it("is its structured value, else its text where that is one JSON document", () => {
    expect(answerOf({ text: "ignored", structured: { a: 1 } })).toEqual({ a: 1 });
    expect(answerOf({ text: '{"a":1}' })).toEqual({ a: 1 });
    expect(answerOf({ text: '```json\n{"a":1}\n```' })).toEqual({ a: 1 });
    expect(answerOf({ text: 'I think {"a":1}' })).toBe('I think {"a":1}');
  });
});
