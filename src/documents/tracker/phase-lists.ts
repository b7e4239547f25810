/** Lists below a phase that both flavours print: checks, superseded work, declared deliverables. */
import type { PlannedPhase } from "../../core/plan/plan.ts";
import { decisiveRound, phaseGateView } from "../../core/view/gates.ts";
import { type Unit, unitName } from "../../core/view/unit.ts";
import { lastRound } from "../../core/workflow/queries.ts";
import type { Source } from "../section.ts";
import { box, code, inline } from "../text/markdown.ts";

/** `**Title:**` and its items; nothing without items. */
export function titled(title: string, items: readonly string[]): readonly string[] {
  return items.length === 0 ? [] : [`**${title}:**`, "", ...items];
}

/** Checks of the round that counts: `npm test passed, lint failed (red on the base too)`; null where none ran. */
export function checkText(one: Unit): string | null {
  const checks = (decisiveRound(one) ?? lastRound(one.state))?.checks ?? [];
  if (checks.length === 0) return null;
  const results = checks.map((check) => {
    const base = check.redAtBase ? " (red on the base too)" : "";
    return `${inline(check.name)} ${check.passed ? "passed" : `failed${base}`}`;
  });
  return results.join(", ");
}

/** Work that a rewind left behind: `agent-a-001, epoch 1: <commit>:<path>`. */
export function supersededItems(units: readonly Unit[]): readonly string[] {
  return units.flatMap(({ plan, state }) =>
    state.superseded.map(({ epoch, ref }) => `${unitName(plan)}, epoch ${epoch}: ${code(ref)}`),
  );
}

/** A deliverable is ticked only where a reviewer or a person recorded it as met. */
export function deliverableBoxes({ state }: Source, phase: PlannedPhase): readonly string[] {
  const met = phaseGateView(state, phase)
    .criteria.filter((one) => one.met)
    .map((one) => one.criterion);
  return phase.deliverables.map((deliverable) => box(met.includes(deliverable), inline(deliverable)));
}
