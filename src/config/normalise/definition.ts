/** A well-formed definition as the core knows it: one shape for every spelling, nothing derived yet. */
import type { Definition, FinishDefinition, PipelineDefinition } from "../../core/definition.ts";
import type { InputValue } from "../inputs.ts";
import type { AuthoredDefinition } from "../schema/definition-schema.ts";
import type { Settings } from "../settings/settings.ts";
import { defined, listOf } from "./defined.ts";
import { normaliseRubric } from "./rubric.ts";
import { normaliseRunKeys } from "./run-overrides.ts";
import {
  LOOPS,
  normaliseCriticality,
  normaliseEscalate,
  normaliseLoop,
  normaliseMerge,
  normaliseRoles,
} from "./shared.ts";
import { normaliseStages, type StageContext } from "./stages.ts";

/** Whole pre, execute and post passes of a barrier after the first (domain §10). */
const BARRIER_RETRIES = 2;

/** What stands outside the definition's own keys: resolved inputs, files, configuration. */
export interface DefinitionContext extends StageContext {
  readonly slug: string;
  readonly inputs: Readonly<Record<string, InputValue>>;
  readonly charters: ReadonlyMap<string, string>;
  readonly settings: Settings;
}

/** Fills in the defaults of the format and what the configuration says where the author says nothing. */
export function normaliseDefinition(authored: AuthoredDefinition, context: DefinitionContext): Definition {
  const { settings } = context;
  const review = listOf(authored.review) ?? [];
  return {
    name: authored.workflow.trim(),
    slug: context.slug,
    criticality: normaliseCriticality(authored.criticality ?? "C1"),
    loop: authored.loop === undefined ? LOOPS.standard : normaliseLoop(authored.loop),
    rubric: normaliseRubric(authored.rubric),
    reviewPlan: review.includes("plan"),
    reviewPhases: review.includes("phase"),
    firstPhase: authored.first_phase ?? 1,
    pipelines: Object.entries(authored.pipelines ?? {}).map(
      ([key, pipeline]): PipelineDefinition => ({ key, ...defined(pipeline ?? {}) }),
    ),
    stages: normaliseStages(authored.stages, context),
    finish: normaliseFinish(authored.finish, settings),
    merge: { ...settings.merge, ...normaliseMerge(authored.merge) },
    risks: authored.risks ?? [],
    levels: authored.levels ?? [],
    facts: (authored.facts ?? []).map(({ title, rows }) => ({
      title,
      rows: rows.map((row) => row.map(String)),
    })),
    roles: { ...settings.roles, ...mergedRoles(authored, context) },
    escalate: {
      rules: settings.escalation.rules,
      auto: settings.escalation.auto,
      ...normaliseEscalate(authored.escalate),
    },
    inputs: context.inputs,
    maxBarrierRetries: BARRIER_RETRIES,
    checkpointFrequency: "PHASE",
    ...defined({
      id: authored.id,
      behind: authored.behind,
      project: authored.project ?? settings.project,
      goal: authored.goal?.trim(),
      parent: authored.parent,
      priorArt: authored.prior_art?.trim(),
      base: settings.forced.base ?? authored.base ?? settings.base,
      target: settings.forced.target ?? authored.target ?? settings.target,
    }),
    ...normaliseRunKeys(authored),
  };
}

/** A role that both declare takes the definition's keys over the configuration's. */
function mergedRoles(
  authored: AuthoredDefinition,
  { charters, settings }: DefinitionContext,
): Definition["roles"] {
  const own = normaliseRoles(authored.roles, charters);
  return Object.fromEntries(
    Object.entries(own).map(([name, role]) => [name, { ...settings.roles[name], ...role }]),
  );
}

function normaliseFinish(finish: AuthoredDefinition["finish"], settings: Settings): FinishDefinition {
  const per = finish?.per ?? settings.finish.per;
  return {
    ...settings.finish,
    ...defined({ merge: finish?.merge }),
    per,
    documents: finish?.documents ?? (per === "slot" ? "drop" : settings.finish.documents),
    approve: finish?.approve === "user",
    synthesis: finish?.synthesis ?? false,
    next: listOf(finish?.next) ?? [],
  };
}
