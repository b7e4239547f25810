/**
 * From the text of a definition to what it says, or to everything that is wrong with it.
 *
 * Invariants: never throws, whatever the text (D1); reports all errors of a file at once, each inside the file (D2);
 * what is legal but not built is refused with a sentence, nothing is ignored (D3).
 */

import type { Definition } from "../core/definition.ts";
import { slugOf } from "../core/plan/names.ts";
import { identityProblems, identityWarnings } from "./checks/identity.ts";
import { mergeFileProblems, mergeFileWarnings } from "./checks/merge-files.ts";
import { nameProblems } from "./checks/names.ts";
import { numberProblems } from "./checks/numbers.ts";
import { orderProblems } from "./checks/order.ts";
import { workProblems } from "./checks/work.ts";
import {
  charterReferences,
  chartersByRole,
  type FileReference,
  type FilesRead,
  type ReadFile,
  readFiles,
} from "./files.ts";
import { type InputsResult, resolveInputs } from "./inputs.ts";
import { interpolate } from "./interpolate.ts";
import { normaliseDefinition } from "./normalise/definition.ts";
import { type Outline, outlineOf, slotsOf } from "./outline.ts";
import { definitionSchema } from "./schema/definition-schema.ts";
import { schemaProblems, withoutEchoes } from "./schema/issues.ts";
import { builtInSettings } from "./settings/built-in.ts";
import type { Settings } from "./settings/settings.ts";
import {
  type Diagnostic,
  type Problem,
  renderPath,
  sortDiagnostics,
  withoutRepeats,
} from "./source/diagnostic.ts";
import { asMap, asText, own, type PlainMap } from "./source/plain.ts";
import { readYaml, type YamlSource } from "./source/yaml-source.ts";

/** Where the text comes from and what it may refer to. */
export interface DefinitionOptions {
  /** Name of the file in diagnostics. */
  readonly file: string;
  /** Values of `--set name=value`. */
  readonly inputs?: Readonly<Record<string, string>>;
  /** Reads `brief_file` and `charter`, from the base commit. Without it every such file counts as missing. */
  readonly readFile?: ReadFile;
  /** Default: the built-in settings. */
  readonly settings?: Settings;
}

/** The definition with its warnings, or every error of the file, by place. */
export type ParsedDefinition =
  | { readonly ok: true; readonly definition: Definition; readonly warnings: readonly Diagnostic[] }
  | { readonly ok: false; readonly errors: readonly Diagnostic[] };

/** Keys of the project file that cannot stand in a definition. */
const ELSEWHERE: Readonly<Record<string, string>> = Object.fromEntries(
  ["commands", "agents", "layout", "notify", "approvals", "keep"].map((key) => [
    key,
    `Write \`${key}\` in signalbox.yaml, or in the user's config.yaml.`,
  ]),
);

/** Parses, checks and normalises one definition. */
export function parseDefinition(text: string, options: DefinitionOptions): ParsedDefinition {
  const { errors, source } = readYaml(text, options.file);
  if (source === undefined) return { ok: false, errors: sortDiagnostics(errors) };
  const reading = readDefinition(source, options);
  const found = withoutRepeats(errors, withoutEchoes(reading.problems).map(source.locate));
  if (found.length > 0) return { ok: false, errors: sortDiagnostics(found) };
  const warned = [...identityWarnings(reading.outline), ...mergeFileWarnings(reading.root)];
  const warnings = warned.map(source.locate);
  return { ok: true, definition: toDefinition(reading, source), warnings: sortDiagnostics(warnings) };
}

interface Reading {
  /** The file with its inputs filled in. */
  readonly root: PlainMap;
  readonly outline: Outline;
  readonly inputs: InputsResult;
  readonly files: FilesRead;
  readonly settings: Settings;
  readonly problems: readonly Problem[];
}

function readDefinition(source: YamlSource, options: DefinitionOptions): Reading {
  const settings = options.settings ?? builtInSettings();
  const inputs = resolveInputs(own(source.value, "inputs"), options.inputs ?? {});
  const { inputs: declared, ...rest } = source.value;
  const filled = interpolate(rest, inputs.values);
  const root: PlainMap = { ...asMap(filled.value), ...(declared === undefined ? {} : { inputs: declared }) };
  const outline = outlineOf(root);
  const files = readFiles([...charterReferences(root), ...briefReferences(outline)], options.readFile);
  const problems = [
    ...inputs.problems,
    ...withoutUnresolved(filled.problems, schemaProblems(definitionSchema, root, ELSEWHERE)),
    ...files.problems,
    ...slugProblems(root),
    ...ruleProblems(outline, settings),
  ];
  return { root, outline, inputs, files, settings, problems };
}

/** A text whose expression failed would be reported a second time as a value that does not fit. */
function withoutUnresolved(unresolved: readonly Problem[], schema: readonly Problem[]): readonly Problem[] {
  const places = new Set(unresolved.map((problem) => renderPath(problem.path)));
  return [...unresolved, ...schema.filter((problem) => !places.has(renderPath(problem.path)))];
}

function ruleProblems(outline: Outline, settings: Settings): readonly Problem[] {
  const known = {
    roles: Object.keys(settings.roles),
    commands: Object.keys(settings.commands),
    agents: Object.keys(settings.agents),
  };
  return [
    ...orderProblems(outline),
    ...identityProblems(outline),
    ...nameProblems(outline, known),
    ...numberProblems(outline, settings.run.judge),
    ...workProblems(outline),
    ...mergeFileProblems(outline.root),
  ];
}

function briefReferences(outline: Outline): readonly FileReference[] {
  return slotsOf(outline).flatMap((slot) => {
    const file = asText(own(slot.map, "brief_file"));
    return file === undefined ? [] : [{ path: [...slot.path, "brief_file"], file }];
  });
}

/** A name without a single usable letter gives no id. */
function slugProblems(root: PlainMap): readonly Problem[] {
  const name = asText(own(root, "workflow"));
  if (name === undefined || Object.hasOwn(root, "slug") || slugOf(name) !== "") return [];
  return [
    {
      path: ["workflow"],
      message: "no id can be made from this name",
      hint: "Add a `slug` of lower-case letters, digits and hyphens.",
    },
  ];
}

function toDefinition(reading: Reading, source: YamlSource): Definition {
  const authored = definitionSchema.parse(reading.root);
  return normaliseDefinition(authored, {
    slug: authored.slug ?? slugOf(authored.workflow),
    inputs: reading.inputs.values,
    charters: chartersByRole(reading.root, reading.files),
    settings: reading.settings,
    fileAt: (path) => reading.files.texts.get(renderPath(path)),
    positionOf: (path) => {
      const { line, column } = source.locate({ path, message: "" });
      return { line, column };
    },
  });
}
