/** Open actions now and later. Source: documents A2 §8, B2. */
import { type ImmediateAction, nextActions } from "../../core/view/next-actions.ts";
import { groups } from "../../core/view/queue.ts";
import { unitName } from "../../core/view/unit.ts";
import type { SectionSpec, Source } from "../section.ts";
import { range, thresholdText } from "../text/format.ts";
import { centre, frame, SINGLE, widest } from "../text/frame.ts";
import { blocks, code, fence, inline } from "../text/markdown.ts";

export const NEXT_ACTIONS: SectionSpec = {
  title: "Next Actions",
  purpose: "What can be done now and what follows",
  body: (source, sub) =>
    blocks([sub("Immediate")], immediate(source), [sub("Subsequent")], subsequent(source)),
};

export const NEXT_ACTIONS_WITH_GRAPH: SectionSpec = {
  ...NEXT_ACTIONS,
  body: (source, sub) =>
    blocks(
      [sub("Immediate (Priority Order)")],
      immediate(source),
      loopReminder(source),
      [sub("Subsequent")],
      subsequent(source),
      [sub("Dependency Graph")],
      fence(graph(source)),
    ),
};

function immediate({ state }: Source): readonly string[] {
  const actions = nextActions(state).immediate;
  if (actions.length === 0) return ["Nothing is open now."];
  return actions.flatMap((action, index) => [
    `${index + 1}. [ ] ${inline(action.action)}`,
    ...commands(action),
  ]);
}

function commands(action: ImmediateAction): readonly string[] {
  const described = action.description === undefined ? [] : [`   - ${inline(action.description)}`];
  return [...described, ...action.commands.map((command) => `   - ${code(command)}`)];
}

function subsequent({ state }: Source): readonly string[] {
  const { immediate: now, subsequent: later } = nextActions(state);
  if (later.length === 0) return ["Nothing follows."];
  return later.map(
    (action, index) =>
      `${now.length + index + 1}. [ ] ${inline(action.action)} (after: ${inline(action.dependsOn)})`,
  );
}

function loopReminder({ state }: Source): readonly string[] {
  const { loop, threshold } = state.plan;
  if (state.status !== "ACTIVE" || loop.profile === "none") return [];
  const findings = loop.findings === 0 ? "" : ` with at least ${loop.findings} findings`;
  return [
    `Every slot goes through the loop: the creator makes the artifact, the critic reviews it${findings}, the creator revises, ` +
      `the validator scores (${thresholdText(threshold)}); rounds ${range(loop.min, loop.max)}, then a person decides.`,
  ];
}

function graph({ state }: Source): readonly string[] {
  const labels = groups(state).map((group) => {
    const { plan } = group;
    const stage = state.plan.stages[plan.stage];
    if (plan.kind === "checkpoint") return [plan.checkpoint ?? plan.name, "(user approval)"];
    if (plan.kind === "gate")
      return [stage?.kind === "phase" ? stage.gateId : plan.name, `(${thresholdText(state.plan.threshold)})`];
    const names = state.plan.deliverables.filter((one) => plan.agents.includes(one.id)).map(unitName);
    const title = stage === undefined ? "SYNTHESIS" : stage.id.replace("-", " ").toUpperCase();
    return plan.kind === "barrier" ? [title, stage?.name ?? ""] : [title, names.join(" | ")];
  });
  const inner = Math.max(20, ...labels.map(widest));
  const boxes = labels.map((lines) =>
    frame(
      lines.map((line) => centre(line, inner)),
      SINGLE,
      inner,
    ),
  );
  const middle = " ".repeat(Math.floor(inner / 2) + 2);
  const start = state.plan.reviewPlan
    ? [centre("Plan approved by a person", inner + 4).trimEnd(), `${middle}│`, `${middle}▼`]
    : [];
  return [
    ...start,
    ...boxes.flatMap((box, index) => [...(index === 0 ? [] : [`${middle}│`, `${middle}▼`]), ...box]),
  ];
}
