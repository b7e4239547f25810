/** Opening and closing of stages: phase gates, the barrier protocol, checkpoints (domain §6.3, §7, §13). */
import type { PlannedBarrier, PlannedPhase, PlannedStage } from "../plan/plan.ts";
import type { CommitId } from "../vocabulary.ts";
import type { DeliverableState } from "./deliverable.ts";
import type { Draft } from "./draft.ts";
import { effectiveGate } from "./effective-gate.ts";
import { isFinished, lastRound, openQuestion, requireDeliverable, requirePlanned } from "./queries.ts";
import type { PhaseGateState, ProtocolCheck } from "./stage-state.ts";

export function openStage(draft: Draft, stage: number, commit: CommitId): void {
  const planned = draft.state.plan.stages[stage];
  if (planned?.kind === "barrier" && !startBarrier(draft, planned)) return;
  draft.emit({ type: "stage.opened", stage, commit });
  if (planned === undefined) draft.log("SYNTHESIS_STARTED", draft.state.id);
  else if (planned.kind === "phase") draft.log(`PHASE_${planned.number}_STARTED`, planned.name);
  else draft.log(`BARRIER_${planned.number}_STARTED`, planned.name);
}

/** The five pre-checks; any that fails blocks the barrier and asks (domain §7). */
function startBarrier(draft: Draft, barrier: PlannedBarrier): boolean {
  if (openQuestion(draft.state, barrier.id) !== undefined) return false;
  const preChecks = preBarrierChecks(draft, barrier);
  const retryCount = draft.state.barriers[barrier.id]?.retryCount ?? 0;
  const failed = preChecks.filter((c) => !c.passed);
  const status = failed.length === 0 ? "IN_PROGRESS" : "BLOCKED";
  draft.emit({ type: "barrier.moved", barrier: barrier.id, status, retryCount, preChecks });
  if (failed.length === 0) return true;
  draft.askBlocking(
    "barrier",
    barrier.id,
    `Pre-barrier checks failed: ${failed.map((c) => `${c.name} (${c.detail})`).join("; ")}`,
    ["retry", "cancel"],
  );
  return false;
}

function preBarrierChecks(draft: Draft, barrier: PlannedBarrier): readonly ProtocolCheck[] {
  const before = draft.state.plan.deliverables
    .filter((d) => d.kind === "slot" && d.stage < barrier.index)
    .map((d) => requireDeliverable(draft.state, d.id));
  const merged = before.filter((d) => d.step === "merged");
  const open = before.filter((d) => !isFinished(d)).map((d) => d.id);
  const lost = merged
    .filter((d) => requirePlanned(draft.state, d.id).makes.kind === "file" && d.artifact === undefined)
    .map((d) => d.id);
  const blockers = draft.state.blockers.filter((b) => b.blocking.includes(barrier.id)).map((b) => b.id);
  const unreviewed = merged
    .filter((d) => lastRound(d)?.selfReview !== true && d.approval?.by !== "person")
    .map((d) => d.id);
  const unapproved = merged.filter((d) => d.approval === undefined).map((d) => d.id);
  return [
    check("slots finished", open),
    check("artifacts at their paths", lost),
    check("no active blocker", blockers),
    check("self-review recorded (S-010)", unreviewed),
    check("gate passed for every incoming artifact (S-014)", unapproved),
  ];
}

function check(name: string, offenders: readonly string[]): ProtocolCheck {
  return { name, passed: offenders.length === 0, detail: offenders.join(", ") };
}

/** All work of the stage is on the integration branch: close its gate or barrier, then make its checkpoint. */
export function closeStage(draft: Draft, stage: PlannedStage): void {
  const closed = stage.kind === "phase" ? closePhase(draft, stage) : closeBarrier(draft, stage);
  if (closed) reachStageCheckpoint(draft, stage);
}

function closePhase(draft: Draft, phase: PlannedPhase): boolean {
  const gate = draft.state.phaseGates[phase.id];
  if (gate === undefined || gate.status === "PASS" || gate.status === "WAIVED") return false;
  if (openQuestion(draft.state, phase.id) !== undefined) return false;
  const criteria = phaseCriteria(draft, phase);
  const unmet = criteria.filter((c) => !c.met);
  const passed = unmet.length === 0;
  const status = passed ? passedStatus(draft, phase) : "ESCALATED";
  draft.emit({ type: "phase-gate.decided", gate: { id: phase.id, status, criteria, at: draft.at } });
  if (passed) {
    draft.log(`PHASE_${phase.number}_COMPLETE`, phase.name);
    return true;
  }
  const texts = unmet.map((c) => c.criterion).join("; ");
  draft.askBlocking("phase-gate", phase.id, `No reviewer confirmed: ${texts}`, ["waive", "back", "cancel"]);
  return false;
}

