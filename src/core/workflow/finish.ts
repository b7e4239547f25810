/** The end: last approval, completion and the checkpoint that shows it. */
import type { Draft } from "./draft.ts";
import { currentStage, hasSynthesis } from "./queries.ts";
import { reachCheckpoint } from "./stage.ts";

/** Everything is merged: ask for the end where a person approves it, then complete the workflow (domain §6.1). */
export function finishWorkflow(draft: Draft): void {
  const { state } = draft;
  const last = state.plan.stages.length + (hasSynthesis(state) ? 1 : 0);
  if (state.startedAt === undefined || currentStage(state) < last || state.integrations.length > 0) return;
  if (state.sync !== undefined) return;
  const final = state.plan.checkpoints.find((c) => c.trigger === "WORKFLOW_COMPLETE");
  if (final?.approval !== undefined && !isReached(draft, final.id)) return reachCheckpoint(draft, final.id);
  if (draft.state.questions.length > 0) return;
  if (
    state.plan.finish.approve &&
    !state.finishApproved &&
    final?.approval === undefined &&
    !lastCheckpointApproved(draft)
  ) {
    draft.ask("finish", "finish", "All work is merged; the end waits for approval", ["approve", "reject"]);
    return;
  }
  draft.emit({ type: "workflow.completed" });
  draft.log("WORKFLOW_COMPLETE", state.plan.workflow.name);
  if (final !== undefined && final.approval === undefined) reachCheckpoint(draft, final.id);
  else draft.queue({ type: "finish" });
}

function isReached(draft: Draft, id: string): boolean {
  return draft.state.checkpoints.some((c) => c.id === id && !c.rolledBack);
}

/** Where a user checkpoint stands at the end already, it is the approval of the end. */
function lastCheckpointApproved(draft: Draft): boolean {
  const { plan, checkpoints } = draft.state;
  return checkpoints.some(
    (c) => c.position === plan.stages.length && !c.rolledBack && c.approval?.status === "APPROVED",
  );
}
