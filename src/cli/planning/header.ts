/** What `run` and `plan` say before anything starts: who pays, how many agents, what it can cost, what is not in the base. */
import type { Plan } from "../../core/plan/plan.ts";
import type { Style } from "../output/style.ts";
import { countText, moneyText } from "../output/units.ts";
import type { Payer } from "./payer.ts";

export interface HeaderFacts {
  readonly plan: Plan;
  readonly payer: Payer;
  /** Uncommitted paths, most telling first. */
  readonly dirty: readonly string[];
  /** They are part of the base. */
  readonly isSnapshot: boolean;
  /** The checks are those of an earlier answer in this repository. */
  readonly checksRemembered: boolean;
  /** How to get a check where there is none, half a sentence. */
  readonly checksHint: string;
  /** Room on the disk that it needs and that there is. */
  readonly space?: string;
  /** How far the base is behind its upstream; null where it is not. */
  readonly behind?: string | null;
  /** What happens to files with secrets; null where there are none. */
  readonly files?: string | null;
}

export function headerLines(facts: HeaderFacts, style: Style): readonly string[] {
  const { plan, payer } = facts;
  const rows: readonly (readonly [string, string])[] = [
    ["pays", payer.text],
    ["work", workText(plan)],
    ["agents", agentsText(plan)],
    ["checks", checksText(facts)],
    ["cost", costText(plan, payer)],
    ["base", baseText(facts)],
    ...leftOutRow(facts),
    ...(facts.space === undefined ? [] : [["space", facts.space] as const]),
    ...(facts.files == null ? [] : [["files", facts.files] as const]),
    ...(isConfined(plan) ? [["sandbox", "bubblewrap"] as const] : []),
    ...approvalsRow(plan),
  ];
  return [
    `${style.bold(plan.workflow.name)}  ${style.dim(plan.workflow.id)}`,
    ...rows.map(([name, text]) => `  ${style.dim(name.padEnd(8))}  ${text}`),
  ];
}

/** True where an agent of the plan is to be confined by the system. */
export function isConfined({ deliverables }: Plan): boolean {
  return deliverables.some(({ byPerson, settings }) => !byPerson && settings.sandbox === "bubblewrap");
}

function workText(plan: Plan): string {
  const { totals, deliverables } = plan;
  const isList = plan.finish.per === "slot" && totals.phases === 1 && totals.barriers === 0;
  const each = deliverables.length === 1 ? "" : "each ";
  if (isList) return `${countText(deliverables.length, "task")}, ${each}on a branch of its own`;
  return [
    countText(plan.stages.filter(({ kind }) => kind === "phase").length, "phase"),
    ...(totals.barriers > 0 ? [countText(totals.barriers, "barrier")] : []),
    countText(deliverables.length, "deliverable"),
    ...(totals.checkpoints > 0 ? [countText(totals.checkpoints, "checkpoint")] : []),
  ].join(", ");
}

/** `npm test`, with where it comes from when nobody wrote it down; without checks what that means. */
function checksText({ plan, checksRemembered, checksHint }: HeaderFacts): string {
  const commands = [...new Set(plan.deliverables.flatMap(({ gate }) => gate.checks.map(({ run }) => run)))];
  if (commands.length > 0)
    return `${commands.join(", ")}${checksRemembered ? " (as answered here before; --check says otherwise)" : ""}`;
  return isUnverified(plan)
    ? `none, so every result is UNVERIFIED and waits for a person; ${checksHint}`
    : "none";
}

/** True where work is neither checked nor judged. */
export function isUnverified(plan: Plan): boolean {
  return plan.deliverables.some(
    ({ gate, byPerson }) => !byPerson && !gate.judged && gate.checks.length === 0,
  );
}

function baseText({ plan, isSnapshot, dirty, behind }: HeaderFacts): string {
  const { base, finish } = plan;
  const snapshot = isSnapshot ? `, with a snapshot of ${countText(dirty.length, "uncommitted file")}` : "";
  const lands = finish.merge === "none" || base.target === null ? "" : `, lands on ${base.target}`;
  const late = behind == null ? "" : `, ${behind}`;
  return `${base.branch ?? "detached"} at ${base.commit.slice(0, 8)}${late}${snapshot}${lands}`;
}

/** `4 uncommitted files are not in the base (a, b, c and 1 more); --include-dirty takes a snapshot of them` */
function leftOutRow({ dirty, isSnapshot }: HeaderFacts): readonly (readonly [string, string])[] {
  if (isSnapshot || dirty.length === 0) return [];
  const named = `${dirty.slice(0, 3).join(", ")}${dirty.length > 3 ? ` and ${dirty.length - 3} more` : ""}`;
  const are = `${countText(dirty.length, "uncommitted file")} ${dirty.length === 1 ? "is" : "are"} not in the base`;
  const them = dirty.length === 1 ? "it" : "them";
  return [["left out", `${are} (${named}); --include-dirty takes a snapshot of ${them}`]];
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
