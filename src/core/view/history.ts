/** How quality went over the rounds and what the critics found. Source: domain §18 parts 3 and 4. */
import type { Finding, Round } from "../workflow/round.ts";
import type { WorkflowState } from "../workflow/state.ts";
import { gateOf } from "./gates.ts";
import { mean } from "./percent.ts";
import { type Unit, units } from "./unit.ts";

export interface QualityTrajectory {
  /** Gate ids with PASS, WAIVED or SKIPPED. */
  readonly gatesCompleted: readonly string[];
  readonly gatesRemaining: readonly string[];
  readonly currentGate: string | null;
  readonly currentGateIteration: number | null;
  /** Scores of the decided rounds, oldest first; gates without one are left out. */
  readonly scoreHistory: readonly { readonly gate: string; readonly scores: readonly number[] }[];
  /** Key of the dimension with the lowest mean over all panels. */
  readonly lowestDimension: string | null;
  readonly totalIterationsUsed: number;
}

export interface DefectSummary {
  readonly totalFound: number;
  readonly totalResolved: number;
  /** `agent-a-001 F-1-2 HIGH: what is wrong`. */
  readonly unresolved: readonly string[];
  readonly recurringPatterns: readonly {
    readonly pattern: string;
    readonly gatesAffected: readonly string[];
    readonly resolution: string;
  }[];
  /** The gravest finding of the round that was decided last. */
  readonly lastGatePrimaryDefect: string | null;
}

const SEVERITY_ORDER = ["CRITICAL", "HIGH", "MEDIUM", "LOW"];
const FINDING_TYPES = ["BLIND_SPOT", "WEAK_ASSUMPTION", "MISSING_EVIDENCE", "CONTRADICTION"] as const;

/** Part 3 of the resumption. */
export function qualityTrajectory(state: WorkflowState): QualityTrajectory {
  const all = units(state);
  const views = all.map((one) => gateOf(state, one));
  const ended = new Set(["PASS", "WAIVED", "SKIPPED"]);
  const current = views.find((gate) => !ended.has(gate.status) && gate.round > 0);
  return {
    gatesCompleted: views.filter((gate) => ended.has(gate.status)).map((gate) => gate.id),
    gatesRemaining: views.filter((gate) => !ended.has(gate.status)).map((gate) => gate.id),
    currentGate: current?.id ?? null,
    currentGateIteration: current?.round ?? null,
    scoreHistory: all.flatMap((one) => historyOf(one)),
    lowestDimension: lowestDimension(all),
    totalIterationsUsed: all.reduce((sum, one) => sum + one.state.rounds.length, 0),
  };
}

/** Part 4 of the resumption. */
export function defectSummary(state: WorkflowState): DefectSummary {
  const found = units(state).flatMap((one) =>
    one.state.rounds.flatMap((round) => round.findings.map((finding) => ({ one, finding }))),
  );
  const open = found.filter(({ finding }) => !finding.resolved);
  return {
    totalFound: found.length,
    totalResolved: found.length - open.length,
    unresolved: open.map(({ one, finding }) => `${one.plan.id} ${findingLine(finding)}`),
    recurringPatterns: FINDING_TYPES.flatMap((type) => recurring(type, found)),
    lastGatePrimaryDefect: primaryDefect(lastDecided(units(state))),
  };
}

/** `F-1-2 HIGH: what is wrong`. */
export function findingLine(finding: Finding): string {
  return `${finding.id} ${finding.severity}: ${finding.evidence}`;
}

/** Findings gravest first, otherwise in the order in which they were reported. */
export function bySeverity(findings: readonly Finding[]): readonly Finding[] {
  return [...findings].sort(
    (a, b) => SEVERITY_ORDER.indexOf(a.severity) - SEVERITY_ORDER.indexOf(b.severity),
  );
}

function historyOf({ plan, state }: Unit): QualityTrajectory["scoreHistory"] {
  const scores = state.rounds.flatMap((round) => (typeof round.score === "number" ? [round.score] : []));
  return scores.length === 0 ? [] : [{ gate: plan.gate.id, scores }];
}

function lowestDimension(all: readonly Unit[]): string | null {
  const panels = all.flatMap((one) => one.state.rounds.flatMap((round) => round.panels));
  const keys = [...new Set(all.flatMap((one) => one.plan.gate.rubric.map((dimension) => dimension.key)))];
  const means = keys.flatMap((key) => {
    const scores = panels.flatMap((panel) =>
      panel.dimensions[key] === undefined ? [] : [panel.dimensions[key]],
    );
    const value = mean(scores);
    return value === null ? [] : [{ key, value }];
  });
  return (
    means.reduce<{ key: string; value: number } | null>(
      (least, one) => (least === null || one.value < least.value ? one : least),
      null,
    )?.key ?? null
  );
}

function recurring(
  type: (typeof FINDING_TYPES)[number],
  found: readonly { readonly one: Unit; readonly finding: Finding }[],
): DefectSummary["recurringPatterns"] {
  const own = found.filter(({ finding }) => finding.type === type);
  const gates = [...new Set(own.map(({ one }) => one.plan.gate.id))];
  if (gates.length < 2) return [];
  const open = own.filter(({ finding }) => !finding.resolved).length;
  return [
    {
      pattern: type,
      gatesAffected: gates,
      resolution: open === 0 ? "all resolved" : `${open} of ${own.length} open`,
    },
  ];
}

function lastDecided(all: readonly Unit[]): Round | undefined {
  const decided = all.flatMap((one) => one.state.rounds).filter((round) => round.verdict !== undefined);
  return decided.reduce<Round | undefined>(
    (last, round) => (last === undefined || (round.endedAt ?? "") >= (last.endedAt ?? "") ? round : last),
    undefined,
  );
}

function primaryDefect(round: Round | undefined): string | null {
  const first = bySeverity(round?.findings ?? [])[0];
  return first === undefined ? null : findingLine(first);
}
