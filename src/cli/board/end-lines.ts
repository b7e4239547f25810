/** What a person wants to know when a workflow has ended: where the work is and how to take it. */
import { latestCheckpoint } from "../../core/view/checkpoints.ts";
import type { WorkflowState } from "../../core/workflow/state.ts";
import type { Style } from "../output/style.ts";

/** Empty while the workflow goes on. */
export function endLines(state: WorkflowState, style: Style): readonly string[] {
  switch (state.status) {
    case "COMPLETE":
      return completeLines(state, style);
    case "FAILED":
    case "CANCELLED":
      return brokenLines(state, style);
    default:
      return [];
  }
}

function completeLines(state: WorkflowState, style: Style): readonly string[] {
  const branch = `${state.plan.layout.branchPrefix}/main`;
  const { target, commit } = state.plan.base;
  const landed = state.landed;
  const whole = state.plan.finish.per === "workflow";
  const where = target === null ? "" : style.dim(`  (on ${target})`);
  const next = state.plan.workflow.next.map((action) => `  next      ${action}`);
  if (landed !== undefined)
    return [`  landed    on ${landed.target} as ${landed.commit.slice(0, 8)}`, ...next];
  return [
    `  result    ${style.bold(branch)}${state.head === null ? "" : ` at ${state.head.slice(0, 8)}`}`,
    `  documents ${state.plan.layout.folder}`,
    `  look      git diff --stat ${commit.slice(0, 8)} ${branch}`,
    ...(whole ? [`  land      signalbox land -w ${state.id}${where}`] : []),
    ...next,
  ];
}

function brokenLines(state: WorkflowState, style: Style): readonly string[] {
  const latest = latestCheckpoint(state);
  const branch = `${state.plan.layout.branchPrefix}/main`;
  return [
    `  kept      every branch below ${style.bold(`${state.plan.layout.branchPrefix}/`)}; merged so far: ${branch}`,
    ...(latest === undefined
      ? []
      : [`  go back   signalbox rewind ${latest.id}  ${style.dim(latest.recoveryPoint)}`]),
  ];
}
