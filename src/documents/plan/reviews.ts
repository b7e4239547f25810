/** The review loop and its gates in flavour B. Source: documents B1 §4, §5; domain §9, §10. */
import { CRITIC_PATTERNS, patternName, patternStrategy } from "../../core/quality/strategies.ts";
import { expectedCheckpoints } from "../../core/view/checkpoints.ts";
import { anyJudged, phaseGateView } from "../../core/view/gates.ts";
import { phases } from "../../core/view/stages.ts";
import { unitName, units } from "../../core/view/unit.ts";
import { reviewPath } from "../paths.ts";
import type { SectionSpec, Source } from "../section.ts";
import { range, shortNumber, stageLabel, thresholdText } from "../text/format.ts";
import { frame, SINGLE } from "../text/frame.ts";
import { blocks, cell, codeCell, fence, inline, table } from "../text/markdown.ts";
import { boxRow, stack } from "./drawing.ts";

export const REVIEW_LOOP: SectionSpec = {
  title: "Adversarial Feedback Loop",
  purpose: "Mechanics of the rounds, critic patterns, limits",
  applies: ({ state }) => anyJudged(state),
  body: (source, sub) =>
    blocks(
      [sub("Loop Mechanics")],
      fence(mechanics(source)),
      ...(patterned(source)
        ? [[sub("Critic Patterns by Phase")], byPhase(source), [sub("Pattern Definitions")], definitions()]
        : []),
      [sub("Iteration Rules")],
      limits(source),
    ),
};

export const REVIEW_GATES: SectionSpec = {
  title: "Quality Gates and Checkpoints",
  purpose: "Scoring, gates by phase, approvals",
  body: (source, sub) =>
    blocks(
      [sub("Scoring Criteria")],
      scoring(source),
      ["Composite = sum of weight times score; the median of several samples counts per dimension."],
      [sub("Quality Gates by Phase")],
      gates(source),
      [sub("User Checkpoints")],
      checkpoints(source),
    ),
};

const TEXTS = {
  steelman: "Builds the strongest version of the proposal before it is attacked",
  strawman: "Names the weak versions that must be avoided",
  "devils-advocate": "Argues against the choice from first principles",
  "red-team": "Looks for weaknesses, blind spots and ways to fail",
  "blue-team": "Answers the attacks and hardens the proposal",
} as const;

function mechanics({ state }: Source): readonly string[] {
  const { loop, threshold } = state.plan;
  const step = (...lines: readonly string[]) => boxRow([frame(lines, SINGLE, 52)], 0);
  return stack([
    step("1. CREATE", "creator makes the artifact, reviews it (S-010)"),
    step("2. CHECK", "checks run on the committed work"),
    step(
      "3. CRITICISE",
      loop.findings === 0
        ? "critic applies the strategies in order"
        : `critic applies the patterns, >= ${loop.findings} findings`,
    ),
    step("4. SCORE", `reviewers score each dimension, ${thresholdText(threshold)} passes`),
    step(
      "PASS: merge",
      `below: back to 1 with the findings, rounds ${range(loop.min, loop.max)}`,
      "after the last round: a person decides",
    ),
  ]);
}

function patterned({ state }: Source): boolean {
  return state.plan.deliverables.some((one) => one.gate.patterns.length > 0);
}

function byPhase({ state, missing }: Source): readonly string[] {
  const rows = units(state)
    .filter(({ plan }) => plan.gate.judged)
    .map(({ plan }) => {
      const phase = phases(state).find((one) => one.index === plan.stage);
      const notice = state.plan.notices.find((one) => one.code === "H-16" && one.subject === plan.id);
      return [
        phase === undefined ? missing : String(phase.number),
        cell(unitName(plan)),
        plan.gate.patterns.map(patternName).join(", ") || missing,
        cell(
          notice?.message ?? (plan.gate.patterns.length === 0 ? "By criticality" : "Assigned by the author"),
        ),
      ];
    });
  return table(["Phase", "Task", "Critic Patterns", "Rationale"], rows);
}

function definitions(): readonly string[] {
  const rows = CRITIC_PATTERNS.map(({ pattern }) => [
    patternName(pattern),
    TEXTS[pattern],
    patternStrategy(pattern) ?? "none",
  ]);
  return table(["Pattern", "Description", "Strategy"], rows);
}

function limits({ state }: Source): readonly string[] {
  const { loop, threshold, settings } = state.plan;
  return table(
    ["Parameter", "Value", "Enforcement"],
    [
      ["Rounds", range(loop.min, loop.max), "After the last one a person decides"],
      [
        "Findings per critique",
        loop.findings === 0 ? "none asked" : `>= ${loop.findings}`,
        "A critique with fewer is not valid",
      ],
      ["Threshold", thresholdText(threshold), "Composite of the lowest reviewer"],
      [
        "Samples per reviewer",
        range(settings.judge.samples, settings.judge.maxSamples),
        "A pass needs a panel, a clear fail does not",
      ],
      ["Session retries", String(settings.limits.retries), "Then the slot has failed and a person decides"],
    ],
  );
}

function scoring({ state }: Source): readonly string[] {
  const rows = state.plan.rubric.map((one) => [
    cell(one.name),
    codeCell(one.key),
    shortNumber(one.weight),
    cell(one.description ?? ""),
  ]);
  return table(["Criterion", "Code", "Weight", "Description"], rows);
}

function gates({ state, missing }: Source): readonly string[] {
  const rows = phases(state).map((phase) => {
    const gate = phaseGateView(state, phase);
    const members = units(state).filter(({ plan }) => plan.stage === phase.index);
    const reviewers = [...new Set(members.flatMap(({ plan }) => plan.gate.reviewers.map((one) => one.role)))];
    const paths = members.flatMap(({ plan }) =>
      plan.gate.reviewers.map((one) => reviewPath(state, phase, plan, one)),
    );
    const condition = [
      `All slots ${thresholdText(state.plan.threshold)}`,
      ...phase.conditions.map(inline),
    ].join(" AND ");
    return [
      gate.id,
      String(phase.number),
      cell(reviewers.join(", ") || missing),
      cell(condition),
      paths.map(codeCell).join(", ") || missing,
      gate.status,
    ];
  });
  return table(["QG ID", "Phase", "Validator", "Pass Condition", "Location", "Status"], rows);
}

function checkpoints({ state, missing }: Source): readonly string[] {
  const rows = expectedCheckpoints(state).map(({ plan, approval, reached }) => {
    const stage = state.plan.stages[plan.position - 1];
    return [
      plan.id,
      stage === undefined ? missing : cell(`${stageLabel(stage.id)} (${stage.name})`),
      cell(plan.approval ?? plan.name),
      approval === null ? missing : "user",
      approval ?? (reached ? "reached" : "not reached"),
    ];
  });
  return table(["CP ID", "After Phase", "Purpose", "Approval By", "Status"], rows);
}
