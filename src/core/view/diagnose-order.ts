/** V6, V10, V14, V15, V19: times, order of stages, checkpoints, end of the workflow. Source: domain §23. */
import { toMs } from "../instant.ts";
import type { WorkflowState } from "../workflow/state.ts";
import { expectedCheckpoints } from "./checkpoints.ts";
import type { Diagnostic } from "./diagnostics.ts";
import { blockedBy, phases, stageComplete } from "./stages.ts";
import { units, unitsOfStage } from "./unit.ts";

/** Violations of time and order. */
export function checkOrder(state: WorkflowState): readonly Diagnostic[] {
  return [...times(state), ...ended(state), ...startedTooEarly(state), ...checkpointLog(state)];
}

function times(state: WorkflowState): readonly Diagnostic[] {
  const all = [
    { of: "workflow", from: state.startedAt, to: state.completedAt },
    { of: "workflow", from: state.createdAt, to: state.updatedAt },
    ...units(state).map((one) => ({ of: one.plan.id, from: one.state.startedAt, to: one.state.completedAt })),
    ...state.checkpoints.map((entry) => ({ of: entry.id, from: entry.at, to: entry.approval?.at })),
    ...state.log.map((entry) => ({ of: entry.event, from: entry.at, to: undefined })),
  ];
  return all.flatMap(({ of, from, to }) => {
    const known = [from, to].filter((time) => time !== undefined);
    const zoneless = known.filter((time) => Number.isNaN(toMs(time)));
    const late = known.filter((time) => toMs(time) > toMs(state.updatedAt));
    return [
      ...zoneless.map((time) => error("V6", of, `${time} is not a time in UTC`)),
      ...(from !== undefined && to !== undefined && toMs(from) > toMs(to)
        ? [error("V15", of, `${of} ends before it starts`)]
        : []),
      ...late.map((time) => error("V15", of, `${of} has ${time}, after the last update ${state.updatedAt}`)),
    ];
  });
}

function ended(state: WorkflowState): readonly Diagnostic[] {
  if (state.status !== "COMPLETE") return [];
  const open = state.plan.stages.filter((stage) => !stageComplete(state, stage)).map((stage) => stage.id);
  const unapproved = expectedCheckpoints(state)
    .filter((one) => one.approval !== null && one.approval !== "APPROVED")
    .map((one) => one.plan.id);
  return [...open, ...unapproved].map((id) =>
    error("V10", id, `the workflow is COMPLETE, but ${id} is open`),
  );
}

function startedTooEarly(state: WorkflowState): readonly Diagnostic[] {
  return phases(state).flatMap((phase) => {
    const blocker = blockedBy(state, phase);
    const early = unitsOfStage(state, phase.index).filter(
      ({ state: one }) => one.startedAt !== undefined && one.step !== "skipped",
    );
    if (blocker === null) return [];
    return early.map(({ plan }) =>
      error("V14", plan.id, `${plan.id} has started, but ${blocker} is not complete`),
    );
  });
}

function checkpointLog(state: WorkflowState): readonly Diagnostic[] {
  const valid = state.checkpoints.filter((entry) => !entry.rolledBack);
  const twice = valid.filter((entry, index) => valid.findIndex((other) => other.id === entry.id) !== index);
  const unordered = state.checkpoints.filter(
    (entry, index) => toMs(entry.at) < toMs(state.checkpoints[index - 1]?.at ?? entry.at),
  );
  const mismatched = expectedCheckpoints(state).filter(
    ({ plan, entry }) => entry !== undefined && entry.trigger !== plan.trigger,
  );
  return [
    ...twice.map((entry) => error("V19", entry.id, `${entry.id} is valid twice in the log`)),
    ...unordered.map((entry) => error("V19", entry.id, `${entry.id} is older than the entry before it`)),
    ...mismatched.map(({ plan, entry }) =>
      error(
        "V19",
        plan.id,
        `${plan.id} was planned as ${plan.trigger} and logged as ${entry?.trigger ?? "nothing"}`,
      ),
    ),
  ];
}

function error(rule: string, subject: string, message: string): Diagnostic {
  return { rule, level: "error", subject, message };
}
