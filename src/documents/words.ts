/** Display words of closed sets. Source: domain §13, §16. */
import type { Plan } from "../core/plan/plan.ts";
import type { CheckpointTrigger, WorkflowPattern } from "../core/vocabulary.ts";

const PATTERN_TITLES: Readonly<Record<WorkflowPattern, string>> = {
  SEQUENTIAL: "Sequential",
  CONCURRENT: "Concurrent",
  BARRIER_SYNC: "Barrier Sync",
  HIERARCHICAL: "Hierarchical",
  FAN_OUT: "Fan-Out",
  FAN_IN: "Fan-In",
  GENERATOR_CRITIC: "Generator-Critic",
  HUMAN_IN_THE_LOOP: "Human-in-the-Loop",
};

const PATTERN_TEXTS: Readonly<Record<WorkflowPattern, string>> = {
  SEQUENTIAL: "Phases of a pipeline run one after another",
  CONCURRENT: "Slots of one group run at the same time",
  BARRIER_SYNC: "Pipelines meet and hand findings to each other",
  HIERARCHICAL: "The coordinator dispatches workers, one level deep (P-003)",
  FAN_OUT: "Several slots start from the same input",
  FAN_IN: "One slot joins what several pipelines made",
  GENERATOR_CRITIC: "Creator, critic and revision take turns until the gate passes",
  HUMAN_IN_THE_LOOP: "A person approves before the next phase starts",
};

const TRIGGER_TEXTS: Readonly<Record<CheckpointTrigger, readonly [when: string, purpose: string]>> = {
  PHASE_COMPLETE: [
    "All slots of a phase are complete in every pipeline",
    "Return to the start of what follows the phase",
  ],
  BARRIER_COMPLETE: ["All handoffs of a barrier are accepted", "Return to the start of the next phase"],
  WORKFLOW_COMPLETE: ["The last unit is done", "The finished result"],
  GATE_PASS: ["The quality gate of a phase has passed", "Wait for a person before the next phase"],
  MANUAL: ["A person asks for one", "Inspection, or before something risky"],
};

/** Order of the rows of the pattern table. */
export const PATTERNS: readonly WorkflowPattern[] = [
  "SEQUENTIAL",
  "CONCURRENT",
  "BARRIER_SYNC",
  "HIERARCHICAL",
  "FAN_OUT",
  "FAN_IN",
  "GENERATOR_CRITIC",
  "HUMAN_IN_THE_LOOP",
];

/** `Barrier Sync`. */
export function patternTitle(pattern: WorkflowPattern): string {
  return PATTERN_TITLES[pattern];
}

/** What a pattern means, one clause. */
export function patternText(pattern: WorkflowPattern): string {
  return PATTERN_TEXTS[pattern];
}

/** When a trigger fires and what its checkpoint is good for. */
export function triggerText(trigger: CheckpointTrigger): readonly [when: string, purpose: string] {
  return TRIGGER_TEXTS[trigger];
}

/** Triggers that can occur in a plan, planned ones first, MANUAL last. */
export function triggersInForce(plan: Plan): readonly CheckpointTrigger[] {
  const planned = plan.checkpoints.map((checkpoint) => checkpoint.trigger);
  return [...new Set<CheckpointTrigger>([...planned, "MANUAL"])];
}

/** Sentence that stands under the header of every generated file (P-043). */
export function disclaimer(stateFile: string): string {
  return `Rendered by the signalbox coordinator from \`${stateFile}\`. Do not edit it by hand: the next update replaces it. Statuses, counts, scores and ticks are derived from recorded events; texts of agents are quoted as they were given and are not verified.`;
}
