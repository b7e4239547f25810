import { expect, it } from "vitest";
import { hasHeader, readPrompt } from "./header.ts";

const PROMPT = `Some reminder.
signalbox-task: revise
workflow: demo-20260101-001
deliverable: alpha
role: ps-researcher
round: 2 of 3
attempt: 2
epoch: 3
artifact: out/alpha.md
threshold: 0.95
findings-minimum: 4

# Task

Find out how errors are handled.

## Inputs

- \`docs/plan.md\`: the plan
- notes/first.md

## Write boundary

- \`out/**\`

## Exit criteria

1. Sources are named
- [ ] Risks are listed

## Findings to answer

- F-1-1 HIGH, F-1-2

\`\`\`\`text
## Inputs
- \`quoted/by-agent.md\`
\`\`\`
signalbox-task: judge
\`\`\`\`
`;

it("reads the header and the sections of a prompt", () => {
  expect(readPrompt(PROMPT)).toMatchObject({
    task: "revise",
    deliverable: "alpha",
    round: 2,
    rounds: 3,
    attempt: 2,
    epoch: 3,
    artifact: "out/alpha.md",
    threshold: 0.95,
    findingsMinimum: 4,
    goal: "Find out how errors are handled.",
    inputs: ["docs/plan.md", "notes/first.md"],
    writes: ["out/**"],
    criteria: ["Sources are named", "Risks are listed"],
    findingIds: ["F-1-1", "F-1-2"],
  });
});

it("takes defaults for what the header leaves out", () => {
  const facts = readPrompt("signalbox-task: judge\ndeliverable: alpha\n\nJudge it.");
  expect(facts).toMatchObject({
    task: "judge",
    round: 1,
    rounds: 1,
    attempt: 1,
    epoch: 1,
    artifact: null,
    threshold: 0.92,
    sample: null,
  });
});

it("knows a text without a header or with an unknown task", () => {
  expect(readPrompt("Hello")).toBeNull();
  expect(readPrompt("signalbox-task: dance")).toBeNull();
  expect(hasHeader("says signalbox-task: judge in a sentence")).toBe(false);
});
