/** Rules about what comes before what: barriers between phases, directions, `after`. */
import { type DirectionAt, readDirections } from "../directions.ts";
import type { BarrierOutline, Outline, PhaseOutline, SlotOutline, StageOutline } from "../outline.ts";
import { pipelineOf } from "../pipeline-of.ts";
import type { Problem } from "../source/diagnostic.ts";
import { nearest } from "../source/spelling.ts";

/** Barriers at impossible places, directions that lead nowhere, `after` that dangles or goes round. */
export function orderProblems(outline: Outline): readonly Problem[] {
  return outline.stages.flatMap((stage, index) => {
    if (stage.kind === "phase") return afterProblems(stage);
    return [...placeProblems(stage, outline.stages, index), ...barrierProblems(stage, outline, index)];
  });
}

function placeProblems(
  stage: BarrierOutline,
  stages: readonly StageOutline[],
  index: number,
): readonly Problem[] {
  const hint = "A barrier hands over what the phase before it made: put it between two phases.";
  const at = { path: [...stage.path, "barrier"], atKey: true, hint };
  const mixed: readonly Problem[] = Object.hasOwn(stage.map, "phase")
    ? [
        {
          path: [...stage.path, "phase"],
          atKey: true,
          message: "a stage cannot be a phase and a barrier at once",
          hint: "Make it two stages.",
        },
      ]
    : [];
  if (index === 0) return [...mixed, { ...at, message: "a barrier cannot be the first stage" }];
  if (stages[index - 1]?.kind === "barrier")
    return [...mixed, { ...at, message: "a barrier cannot follow a barrier" }];
  return mixed;
}

function barrierProblems(stage: BarrierOutline, outline: Outline, index: number): readonly Problem[] {
  const { directions, problems } = readDirections(stage.map, stage.path);
  const keys = outline.pipelines.map((pipeline) => pipeline.key);
  const written = directions.flatMap((direction, at) =>
    directionProblems(direction, directions.slice(0, at), keys),
  );
  const anyWritten = directions.length > 0 || problems.length > 0 || Object.hasOwn(stage.map, "send");
  return [...problems, ...written, ...(anyWritten ? [] : impliedProblems(stage, outline, index))];
}

function directionProblems(
  direction: DirectionAt,
  before: readonly DirectionAt[],
  keys: readonly string[],
): readonly Problem[] {
  const { from, to, path } = direction;
  const unknown = [from, to]
    .filter((key) => !keys.includes(key))
    .map((key) => unknownPipeline(key, keys, path));
  if (unknown.length > 0) return unknown;
  const at = { path, atKey: true };
  if (from === to) return [{ ...at, message: `the pipeline \`${from}\` cannot hand over to itself` }];
  const twice = before.some((other) => other.from === from && other.to === to);
  return twice ? [{ ...at, message: `the direction ${from} -> ${to} is written twice` }] : [];
}

function unknownPipeline(key: string, keys: readonly string[], path: DirectionAt["path"]): Problem {
  const suggestion = nearest(key, keys);
  return {
    path,
    atKey: true,
    message: `there is no pipeline \`${key}\``,
    expected: keys.length === 0 ? "pipelines declared under `pipelines`" : `one of ${keys.join(", ")}`,
    ...(suggestion === undefined ? {} : { nearest: suggestion }),
  };
}

/** A barrier without directions stands for all pairs of the pipelines before it; there must be a pair. */
function impliedProblems(stage: BarrierOutline, outline: Outline, index: number): readonly Problem[] {
  const previous = outline.stages[index - 1];
  if (previous?.kind !== "phase") return [];
  const placed = previous.slots.map((slot) => pipelineOf(slot, outline.pipelines));
  if (placed.some((pipeline) => pipeline.kind !== "one")) return [];
  const keys = new Set(placed.map((pipeline) => (pipeline.kind === "one" ? pipeline.key : "")));
  if (keys.size > 1) return [];
  const message = "the phase before this barrier has one pipeline only, so nothing can be handed over";
  return [
    {
      path: [...stage.path, "barrier"],
      message,
      hint: "Name a direction: `a -> b: what b needs`, or remove the barrier.",
    },
  ];
}

function afterProblems(phase: PhaseOutline): readonly Problem[] {
  const edges = new Map<SlotOutline, readonly SlotOutline[]>();
  const problems = phase.slots.flatMap((slot, index) => {
    const found = slot.after.map(({ text, path }) => ({
      text,
      path,
      matches: phase.slots.filter((other) => answersTo(other, text)),
    }));
    edges.set(
      slot,
      found.flatMap(({ matches }) => (matches.length === 1 ? matches : [])),
    );
    return found.flatMap(({ text, path, matches }): readonly Problem[] => {
      if (matches.length === 0) return [danglingAfter(text, path, phase, slot)];
      if (matches.length > 1)
        return [
          {
            path,
            message: `"${text}" names ${matches.length} slots of this phase`,
            hint: "Give them an `id` each and use that.",
          },
        ];
      if (matches[0] === slot) return [{ path, message: "a slot cannot come after itself" }];
      const later = phase.slots.indexOf(matches[0] as SlotOutline) > index;
      return phase.sequential && later
        ? [{ path, message: `"${text}" stands later in a sequential phase`, hint: "Move it up." }]
        : [];
    });
  });
  return [...problems, ...cycleProblems(phase, edges)];
}

function answersTo(slot: SlotOutline, name: string): boolean {
  return [slot.id, slot.task, slot.title].some((own) => own?.toLowerCase() === name.toLowerCase());
}

function danglingAfter(text: string, path: Problem["path"], phase: PhaseOutline, slot: SlotOutline): Problem {
  const others = phase.slots.filter((other) => other !== slot);
  const names = others.flatMap((other) =>
    [other.id, other.task, other.title].filter((name) => name !== undefined),
  );
  const suggestion = nearest(text, names);
  return {
    path,
    message: `no slot of this phase is called "${text}"`,
    expected:
      names.length === 0
        ? "the id, task or title of another slot of this phase"
        : `one of ${names.join(", ")}`,
    ...(suggestion === undefined ? {} : { nearest: suggestion }),
  };
}

/** One problem for each ring of slots that wait for each other. */
function cycleProblems(
  phase: PhaseOutline,
  edges: ReadonlyMap<SlotOutline, readonly SlotOutline[]>,
): readonly Problem[] {
  const done = new Set<SlotOutline>();
  return phase.slots.flatMap((slot) => {
    const ring = ringFrom(slot, edges, [], done);
    if (ring === null || ring.length < 2) return [];
    const names = [...ring, slot].map(
      (one) => one.id ?? one.task ?? one.title ?? `slot ${phase.slots.indexOf(one) + 1}`,
    );
    const first = ring[0] ?? slot;
    return [
      {
        path: [...first.path, "after"],
        message: `these slots wait for each other: ${names.slice(0, ring.length).join(" after ")} after ${names[0]}`,
      },
    ];
  });
}

function ringFrom(
  slot: SlotOutline,
  edges: ReadonlyMap<SlotOutline, readonly SlotOutline[]>,
  trail: readonly SlotOutline[],
  done: Set<SlotOutline>,
): readonly SlotOutline[] | null {
  const seen = trail.indexOf(slot);
  if (seen >= 0) return trail.slice(seen);
  if (done.has(slot)) return null;
  for (const next of edges.get(slot) ?? []) {
    const ring = ringFrom(next, edges, [...trail, slot], done);
    if (ring !== null) {
      for (const member of ring) done.add(member);
      return ring;
    }
  }
  done.add(slot);
  return null;
}
