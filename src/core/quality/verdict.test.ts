import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { aFinding, aGate, scoresOf } from "../../../test/builders/gates.ts";
import type { Round } from "../workflow/round.ts";
import type { DecidedPanel } from "./panel.ts";
import { reaches } from "./score.ts";
import { bestRound, decideRound, type RoundFacts } from "./verdict.ts";

function aPanel(composite: number, outcome = reaches(composite, 0.92) ? "pass" : "fail"): DecidedPanel {
  return {
    kind: "decided",
    outcome: outcome === "pass" ? "pass" : "fail",
    reason: "as scored",
    result: {
      reviewer: "ps-validator",
      composite,
      dimensions: scoresOf(composite),
      spread: 0,
      samples: 3,
      passing: 3,
    },
  };
}

function someFacts(changes: Partial<RoundFacts> = {}): RoundFacts {
  return {
    gate: aGate(),
    panels: [aPanel(0.95)],
    openCriticals: 0,
    round: 1,
    extraRounds: 0,
    previousScores: [],
    ...changes,
  };
}

const h14 = aGate({ loop: { profile: "h14", min: 3, max: 3, findings: 0 } });
const long = aGate({ loop: { profile: "custom", min: 1, max: 7, findings: 0 } });
const score = (composite: number): Partial<RoundFacts> => ({ panels: [aPanel(composite)] });

describe("a round", () => {
  it.each([
    ["PASS at exactly the threshold", score(0.92), "PASS", "score 0.920 reaches 0.92"],
    ["REVISE a hair below it", score(0.9199), "REVISE", "as scored"],
    ["REVISE at 0.9195, which never prints as passing", score(0.9195), "REVISE", "as scored"],
    ["REVISE at 0.85", score(0.85), "REVISE", "as scored"],
    ["REVISE below 0.85 as well", score(0.3), "REVISE", "as scored"],
    ["REVISE below 0.50 before the third round", { ...score(0.49), round: 2 }, "REVISE", ""],
    [
      "ESCALATED below 0.50 in the third round",
      { ...score(0.49), round: 3, extraRounds: 2 },
      "ESCALATED",
      "below 0.50",
    ],
    [
      "REVISE at exactly 0.50 in the third of more rounds",
      { ...score(0.5), round: 3, extraRounds: 2 },
      "REVISE",
      "",
    ],
    ["HARDEN when it passes before the minimum", { gate: h14, round: 2 }, "HARDEN", "min-rounds"],
    ["PASS at the minimum", { gate: h14, round: 3 }, "PASS", ""],
    [
      "ESCALATED below the threshold in the last round",
      { ...score(0.91), round: 3 },
      "ESCALATED",
      "was the last",
    ],
    ["REVISE in a round that a person granted", { ...score(0.91), round: 3, extraRounds: 1 }, "REVISE", ""],
    [
      "ESCALATED after the granted round",
      { ...score(0.91), round: 4, extraRounds: 1 },
      "ESCALATED",
      "4 of 4",
    ],
    [
      "REVISE with an open CRITICAL whatever the score",
      { openCriticals: 1 },
      "REVISE",
      "1 open CRITICAL finding",
    ],
    [
      "ESCALATED with an open CRITICAL in the last round",
      { openCriticals: 2, round: 3 },
      "ESCALATED",
      "2 open CRITICAL",
    ],
    ["REVISE with a failed check", { checksFailed: 1 }, "REVISE", "1 check failed"],
    [
      "REVISE without a score when checks failed first",
      { panels: [], checksFailed: 1 },
      "REVISE",
      "1 check failed",
    ],
    ["ESCALATED without a score (H-17)", { panels: [] }, "ESCALATED", "no valid score"],
    [
      "ESCALATED with the reason of an invalid panel",
      { panels: [], invalid: "2 of 9 answers" },
      "ESCALATED",
      "2 of 9",
    ],
    [
      "REVISE when a panel failed in spite of its composite",
      { panels: [aPanel(0.95, "fail")] },
      "REVISE",
      "as scored",
    ],
  ] as const)("is %s", (_, changes, verdict, reason) => {
    expect(decideRound(someFacts(changes))).toMatchObject({
      verdict,
      reason: expect.stringContaining(reason),
    });
  });

  it("without a judge passes on integrity and checks, and has no score or band", () => {
    const gate = aGate({ judged: false, reviewers: [] });
    expect(decideRound(someFacts({ gate, panels: [] }))).toEqual({
      verdict: "PASS",
      reason: "integrity and checks",
      score: null,
      displayScore: null,
      band: null,
      panels: [],
    });
    expect(decideRound(someFacts({ gate, panels: [], openCriticals: 1 })).verdict).toBe("REVISE");
  });

  it("is decided by the lowest reviewer and shown with the mean", () => {
    const gate = aGate({
      reviewers: [
        { role: "ps-critic", kind: "validator" },
        { role: "nse-qa", kind: "cross-check" },
      ],
    });
    const decision = decideRound(someFacts({ gate, panels: [aPanel(0.96), aPanel(0.9)] }));
    expect(decision).toMatchObject({ verdict: "REVISE", score: 0.9, displayScore: 0.93, band: "REVISE" });
    expect(decideRound(someFacts({ gate, panels: [aPanel(0.96)] })).verdict).toBe("ESCALATED");
  });

  it.each([
    ["three changes below 0.01", [0.88, 0.885, 0.881], 0.884, "ESCALATED"],
    ["one change of exactly 0.01", [0.88, 0.89, 0.885], 0.884, "REVISE"],
    ["too few rounds to tell", [0.885, 0.881], 0.884, "REVISE"],
    ["a round without a score among them", [0.88, null, 0.881], 0.884, "REVISE"],
  ] as const)("of a long loop with %s is judged for a plateau", (_, previousScores, composite, verdict) => {
    const round = previousScores.length + 1;
    expect(decideRound(someFacts({ gate: long, round, previousScores, ...score(composite) })).verdict).toBe(
      verdict,
    );
  });

  it("never passes with an open CRITICAL, a failed check, a missing score or a score below the threshold", () => {
    const facts = fc.record({
      composite: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: null }),
      openCriticals: fc.integer({ min: 0, max: 2 }),
      checksFailed: fc.integer({ min: 0, max: 1 }),
      round: fc.integer({ min: 1, max: 8 }),
      min: fc.integer({ min: 1, max: 3 }),
      more: fc.integer({ min: 0, max: 4 }),
      extraRounds: fc.integer({ min: 0, max: 3 }),
      failed: fc.boolean(),
    });
    fc.assert(
      fc.property(facts, ({ composite, min, more, failed, ...rest }) => {
        const gate = aGate({ loop: { profile: "custom", min, max: min + more, findings: 0 } });
        const panels = composite === null ? [] : [aPanel(composite, failed ? "fail" : "pass")];
        const { verdict } = decideRound({ gate, panels, previousScores: [], ...rest });
        const sound = composite !== null && reaches(composite, 0.92) && !failed;
        const clean = rest.openCriticals === 0 && rest.checksFailed === 0;
        expect(verdict === "PASS").toBe(sound && clean && rest.round >= min);
        if (rest.round >= min + more + rest.extraRounds) expect(["PASS", "ESCALATED"]).toContain(verdict);
      }),
      { numRuns: 500 },
    );
  });
});

