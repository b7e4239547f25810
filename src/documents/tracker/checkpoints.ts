/** Checkpoints: log, expected ones, the next, and what persons approved. Source: documents A2 §5, B2. */

import type { PlannedCheckpoint } from "../../core/plan/plan.ts";
import { expectedCheckpoints, nextCheckpoint } from "../../core/view/checkpoints.ts";
import { artifactPath } from "../../core/view/unit.ts";
import type { CheckpointEntry } from "../../core/workflow/stage-state.ts";
import type { SectionSpec, Source } from "../section.ts";
import { stageLabel } from "../text/format.ts";
import { blocks, bullets, cell, code, codeCell, inline, table } from "../text/markdown.ts";

export const CHECKPOINTS: SectionSpec = {
  title: "Checkpoints",
  purpose: "Recovery points made, expected and approved",
  body: (source, sub) => {
    const asks = expectedCheckpoints(source.state).some((one) => one.approval !== null);
    return blocks(
      [sub("Checkpoint Log")],
      logRows(source),
      [sub("Expected Checkpoints")],
      expectedRows(source),
      [sub("Next Checkpoint Target")],
      next(source),
      ...(asks ? [[sub("User Checkpoints")], approvalRows(source)] : []),
    );
  },
};

export const CHECKPOINT_LOG: SectionSpec = {
  title: "Checkpoint Log",
  purpose: "What a person approves and when",
  applies: ({ state }) => expectedCheckpoints(state).some((one) => one.approval !== null),
  body: (source) => approvalRows(source),
};

export const CHECKPOINT_RECOVERY: SectionSpec = {
  title: "Checkpoint Recovery",
  purpose: "Where the workflow can be taken up again",
  body: (source) =>
    blocks(expectedRows(source), source.state.checkpoints.length === 0 ? [] : logRows(source)),
};

function logRows({ state, missing }: Source): readonly string[] {
  const rows = state.checkpoints.map((entry) => [
    entry.id,
    entry.at,
    entry.trigger,
    cell(entry.description),
    codeCell(entry.recoveryPoint),
    standing(entry),
  ]);
  const none = [[missing, missing, missing, "No checkpoint yet", missing, missing]];
  return table(
    ["ID", "Timestamp", "Trigger", "State", "Recovery Point", "Valid"],
    rows.length === 0 ? none : rows,
  );
}

function standing(entry: CheckpointEntry): string {
  return entry.rolledBack ? "rolled back" : "yes";
}

function expectedRows({ state, missing }: Source): readonly string[] {
  const rows = expectedCheckpoints(state).map((one) => [
    one.plan.id,
    one.plan.trigger,
    cell(one.plan.name),
    codeCell(one.plan.recoveryPoint),
    one.reached ? "yes" : "no",
  ]);
  const none = [[missing, missing, "No checkpoint is planned", missing, missing]];
  return table(
    ["ID", "Trigger", "Expected State", "Recovery Point", "Reached"],
    rows.length === 0 ? none : rows,
  );
}

function next(source: Source): readonly string[] {
  const target = nextCheckpoint(source.state);
  if (target === undefined) return ["All planned checkpoints reached."];
  const artifacts = expectedArtifacts(source, target);
  return blocks(
    [`**${target.id}: ${inline(target.name)}**`],
    bullets([
      `Trigger: ${target.trigger}`,
      ...(artifacts.length === 0 ? [] : [`Expected Artifacts: ${artifacts.map(code).join(", ")}`]),
      `Recovery Point: ${code(target.recoveryPoint)}`,
    ]),
  );
}

function expectedArtifacts({ state }: Source, target: PlannedCheckpoint): readonly string[] {
  return state.plan.deliverables
    .filter((one) => one.stage === target.position - 1)
    .flatMap((one) => artifactPath(one) ?? []);
}

function approvalRows({ state, missing }: Source): readonly string[] {
  const rows = expectedCheckpoints(state)
    .filter((one) => one.approval !== null)
    .map(({ plan, entry, approval }) => {
      const stage = state.plan.stages[plan.position - 1];
      const after = stage === undefined ? missing : `${stageLabel(stage.id)} (${stage.name})`;
      return [
        plan.id,
        cell(after),
        approval ?? missing,
        cell(entry?.approval?.by ?? "user"),
        entry?.approval?.at ?? missing,
        cell(entry?.approval?.notes || plan.approval || missing),
      ];
    });
  return table(["CP ID", "After Phase", "Status", "Approval By", "Approved At", "Notes"], rows);
}
