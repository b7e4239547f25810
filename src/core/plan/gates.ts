/**
 * The gate of every deliverable: whether it is judged, by whom, with which strategies and in how many rounds.
 * Source: domain §8 (strategies), §9 (review loop, independence), §10 (rounds); design §7.
 */
import type { Loop } from "../definition.ts";
import { isHigher } from "../quality/criticality.ts";
import { effectiveStrategies, orderPatterns } from "../quality/strategies.ts";
import type { Criticality } from "../vocabulary.ts";
import type { Draft, Planning, StageFrame } from "./draft.ts";
import type { PlannedGate } from "./plan.ts";
import { criticFor, validatorsFor } from "./roster.ts";

/** Lowest composite that passes where nobody says otherwise (domain §8.2). */
export const DEFAULT_THRESHOLD = 0.92;

/** The synthesis has a set of its own (domain §24). */
const SYNTHESIS_STRATEGIES = ["S-010", "S-003", "S-013", "S-014"] as const;

export interface GateSetting {
  /** Effective level of the deliverable. */
  readonly level: Criticality;
  /** Phases have gates named `QG-n` (flavour B). */
  readonly reviewed: boolean;
  /** The only slot of its pipeline in its phase; several would share the gate id of the pipeline. */
  readonly alone: boolean;
}

/** The gate of a draft. */
export function gateOf(planning: Planning, draft: Draft, setting: GateSetting): PlannedGate {
  const { level } = setting;
  const frame = planning.frames[draft.stage];
  const judged = isJudged(planning, draft, level);
  const { patterns } = orderPatterns(judged ? (draft.slot?.critics ?? []) : []);
  const declared = declaredStrategies(draft, frame);
  const loop = loopAt(draft.loop, level);
  return {
    id: gateId(draft, frame, setting),
    threshold:
      (frame?.kind === "barrier" ? frame.definition.threshold : undefined) ??
      loop.threshold ??
      DEFAULT_THRESHOLD,
    rubric: planning.definition.rubric,
    loop,
    judged,
    strategies: effectiveStrategies({
      level,
      judged,
      patterns,
      ...(declared === undefined ? {} : { declared }),
    }),
    patterns,
    critic: judged && (draft.loop.profile !== "none" || patterns.length > 0) ? criticOf(draft) : null,
    reviewers: judged ? reviewersOf(draft) : [],
    criteria: frame?.kind === "phase" ? [...frame.definition.exit, ...frame.definition.conditions] : [],
    checks: checksOf(draft, frame),
  };
}

/** Roles that make the deliverable; none of them may score it (V18). */
export function creatorsOf(draft: Pick<Draft, "role" | "partner">): readonly string[] {
  return draft.partner === undefined ? [draft.role] : [draft.role, draft.partner];
}

/** The strategies that the author (or, for the synthesis, the specification) chose instead of the level's. */
function declaredStrategies(
  draft: Draft,
  frame: StageFrame | undefined,
): PlannedGate["strategies"]["order"] | undefined {
  if (draft.kind === "synthesis") return SYNTHESIS_STRATEGIES;
  return frame?.kind === "barrier" ? frame.definition.strategies : undefined;
}

/** Critics and judges are paid for only from C2 on, or where somebody asked. */
function isJudged(planning: Planning, draft: Draft, level: Criticality): boolean {
  if (isHigher(level, "C1") || planning.context.judge === true) return true;
  const { slot } = draft;
  if (slot !== undefined)
    return slot.critics.length > 0 || slot.validator !== undefined || slot.crossCheck !== undefined;
  const frame = planning.frames[draft.stage];
  return frame?.kind === "barrier" && frame.definition.strategies !== undefined;
}

/** At C1 nothing has to be hardened: the first passing round is the last (domain §10). */
function loopAt(loop: Loop, level: Criticality): Loop {
  return level === "C1" && loop.min > 1 ? { ...loop, min: 1 } : loop;
}

function criticOf(draft: Draft): string {
  const creators = creatorsOf(draft);
  const wanted = draft.loop.critic;
  return wanted === undefined || creators.includes(wanted) ? criticFor(creators) : wanted;
}

function reviewersOf(draft: Draft): PlannedGate["reviewers"] {
  const creators = creatorsOf(draft);
  const scorer =
    draft.loop.scorer !== undefined && !creators.includes(draft.loop.scorer) ? draft.loop.scorer : undefined;
  const usual = validatorsFor(draft.pipeline?.skill ?? null, creators)[0] ?? "adv-scorer";
  const validator = draft.slot?.validator ?? scorer ?? usual;
  const cross = draft.slot?.crossCheck;
  if (cross === undefined || cross === validator) return [{ role: validator, kind: "validator" }];
  return [
    { role: validator, kind: "validator" },
    { role: cross, kind: "cross-check" },
  ];
}

/** Commands prove nothing about a handoff or a synthesis, unless the author put them on the barrier itself. */
function checksOf(draft: Draft, frame: StageFrame | undefined): PlannedGate["checks"] {
  if (draft.kind === "slot") return draft.settings.checks;
  return frame?.kind === "barrier" && frame.definition.checks !== undefined ? draft.settings.checks : [];
}

function gateId(draft: Draft, frame: StageFrame | undefined, { reviewed, alone }: GateSetting): string {
  if (frame === undefined || draft.kind === "synthesis") return draft.id;
  if (draft.handoff !== undefined) return `${frame.id}/${draft.handoff.directionKey}`;
  if (reviewed) return `QG-${frame.number}/${draft.id}`;
  const alias = draft.pipeline?.alias ?? draft.id;
  return alone ? `${frame.id}/${alias}` : `${frame.id}/${alias}/${draft.id}`;
}