describe("the best round", () => {
  const aRound = (round: number, changes: Partial<Round> = {}): Round => ({
    round,
    attempt: 1,
    epoch: 1,
    startedAt: "2026-02-20T10:00:00Z",
    commit: `${round}`.repeat(40),
    patternsUsed: [],
    strategiesUsed: [],
    findings: [],
    samples: [],
    panels: [],
    ...changes,
  });
  const critical = aFinding({ severity: "CRITICAL" });

  it.each([
    ["has the highest score", [aRound(1, { score: 0.9 }), aRound(2, { score: 0.8 })], 1],
    [
      "has fewer CRITICAL findings at the same score",
      [aRound(1, { score: 0.9 }), aRound(2, { score: 0.9, findings: [critical] })],
      1,
    ],
    ["is the later of equal ones", [aRound(1, { score: 0.9 }), aRound(2, { score: 0.9 })], 2],
    ["is a scored one before one without a score", [aRound(1, { score: 0.1 }), aRound(2)], 1],
    [
      "has a commit",
      [aRound(1, { score: 0.1 }), { ...aRound(2, { score: 0.9 }), commit: undefined } as unknown as Round],
      1,
    ],
  ] as const)("%s", (_, rounds, best) => {
    expect(bestRound(rounds)?.round).toBe(best);
  });

  it("does not exist where nothing was committed", () => {
    expect(bestRound([])).toBeUndefined();
  });
});
