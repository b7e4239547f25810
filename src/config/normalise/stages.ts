/** Stages of a well-formed definition as the core knows them. */
import type {
  BarrierDefinition,
  PhaseDefinition,
  SlotDefinition,
  SourcePosition,
  StageDefinition,
} from "../../core/definition.ts";
import { readDirections } from "../directions.ts";
import type { AuthoredPhase, AuthoredSlot, AuthoredStage } from "../schema/definition-schema.ts";
import { cleanPath } from "../schema/paths.ts";
import type { Path } from "../source/diagnostic.ts";
import { defined, listOf } from "./defined.ts";
import { normaliseRunKeys, pathsOf } from "./run-overrides.ts";
import { normaliseCriticality, normaliseLoop } from "./shared.ts";

/** What the stages need from the file beside their keys. */
export interface StageContext {
  readonly positionOf: (path: Path) => SourcePosition;
  /** Text of a `brief_file`, already read. */
  readonly fileAt: (path: Path) => string | undefined;
}

type AuthoredBarrier = Exclude<AuthoredStage, AuthoredPhase>;

/** Stages in the order in which they are written. */
export function normaliseStages(
  stages: readonly AuthoredStage[],
  context: StageContext,
): readonly StageDefinition[] {
  return stages.map((stage, index) =>
    isBarrier(stage)
      ? normaliseBarrier(stage, ["stages", index], context)
      : normalisePhase(stage, ["stages", index], context),
  );
}

function isBarrier(stage: AuthoredStage): stage is AuthoredBarrier {
  return Object.hasOwn(stage, "barrier");
}

function normalisePhase(phase: AuthoredPhase, path: Path, context: StageContext): PhaseDefinition {
  return {
    kind: "phase",
    name: phase.phase,
    slots: phase.slots.map((slot, index) => normaliseSlot(slot, [...path, "slots", index], context)),
    exit: listOf(phase.exit) ?? [],
    conditions: listOf(phase.gate) ?? [],
    deliverables: listOf(phase.deliverables) ?? [],
    sequential: phase.mode === "sequential",
    position: context.positionOf(path),
    ...defined({ checkpoint: phase.checkpoint?.trim() }),
    ...levelKeys(phase),
    ...normaliseRunKeys(phase),
  };
}

function normaliseBarrier(barrier: AuthoredBarrier, path: Path, context: StageContext): BarrierDefinition {
  const { directions } = readDirections(barrier, path);
  return {
    kind: "barrier",
    name: barrier.barrier,
    directions: directions.map(({ from, to, text }) => ({ from, to, text: text.trim() })),
    position: context.positionOf(path),
    ...defined({ strategies: listOf(barrier.strategies), threshold: barrier.threshold }),
    ...levelKeys(barrier),
    ...normaliseRunKeys(barrier),
  };
}

function normaliseSlot(slot: AuthoredSlot, path: Path, context: StageContext): SlotDefinition {
  const file = slot.brief_file === undefined ? undefined : context.fileAt([...path, "brief_file"]);
  return {
    role: listOf(slot.role) ?? (slot.makes === undefined || slot.makes === "commit" ? ["coder"] : []),
    brief: (listOf(slot.brief) ?? listOf(file) ?? []).map((part) => part.trim()),
    reads: pathsOf(slot.reads) ?? [],
    critics: listOf(slot.critics) ?? [],
    after: listOf(slot.after) ?? [],
    touches: pathsOf(slot.touches) ?? [],
    allow: listOf(slot.allow) ?? [],
    position: context.positionOf(path),
    ...defined({
      id: slot.id,
      in: slot.in,
      makes: slot.makes === undefined ? undefined : cleanPath(slot.makes),
      task: slot.task,
      title: slot.title,
      validator: slot.validator,
      crossCheck: slot.cross_check,
      priority: slot.priority,
    }),
    ...levelKeys(slot),
    ...normaliseRunKeys(slot),
  };
}

function levelKeys(level: Pick<AuthoredSlot, "criticality" | "loop">) {
  return defined({
    criticality: level.criticality === undefined ? undefined : normaliseCriticality(level.criticality),
    loop: level.loop === undefined ? undefined : normaliseLoop(level.loop),
  });
}
