/** The quality decision on a deliverable and on a phase, read from rounds and approvals. Source: domain §4, §6.6, §8.2. */
import type { PlannedPhase } from "../plan/plan.ts";
import type { Band, GateStatus, Verdict } from "../vocabulary.ts";
import { currentRounds, lastRound } from "../workflow/queries.ts";
import type { PanelResult, Round } from "../workflow/round.ts";
import type { PhaseGateState } from "../workflow/stage-state.ts";
import type { WorkflowState } from "../workflow/state.ts";
import { openQuestion, type Unit, unit, units, unitsOfStage } from "./unit.ts";

/** One who scores a deliverable, and what the last round says of it. */
export interface ReviewerView {
  readonly role: string;
  readonly kind: "validator" | "cross-check";
  /** WAIVED and SKIPPED where a person ended the gate before this reviewer had a say. */
  readonly status: "PENDING" | "IN_PROGRESS" | "COMPLETE" | "WAIVED" | "SKIPPED";
  /** Composite in [0,1]; null until the round is decided. */
  readonly score: number | null;
  readonly round: number | null;
}

/** Gate of one slot, handoff or synthesis. */
export interface GateView {
  readonly id: string;
  readonly subject: string;
  readonly status: GateStatus;
  /** False at C1 without judge: integrity, checks and a person. */
  readonly judged: boolean;
  readonly threshold: number;
  /** Score that decides (lowest reviewer) of the decisive round: the approved one, else the last decided one; null where skipped. */
  readonly score: number | null;
  /** Mean over reviewers. */
  readonly displayScore: number | null;
  readonly band: Band | null;
  readonly verdict: Verdict | null;
  readonly reason: string | null;
  /** Number of the round in work or last decided; 0 before the first. */
  readonly round: number;
  readonly minRounds: number;
  /** With the rounds that a person granted or made, and those that do not count, such as hardening rounds of handoffs. */
  readonly maxRounds: number;
  readonly reviewers: readonly ReviewerView[];
  /** Decision id of the waiver; null where no person waived. */
  readonly waivedBy: string | null;
  /** A person accepted work that nobody scored. */
  readonly unverified: boolean;
  /** Unresolved CRITICAL and HIGH findings of the decisive round. */
  readonly openFindings: number;
}

/** Gate of a phase: all slot gates plus the named conditions, no second score (design §11 no. 5). */
export interface PhaseGateView {
  readonly id: string;
  readonly phase: PlannedPhase;
  readonly status: GateStatus;
  /** False where the phase ends with its slots and nothing else is asked. */
  readonly required: boolean;
  /** Lowest deciding score of its slots; null when none is scored. */
  readonly score: number | null;
  readonly gates: readonly GateView[];
  readonly criteria: readonly {
    readonly criterion: string;
    readonly met: boolean;
    readonly evidence: string;
    readonly by: string;
  }[];
  readonly at: string | null;
}

/** Gate of a deliverable; undefined when the plan has none with this id. */
export function gateView(state: WorkflowState, id: string): GateView | undefined {
  const found = unit(state, id);
  return found === undefined ? undefined : gateOf(state, found);
}

/** Gate of a deliverable that is at hand. */
export function gateOf(state: WorkflowState, { plan, state: standing }: Unit): GateView {
  const last = lastRound(standing);
  const decisive = decisiveRound({ plan, state: standing });
  const approval = standing.approval;
  const status = gateStatus(state, { plan, state: standing });
  const score = decisive?.score ?? approval?.score ?? null;
  return {
    id: plan.gate.id,
    subject: plan.id,
    status,
    judged: plan.gate.judged,
    threshold: plan.gate.threshold,
    score: status === "SKIPPED" ? null : score,
    displayScore: decisive?.displayScore ?? null,
    band: decisive?.band ?? null,
    verdict: decisive?.verdict ?? null,
    reason: decisive?.reason ?? null,
    round: last?.round ?? 0,
    minRounds: plan.gate.loop.min,
    maxRounds: Math.max(plan.gate.loop.max + standing.extraRounds, last?.round ?? 0),
    reviewers: plan.gate.judged ? reviewers({ plan, state: standing }, status) : [],
    waivedBy: approval === undefined || approval.kind === "PASS" ? null : (approval.decision ?? "person"),
    unverified: approval?.kind === "UNVERIFIED",
    openFindings: openSevere(decisive ?? last),
  };
}

/** True where at least one deliverable is scored. */
export function anyJudged(state: WorkflowState): boolean {
  return units(state).some(({ plan }) => plan.gate.judged);
}

