/** Status line of a pipeline. Source: domain §5, §6.3. */
import type { PlannedPipeline } from "../plan/plan.ts";
import type { WorkflowState } from "../workflow/state.ts";
import { percent } from "./percent.ts";
import { type PipelinePhase, pipelinePhases } from "./stages.ts";

/** One pipeline with its phases. */
export interface PipelineView {
  readonly plan: PlannedPipeline;
  /** `PHASE_1_PENDING`, `PHASE_1_IN_PROGRESS`, `PHASE_1_BLOCKED`, `PHASE_1_FAILED`, `COMPLETE`, or `NO_PHASES`. */
  readonly status: string;
  /** Number of the first incomplete phase; of the last one when complete; null without phases. */
  readonly currentPhase: number | null;
  readonly totalPhases: number;
  /** Complete slots of all slots; null without slots. */
  readonly progressPercent: number | null;
  readonly phases: readonly PipelinePhase[];
}

/** All pipelines in the order of the definition, convergent ones last. */
export function pipelineViews(state: WorkflowState): readonly PipelineView[] {
  const inOrder = [...state.plan.pipelines].sort((a, b) => Number(a.convergent) - Number(b.convergent));
  return inOrder.map((plan) => pipelineView(state, plan));
}

function pipelineView(state: WorkflowState, plan: PlannedPipeline): PipelineView {
  const own = pipelinePhases(state).filter((part) => part.pipeline?.key === plan.key);
  const current = own.find((part) => part.status !== "COMPLETE");
  const slots = own.reduce((sum, part) => sum + part.units.length, 0);
  const done = own.reduce((sum, part) => sum + part.done, 0);
  return {
    plan,
    status: statusOf(own),
    currentPhase: (current ?? own.at(-1))?.phase.number ?? null,
    totalPhases: own.length,
    progressPercent: percent(done, slots),
    phases: own,
  };
}

function statusOf(parts: readonly PipelinePhase[]): string {
  const current = parts.find((part) => part.status !== "COMPLETE");
  if (current !== undefined) return `PHASE_${current.phase.number}_${current.status}`;
  return parts.length === 0 ? "NO_PHASES" : "COMPLETE";
}
