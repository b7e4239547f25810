/** Pipelines with their letters and aliases. Source: domain §2 (letters), §3 (alias resolution: explicit, skill, derived). */
import type { Definition, PipelineDefinition } from "../definition.ts";
import { letterOf, nearest, slugOf } from "./names.ts";
import type { Notices } from "./notices.ts";
import type { PlannedPipeline } from "./plan.ts";
import { skillAlias } from "./roster.ts";

/** Folder names inside a workflow's folder that no pipeline may take. */
const RESERVED_ALIASES = ["cross-pollination", "synthesis", "quality-gates", "escalations"];

/** Pipelines before it is known which of them only join others: `convergent` is false and ids are `pipeline-<letter>`. */
export function planPipelines(definition: Definition, notices: Notices): readonly PlannedPipeline[] {
  const declared: readonly PipelineDefinition[] =
    definition.pipelines.length > 0 ? definition.pipelines : [{ key: "main", title: definition.name }];
  const letters = assignLetters(declared.map((pipeline) => pipeline.key));
  const aliases = assignAliases(declared, letters);
  const pipelines = declared.map((pipeline, index): PlannedPipeline => {
    const letter = letters[index] ?? letterOf(index);
    return {
      key: pipeline.key,
      letter,
      id: `pipeline-${letter}`,
      alias: aliases[index] ?? letter,
      title: pipeline.title ?? pipeline.key,
      skill: pipeline.skill ?? null,
      ...(pipeline.purpose === undefined ? {} : { purpose: pipeline.purpose }),
      convergent: false,
    };
  });
  checkPipelines(pipelines, notices);
  return pipelines;
}

/** Marks the pipelines that only join others and gives them their id: `convergent`, or with the letter where there are several. */
export function markConvergent(
  pipelines: readonly PlannedPipeline[],
  convergent: readonly string[],
): readonly PlannedPipeline[] {
  return pipelines.map((pipeline) => {
    if (!convergent.includes(pipeline.key)) return pipeline;
    const id = convergent.length === 1 ? "convergent" : `convergent-${pipeline.letter}`;
    return { ...pipeline, id, convergent: true };
  });
}

/** The pipeline of that key; where there is none, an error with the nearest known key and the first pipeline to go on with. */
export function requirePipeline(
  pipelines: readonly PlannedPipeline[],
  key: string,
  report: (message: string) => void,
): PlannedPipeline | undefined {
  const found = pipelines.find((pipeline) => pipeline.key === key);
  if (found !== undefined) return found;
  const keys = pipelines.map((pipeline) => pipeline.key);
  const near = nearest(key, keys);
  report(
    `No pipeline "${key}" is declared; ${near === undefined ? `known: ${keys.join(", ")}` : `nearest: ${near}`}.`,
  );
  return pipelines[0];
}

/** A key of one letter is its own letter; the others take their position's letter, or the next free one. */
function assignLetters(keys: readonly string[]): readonly string[] {
  const own = keys.map((key) => (/^[A-Za-z]$/.test(key) ? key.toLowerCase() : null));
  const letters = own.map((letter, index) =>
    letter !== null && own.indexOf(letter) === index ? letter : null,
  );
  const taken = new Set(letters.filter((letter) => letter !== null));
  return letters.map((letter, index) => {
    if (letter !== null) return letter;
    let at = index;
    while (taken.has(letterOf(at))) at += 1;
    taken.add(letterOf(at));
    return letterOf(at);
  });
}

/** Explicit aliases stay; where derived ones meet, the letter tells them apart (`ps-a`, `ps-b`). */
function assignAliases(
  pipelines: readonly PipelineDefinition[],
  letters: readonly string[],
): readonly string[] {
  const derived = pipelines.map((pipeline) => pipeline.alias ?? derivedAlias(pipeline));
  return derived.map((alias, index) => {
    const shared = derived.filter((other) => other.toLowerCase() === alias.toLowerCase()).length > 1;
    return shared && pipelines[index]?.alias === undefined ? `${alias}-${letters[index]}` : alias;
  });
}

function derivedAlias(pipeline: PipelineDefinition): string {
  if (pipeline.skill !== undefined) return skillAlias(pipeline.skill) ?? slugOf(pipeline.skill);
  const text = pipeline.key.length > 1 ? pipeline.key : (pipeline.title ?? pipeline.key);
  return slugOf(text) || "pipeline";
}

function checkPipelines(pipelines: readonly PlannedPipeline[], notices: Notices): void {
  for (const [index, { key, alias }] of pipelines.entries()) {
    const subject = `pipelines.${key}`;
    const before = pipelines.slice(0, index);
    if (before.some((other) => other.key === key)) {
      notices.error({ code: "duplicate-pipeline", subject, message: `Pipeline "${key}" is declared twice.` });
    }
    const twin = before.find((other) => other.alias.toLowerCase() === alias.toLowerCase());
    if (twin !== undefined) {
      const message = `Alias "${alias}" is used by pipelines ${twin.key} and ${key}; aliases name folders and must differ.`;
      notices.error({ code: "duplicate-alias", subject, message });
    }
    if (!/^[a-z0-9][a-z0-9._-]*$/i.test(alias) || RESERVED_ALIASES.includes(alias.toLowerCase())) {
      const message = `Alias "${alias}" cannot name a folder of the workflow (letters, digits, hyphens; not ${RESERVED_ALIASES.join(", ")}).`;
      notices.error({ code: "alias", subject, message });
    }
  }
}
