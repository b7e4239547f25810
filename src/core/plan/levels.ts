/** Criticality of every deliverable. Source: domain §11 (AE rules; per slot; never falling along a handoff chain). */
import { applyEscalation, higherLevel, isHigher } from "../quality/criticality.ts";
import type { Criticality } from "../vocabulary.ts";
import { artifactOf, type Draft, type Planning } from "./draft.ts";
import { inputDrafts } from "./inputs.ts";
import type { PlannedCriticality } from "./plan.ts";

export type Levels = ReadonlyMap<string, PlannedCriticality>;

/** Level of each deliverable by id; drafts must come in stage order. */
export function levelsOf(planning: Planning, drafts: readonly Draft[]): Levels {
  const levels = new Map<string, PlannedCriticality>();
  for (const draft of drafts) levels.set(draft.id, levelOf(planning, draft, drafts, levels));
  return levels;
}

/** The highest effective level of the given deliverables and of `floor`. */
export function highestLevel(levels: Levels, ids: readonly string[], floor: Criticality): Criticality {
  return ids.reduce<Criticality>(
    (level, id) => higherLevel(level, levels.get(id)?.effective ?? floor),
    floor,
  );
}

function levelOf(
  planning: Planning,
  draft: Draft,
  drafts: readonly Draft[],
  levels: Levels,
): PlannedCriticality {
  if (draft.kind === "slot") return slotLevel(planning, draft);
  if (draft.kind === "synthesis")
    return { declared: draft.declared, effective: draft.declared, escalations: [] };
  const carried = inputDrafts(draft, drafts)
    .map((source) => carriedLevel(source, drafts, levels))
    .reduce(higherLevel, draft.declared);
  if (isHigher(carried, draft.declared)) {
    const message = `${draft.id} runs at ${carried} like the work it hands over: a level never falls along a chain.`;
    planning.notices.info({ code: "handoff-level", subject: draft.id, message, position: draft.position });
  }
  return { declared: carried, effective: carried, escalations: [] };
}

/**
 * A slot's rise is a rule's doing and asks a person; a handoff's is only the consequence of its sources. What lies in
 * the slot's own folder is named by ids and types, which say nothing about what is touched: `makes` speaks for it.
 */
function slotLevel(planning: Planning, draft: Draft): PlannedCriticality {
  const rules = planning.definition.escalate.rules ?? planning.context.escalationRules;
  const path = artifactOf(draft);
  const makes = draft.makes.kind === "file" ? { makes: draft.makes.type } : {};
  const placed = path !== undefined && !path.startsWith(draft.folder);
  const paths = placed ? [...draft.touches, path] : draft.touches;
  const baselined = paths.filter((one) => planning.context.isBaselined?.(one) === true);
  const { level, escalated } = applyEscalation(rules, { ...makes, paths, baselined }, draft.declared);
  return { declared: draft.declared, effective: level, escalations: escalated };
}

/** The level of a slot's work together with what it was handed. */
function carriedLevel(source: Draft, drafts: readonly Draft[], levels: Levels): Criticality {
  const received = inputDrafts(source, drafts).filter((input) => input.kind === "handoff");
  const own = levels.get(source.id)?.effective ?? source.declared;
  return received.reduce<Criticality>(
    (level, input) => higherLevel(level, levels.get(input.id)?.effective ?? level),
    own,
  );
}
