/** Drafts become planned deliverables: level, gate and inputs are filled in. Source: definition "Derivations". */
import type { RunSettings } from "../definition.ts";
import { artifactOf, type Draft, type Planning, runKeys } from "./draft.ts";
import { gateOf } from "./gates.ts";
import { inputsOf } from "./inputs.ts";
import type { Levels } from "./levels.ts";
import type { PlannedDeliverable } from "./plan.ts";
import { SYNTHESIZER_ROLE } from "./roster.ts";

/** The final synthesis, where the definition asks for one (domain §24). */
export function draftSynthesis(planning: Planning): readonly Draft[] {
  const { definition, context, layout, frames } = planning;
  if (!definition.finish.synthesis) return [];
  const folder = `${layout.folder}synthesis/`;
  return [
    {
      id: "synthesis",
      kind: "synthesis",
      stage: frames.length,
      pipeline: null,
      title: "Final synthesis",
      role: SYNTHESIZER_ROLE,
      brief: definition.goal === undefined ? [] : [definition.goal],
      makes: { kind: "file", type: "synthesis", path: `${folder}${context.id}-final-synthesis.md` },
      folder,
      reads: [],
      after: [],
      touches: [],
      declared: definition.criticality,
      loop: definition.loop,
      settings: context.resolveRun(runKeys(definition)),
    },
  ];
}

/** `drafts` is every draft of the plan in stage order, `levels` the level of each. */
export function planDeliverables(
  planning: Planning,
  drafts: readonly Draft[],
  levels: Levels,
  reviewed: boolean,
): readonly PlannedDeliverable[] {
  return drafts.map((draft) => {
    const level = levels.get(draft.id) ?? {
      declared: draft.declared,
      effective: draft.declared,
      escalations: [],
    };
    const alone =
      drafts.filter((other) => other.stage === draft.stage && other.pipeline === draft.pipeline).length === 1;
    const settings = withNeededDependencies(draft);
    return {
      id: draft.id,
      kind: draft.kind,
      stage: draft.stage,
      pipeline: draft.pipeline?.key ?? null,
      title: draft.title,
      role: draft.role,
      ...(draft.partner === undefined ? {} : { partner: draft.partner }),
      ...(draft.task === undefined ? {} : { task: draft.task }),
      ...(draft.priority === undefined ? {} : { priority: draft.priority }),
      brief: draft.brief,
      makes: draft.makes,
      folder: draft.folder,
      inputs: inputsOf(draft, drafts),
      after: draft.after,
      touches: draft.touches,
      criticality: level,
      gate: gateOf(planning, draft, { level: level.effective, reviewed, alone }),
      settings,
      byPerson: draft.role === "user",
      ...(draft.handoff === undefined ? {} : { handoff: draft.handoff }),
    };
  });
}

/** A document is written without the project's dependencies, unless its slot asks for them; checks on it may need them. */
function withNeededDependencies({ settings, makes, slot }: Draft): RunSettings {
  const { provision } = settings;
  const asked = slot?.provision?.dependencies !== undefined;
  if (makes.kind === "commit" || asked || provision.dependencies !== "auto") return settings;
  return { ...settings, provision: { ...provision, dependencies: "checks" } };
}

/** Errors that would make two deliverables one: ids that differ only in case, and shared files. */
export function checkUnique(planning: Planning, drafts: readonly Draft[]): void {
  for (const [index, draft] of drafts.entries()) {
    const before = drafts.slice(0, index);
    const { id, position } = draft;
    if (before.some((other) => other.id.toLowerCase() === id.toLowerCase())) {
      const message = `The id "${id}" is used twice; \`id:\` gives a slot another one.`;
      planning.notices.error({ code: "duplicate-id", subject: id, message, position });
    }
    const path = artifactOf(draft);
    const twin = before.find(
      (other) => path !== undefined && artifactOf(other)?.toLowerCase() === path.toLowerCase(),
    );
    if (twin !== undefined && twin.id.toLowerCase() !== id.toLowerCase()) {
      const message = `${twin.id} and ${id} would both write ${path}.`;
      planning.notices.error({ code: "duplicate-artifact", subject: id, message, position });
    }
  }
}
