/** Criticality, strategies, rubric, bands and what the planner changed or found. Source: documents A1 §6, domain §8, §11. */

import { anyJudged } from "../../core/view/gates.ts";
import { stageCriticality } from "../../core/view/stages.ts";
import { type Unit, units } from "../../core/view/unit.ts";
import type { SectionSpec, Source } from "../section.ts";
import { levelName, range, shortNumber, stageLabel, strategyList, thresholdText } from "../text/format.ts";
import { blocks, bullets, cell, inline, table } from "../text/markdown.ts";

export const QUALITY: SectionSpec = {
  title: "Quality Framework",
  purpose: "Criticality, strategies, gate definitions",
  body: (source, sub) =>
    blocks(
      [sub("Criticality Assessment")],
      criticality(source),
      [sub("Required Adversarial Strategies")],
      strategies(source),
      [sub("Quality Gate Definitions")],
      ...(anyJudged(source.state)
        ? definitions(source)
        : [["Nothing is scored here: integrity and checks decide, and a person where there are none."]]),
      ...(source.state.plan.notices.length === 0 ? [] : [[sub("Notices of the Planner")], notices(source)]),
    ),
};

/** Flavour B has the rubric among its scoring criteria. */
function definitions(source: Source): readonly (readonly string[])[] {
  return source.state.plan.flavour === "A" ? [rubric(source), bands(source)] : [bands(source)];
}

function rubric({ state }: Source): readonly string[] {
  const rows = state.plan.rubric.map((one) => [
    cell(one.name),
    shortNumber(one.weight),
    cell(one.description ?? ""),
  ]);
  return table(["Dimension", "Weight", "Description"], rows);
}

/** Names of the ranges of a composite; only PASS ends the loop. */
function bands({ state }: Source): readonly string[] {
  const { threshold } = state.plan;
  const floor = Math.min(0.85, threshold);
  const revise =
    floor < threshold
      ? [
          [
            "REVISE",
            `>= ${shortNumber(floor)} and < ${shortNumber(threshold)}`,
            "Not accepted (H-13): targeted revision",
          ],
        ]
      : [];
  return table(
    ["Band", "Score Range", "Outcome"],
    [
      [
        "PASS",
        thresholdText(threshold),
        "Accepted, unless a CRITICAL finding is open or rounds are still due",
      ],
      ...revise,
      ["REJECTED", `< ${shortNumber(floor)}`, "Not accepted (H-13): significant rework"],
    ],
  );
}

function criticality({ state, missing }: Source): readonly string[] {
  const { workflow, stages } = state.plan;
  const raised = units(state).flatMap((one) =>
    one.state.escalations.map((rule) => [
      one.plan.id,
      levelName(one.state.criticality),
      cell(rule.condition),
      `${rule.rule}: ${rule.from} to ${rule.to}`,
    ]),
  );
  const rows = [
    ["Workflow", levelName(workflow.criticality), "Declared", missing],
    ...stages.map((stage) => [
      `${stageLabel(stage.id)} (${cell(stage.name)})`,
      levelName(stageCriticality(state, stage)),
      stage.kind === "phase" ? "Highest of its slots" : "Handoffs",
      missing,
    ]),
    ...raised,
  ];
  return table(["Component", "Criticality", "Rationale", "Auto-Escalation"], rows);
}

/** One row per set of strategies that is in use, with the deliverables that need it. */
function strategies({ state, missing }: Source): readonly string[] {
  const sets = new Map<string, Unit[]>();
  for (const one of units(state)) {
    const { strategies: set, loop } = one.plan.gate;
    const key = JSON.stringify([one.plan.stage, one.state.criticality, set, loop.min, loop.max]);
    sets.set(key, [...(sets.get(key) ?? []), one]);
  }
  const rows = [...sets.values()].map((members) => {
    const [first] = members;
    if (first === undefined) return [];
    const { strategies: set, loop } = first.plan.gate;
    return [
      cell(members.map(({ plan }) => plan.id).join(", ")),
      first.state.criticality,
      strategyList(set.required, missing),
      set.implied.map((one) => `${one.id} by ${one.rule}`).join(", ") || missing,
      strategyList(set.optional, missing),
      strategyList(set.leftOut, missing),
      range(loop.min, loop.max),
    ];
  });
  return table(["Deliverable", "Criticality", "Required", "Implied", "Optional", "Left Out", "Rounds"], rows);
}

function notices({ state }: Source): readonly string[] {
  return bullets(
    state.plan.notices.map((one) => `${one.level.toUpperCase()} ${one.code}: ${inline(one.message)}`),
  );
}
