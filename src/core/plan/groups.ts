/** The execution queue. Source: domain §14; flavour B rows as in its tracker (three per phase). */
import { approvalText } from "./checkpoints.ts";
import type { Planning } from "./draft.ts";
import type { PlannedBarrier, PlannedDeliverable, PlannedGroup, PlannedPhase, PlannedStage } from "./plan.ts";

export interface GroupParts {
  readonly stages: readonly PlannedStage[];
  readonly deliverables: readonly PlannedDeliverable[];
  /** Flavour B: groups have names, and every phase is followed by its gate review. */
  readonly reviewed: boolean;
}

type Unnumbered = Omit<PlannedGroup, "order" | "id"> & { readonly id?: string };

export function planGroups(planning: Planning, parts: GroupParts): readonly PlannedGroup[] {
  const rows = parts.stages.flatMap((stage) =>
    stage.kind === "barrier" ? [barrierRow(stage, parts)] : phaseRows(planning, stage, parts),
  );
  const synthesis = parts.deliverables
    .filter((deliverable) => deliverable.kind === "synthesis")
    .map(synthesisRow);
  return [...rows, ...synthesis].map((row, index) => ({
    ...row,
    order: index + 1,
    id: row.id ?? String(index + 1),
  }));
}

function phaseRows(planning: Planning, phase: PlannedPhase, parts: GroupParts): readonly Unnumbered[] {
  const mode = phase.mode === "PARALLEL" ? "parallel" : "sequential";
  const row: Unnumbered = {
    ...(parts.reviewed ? { id: `${phase.id}-${mode}` } : {}),
    name: phaseName(planning, phase, parts),
    kind: "phase",
    mode: phase.mode,
    stage: phase.index,
    agents: phase.slots,
    tasks: [],
  };
  return [row, ...gateRow(phase, parts), ...checkpointRow(planning, phase, parts)];
}

/** "Phase 1 Research Agents"; where only joining pipelines work, "Phase 3 Convergent Decision". */
function phaseName(planning: Planning, phase: PlannedPhase, parts: GroupParts): string {
  const keys = parts.deliverables
    .filter(({ id }) => phase.slots.includes(id))
    .map(({ pipeline }) => pipeline);
  const joins =
    keys.length > 0 &&
    keys.every((key) => planning.pipelines.some((one) => one.key === key && one.convergent));
  return joins
    ? `Phase ${phase.number} Convergent ${phase.name}`
    : `Phase ${phase.number} ${phase.name} Agents`;
}

function gateRow(phase: PlannedPhase, parts: GroupParts): readonly Unnumbered[] {
  if (!parts.reviewed) return [];
  const members = parts.deliverables.filter(({ id }) => phase.slots.includes(id));
  const reviewers = members.flatMap(({ gate }) => gate.reviewers.map(({ role }) => role));
  return [
    {
      id: `qg-${phase.number}-review`,
      name: `QG-${phase.number} ${phase.name} Review`,
      kind: "gate",
      mode: "SEQUENTIAL",
      stage: phase.index,
      agents: [],
      tasks: counted(reviewers),
    },
  ];
}

/** A user checkpoint is a step of its own; a recovery checkpoint is made in passing. */
function checkpointRow(planning: Planning, phase: PlannedPhase, parts: GroupParts): readonly Unnumbered[] {
  const frame = planning.frames[phase.index];
  const asked = frame?.kind === "phase" && approvalText(planning, frame) !== undefined;
  if (!asked || phase.checkpoint === null) return [];
  return [
    {
      ...(parts.reviewed ? { id: `checkpoint-${phase.checkpoint.replace("CP-", "")}` } : {}),
      name: `${phase.checkpoint} ${phase.name} Checkpoint`,
      kind: "checkpoint",
      mode: "CHECKPOINT",
      stage: phase.index,
      agents: [],
      tasks: [],
      checkpoint: phase.checkpoint,
    },
  ];
}

function barrierRow(barrier: PlannedBarrier, parts: GroupParts): Unnumbered {
  const handoffs = parts.deliverables.flatMap(({ id, handoff }) =>
    barrier.handoffs.includes(id) ? (handoff ?? []) : [],
  );
  return {
    ...(parts.reviewed ? { id: barrier.id } : {}),
    name: `Barrier ${barrier.number} Cross-Pollination`,
    kind: "barrier",
    mode: "SEQUENTIAL",
    stage: barrier.index,
    agents: [],
    tasks: [
      ...handoffs.map(({ fromAlias, toAlias }) => `create-${fromAlias}-to-${toAlias}-handoff`),
      `quality-gate-${barrier.id}`,
    ],
  };
}

function synthesisRow(synthesis: PlannedDeliverable): Unnumbered {
  return {
    name: "Final Synthesis",
    kind: "phase",
    mode: "SEQUENTIAL",
    stage: synthesis.stage,
    agents: [synthesis.id],
    tasks: [],
  };
}

/** `["ps-validator (x2)"]`: each name once, with how often it is due. */
function counted(names: readonly string[]): readonly string[] {
  return [...new Set(names)].map((name) => {
    const times = names.filter((other) => other === name).length;
    return times === 1 ? name : `${name} (x${times})`;
  });
}
