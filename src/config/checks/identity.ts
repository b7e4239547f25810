/** Rules about names: what may not be called the same, and what belongs where. */
import { idProblem } from "../../core/plan/names.ts";
import { type Outline, type SlotOutline, slotsOf } from "../outline.ts";
import { fits, pipelineOf } from "../pipeline-of.ts";
import { cleanPath } from "../schema/paths.ts";
import type { Path, Problem } from "../source/diagnostic.ts";
import { asText, own } from "../source/plain.ts";
import { nearest } from "../source/spelling.ts";

/** Folders of the workflow that no pipeline may be called. */
const RESERVED_ALIASES = ["cross-pollination", "synthesis", "quality-gates", "escalations"];

/** Everything that is called the same, called what the workflow itself uses, or placed in a pipeline that is not there. */
export function identityProblems(outline: Outline): readonly Problem[] {
  const slots = slotsOf(outline);
  return [
    ...aliasProblems(outline),
    ...slots.flatMap(reservedId),
    ...idProblems(slots),
    ...duplicates(slots.flatMap(taskOf), "the task"),
    ...duplicates(slots.flatMap(artifactOf), "the artifact"),
    ...slots.flatMap((slot) => placeProblems(slot, outline)),
  ];
}

/** Pipelines that no slot is in and whose roles review nothing. */
export function identityWarnings(outline: Outline): readonly Problem[] {
  const slots = slotsOf(outline);
  const placed = slots.map((slot) => pipelineOf(slot, outline.pipelines));
  const keys = placed.flatMap((placement) => (placement.kind === "one" ? [placement.key] : []));
  const roles = slots.flatMap((slot) => [
    ...slot.roles.map((role) => role.text),
    ...["validator", "cross_check"].flatMap((key) => asText(own(slot.map, key)) ?? []),
  ]);
  return outline.pipelines
    .filter((pipeline) => !keys.includes(pipeline.key) && !roles.some((role) => fits(pipeline, role)))
    .map(({ key }) => ({
      path: ["pipelines", key],
      atKey: true,
      message: `no slot is in the pipeline \`${key}\``,
    }));
}

interface Named {
  readonly name: string;
  readonly path: Path;
}

/** Ids as written and as they come from a task; two equal tasks are reported as tasks. */
function idProblems(slots: readonly SlotOutline[]): readonly Problem[] {
  const holders = new Map<string, SlotOutline>();
  return slots.flatMap((slot): readonly Problem[] => {
    const name = slot.id ?? slot.task;
    if (name === undefined) return [];
    const holder = holders.get(name.toLowerCase());
    if (holder === undefined) holders.set(name.toLowerCase(), slot);
    if (holder === undefined || (holder.id === undefined && slot.id === undefined)) return [];
    const key = slot.id === undefined ? "task" : "id";
    return [
      {
        path: [...slot.path, key],
        message: `the slot id ${name.toLowerCase()} is used twice`,
        first: [...holder.path, holder.id === undefined ? "task" : "id"],
      },
    ];
  });
}

function taskOf(slot: SlotOutline): readonly Named[] {
  return slot.task === undefined ? [] : [{ name: slot.task, path: [...slot.path, "task"] }];
}

function artifactOf(slot: SlotOutline): readonly Named[] {
  const makes = slot.makes ?? "";
  return /[./]/.test(makes) ? [{ name: cleanPath(makes), path: [...slot.path, "makes"] }] : [];
}

/** Case does not tell names apart: they become folders, also on file systems that ignore it. */
function duplicates(named: readonly Named[], what: string): readonly Problem[] {
  const seen = new Map<string, Path>();
  return named.flatMap(({ name, path }) => {
    const first = seen.get(name.toLowerCase());
    if (first !== undefined) return [{ path, message: `${what} ${name} is used twice`, first }];
    seen.set(name.toLowerCase(), path);
    return [];
  });
}

function reservedId(slot: SlotOutline): readonly Problem[] {
  const problem = slot.id === undefined ? null : idProblem(slot.id);
  return problem?.startsWith("is a name")
    ? [{ path: [...slot.path, "id"], message: `the slot id ${slot.id} ${problem}` }]
    : [];
}

function aliasProblems(outline: Outline): readonly Problem[] {
  const named = outline.pipelines.flatMap(({ key, alias }) =>
    alias === undefined ? [] : [{ name: alias, path: ["pipelines", key, "alias"] }],
  );
  const reserved = named
    .filter(({ name }) => RESERVED_ALIASES.includes(name))
    .map(({ name, path }) => ({
      path,
      message: `the alias ${name} is a folder that the workflow itself uses`,
    }));
  return [...duplicates(named, "the alias"), ...reserved];
}

function placeProblems(slot: SlotOutline, outline: Outline): readonly Problem[] {
  const keys = outline.pipelines.map((pipeline) => pipeline.key);
  if (slot.in !== undefined && !keys.includes(slot.in)) {
    const suggestion = nearest(slot.in, keys);
    const expected =
      keys.length === 0 ? "no `in`, because no pipelines are declared" : `one of ${keys.join(", ")}`;
    const problem = { path: [...slot.path, "in"], message: `there is no pipeline \`${slot.in}\``, expected };
    return [suggestion === undefined ? problem : { ...problem, nearest: suggestion }];
  }
  const placement = pipelineOf(slot, outline.pipelines);
  if (placement.kind !== "open") return [];
  const fitting = placement.fitting.length > 0 ? placement.fitting : keys;
  return [
    {
      path: slot.path,
      message: "the slot's pipeline is not clear",
      expected: `in: one of ${fitting.join(", ")}`,
    },
  ];
}
