/** What `run` and `plan` say before anything starts: who pays, how many agents, what it can cost, what is not in the base. */
import type { Plan } from "../../core/plan/plan.ts";
import type { Style } from "../output/style.ts";
import { countText, moneyText } from "../output/units.ts";
import type { Payer } from "./payer.ts";

export interface HeaderFacts {
  readonly plan: Plan;
  readonly payer: Payer;
  /** Uncommitted paths that are left out. */
  readonly leftOut: readonly string[];
}

export function headerLines({ plan, payer, leftOut }: HeaderFacts, style: Style): readonly string[] {
  const { base, workflow, totals } = plan;
  const rows: readonly (readonly [string, string])[] = [
    ["pays", payer.text],
    [
      "work",
      `${countText(totals.phases, "phase")}${totals.barriers > 0 ? `, ${countText(totals.barriers, "barrier")}` : ""}, ${countText(plan.deliverables.length, "deliverable")}${totals.checkpoints > 0 ? `, ${countText(totals.checkpoints, "checkpoint")}` : ""}`,
    ],
    ["agents", agentsText(plan)],
    ["cost", costText(plan, payer)],
    [
      "base",
      `${base.branch ?? "detached"} at ${base.commit.slice(0, 8)}${plan.finish.merge === "none" || base.target === null ? "" : `, lands on ${base.target}`}`,
    ],
    ...(leftOut.length === 0
      ? []
      : [
          [
            "left out",
            `uncommitted: ${leftOut.slice(0, 4).join(", ")}${leftOut.length > 4 ? ` and ${leftOut.length - 4} more` : ""}`,
          ] as const,
        ]),
    ...approvalsRow(plan),
  ];
  return [
    `${style.bold(workflow.name)}  ${style.dim(workflow.id)}`,
    ...rows.map(([name, text]) => `  ${style.dim(name.padEnd(8))}  ${text}`),
  ];
}

/** `5 to 21 agent runs and 9 to 189 judge calls, 3 at a time` */
export function agentsText(plan: Plan): string {
  const { agentRuns, judgeCalls } = plan.forecast;
  const judged = judgeCalls.max === 0 ? "" : ` and ${rangeText(judgeCalls)} judge calls`;
  return `${rangeText(agentRuns)} agent runs${judged}, ${plan.settings.limits.parallel} at a time`;
}

/** The hard limits that stop it (P5). */
function costText(plan: Plan, payer: Payer): string {
  if (!payer.costs) return "nothing; amounts that are shown are counted, not billed";
  const { usd, sessions } = plan.settings.limits;
  const money = usd === null ? "no money limit" : `stops and asks at ${moneyText(usd)}`;
  return sessions === null ? money : `${money}, at most ${countText(sessions, "session")}`;
}

function approvalsRow(plan: Plan): readonly (readonly [string, string])[] {
  const approvals = plan.checkpoints
    .filter((checkpoint) => checkpoint.approval !== undefined)
    .map((checkpoint) => checkpoint.id);
  const all = [
    ...(plan.reviewPlan ? ["plan"] : []),
    ...approvals,
    ...(plan.finish.approve ? ["finish"] : []),
  ];
  return all.length === 0 ? [] : [["asks", all.join(", ")]];
}

function rangeText({ min, max }: { readonly min: number; readonly max: number }): string {
  return min === max ? String(min) : `${min} to ${max}`;
}
