/**
 * What the rules need from a definition, read leniently, so that every rule also works on a file with mistakes in it:
 * what has the wrong type is simply not there, and the schema reports it.
 */
import type { Path } from "./source/diagnostic.ts";
import { asList, asMap, asText, own, type PlainMap, type TextAt, textsAt } from "./source/plain.ts";

/** A definition reduced to what rules compare. */
export interface Outline {
  readonly root: PlainMap;
  readonly pipelines: readonly PipelineOutline[];
  readonly stages: readonly StageOutline[];
}

/** A declared pipeline; the key is always there. */
export interface PipelineOutline {
  readonly key: string;
  readonly alias?: string;
  readonly skill?: string;
}

/** A stage; one without `phase` and `barrier` counts as a phase. */
export type StageOutline = PhaseOutline | BarrierOutline;

/** A phase with those of its slots that are mappings. */
export interface PhaseOutline {
  readonly kind: "phase";
  readonly map: PlainMap;
  readonly path: Path;
  readonly sequential: boolean;
  readonly slots: readonly SlotOutline[];
}

/** A barrier; its directions are read by `readDirections`. */
export interface BarrierOutline {
  readonly kind: "barrier";
  readonly map: PlainMap;
  readonly path: Path;
}

/** A slot; texts only, each absent where it is missing or no text. */
export interface SlotOutline {
  readonly map: PlainMap;
  readonly path: Path;
  readonly id?: string;
  readonly task?: string;
  readonly title?: string;
  readonly in?: string;
  readonly makes?: string;
  readonly roles: readonly TextAt[];
  readonly after: readonly TextAt[];
}

/** Reads the outline of a file's root. */
export function outlineOf(root: PlainMap): Outline {
  const stages = asList(own(root, "stages")).flatMap((stage, index) =>
    stageOutline(stage, ["stages", index]),
  );
  return { root, pipelines: pipelineOutlines(own(root, "pipelines")), stages };
}

/** Every mapping that may hold running keys, with its path: the root, phases, barriers and slots. */
export function levelsOf(outline: Outline): readonly LevelOutline[] {
  const inside = outline.stages.flatMap((stage): readonly LevelOutline[] =>
    stage.kind === "phase" ? [stage, ...stage.slots] : [stage],
  );
  return [{ map: outline.root, path: [] }, ...inside];
}

/** A mapping that may hold running keys. */
export interface LevelOutline {
  readonly map: PlainMap;
  readonly path: Path;
}

/** All slots in the order in which they are written. */
export function slotsOf(outline: Outline): readonly SlotOutline[] {
  return outline.stages.flatMap((stage) => (stage.kind === "phase" ? stage.slots : []));
}

function pipelineOutlines(value: unknown): readonly PipelineOutline[] {
  return Object.entries(asMap(value) ?? {}).map(([key, pipeline]) => {
    const map = asMap(pipeline);
    return {
      key,
      ...optional("alias", asText(own(map, "alias"))),
      ...optional("skill", asText(own(map, "skill"))),
    };
  });
}

function stageOutline(value: unknown, path: Path): readonly StageOutline[] {
  const map = asMap(value);
  if (map === undefined) return [];
  if (Object.hasOwn(map, "barrier")) return [{ kind: "barrier", map, path }];
  const slots = asList(own(map, "slots")).flatMap((slot, index) =>
    slotOutline(slot, [...path, "slots", index]),
  );
  return [{ kind: "phase", map, path, sequential: own(map, "mode") === "sequential", slots }];
}

function slotOutline(value: unknown, path: Path): readonly SlotOutline[] {
  const map = asMap(value);
  if (map === undefined) return [];
  const text = (key: string) => asText(own(map, key));
  const slot: SlotOutline = {
    map,
    path,
    ...optional("id", text("id")),
    ...optional("task", text("task")),
    ...optional("title", text("title")),
    ...optional("in", text("in")),
    ...optional("makes", text("makes")),
    roles: textsAt(own(map, "role"), [...path, "role"]),
    after: textsAt(own(map, "after"), [...path, "after"]),
  };
  return [slot];
}

function optional<K extends string>(key: K, value: string | undefined): { readonly [P in K]?: string } {
  return value === undefined ? {} : ({ [key]: value } as { readonly [P in K]?: string });
}
