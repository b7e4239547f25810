/** V1, V5, V7, V8, V9, V16, V17, V18: what the plan itself must fulfil. Source: domain §23. */

import type { PlannedDeliverable } from "../plan/plan.ts";
import { weightsSumToOne } from "../quality/rubric.ts";
import { reaches } from "../quality/score.ts";
import type { WorkflowState } from "../workflow/state.ts";
import type { Diagnostic } from "./diagnostics.ts";

/** Violations inside the plan. */
export function checkPlan(state: WorkflowState): readonly Diagnostic[] {
  return [
    ...nesting(state),
    ...relativePaths(state),
    ...uniqueIds(state),
    ...references(state),
    ...ordered(state),
    ...state.plan.deliverables.flatMap(gateSettings),
  ];
}

function nesting({ plan }: WorkflowState): readonly Diagnostic[] {
  const depth: number = plan.constraints.maxAgentNesting;
  return depth === 1 ? [] : [error("V1", plan.workflow.id, `agents may nest ${depth} deep instead of 1`)];
}

function relativePaths({ plan }: WorkflowState): readonly Diagnostic[] {
  const { folder, stateFile, planFile, trackerFile } = plan.layout;
  const files = plan.deliverables.flatMap((one) => (one.makes.kind === "file" ? [one.makes.path] : []));
  return [folder, stateFile, planFile, trackerFile, ...files]
    .filter((path) => path.startsWith("/") || /^[A-Za-z]:/.test(path) || path.split("/").includes(".."))
    .map((path) => error("V5", path, `${path} is not relative to the repository`));
}

function uniqueIds({ plan }: WorkflowState): readonly Diagnostic[] {
  const lists = {
    deliverable: plan.deliverables.map((one) => one.id),
    stage: plan.stages.map((one) => one.id),
    checkpoint: plan.checkpoints.map((one) => one.id),
    group: plan.groups.map((one) => one.id),
    alias: plan.pipelines.map((one) => one.alias),
  };
  return Object.entries(lists).flatMap(([kind, ids]) =>
    ids
      .filter((id, index) => ids.indexOf(id) !== index)
      .map((id) => error("V7", id, `${kind} ${id} occurs twice`)),
  );
}

function references({ plan }: WorkflowState): readonly Diagnostic[] {
  const ids = new Set(plan.deliverables.map((one) => one.id));
  const checkpoints = new Set(plan.checkpoints.map((one) => one.id));
  const used = [
    ...plan.groups.flatMap((group) => group.agents.map((id) => ({ by: `group ${group.id}`, id }))),
    ...plan.deliverables.flatMap((one) => one.after.map((id) => ({ by: one.id, id }))),
    ...plan.stages.flatMap((stage) =>
      (stage.kind === "phase" ? stage.slots : stage.handoffs).map((id) => ({ by: stage.id, id })),
    ),
  ];
  const missing = used.filter(({ id }) => !ids.has(id));
  const points = plan.groups.flatMap((group) => (group.checkpoint === undefined ? [] : [group.checkpoint]));
  return [
    ...missing.map(({ by, id }) => error("V8", by, `${by} names ${id}, which is not in the plan`)),
    ...points
      .filter((id) => !checkpoints.has(id))
      .map((id) => error("V8", id, `the queue names ${id}, which is not in the plan`)),
  ];
}

function ordered({ plan }: WorkflowState): readonly Diagnostic[] {
  const stageOf = new Map(plan.deliverables.map((one) => [one.id, one.stage]));
  const positions = new Map(plan.deliverables.map((one, index) => [one.id, index]));
  return plan.deliverables.flatMap((one) =>
    one.after
      .filter(
        (id) =>
          (stageOf.get(id) ?? -1) > one.stage || (positions.get(id) ?? -1) >= (positions.get(one.id) ?? 0),
      )
      .map((id) => error("V9", one.id, `${one.id} waits for ${id}, which comes later`)),
  );
}

function gateSettings(one: PlannedDeliverable): readonly Diagnostic[] {
  const { gate } = one;
  const found: Diagnostic[] = [];
  const steelman = gate.strategies.order.indexOf("S-003");
  const advocate = gate.strategies.order.indexOf("S-002");
  if (advocate >= 0 && (steelman < 0 || steelman > advocate))
    found.push(error("V16", one.id, `${one.id} runs S-002 without S-003 before it (H-16)`));
  if (gate.judged && gate.strategies.order.at(-1) !== "S-014")
    found.push(error("V16", one.id, `${one.id} is judged, but S-014 is not its last strategy`));
  if (!weightsSumToOne(gate.rubric))
    found.push(error("V17", one.id, `the rubric of ${one.id} does not sum to 1`));
  if (!(gate.threshold > 0) || !reaches(1, gate.threshold))
    found.push(error("V17", one.id, `the threshold ${gate.threshold} of ${one.id} is not in (0,1]`));
  if (gate.loop.min > gate.loop.max)
    found.push(
      error("V17", one.id, `${one.id} has at least ${gate.loop.min} and at most ${gate.loop.max} rounds`),
    );
  return [...found, ...independence(one)];
}

function independence(one: PlannedDeliverable): readonly Diagnostic[] {
  const creators = [one.role, one.partner];
  return one.gate.reviewers
    .filter((reviewer) => creators.includes(reviewer.role))
    .map((reviewer) => ({
      rule: "V18",
      level: "warning" as const,
      subject: one.id,
      message: `${reviewer.role} creates ${one.id} and scores it`,
    }));
}

function error(rule: string, subject: string, message: string): Diagnostic {
  return { rule, level: "error", subject, message };
}
