/** Handoffs of barriers. Source: domain §2 (ids), §3 (paths), §7 (every ordered pair by default), design §11 no. 1. */
import type { DirectionDefinition } from "../definition.ts";
import { artifactOf, type BarrierFrame, type Draft, type Planning, runKeys, stageKeys } from "./draft.ts";
import { slugOf } from "./names.ts";
import { requirePipeline } from "./pipelines.ts";
import type { PlannedPipeline } from "./plan.ts";
import { SYNTHESIZER_ROLE } from "./roster.ts";

/** One draft per direction of every barrier. */
export function draftHandoffs(planning: Planning, slots: readonly Draft[]): readonly Draft[] {
  return planning.frames.flatMap((frame) => {
    if (frame.kind === "phase") return [];
    return directionsOf(planning, frame, slots).flatMap((direction) =>
      draftHandoff(planning, frame, direction, slots),
    );
  });
}

/** What `{pipeline}.phase.{n}` a barrier waits for: the newest phase of each pipeline that takes part (domain §4). */
export function barrierDependencies(
  planning: Planning,
  frame: BarrierFrame,
  drafts: readonly Draft[],
): readonly string[] {
  const handoffs = drafts.filter((draft) => draft.kind === "handoff" && draft.stage === frame.index);
  const keys = handoffs.flatMap((draft) => [draft.handoff?.from, draft.handoff?.to]);
  return planning.pipelines.flatMap((pipeline) => {
    const stage = keys.includes(pipeline.key) ? newestStage(drafts, pipeline, frame.index) : undefined;
    const phase = stage === undefined ? undefined : planning.frames[stage];
    return phase?.kind === "phase" ? [`${pipeline.id.replaceAll("-", "_")}.phase.${phase.number}`] : [];
  });
}

/** The newest stage before `before` in which the pipeline has slots. */
function newestStage(
  drafts: readonly Draft[],
  pipeline: PlannedPipeline,
  before: number,
): number | undefined {
  const stages = drafts
    .filter((draft) => draft.kind === "slot" && draft.pipeline?.key === pipeline.key && draft.stage < before)
    .map((draft) => draft.stage);
  return stages.length === 0 ? undefined : Math.max(...stages);
}

function directionsOf(
  planning: Planning,
  frame: BarrierFrame,
  slots: readonly Draft[],
): readonly DirectionDefinition[] {
  const { name, directions, position } = frame.definition;
  if (directions.length > 0) return directions;
  const before = slots.filter((slot) => slot.stage < frame.index).map((slot) => slot.stage);
  const stage = Math.max(-1, ...before);
  const present = planning.pipelines.filter((pipeline) =>
    slots.some((slot) => slot.stage === stage && slot.pipeline?.key === pipeline.key),
  );
  if (present.length < 2) {
    const message = `Barrier "${name}" joins the pipelines of the phase before it, which has ${present.length}; a handoff needs two.`;
    planning.notices.error({ code: "barrier", subject: frame.id, message, position });
  }
  return present.flatMap((from) =>
    present.filter((to) => to.key !== from.key).map((to) => ({ from: from.key, to: to.key, text: "" })),
  );
}

function draftHandoff(
  planning: Planning,
  frame: BarrierFrame,
  direction: DirectionDefinition,
  slots: readonly Draft[],
): readonly Draft[] {
  const { definition, context, layout, notices, pipelines } = planning;
  const report = (message: string) =>
    notices.error({ code: "barrier", subject: frame.id, message, position: frame.definition.position });
  const from = requirePipeline(pipelines, direction.from, report);
  const to = requirePipeline(pipelines, direction.to, report);
  if (from === undefined || to === undefined) return [];
  if (direction.from === direction.to) report(`${frame.id} hands over from ${direction.from} to itself.`);
  const stage = newestStage(slots, from, frame.index);
  if (stage === undefined) report(`${frame.id} hands over from ${from.key}, which has no phase before it.`);
  const sources = slots.filter((slot) => slot.stage === stage && slot.pipeline?.key === from.key);
  const folder = `${layout.folder}cross-pollination/${frame.id}/${from.alias}-to-${to.alias}/`;
  const [source, target] = [keyOf(from), keyOf(to)];
  const own = frame.definition;
  return [
    {
      id: `${frame.id}.${source}-to-${target}`,
      kind: "handoff",
      stage: frame.index,
      pipeline: from,
      title: `Handoff ${source}-->${target}`,
      role: SYNTHESIZER_ROLE,
      brief: direction.text === "" ? [] : [direction.text],
      makes: { kind: "file", type: "handoff", path: `${folder}handoff.md` },
      folder,
      reads: [],
      after: [],
      touches: [],
      declared: own.criticality ?? definition.criticality,
      loop: own.loop ?? definition.loop,
      settings: context.resolveRun(runKeys(definition), stageKeys(own)),
      handoff: {
        barrier: frame.id,
        from: from.key,
        to: to.key,
        fromAlias: from.alias,
        toAlias: to.alias,
        directionKey: `${source}_to_${target}`.replaceAll("-", "_"),
        keyContent: direction.text,
        sources: sources.flatMap((slot) => artifactOf(slot) ?? []),
      },
      position: own.position,
    },
  ];
}

/** A pipeline's key as it stands in ids and direction keys. */
function keyOf(pipeline: PlannedPipeline): string {
  return slugOf(pipeline.key) || pipeline.letter;
}
