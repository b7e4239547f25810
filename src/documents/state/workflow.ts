/** Sections `workflow`, `quality` and `paths`. Source: documents A3, domain §4. */

import { phaseGateView } from "../../core/view/gates.ts";
import { metrics } from "../../core/view/metrics.ts";
import { barriers, barrierView, phases, stageCriticality } from "../../core/view/stages.ts";
import { units } from "../../core/view/unit.ts";
import type { WorkflowState } from "../../core/workflow/state.ts";
import { DOCUMENT_VERSION } from "../header.ts";
import { shortNumber } from "../text/format.ts";
import type { Json } from "./canonical.ts";

/** `workflow`. */
export function workflowSection(state: WorkflowState): Json {
  const { workflow, constraints, loop, base } = state.plan;
  return {
    id: state.id,
    name: workflow.name,
    project_id: workflow.project,
    parent: workflow.parent ?? null,
    version: DOCUMENT_VERSION,
    goal: workflow.goal,
    status: state.status,
    paused_reason: state.pausedReason ?? null,
    created_at: state.createdAt,
    started_at: state.startedAt ?? null,
    updated_at: state.updatedAt,
    completed_at: state.completedAt ?? null,
    id_source: workflow.idSource,
    id_format: "semantic-date-seq",
    protocol: loop.profile,
    patterns: [...workflow.patterns],
    criticality: criticality(state),
    constraints: {
      max_agent_nesting: constraints.maxAgentNesting,
      file_persistence: true,
      user_authority: true,
      max_concurrent_agents: constraints.maxConcurrentAgents,
      max_barrier_retries: constraints.maxBarrierRetries,
      checkpoint_frequency: constraints.checkpointFrequency,
    },
    base: {
      branch: base.branch,
      commit: base.commit,
      target: base.target,
      ...(base.upstream === undefined
        ? {}
        : { upstream: base.upstream.name, behind: base.upstream.behind, ahead: base.upstream.ahead }),
    },
    epoch: state.epoch,
  };
}

function criticality(state: WorkflowState): Json {
  const raised = units(state).flatMap((one) =>
    one.state.escalations.map((rule) => ({
      rule: rule.rule,
      subject: one.plan.id,
      condition: rule.condition,
      from: rule.from,
      to: rule.to,
    })),
  );
  return {
    workflow_level: state.plan.workflow.criticality,
    stages: Object.fromEntries(state.plan.stages.map((stage) => [stage.id, stageCriticality(state, stage)])),
    escalations: raised,
  };
}

/** `quality`. */
export function qualitySection(state: WorkflowState): Json {
  const { threshold, loop, rubric } = state.plan;
  const { quality } = metrics(state);
  return {
    threshold,
    criticality: state.plan.workflow.criticality,
    scoring_mechanism: "S-014",
    min_iterations: loop.min,
    max_iterations: loop.max,
    min_findings: loop.findings,
    dimensions: rubric.map((one) => ({ key: one.key, name: one.name, weight: one.weight })),
    score_bands: bands(threshold),
    strategies: Object.fromEntries(
      units(state).map(({ plan: { id, gate } }) => [
        id,
        {
          required: [...gate.strategies.required],
          implied: gate.strategies.implied.map((one) => ({ id: one.id, rule: one.rule })),
          optional: [...gate.strategies.optional],
          left_out: [...gate.strategies.leftOut],
          effective: [...gate.strategies.order],
        },
      ]),
    ),
    phase_scores: Object.fromEntries(
      phases(state).map((phase) => [phase.id, phaseGateView(state, phase).score]),
    ),
    barrier_scores: Object.fromEntries(
      barriers(state).map((barrier) => [barrier.id, barrierScores(state, barrier)]),
    ),
    workflow_quality: {
      average_score: quality.averageScore,
      lowest_score: quality.lowestScore,
      lowest_gate: quality.lowestGate,
      total_iterations: quality.totalIterations,
      gates_passed: quality.gatesPassed,
      gates_waived: quality.gatesWaived,
      gates_failed: quality.gatesFailed,
      gates_pending: quality.gatesPending,
    },
  };
}

function bands(threshold: number): Json {
  const floor = Math.min(0.85, threshold);
  return [
    { band: "PASS", range: `>= ${shortNumber(threshold)}`, outcome: "accepted" },
    {
      band: "REVISE",
      range: `${shortNumber(floor)} - ${shortNumber(threshold)}`,
      outcome: "targeted revision (H-13)",
    },
    { band: "REJECTED", range: `< ${shortNumber(floor)}`, outcome: "significant rework (H-13)" },
  ];
}

function barrierScores(state: WorkflowState, barrier: Parameters<typeof barrierView>[1]): Json {
  const { directions } = barrierView(state, barrier);
  return Object.fromEntries(
    directions.map(({ unit, gate }) => [unit.plan.handoff?.directionKey ?? unit.plan.id, gate.score]),
  );
}

/** `paths`. */
export function pathsSection(state: WorkflowState): Json {
  const { folder, branchPrefix } = state.plan.layout;
  return {
    base: folder,
    pipeline: "{base}{pipeline_alias}/{phase_path_id}/{agent_id}/",
    barrier: "{base}cross-pollination/{barrier_id}/{source_alias}-to-{target_alias}/handoff.md",
    escalation: "{base}escalations/{agent_id}-escalation.md",
    review: "{base}quality-gates/qg-{phase}/{agent_id}-review.md",
    integration_branch: `${branchPrefix}/main`,
  };
}
