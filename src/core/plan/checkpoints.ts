/**
 * The checkpoints that a run is going to make, numbered in execution order. Source: domain §13. Several would
 * coincide (last slot, last stage, end of the workflow): one is planned, and the one that says most names it.
 */
import type { CheckpointTrigger } from "../vocabulary.ts";
import type { Draft, PhaseFrame, Planning, StageFrame } from "./draft.ts";
import { padded } from "./names.ts";
import type { PlannedCheckpoint } from "./plan.ts";

type Unnumbered = Omit<PlannedCheckpoint, "id">;

export function planCheckpoints(
  planning: Planning,
  drafts: readonly Draft[],
  reviewed: boolean,
): readonly PlannedCheckpoint[] {
  const found = planning.frames.flatMap((frame) => [
    ...slotCheckpoints(planning, frame, drafts),
    ...stageCheckpoint(planning, frame, reviewed),
  ]);
  const end = planning.definition.finish.synthesis
    ? [workflowEnd(planning, planning.frames.length + 1, reviewed)]
    : [];
  return [...found, ...end].map((entry, index) => ({ id: `CP-${padded(index + 1)}`, ...entry }));
}

/** Text of the approval that a phase asks of a person; undefined where it asks none. */
export function approvalText(planning: Planning, frame: PhaseFrame): string | undefined {
  const { checkpoint, name } = frame.definition;
  if (checkpoint !== undefined) return checkpoint;
  return planning.definition.reviewPhases ? `User approves ${name}` : undefined;
}

/** Frequency AGENT: one after every slot too, except where the slot is the whole phase. */
function slotCheckpoints(
  planning: Planning,
  frame: StageFrame,
  drafts: readonly Draft[],
): readonly Unnumbered[] {
  if (planning.definition.checkpointFrequency !== "AGENT" || frame.kind === "barrier") return [];
  const members = drafts.filter((draft) => draft.stage === frame.index && draft.kind === "slot");
  if (members.length < 2) return [];
  return members.map((draft) => ({
    trigger: "GATE_PASS",
    position: frame.index,
    recoveryPoint: `${frame.id}-start`,
    name: `${draft.id} complete`,
    subject: draft.id,
  }));
}

function stageCheckpoint(planning: Planning, frame: StageFrame, reviewed: boolean): readonly Unnumbered[] {
  const position = frame.index + 1;
  const approval = frame.kind === "phase" ? approvalText(planning, frame) : undefined;
  const last = position === planning.frames.length && !planning.definition.finish.synthesis;
  const skipped = frame.kind === "phase" && planning.definition.checkpointFrequency === "BARRIER";
  if (skipped && approval === undefined && !last) return [];
  const asked = approval === undefined ? {} : { approval, name: `${frame.definition.name} Checkpoint` };
  if (last) return [{ ...workflowEnd(planning, position, reviewed), ...asked }];
  return [
    {
      trigger: triggerOf(frame),
      position,
      recoveryPoint: recoveryPoint(planning, position, reviewed),
      name: `${frame.kind === "phase" ? "Phase" : "Barrier"} ${frame.number} complete`,
      ...asked,
    },
  ];
}

function triggerOf(frame: StageFrame): CheckpointTrigger {
  return frame.kind === "phase" ? "PHASE_COMPLETE" : "BARRIER_COMPLETE";
}

function workflowEnd(planning: Planning, position: number, reviewed: boolean): Unnumbered {
  const owner = planning.definition.parent ?? planning.definition.name;
  return {
    trigger: "WORKFLOW_COMPLETE",
    position,
    recoveryPoint: reviewed ? `${owner} complete` : "workflow-complete",
    name: "Workflow complete",
  };
}

/** The start of what follows: `barrier-1-start`, `phase-2-start`, in flavour B `Phase 2 ready`. */
function recoveryPoint(planning: Planning, position: number, reviewed: boolean): string {
  const next = planning.frames[position];
  if (next === undefined) return "synthesis-start";
  return reviewed && next.kind === "phase" ? `Phase ${next.number} ready` : `${next.id}-start`;
}
