/** What the tracker says about a barrier. Source: documents A2 §2, domain §7. */
import type { PlannedBarrier } from "../../core/plan/plan.ts";
import { type BarrierView, barrierView, type DirectionView } from "../../core/view/stages.ts";
import type { ProtocolCheck } from "../../core/workflow/stage-state.ts";
import { artifactCell, artifactText, directionName } from "../names.ts";
import type { Source, SubHeading } from "../section.ts";
import { range, scoreText, strategyList, thresholdText } from "../text/format.ts";
import { blocks, box, bullets, cell, code, inline, table } from "../text/markdown.ts";
import { verdictText } from "./slot-entry.ts";

/** Heading, directions, gate, protocol checks, artifacts. */
export function barrierEntry(source: Source, plan: PlannedBarrier, sub: SubHeading): readonly string[] {
  const view = barrierView(source.state, plan);
  const label = `Barrier ${plan.number}`;
  const list = (title: string, items: readonly string[]) =>
    items.length === 0 ? [] : [`**${label} ${title}:**`, "", ...items];
  return blocks(
    [sub(`BARRIER ${plan.number} - ${inline(plan.name)} - ${view.shown}`)],
    directionRows(view, source),
    list("Quality Gate", bullets(gateBullets(view, source))),
    list("Pre-Checks", view.preChecks.map(checkLine)),
    list("Post-Checks", view.postChecks.map(checkLine)),
    list(
      "Artifacts",
      view.directions.map(({ unit }) => box(unit.state.step === "merged", code(artifactText(unit)))),
    ),
  );
}

function directionRows(view: BarrierView, { missing }: Source): readonly string[] {
  const rows = view.directions.map(({ unit, status }) => [
    cell(directionName(unit.plan)),
    artifactCell(unit, missing),
    status,
    cell(unit.plan.handoff?.keyContent || missing),
  ]);
  return table(["Direction", "Artifact", "Status", "Key Content"], rows);
}

function gateBullets(view: BarrierView, source: Source): readonly string[] {
  const { missing, state } = source;
  const [first] = view.directions;
  if (first === undefined) return [];
  const { strategies } = first.unit.plan.gate;
  const left =
    strategies.leftOut.length === 0
      ? []
      : [`Left out by the author: ${strategyList(strategies.leftOut, missing)}`];
  return [
    `Threshold: ${thresholdText(view.threshold)} weighted composite (S-014), each direction by itself`,
    `Strategies: ${strategyList(strategies.order, missing)}`,
    ...left,
    ...view.directions.map((direction) => directionLine(direction, source)),
    `Attempts: ${view.retryCount + (view.startedAt === null ? 0 : 1)} of ${state.plan.constraints.maxBarrierRetries + 1}`,
  ];
}

function directionLine({ unit, gate }: DirectionView, { missing }: Source): string {
  const rounds = `${gate.round} of ${range(gate.minRounds, gate.maxRounds)}`;
  return `${directionName(unit.plan)}: score ${scoreText(gate, missing)}, rounds ${rounds}, verdict ${verdictText(gate, missing)}`;
}

function checkLine(check: ProtocolCheck): string {
  return box(
    check.passed,
    check.detail === "" ? inline(check.name) : `${inline(check.name)}: ${inline(check.detail)}`,
  );
}