/** The round of the present attempt that the result rests on: the approved one, else the last decided one. */
export function decisiveRound({ state }: Unit): Round | undefined {
  const approved = state.approval?.round;
  if (approved !== undefined) return currentRounds(state).find((round) => round.round === approved);
  return currentRounds(state).findLast((round) => round.verdict !== undefined);
}

/** Gate of a phase. */
export function phaseGateView(state: WorkflowState, phase: PlannedPhase): PhaseGateView {
  const gates = unitsOfStage(state, phase.index).map((one) => gateOf(state, one));
  const recorded = state.phaseGates[phase.id];
  const scores = gates.flatMap((gate) => (gate.score === null ? [] : [gate.score]));
  return {
    id: phase.gateId,
    phase,
    status:
      decided(recorded) ?? combinedStatus(gates, recorded !== undefined || needsPhaseGate(state, phase)),
    required: needsPhaseGate(state, phase),
    score: scores.length === 0 ? null : Math.min(...scores),
    gates,
    criteria: recorded?.criteria ?? [],
    at: recorded?.at ?? null,
  };
}

/** True when nothing about the phase's own gate holds up what follows. */
export function phaseGatePassed(state: WorkflowState, phase: PlannedPhase): boolean {
  const recorded = state.phaseGates[phase.id];
  if (recorded === undefined) return !needsPhaseGate(state, phase);
  return recorded.status === "PASS" || recorded.status === "WAIVED";
}

function decided(recorded: PhaseGateState | undefined): GateStatus | null {
  return recorded === undefined || recorded.status === "PENDING" ? null : recorded.status;
}

function needsPhaseGate(state: WorkflowState, phase: PlannedPhase): boolean {
  const hasGroup = state.plan.groups.some((group) => group.kind === "gate" && group.stage === phase.index);
  return hasGroup || phase.conditions.length > 0;
}

function gateStatus(state: WorkflowState, { plan, state: standing }: Unit): GateStatus {
  if (standing.step === "skipped") return "SKIPPED";
  if (standing.approval !== undefined) return standing.approval.kind === "PASS" ? "PASS" : "WAIVED";
  const last = lastRound(standing);
  if (last === undefined) return "PENDING";
  if (standing.step === "waiting" && openQuestion(state, plan.id) !== undefined) return "ESCALATED";
  if (last.verdict === undefined) return "IN_PROGRESS";
  if (last.verdict === "ESCALATED") return "ESCALATED";
  return last.verdict === "PASS" ? "PASS" : "REVISE";
}

function reviewers({ plan, state }: Unit, gate: GateStatus): readonly ReviewerView[] {
  const decisive = decisiveRound({ plan, state });
  const last = lastRound(state);
  return plan.gate.reviewers.map(({ role, kind }) => {
    const panel = decisive?.panels.find((candidate) => candidate.reviewer === role);
    return {
      role,
      kind,
      status: reviewerStatus(gate, panel, last),
      score: panel?.composite ?? null,
      round: panel === undefined ? (last?.round ?? null) : (decisive?.round ?? null),
    };
  });
}

function reviewerStatus(
  gate: GateStatus,
  panel: PanelResult | undefined,
  last: Round | undefined,
): ReviewerView["status"] {
  if (gate === "SKIPPED") return "SKIPPED";
  if (gate === "WAIVED" && panel === undefined) return "WAIVED";
  if (last === undefined) return "PENDING";
  return panel !== undefined && last.verdict !== undefined ? "COMPLETE" : "IN_PROGRESS";
}

function combinedStatus(gates: readonly GateView[], recordExpected: boolean): GateStatus {
  const has = (...wanted: GateStatus[]) => gates.some((gate) => wanted.includes(gate.status));
  if (has("ESCALATED")) return "ESCALATED";
  if (gates.every((gate) => ["PASS", "WAIVED", "SKIPPED"].includes(gate.status))) {
    if (recordExpected || gates.length === 0) return gates.length === 0 ? "PENDING" : "IN_PROGRESS";
    return has("WAIVED") ? "WAIVED" : "PASS";
  }
  return has("IN_PROGRESS", "REVISE", "PASS", "WAIVED") ? "IN_PROGRESS" : "PENDING";
}

function openSevere(round: Round | undefined): number {
  const open = round?.findings.filter((finding) => !finding.resolved) ?? [];
  return open.filter((finding) => finding.severity === "CRITICAL" || finding.severity === "HIGH").length;
}
