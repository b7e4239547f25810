/** What can be done now and what follows, from state alone. Source: domain §4 (next action), documents A2 §8, B2. */
import { lastRound } from "../workflow/queries.ts";
import type { WorkflowState } from "../workflow/state.ts";
import { latestCheckpoint } from "./checkpoints.ts";
import { type GroupView, groups } from "./queue.ts";
import { isRunning, roleName, type Unit, unitName, unitStatus, units } from "./unit.ts";
import { waiting } from "./waiting.ts";

export type ActionMode = "PARALLEL" | "SEQUENTIAL" | "MANUAL";

/** Something that is open now. */
export interface ImmediateAction {
  readonly action: string;
  /** Deliverable ids. */
  readonly agents: readonly string[];
  /** MANUAL = a person acts. */
  readonly mode: ActionMode;
  readonly description?: string;
  /** Commands of which one is to be run; empty where the coordinator goes on by itself. */
  readonly commands: readonly string[];
}

/** Something that waits for what stands before it. */
export interface SubsequentAction {
  readonly action: string;
  readonly dependsOn: string;
}

export interface NextActions {
  readonly immediate: readonly ImmediateAction[];
  readonly subsequent: readonly SubsequentAction[];
}

/** Next actions; finished ones are never listed. */
export function nextActions(state: WorkflowState): NextActions {
  if (state.status === "COMPLETE") return { immediate: afterwards(state), subsequent: [] };
  if (state.status === "CANCELLED" || state.status === "FAILED")
    return { immediate: recovery(state), subsequent: [] };
  return {
    immediate: [...answers(state), ...resuming(state), ...running(state), ...startable(state)],
    subsequent: [...laterGroups(state), ...ending(state)],
  };
}

function answers(state: WorkflowState): readonly ImmediateAction[] {
  return waiting(state).map((open) => ({
    action: `Answer ${open.question} on ${open.subject}: ${open.reason}`,
    agents: state.deliverables[open.subject] === undefined ? [] : [open.subject],
    mode: "MANUAL",
    commands: open.answers.map((answer) => answer.command),
  }));
}

function resuming(state: WorkflowState): readonly ImmediateAction[] {
  if (state.status !== "PAUSED") return [];
  const why = state.pausedReason === undefined ? {} : { description: `Paused: ${state.pausedReason}` };
  return [
    { action: "Resume the workflow", agents: [], mode: "MANUAL", ...why, commands: ["signalbox resume"] },
  ];
}

function running(state: WorkflowState): readonly ImmediateAction[] {
  return units(state)
    .filter(({ plan }) => isRunning(state, plan.id))
    .map((one) => ({
      action: `Wait for ${unitName(one.plan)} (${roleName(one.plan)}): ${activity(one)}`,
      agents: [one.plan.id],
      mode: "SEQUENTIAL",
      description: one.plan.title,
      commands: [],
    }));
}

function startable(state: WorkflowState): readonly ImmediateAction[] {
  const ready = units(state).filter(({ plan }) => unitStatus(state, plan.id) === "PENDING");
  if (ready.length === 0) return [];
  const names = ready.map(({ plan }) => `${unitName(plan)} (${roleName(plan)})`).join(", ");
  return [
    {
      action: `Execute ${names}${ready.length > 1 ? " in parallel" : ""}`,
      agents: ready.map(({ plan }) => plan.id),
      mode: ready.length > 1 ? "PARALLEL" : "SEQUENTIAL",
      commands: [],
    },
  ];
}

function laterGroups(state: WorkflowState): readonly SubsequentAction[] {
  const all = groups(state);
  return all.flatMap((group, index) => {
    const before = all[index - 1];
    if (group.status !== "BLOCKED" || group.shown === "ESCALATED" || before === undefined) return [];
    return [{ action: groupAction(state, group), dependsOn: groupEnd(before) }];
  });
}

function groupAction(state: WorkflowState, { plan }: GroupView): string {
  if (plan.kind === "checkpoint") return `Approve ${plan.checkpoint ?? plan.name}`;
  if (plan.kind !== "phase") return `Complete ${plan.name}`;
  const names = state.plan.deliverables.filter((one) => plan.agents.includes(one.id)).map(unitName);
  return `Execute ${plan.name}: ${names.join(", ")}`;
}

function groupEnd({ plan }: GroupView): string {
  if (plan.kind === "checkpoint") return `${plan.checkpoint ?? plan.name} approved`;
  return `${plan.name} ${plan.kind === "gate" ? "passed" : "complete"}`;
}

function ending(state: WorkflowState): readonly SubsequentAction[] {
  const end = "All phases and barriers complete";
  const approve = state.plan.finish.approve && !state.finishApproved && !asks(state, "finish");
  return [
    ...(approve ? [{ action: "Approve the end of the workflow", dependsOn: end }] : []),
    ...state.plan.workflow.next.map((action) => ({ action, dependsOn: "Workflow complete" })),
  ];
}

function afterwards(state: WorkflowState): readonly ImmediateAction[] {
  const { target } = state.plan.base;
  const land: readonly ImmediateAction[] =
    target === null || state.landed !== undefined || state.plan.finish.per === "slot"
      ? []
      : [
          {
            action: `Land the result on ${target}`,
            agents: [],
            mode: "MANUAL",
            commands: [`signalbox land -w ${state.id}`],
          },
        ];
  const next = state.plan.workflow.next.map((action) => ({
    action,
    agents: [],
    mode: "MANUAL" as const,
    commands: [],
  }));
  return [...answers(state), ...land, ...next];
}

function recovery(state: WorkflowState): readonly ImmediateAction[] {
  const latest = latestCheckpoint(state);
  if (latest === undefined) return [];
  return [
    {
      action: `Return to ${latest.id} (${latest.recoveryPoint}) if the work is to go on`,
      agents: [],
      mode: "MANUAL",
      commands: [`signalbox rewind ${latest.id}`],
    },
  ];
}

function activity({ state }: Unit): string {
  const round = lastRound(state)?.round ?? 1;
  return `round ${round}, ${state.step}`;
}

function asks(state: WorkflowState, subject: string): boolean {
  return state.questions.some((question) => question.subject === subject);
}
