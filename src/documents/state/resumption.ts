/** Section `resumption`, version 2: seven parts, no other keys. Source: domain §18. */
import { resumption } from "../../core/view/resumption.ts";
import type { WorkflowState } from "../../core/workflow/state.ts";
import type { Json } from "./canonical.ts";

/** `resumption`. */
export function resumptionSection(state: WorkflowState): Json {
  const {
    recoveryState,
    filesToRead,
    qualityTrajectory,
    defectSummary,
    decisionLog,
    agentSummaries,
    compactionEvents,
  } = resumption(state);
  return {
    recovery_state: {
      last_checkpoint: recoveryState.lastCheckpoint,
      current_phase: recoveryState.currentPhase,
      current_phase_name: recoveryState.currentPhaseName,
      workflow_status: recoveryState.workflowStatus,
      current_activity: recoveryState.currentActivity,
      next_step: recoveryState.nextStep,
      context_fill_at_update: recoveryState.contextFillAtUpdate,
      updated_at: recoveryState.updatedAt,
      cross_session_portable: recoveryState.crossSessionPortable,
      ephemeral_references: recoveryState.ephemeralReferences,
    },
    files_to_read: filesToRead.map((one) => ({
      path: one.path,
      priority: one.priority,
      purpose: one.purpose,
    })),
    quality_trajectory: {
      gates_completed: [...qualityTrajectory.gatesCompleted],
      gates_remaining: [...qualityTrajectory.gatesRemaining],
      current_gate: qualityTrajectory.currentGate,
      current_gate_iteration: qualityTrajectory.currentGateIteration,
      score_history: Object.fromEntries(
        qualityTrajectory.scoreHistory.map((one) => [one.gate, [...one.scores]]),
      ),
      lowest_dimension: qualityTrajectory.lowestDimension,
      total_iterations_used: qualityTrajectory.totalIterationsUsed,
    },
    defect_summary: {
      total_defects_found: defectSummary.totalFound,
      total_defects_resolved: defectSummary.totalResolved,
      unresolved_defects: [...defectSummary.unresolved],
      recurring_patterns: defectSummary.recurringPatterns.map((one) => ({
        pattern: one.pattern,
        gates_affected: [...one.gatesAffected],
        resolution: one.resolution,
      })),
      last_gate_primary_defect: defectSummary.lastGatePrimaryDefect,
    },
    decision_log: decisionLog.map((one) => ({
      id: one.id,
      decision: one.decision,
      rationale: one.rationale,
      affects_phases: [...one.affectsPhases],
      applied: true,
    })),
    agent_summaries: Object.fromEntries(agentSummaries.map((one) => [one.agent, one.summary])),
    compaction_events: { count: compactionEvents.count, events: [...compactionEvents.events] },
  };
}
