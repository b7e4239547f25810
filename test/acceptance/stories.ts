/** The two documented workflows, each with everything that can happen to it. Numbers are composites by round. */
import { decides, rejects, type Story, writes } from "./story.ts";

const GOOD = [0.95];
const FAILING = [0.78, 0.86, 0.88];
const MANUAL = "# Written by a person\n\nBecause three rounds were not enough.\n";

/**
 * Epoch 1: retries and escalations up to the second phase, whose failure goes back to the first. Epoch 2: everything passes up to the
 * end, which is rejected. Epoch 3: the decision again.
 */
export const MULTI_INSTANCE: Story = {
  name: "multi-instance",
  example: "multi-instance",
  scenario: {
    deliverables: {
      "*": { scores: GOOD },
      "agent-a-001": { scores: [0.8, 0.9, 0.95] },
      "agent-b-001": { scores: [0.95, 0.93, 0.96], critical: [2] },
      "barrier-1.a-to-b": { scores: [0.88, 0.95, 0.95], epochs: { "2": { scores: GOOD } } },
      "barrier-1.b-to-a": { scores: FAILING, epochs: { "2": { scores: GOOD } } },
      "agent-a-002": { scores: FAILING, epochs: { "2": { scores: GOOD } } },
      "agent-b-002": { scores: [0.95, 0.96, 0.95], critical: [1] },
      "barrier-2.a-to-b": { scores: [0.8, 0.95] },
      "agent-c-001": { scores: [...FAILING, 0.96], epochs: { "3": { scores: FAILING } } },
    },
  },
  answers: [
    ...writes("barrier-1.b-to-a", MANUAL),
    decides("agent-a-002", "back", "only what runs offline", { to: "phase-1" }),
    decides("agent-c-001", "guide", "say what is not decided"),
    rejects("finish", "finish", "the risks are missing", "phase-2"),
    decides("agent-c-001", "accept", "good enough for a spike"),
  ],
  ends: "COMPLETE",
  shows: [
    "draft below 0.85",
    "draft between 0.85 and 0.92",
    "open CRITICAL beside a high score",
    "early pass that hardens",
    "three failures escalate",
    "accept",
    "guide",
    "write",
    "back",
    "rejected end goes back a phase",
    "barrier uses a retry",
  ],
};

/** Phases one after another: a rejected checkpoint, an implementation that goes back to the design, work of a person's. */
export const EN108: Story = {
  name: "en108-vbump",
  example: "en108-vbump",
  scenario: {
    deliverables: {
      "*": { scores: GOOD },
      "task-001": { scores: [0.8, 0.9, 0.95] },
      "task-002": { scores: [0.95, 0.96], critical: [1] },
      "task-003": { scores: [...FAILING, 0.94], epochs: { "2": { scores: GOOD } } },
      "task-004": { scores: FAILING },
      "task-005": { scores: FAILING },
    },
  },
  answers: [
    decides("task-003", "guide", "draw the pipeline"),
    rejects("CP-002", "checkpoint", "the tools have changed since", "phase-0"),
    decides("task-004", "back", "hooks are not allowed", { to: "phase-1" }),
    ...writes("task-004", 'export const version = "1.0.1";\n', "src/index.ts"),
    decides("task-005", "accept", "tested by hand"),
  ],
  ends: "COMPLETE",
  shows: [
    "draft below 0.85",
    "draft between 0.85 and 0.92",
    "open CRITICAL beside a high score",
    "three failures escalate",
    "accept",
    "guide",
    "write",
    "back",
    "rejected checkpoint goes back a phase",
  ],
};

function cancelled(story: Story, subject: string): Story {
  return {
    ...story,
    name: `${story.name}, cancelled`,
    scenario: { deliverables: { "*": { scores: GOOD }, [subject]: { scores: FAILING } } },
    answers: [decides(subject, "cancel", "not worth more rounds")],
    ends: "CANCELLED",
    shows: ["three failures escalate", "cancel"],
  };
}

export const MULTI_INSTANCE_CANCELLED = cancelled(MULTI_INSTANCE, "agent-b-001");
export const EN108_CANCELLED = cancelled(EN108, "task-002");

const ONE_ANSWER = "\njudge:\n  samples: 1\n  max_samples: 1\n";

/** Cut down for real agents in everyday tests: one judge answer a round, and no round that the story does not need. */
export const MULTI_INSTANCE_SHORT: Story = {
  name: "multi-instance, short",
  example: "multi-instance",
  edit: (definition) => `${definition.replace("loop: h14", "loop: standard")}${ONE_ANSWER}`,
  scenario: {
    deliverables: {
      "*": { scores: GOOD },
      "agent-a-001": { scores: [0.8, 0.95] },
      "agent-b-001": { scores: [0.95, 0.96], critical: [1] },
      "barrier-1.a-to-b": { scores: [0.88, 0.95] },
      "agent-a-002": { scores: FAILING },
    },
  },
  answers: [decides("agent-a-002", "accept", "good enough for a spike")],
  ends: "COMPLETE",
  shows: [
    "draft below 0.85",
    "draft between 0.85 and 0.92",
    "open CRITICAL beside a high score",
    "three failures escalate",
    "accept",
    "barrier uses a retry",
  ],
};

export const EN108_SHORT: Story = {
  name: "en108-vbump, short",
  example: "en108-vbump",
  edit: (definition) => `${definition}${ONE_ANSWER}`,
  scenario: {
    deliverables: {
      "*": { scores: GOOD },
      "task-001": { scores: [0.8, 0.95] },
      "task-002": { scores: [0.95, 0.96], critical: [1] },
      "task-004": { scores: FAILING },
    },
  },
  answers: [...writes("task-004", 'export const version = "1.0.1";\n', "src/index.ts")],
  ends: "COMPLETE",
  shows: ["draft below 0.85", "open CRITICAL beside a high score", "three failures escalate", "write"],
};
