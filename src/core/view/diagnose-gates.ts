/** V12, V13: nothing is complete without its artifact and its gate. Source: domain §23, promise P2. */
import type { WorkflowState } from "../workflow/state.ts";
import type { Diagnostic } from "./diagnostics.ts";
import { gateOf } from "./gates.ts";
import { barriers, barrierView } from "./stages.ts";
import { artifactPath, isDone, type Unit, units } from "./unit.ts";

/** Violations of completeness. */
export function checkGates(state: WorkflowState): readonly Diagnostic[] {
  const merged = units(state).filter((one) => one.state.step === "merged");
  return [...merged.flatMap((one) => mergedUnit(state, one)), ...completeBarriers(state)];
}

function mergedUnit(state: WorkflowState, one: Unit): readonly Diagnostic[] {
  const { plan, state: standing } = one;
  const gate = gateOf(state, one);
  const found: string[] = [];
  if (standing.approval === undefined) found.push("has no recorded approval");
  if (standing.approval !== undefined && standing.commit !== standing.approval.commit)
    found.push(
      `was approved at ${standing.approval.commit}, but its commit is ${standing.commit ?? "missing"}`,
    );
  if (artifactPath(plan) !== null && standing.artifact === undefined) found.push("has no artifact");
  if (gate.judged && gate.status === "PASS" && gate.score === null) found.push("passed without a score");
  if (gate.judged && gate.status === "PASS" && standing.rounds.length === 0)
    found.push("passed without a round");
  return found.map((what) => ({
    rule: "V12",
    level: "error",
    subject: plan.id,
    message: `${plan.id} is merged, but ${what}`,
  }));
}

function completeBarriers(state: WorkflowState): readonly Diagnostic[] {
  return barriers(state).flatMap((plan) => {
    const view = barrierView(state, plan);
    if (view.status !== "COMPLETE") return [];
    const open = view.directions.filter(({ status }) => !isDone(status));
    const empty = view.directions.filter(({ unit }) => (unit.plan.handoff?.keyContent ?? "") === "");
    return [
      ...open.map(({ unit, status }) => `${unit.plan.id} is ${status}`),
      ...empty.map(({ unit }) => `${unit.plan.id} has no key content`),
      ...(view.completedAt === null ? ["it has no time of completion"] : []),
    ].map((what) => ({
      rule: "V13",
      level: "error" as const,
      subject: plan.id,
      message: `${plan.id} is COMPLETE, but ${what}`,
    }));
  });
}