/** A gate in which a person stood in for a score is waived, never passed (domain §9.5). */
function passedStatus(draft: Draft, phase: PlannedPhase): "PASS" | "WAIVED" {
  const approvals = phase.slots.map((id) => requireDeliverable(draft.state, id).approval);
  return approvals.some((approval) => approval !== undefined && approval.kind !== "PASS") ? "WAIVED" : "PASS";
}

/**
 * A criterion holds when the judges of at least one slot found it met, with evidence. Exit criteria of a phase that nobody judges (C1) are
 * instructions and not gates; named conditions always need somebody who confirms them.
 */
function phaseCriteria(draft: Draft, phase: PlannedPhase): PhaseGateState["criteria"] {
  const slots = phase.slots
    .map((id) => requireDeliverable(draft.state, id))
    .filter((d) => d.step === "merged");
  const judged = slots.filter((d) => effectiveGate(draft.state, d).judged && d.approval?.by === "gate");
  const waived = slots.length > 0 && judged.length === 0 && slots.every((d) => d.approval?.by === "person");
  const exit = judged.length === 0 ? [] : phase.exit;
  if (waived) return [];
  return [...exit, ...phase.conditions].map((criterion) => criterionOf(criterion, judged));
}

function criterionOf(
  criterion: string,
  slots: readonly DeliverableState[],
): PhaseGateState["criteria"][number] {
  for (const slot of slots) {
    const votes = (lastRound(slot)?.samples ?? [])
      .filter((s) => s.valid)
      .flatMap((s) =>
        s.criteria.filter((c) => c.criterion === criterion).map((c) => ({ ...c, by: s.reviewer })),
      );
    const met = votes.filter((v) => v.verdict === "met" && v.evidence !== "");
    const best = met[0];
    if (best !== undefined && met.length * 2 > votes.length)
      return { criterion, met: true, evidence: best.evidence, by: `${best.by} on ${slot.id}` };
  }
  return { criterion, met: false, evidence: "", by: "" };
}

/** Post-barrier verification: every target has its handoff among its inputs (domain §7). */
function closeBarrier(draft: Draft, barrier: PlannedBarrier): boolean {
  const state = draft.state.barriers[barrier.id];
  if (state === undefined || state.status === "COMPLETE") return false;
  const postChecks = postBarrierChecks(draft, barrier);
  draft.emit({
    type: "barrier.moved",
    barrier: barrier.id,
    status: "COMPLETE",
    retryCount: state.retryCount,
    postChecks,
  });
  draft.log(`BARRIER_${barrier.number}_COMPLETE`, barrier.name);
  return true;
}

function postBarrierChecks(draft: Draft, barrier: PlannedBarrier): readonly ProtocolCheck[] {
  const { deliverables } = draft.state.plan;
  const later = deliverables.filter((d) => d.kind !== "handoff" && d.stage > barrier.index);
  const lines = barrier.handoffs.flatMap((id) => {
    const handoff = requirePlanned(draft.state, id);
    if (handoff.makes.kind !== "file") return [];
    const { path } = handoff.makes;
    const readers = later.filter((d) => d.inputs.includes(path)).map((d) => d.id);
    return [{ id, readers }];
  });
  return [
    ...lines.map((l) => ({
      name: `${l.id} acknowledged`,
      passed: true,
      detail: l.readers.length === 0 ? "no later slot reads it" : `input of ${l.readers.join(", ")}`,
    })),
    {
      name: "inputs in the next dispatch context",
      passed: true,
      detail: lines.flatMap((l) => l.readers).join(", "),
    },
  ];
}

/** The planned checkpoint after this stage, unless it is the one that the end of the workflow makes. */
export function reachStageCheckpoint(draft: Draft, stage: PlannedStage): void {
  const planned = draft.state.plan.checkpoints.find(
    (c) => c.position === stage.index + 1 && c.subject === undefined && c.trigger !== "WORKFLOW_COMPLETE",
  );
  if (planned !== undefined) reachCheckpoint(draft, planned.id);
}

/** Logs a planned checkpoint, queues its commit and asks for its approval where it has one. */
export function reachCheckpoint(draft: Draft, id: string): void {
  const planned = draft.state.plan.checkpoints.find((c) => c.id === id);
  if (planned === undefined) return;
  const status = planned.approval === undefined ? undefined : ({ status: "AWAITING" } as const);
  draft.emit({
    type: "checkpoint.reached",
    checkpoint: {
      id,
      at: draft.at,
      trigger: planned.trigger,
      position: planned.position,
      recoveryPoint: planned.recoveryPoint,
      description: planned.name,
      epoch: draft.state.epoch,
      commit: null,
      rolledBack: false,
      ...(status === undefined ? {} : { approval: status }),
    },
  });
  draft.log("CHECKPOINT", `${id} ${planned.trigger}, recovery point ${planned.recoveryPoint}`);
  if (planned.approval !== undefined) draft.ask("checkpoint", id, planned.approval, ["approve", "reject"]);
  draft.queue({ type: "checkpoint", checkpoint: id });
}
