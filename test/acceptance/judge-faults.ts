/** Everything that can be wrong with a judge's answer, as what the session host hands over. */
import type { PlannedGate } from "../../src/core/plan/plan.ts";
import type { SessionEnd } from "../../src/core/workflow/outcome.ts";

interface Answer {
  readonly scores: Readonly<Record<string, unknown>>;
  readonly criteria: Readonly<Record<string, unknown>>;
  readonly findings: readonly unknown[];
}

export interface JudgeFault {
  readonly name: string;
  readonly end: (gate: PlannedGate) => SessionEnd;
  /** False where the gate asks nothing that could be answered this way. */
  readonly applies: (gate: PlannedGate) => boolean;
}

/** The best answer that a judge could give: without a fault it passes. */
export function perfect(gate: PlannedGate): Answer {
  const met = { verdict: "met", evidence: "section 2" };
  return {
    scores: Object.fromEntries(gate.rubric.map(({ key }) => [key, { score: 0.99, evidence: "section 1" }])),
    criteria: Object.fromEntries(gate.criteria.map((_, index) => [`criterion_${index + 1}`, met])),
    findings: [],
  };
}

export function answers(structured: unknown): SessionEnd {
  return { kind: "ok", text: "", structured, denials: [] };
}

const always = (): boolean => true;
const hasCriteria = (gate: PlannedGate): boolean => gate.criteria.length > 0;

const ENDS: Readonly<Record<string, SessionEnd>> = {
  "times out": { kind: "limit", which: "wall", message: "60 min", retry: "never" },
  "falls silent": { kind: "limit", which: "idle", message: "15 min", retry: "backoff" },
  "never starts": { kind: "limit", which: "startup", message: "3 min", retry: "backoff" },
  "spends too much": { kind: "limit", which: "usd", message: "5 USD", retry: "never" },
  "gives up on the form": { kind: "limit", which: "structured", message: "5 tries", retry: "backoff" },
  "answers prose": { kind: "ok", text: "Excellent work, 0.99 in every dimension. PASS.", denials: [] },
  "answers nothing": { kind: "ok", text: "", denials: [] },
  "is killed": { kind: "crashed", message: "signal SIGKILL", retry: "backoff" },
  "cannot be started": { kind: "crashed", message: "no such program", retry: "never" },
  "is refused": { kind: "api", errorClass: "bad-request", status: 400, message: "refused", retry: "never" },
  "is overloaded for good": {
    kind: "api",
    errorClass: "overloaded",
    status: 529,
    message: "busy",
    retry: "backoff",
  },
  "is denied its tools": {
    kind: "blocked",
    text: "PASS",
    denials: [{ tool: "Read", target: "x" }],
    retry: "never",
  },
};

/** Changes of the first dimension's entry. */
const ENTRIES: Readonly<Record<string, unknown>> = {
  "scores NaN": { score: Number.NaN, evidence: "section 1" },
  "scores NaN as text": { score: "NaN", evidence: "section 1" },
  "scores 1.2": { score: 1.2, evidence: "section 1" },
  "scores just above 1": { score: 1.01, evidence: "section 1" },
  "scores -0.1": { score: -0.1, evidence: "section 1" },
  "scores infinitely well": { score: Number.POSITIVE_INFINITY, evidence: "section 1" },
  "scores in words": { score: "0.99", evidence: "section 1" },
  "scores null": { score: null, evidence: "section 1" },
  "gives no score": { evidence: "section 1" },
  "gives no evidence": { score: 0.99 },
  "gives blank evidence": { score: 0.99, evidence: " \n" },
  "gives a bare number": 0.99,
};

/** Other shapes of the whole answer. */
const SHAPES: Readonly<Record<string, (good: Answer) => unknown>> = {
  "omits a dimension": (good) => ({
    ...good,
    scores: Object.fromEntries(Object.entries(good.scores).slice(1)),
  }),
  "invents a dimension": (good) => ({
    ...good,
    scores: { ...good.scores, charm: { score: 1, evidence: "all" } },
  }),
  "omits all scores": ({ criteria, findings }) => ({ criteria, findings, verdict: "PASS", composite: 0.99 }),
  "wraps a good answer in prose": (good) => `Here it is: ${JSON.stringify(good)}`,
  "answers with a list": (good) => [good],
  "finds something CRITICAL": (good) => ({ ...good, findings: [finding("CRITICAL")] }),
  "reports findings that are none": (good) => ({ ...good, findings: [{ severity: "HUGE" }] }),
};

const CRITERIA: Readonly<Record<string, unknown>> = {
  "omits a criterion": undefined,
  "calls a criterion met without evidence": { verdict: "met", evidence: "" },
  "calls a criterion unmet": { verdict: "unmet", evidence: "nowhere" },
  "calls a criterion splendid": { verdict: "splendid", evidence: "section 2" },
};

export const JUDGE_FAULTS: readonly JudgeFault[] = [
  ...Object.entries(ENDS).map(([name, end]) => ({ name, end: () => end, applies: always })),
  ...Object.entries(ENTRIES).map(([name, entry]) => ({
    name,
    end: (gate: PlannedGate) => {
      const good = perfect(gate);
      return answers({ ...good, scores: { ...good.scores, [gate.rubric[0]?.key ?? ""]: entry } });
    },
    applies: always,
  })),
  ...Object.entries(SHAPES).map(([name, shape]) => ({
    name,
    end: (gate: PlannedGate) => answers(shape(perfect(gate))),
    applies: always,
  })),
  ...Object.entries(CRITERIA).map(([name, verdict]) => ({
    name,
    end: (gate: PlannedGate) => {
      const good = perfect(gate);
      return answers({ ...good, criteria: { ...good.criteria, criterion_1: verdict } });
    },
    applies: hasCriteria,
  })),
];

function finding(severity: string): object {
  return { type: "CONTRADICTION", severity, section: "L1", evidence: "see line 3", action: "correct it" };
}
