/** Sections `pipelines` and `barriers`. Source: documents A3, domain §4. */
import { patternName } from "../../core/quality/strategies.ts";
import { gateOf } from "../../core/view/gates.ts";
import { type PipelineView, pipelineViews } from "../../core/view/pipelines.ts";
import {
  barriers,
  barrierView,
  type DirectionView,
  type PipelinePhase,
  pipelinePhases,
  stageCriticality,
} from "../../core/view/stages.ts";
import {
  artifactPath,
  openQuestion,
  roleName,
  shownStatus,
  type Unit,
  unitStatus,
} from "../../core/view/unit.ts";
import type { WorkflowState } from "../../core/workflow/state.ts";
import type { Json } from "./canonical.ts";

/** `pipelines`: key to pipeline with its phases and slots. */
export function pipelinesSection(state: WorkflowState): Json {
  const views = pipelineViews(state).map((view) => [pipelineKey(view), pipeline(state, view)] as const);
  const loose = pipelinePhases(state).filter((part) => part.pipeline === null);
  const rest =
    loose.length === 0 ? [] : [["no_pipeline", { phases: loose.map((part) => phase(state, part)) }] as const];
  return Object.fromEntries([...views, ...rest]);
}

function pipelineKey({ plan }: PipelineView): string {
  return plan.convergent ? "convergent" : `pipeline_${plan.letter}`;
}

function pipeline(state: WorkflowState, view: PipelineView): Json {
  const { plan } = view;
  return {
    id: plan.id,
    key: plan.key,
    name: plan.title,
    description: plan.purpose ?? null,
    short_alias: plan.alias,
    skill_source: plan.skill,
    status: view.status,
    current_phase: view.currentPhase,
    total_phases: view.totalPhases,
    progress_percent: view.progressPercent,
    phases: view.phases.map((part) => phase(state, part)),
  };
}

function phase(state: WorkflowState, part: PipelinePhase): Json {
  return {
    id: part.phase.number,
    name: part.phase.name,
    path_id: part.phase.pathId,
    status: part.status,
    blocked_by: part.blockedBy,
    execution_mode: part.phase.mode,
    criticality: stageCriticality(state, part.phase),
    started_at: part.startedAt,
    completed_at: part.completedAt,
    quality_gate: part.phase.gateId,
    checkpoint_after: part.phase.checkpoint,
    exit_criteria: [...part.phase.exit, ...part.phase.conditions],
    agents: part.units.map((one) => agent(state, one)),
    artifacts: part.units.flatMap((one) => one.state.artifact ?? []),
  };
}

function agent(state: WorkflowState, one: Unit): Json {
  const { plan, state: standing } = one;
  const gate = gateOf(state, one);
  const by = (kind: string) =>
    plan.gate.reviewers.flatMap((reviewer) => (reviewer.kind === kind ? [reviewer.role] : []));
  return {
    id: plan.id,
    name: roleName(plan),
    title: plan.title,
    task_ref: plan.task ?? null,
    status: unitStatus(state, plan.id),
    reason: shownStatus(state, plan.id) === "ESCALATED" ? (openQuestion(state, plan.id)?.kind ?? null) : null,
    artifact: artifactPath(plan),
    commit: standing.commit ?? null,
    inputs: [...plan.inputs],
    scope: [...plan.brief],
    criticality: standing.criticality,
    started_at: standing.startedAt ?? null,
    completed_at: standing.completedAt ?? null,
    attempt: standing.attempt,
    quality_gate: gate.id,
    gate_status: gate.status,
    score: gate.score,
    iterations: gate.round,
    min_iterations: gate.minRounds,
    max_iterations: gate.maxRounds,
    critic_patterns: plan.gate.patterns.map(patternName),
    validator: by("validator").join(", ") || null,
    cross_validation: by("cross-check").join(", ") || null,
    waived_by: gate.waivedBy,
    error: standing.error ?? null,
    superseded: standing.superseded.map(({ epoch, ref }) => ({ epoch, ref })),
  };
}

/** `barriers`. */
export function barriersSection(state: WorkflowState): Json {
  return barriers(state).map((plan) => {
    const view = barrierView(state, plan);
    return {
      id: plan.id,
      name: plan.name,
      status: view.status,
      started_at: view.startedAt,
      completed_at: view.completedAt,
      retry_count: view.retryCount,
      depends_on: [...plan.dependsOn],
      quality_gate: {
        threshold: view.threshold,
        score: view.score,
        strategies: [...(view.directions[0]?.unit.plan.gate.strategies.order ?? [])],
      },
      artifacts: Object.fromEntries(
        view.directions.map((one) => [
          one.unit.plan.handoff?.directionKey ?? one.unit.plan.id,
          direction(state, one),
        ]),
      ),
    };
  });
}

function direction(state: WorkflowState, { unit, gate }: DirectionView): Json {
  return {
    id: unit.plan.id,
    path: artifactPath(unit.plan),
    status: unitStatus(state, unit.plan.id),
    key_content: unit.plan.handoff?.keyContent ?? null,
    gate_status: gate.status,
    score: gate.score,
    iterations: gate.round,
    waived_by: gate.waivedBy,
  };
}
