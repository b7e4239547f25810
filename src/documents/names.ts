/** How units are called in the documents; the same words in every table. */
import type { PlannedDeliverable, PlannedPipeline } from "../core/plan/plan.ts";
import type { PipelinePhase } from "../core/view/stages.ts";
import { artifactPath, roleName, type Unit } from "../core/view/unit.ts";
import type { WorkflowState } from "../core/workflow/state.ts";
import { type Missing, shortCommit } from "./text/format.ts";
import { codeCell } from "./text/markdown.ts";

/** `Pipeline A (spike-001)`, `Convergent (convergent)`. */
export function pipelineName(plan: PlannedPipeline): string {
  return `${pipelineWord(plan)} (${plan.alias})`;
}

/** `Pipeline A`, or `Convergent`. */
export function pipelineWord(plan: PlannedPipeline): string {
  return plan.convergent ? "Convergent" : `Pipeline ${plan.letter.toUpperCase()}`;
}

/** Alias of the pipeline of a deliverable; the missing mark where it has none. */
export function pipelineAlias(state: WorkflowState, plan: PlannedDeliverable, missing: Missing): string {
  return state.plan.pipelines.find((pipeline) => pipeline.key === plan.pipeline)?.alias ?? missing;
}

/** `agent-a-001 (ps-researcher)`. */
export function agentName(plan: PlannedDeliverable): string {
  return `${plan.id} (${roleName(plan)})`;
}

/** `TASK-001: Research Tools`, or `agent-a-001: title`. */
export function taskName(plan: PlannedDeliverable): string {
  return plan.title === "" ? (plan.task ?? plan.id) : `${plan.task ?? plan.id}: ${plan.title}`;
}

/** `spike-001 --> spike-002` of a handoff. */
export function directionName(plan: PlannedDeliverable): string {
  return plan.handoff === undefined ? plan.id : `${plan.handoff.fromAlias} --> ${plan.handoff.toAlias}`;
}

/** `a-->b` of a handoff. */
export function directionKeys(plan: PlannedDeliverable): string {
  return plan.handoff === undefined ? plan.id : `${plan.handoff.from}-->${plan.handoff.to}`;
}

/** Label of a pipeline's part of a phase: `Phase 1A`; `Phase 3` where one pipeline has the phase alone. */
export function partLabel(part: PipelinePhase, alone: boolean): string {
  const letter = alone || part.pipeline === null ? "" : part.pipeline.letter.toUpperCase();
  return `Phase ${part.phase.number}${letter}`;
}

/** The artifact of a unit as a table cell: path, or the commit once there is one. */
export function artifactCell({ plan, state }: Unit, missing: Missing): string {
  const path = artifactPath(plan);
  if (path !== null) return codeCell(path);
  return state.commit === undefined ? missing : `commit ${codeCell(shortCommit(state.commit))}`;
}

/** The artifact of a unit as plain text: path, commit, or what is to come. */
export function artifactText({ plan, state }: Unit): string {
  const path = artifactPath(plan);
  if (path !== null) return path;
  return state.commit === undefined ? "commit" : `commit ${shortCommit(state.commit)}`;
}

/** `ORCHESTRATION.yaml` of `orchestration/x/ORCHESTRATION.yaml`. */
export function fileName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
