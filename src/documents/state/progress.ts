/** Sections `execution_queue`, `checkpoints`, `metrics`, `blockers`, `issues`, `next_actions` and `events`. Source: documents A3. */
import { expectedCheckpoints, latestCheckpoint } from "../../core/view/checkpoints.ts";
import { type Count, metrics, overallProgress } from "../../core/view/metrics.ts";
import { nextActions } from "../../core/view/next-actions.ts";
import { currentGroup, groups } from "../../core/view/queue.ts";
import { waiting } from "../../core/view/waiting.ts";
import type { WorkflowState } from "../../core/workflow/state.ts";
import type { Json } from "./canonical.ts";

/** `execution_queue`. */
export function queueSection(state: WorkflowState): Json {
  return {
    current_group: currentGroup(state)?.plan.order ?? null,
    groups: groups(state).map(({ plan, status, blockedBy, completedAt }) => ({
      id: plan.order,
      key: plan.id,
      name: plan.name,
      execution_mode: plan.mode,
      status,
      blocked_by: blockedBy,
      completed_at: completedAt,
      ...(plan.agents.length === 0 ? {} : { agents: [...plan.agents] }),
      ...(plan.tasks.length === 0 ? {} : { tasks: [...plan.tasks] }),
      ...(plan.checkpoint === undefined ? {} : { checkpoint: plan.checkpoint }),
    })),
  };
}

/** `checkpoints`. */
export function checkpointsSection(state: WorkflowState): Json {
  return {
    latest_id: latestCheckpoint(state)?.id ?? null,
    entries: state.checkpoints.map((entry) => ({
      id: entry.id,
      timestamp: entry.at,
      trigger: entry.trigger,
      description: entry.description,
      recovery_point: entry.recoveryPoint,
      commit: entry.commit,
      epoch: entry.epoch,
      rolled_back: entry.rolledBack,
      approval:
        entry.approval === undefined
          ? null
          : {
              status: entry.approval.status,
              approval_by: entry.approval.by ?? null,
              approved_at: entry.approval.at ?? null,
              notes: entry.approval.notes ?? null,
            },
    })),
    expected: expectedCheckpoints(state).map(({ plan, reached, approval }) => ({
      id: plan.id,
      trigger: plan.trigger,
      name: plan.name,
      recovery_point: plan.recoveryPoint,
      reached,
      approval,
    })),
  };
}

/** `metrics`. */
export function metricsSection(state: WorkflowState): Json {
  const { execution, quality, tasks, sessions, timing } = metrics(state);
  return {
    execution: {
      ...counted("phases", execution.phases, "complete"),
      ...counted("barriers", execution.barriers, "complete"),
      ...counted("agents", execution.agents, "executed"),
      ...counted("artifacts", execution.artifacts, "created"),
      overall_percent: overallProgress(state).percent,
    },
    quality: {
      agent_success_rate: quality.agentSuccessRate,
      barrier_validation_pass_rate: quality.barrierValidationPassRate,
      average_score: quality.averageScore,
      lowest_score: quality.lowestScore,
      lowest_gate: quality.lowestGate,
    },
    tasks: {
      total: tasks.total,
      complete: tasks.complete,
      in_progress: tasks.inProgress,
      blocked: tasks.blocked,
      pending: tasks.pending,
      failed: tasks.failed,
      skipped: tasks.skipped,
      quality_gates_total: tasks.qualityGates.total,
      quality_gates_passed: tasks.qualityGates.part,
      checkpoints_total: tasks.approvals.total,
      checkpoints_approved: tasks.approvals.part,
      adversarial_iterations_total: tasks.iterations,
      escalations_total: tasks.escalations,
    },
    sessions: {
      count: sessions.sessions,
      retries: sessions.retries,
      turns: sessions.turns,
      duration_ms: sessions.durationMs,
      cost_usd: sessions.usd,
      cost_incomplete: sessions.incomplete,
      cost_usd_by_agent: Object.fromEntries(sessions.usdBySubject.map(({ subject, usd }) => [subject, usd])),
    },
    timing: {
      workflow_started: timing.startedAt,
      last_activity: timing.lastActivity,
      estimated_completion: null,
    },
  };
}

function counted(name: string, count: Count, word: string): { readonly [key: string]: Json } {
  return {
    [`${name}_${word}`]: count.part,
    [`${name}_total`]: count.total,
    [`${name}_percent`]: count.percent,
  };
}

/** `blockers`: open blockers and the questions that wait for a person. */
export function blockersSection(state: WorkflowState): Json {
  return {
    active: state.blockers.map((one) => ({
      id: one.id,
      description: one.description,
      blocking: [...one.blocking],
      severity: one.severity,
      owner: one.owner ?? null,
      created_at: one.createdAt,
      question: one.question ?? null,
    })),
    questions: waiting(state).map((one) => ({
      id: one.question,
      kind: one.kind,
      subject: one.subject,
      reason: one.reason,
      asked_at: one.since,
      answers: one.answers.map((answer) => answer.command),
    })),
  };
}

/** `issues`. */
export function issuesSection(state: WorkflowState): Json {
  const resolved = state.issues.map((one) => ({
    id: one.id,
    description: one.description,
    resolution: one.resolution,
    resolved_at: one.resolvedAt,
  }));
  return { resolved };
}

/** `next_actions`. */
export function actionsSection(state: WorkflowState): Json {
  const { immediate, subsequent } = nextActions(state);
  return {
    immediate: immediate.map((one) => ({
      action: one.action,
      agents: [...one.agents],
      execution_mode: one.mode,
      description: one.description ?? null,
      commands: [...one.commands],
    })),
    subsequent: subsequent.map((one) => ({ action: one.action, depends_on: one.dependsOn })),
  };
}

/** `events`. */
export function eventsSection(state: WorkflowState): Json {
  return state.log.map((one) => ({ timestamp: one.at, event: one.event, details: one.details }));
}
