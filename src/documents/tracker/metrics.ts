/** Execution, quality and session metrics. Source: documents A2 §6, B2; domain §15. */

import { reaches } from "../../core/quality/score.ts";
import { type Count, metrics } from "../../core/view/metrics.ts";
import type { SectionSpec, Source } from "../section.ts";
import {
  countText,
  duration,
  maybeScore,
  money,
  percentText,
  shortNumber,
  thresholdText,
} from "../text/format.ts";
import { blocks, cell, fence, table } from "../text/markdown.ts";

export const METRICS: SectionSpec = {
  title: "Metrics",
  purpose: "Execution, quality and cost",
  body: (source, sub) =>
    blocks(
      [sub("Execution Metrics")],
      execution(source),
      [sub("Quality Metrics")],
      quality(source),
      [sub("Session Metrics")],
      sessions(source),
    ),
};

export const TASK_METRICS: SectionSpec = {
  title: "Metrics",
  purpose: "Aggregate counts",
  body: (source) => blocks(fence(aggregate(source)), sessions(source)),
};

function execution({ state, missing }: Source): readonly string[] {
  const { phases, barriers, agents, artifacts } = metrics(state).execution;
  const row = (name: string, count: Count) => [
    name,
    countText(count),
    String(count.total),
    percentText(count.percent, missing),
  ];
  return table(
    ["Metric", "Value", "Target", "Status"],
    [
      row("Phases Complete", phases),
      row("Barriers Complete", barriers),
      row("Agents Executed", agents),
      row("Artifacts Created", artifacts),
    ],
  );
}

function quality({ state, missing }: Source): readonly string[] {
  const { quality: values } = metrics(state);
  const judge = (value: number | null, met: (value: number) => boolean) =>
    value === null ? missing : met(value) ? "MET" : "NOT MET";
  const gate = values.lowestGate === null ? "" : ` @ ${values.lowestGate}`;
  const scores =
    values.lowestScore === null
      ? missing
      : `average ${maybeScore(values.averageScore, missing)} / lowest ${maybeScore(values.lowestScore, missing)}${gate}`;
  return table(
    ["Metric", "Value", "Target", "Status"],
    [
      [
        "Agent Success Rate",
        percentText(values.agentSuccessRate, missing),
        "> 95%",
        judge(values.agentSuccessRate, (rate) => rate > 95),
      ],
      [
        "Barrier Validation Pass",
        percentText(values.barrierValidationPassRate, missing),
        "100%",
        judge(values.barrierValidationPassRate, (rate) => rate === 100),
      ],
      [
        "Quality Gate Scores",
        cell(scores),
        thresholdText(state.plan.threshold),
        judge(values.lowestScore, (score) => reaches(score, state.plan.threshold)),
      ],
      [
        "Gates",
        `${values.gatesPassed} passed, ${values.gatesWaived} waived, ${values.gatesFailed} escalated, ${values.gatesPending} open`,
        "none open",
        values.gatesPending + values.gatesFailed === 0 ? "MET" : missing,
      ],
      ["Rounds", String(values.totalIterations), missing, missing],
    ],
  );
}

function sessions({ state, missing }: Source): readonly string[] {
  const { sessions: used } = metrics(state);
  const limit = state.spend.usdLimit === undefined ? state.plan.settings.limits.usd : state.spend.usdLimit;
  return table(
    ["Sessions", "Retries", "Turns", "Agent Time", "Cost", "Limit"],
    [
      [
        String(used.sessions),
        String(used.retries),
        String(used.turns),
        duration(used.durationMs),
        money(used.usd, used.incomplete),
        limit === null ? missing : money(limit, false),
      ],
    ],
  );
}

function aggregate({ state, missing }: Source): readonly string[] {
  const { tasks, quality: values } = metrics(state);
  const line = (label: string, value: number | string) => `${`${label}:`.padEnd(26)}${value}`;
  return [
    "AGGREGATE METRICS",
    "=================",
    line("Tasks Total", tasks.total),
    line("Tasks Complete", tasks.complete),
    line("Tasks In Progress", tasks.inProgress),
    line("Tasks Blocked", tasks.blocked),
    line("Tasks Pending", tasks.pending),
    ...(tasks.failed === 0 ? [] : [line("Tasks Failed", tasks.failed)]),
    ...(tasks.skipped === 0 ? [] : [line("Tasks Skipped", tasks.skipped)]),
    "",
    line("Phases Total", tasks.phases.total),
    line("Phases Complete", tasks.phases.part),
    "",
    line("Quality Gates Total", tasks.qualityGates.total),
    line("Quality Gates Passed", tasks.qualityGates.part),
    "",
    line("Checkpoints Total", tasks.approvals.total),
    line("Checkpoints Approved", tasks.approvals.part),
    "",
    line("Adversarial Iterations", tasks.iterations),
    line("Escalations", tasks.escalations),
    line(
      "Average QG Score",
      values.averageScore === null ? missing : maybeScore(values.averageScore, missing),
    ),
    line("Quality Threshold", shortNumber(state.plan.threshold)),
  ];
}
