/** Built-in values, the user's file, the project's file, environment and flags, checked and layered. */

import { mergeFileProblems } from "../checks/merge-files.ts";
import { adapterProblems, checkProblems } from "../checks/names.ts";
import { sampleProblems } from "../checks/numbers.ts";
import { charterReferences, chartersByRole, type FilesRead, type ReadFile, readFiles } from "../files.ts";
import { interpolate } from "../interpolate.ts";
import { type AuthoredConfig, configSchema } from "../schema/config-schema.ts";
import { schemaProblems } from "../schema/issues.ts";
import { pathFault } from "../schema/paths.ts";
import { type Diagnostic, type Problem, sortDiagnostics, withoutRepeats } from "../source/diagnostic.ts";
import { asMap, asText, isMap, own, type PlainMap } from "../source/plain.ts";
import { readYaml, type YamlSource } from "../source/yaml-source.ts";
import { DEFAULTS } from "./defaults.ts";
import { type Layer, mergeLayers, type Setting } from "./layers.ts";
import type { Settings } from "./settings.ts";
import { type Flags, fromEnvironment, fromFlags, type Given, givenAt, toValues } from "./switches.ts";
import { toSettings } from "./to-settings.ts";

/** Name of the project file, at the root of the repository. */
export const PROJECT_FILE = "signalbox.yaml";

/** The texts and values to layer; everything may be left out. */
export interface SettingsSources {
  /** Text of `signalbox.yaml`; null when there is none. An empty file says nothing. */
  readonly projectText?: string | null;
  readonly userText?: string | null;
  /** Name of the user's file in diagnostics. Default `config.yaml`. */
  readonly userFile?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly flags?: Flags;
  /** Reads charters that the project file names. */
  readonly readFile?: ReadFile;
  /** Reads charters that the user's file names, relative to its folder. */
  readonly readUserFile?: ReadFile;
}

/** Settings with the origin of every value, or all errors of all sources. */
export type LoadedSettings =
  | { readonly ok: true; readonly settings: Settings; readonly origins: readonly Setting[] }
  | { readonly ok: false; readonly errors: readonly Diagnostic[] };

/** Never throws for what the files, the environment or the flags contain; reports all errors of all of them. */
export function loadSettings(sources: SettingsSources): LoadedSettings {
  const user = readFileLayer(sources.userText, {
    file: sources.userFile ?? "config.yaml",
    layer: "user",
    readFile: sources.readUserFile,
  });
  const committed = readFileLayer(sources.projectText, {
    file: PROJECT_FILE,
    layer: "project",
    readFile: sources.readFile,
  });
  const project = { ...committed, values: withoutWeaker(user.values, committed.values) };
  const environment = readGivenLayer(fromEnvironment(sources.env ?? {}), "environment");
  const flags = readGivenLayer(fromFlags(sources.flags ?? {}), "flag");
  const below = [builtIn(), user, project];
  const above = [environment, flags];
  const crossing = [
    ...commandErrors([user, project, environment, flags]),
    ...sampleErrors([...below, ...above]),
  ];
  const errors = [...below, ...above].flatMap((layer) => layer.errors);
  if (errors.length + crossing.length > 0) return { ok: false, errors: [...errors, ...crossing] };
  const settings = toSettings({
    merged: authored(mergeLayers(below).values),
    above: authored(mergeLayers(above).values),
    charters: new Map([...user.charters, ...project.charters]),
  });
  return { ok: true, settings, origins: mergeLayers([...below, ...above]).settings };
}

interface ReadLayer extends Layer {
  readonly errors: readonly Diagnostic[];
  readonly charters: ReadonlyMap<string, string>;
  readonly locate: (problem: Problem) => Diagnostic;
}

/** Layers of files that passed the schema stay within it when they are merged. */
function authored(values: PlainMap): AuthoredConfig {
  return configSchema.parse(values);
}

function builtIn(): ReadLayer {
  return {
    values: withParts(DEFAULTS),
    originOf: () => ({ layer: "built-in" }),
    errors: [],
    charters: new Map(),
    locate: locateIn("built-in"),
  };
}

interface FileLayer {
  readonly file: string;
  readonly layer: "user" | "project";
  readonly readFile: ReadFile | undefined;
}

const NOTHING = { values: {}, errors: [], charters: new Map<string, string>() } as const;

function readFileLayer(text: string | null | undefined, { file, layer, readFile }: FileLayer): ReadLayer {
  const silent: ReadLayer = { ...NOTHING, originOf: () => ({ layer, name: file }), locate: locateIn(file) };
  if (text === undefined || text === null || saysNothing(text)) return silent;
  const { errors, source } = readYaml(text, file);
  if (source === undefined) return { ...silent, errors };
  const files = readFiles(charterReferences(source.value), readFile);
  const problems = [...configProblems(source, files), ...ownersProblems(source.value, layer)];
  const found = withoutRepeats(errors, problems.map(source.locate));
  return {
    values: withParts(source.value),
    originOf: (path) => ({ layer, name: file, line: source.locate({ path, message: "" }).line }),
    errors: sortDiagnostics(found),
    charters: chartersByRole(source.value, files),
    locate: source.locate,
  };
}

/** `escalate: auto` and a list of rules as the parts that they give: neither takes away what another file says of the other part. */
function withParts(values: PlainMap): PlainMap {
  const escalate = own(values, "escalate");
  if (escalate === undefined || isMap(escalate)) return values;
  const parts = Array.isArray(escalate) ? { rules: escalate } : { auto: escalate === "auto" };
  return { ...values, escalate: parts };
}

/** A repository does not take away the sandbox that the user asks for. */
function withoutWeaker(user: PlainMap, project: PlainMap): PlainMap {
  if (own(user, "sandbox") !== "bubblewrap") return project;
  return Object.fromEntries(Object.entries(project).filter(([key]) => key !== "sandbox"));
}

/** A file of comments alone is a configuration that changes nothing. */
function saysNothing(text: string): boolean {
  return text.split("\n").every((line) => line.trim() === "" || line.trimStart().startsWith("#"));
}

const ELSEWHERE: Readonly<Record<string, string>> = Object.fromEntries(
  ["workflow", "stages", "pipelines", "goal", "criticality", "loop", "rubric", "review", "inputs"].map(
    (key) => [key, `Write \`${key}\` in a definition, such as workflows/<name>.yaml.`],
  ),
);

function configProblems(source: YamlSource, files: FilesRead): readonly Problem[] {
  return [
    ...schemaProblems(configSchema, source.value, ELSEWHERE),
    ...interpolate(source.value, null).problems,
    ...files.problems,
    ...layoutProblems(source.value),
    ...checkProblems({ map: source.value, path: [] }),
    ...mergeFileProblems(source.value),
  ];
}

/** What a repository may not say of the machine of whoever works on it. */
function ownersProblems(values: PlainMap, layer: FileLayer["layer"]): readonly Problem[] {
  if (layer !== "project" || own(values, "sandbox_writable") === undefined) return [];
  return [
    {
      path: ["sandbox_writable"],
      atKey: true,
      message: "`sandbox_writable` opens folders of the user, so a repository cannot say it",
      hint: "Write it in your own configuration: ~/.config/signalbox/config.yaml",
    },
  ];
}

function layoutProblems(values: PlainMap): readonly Problem[] {
  const folder = asText(own(asMap(own(values, "layout")), "folder"));
  const fault = folder === undefined ? null : pathFault(folder);
  if (fault === null) return [];
  return [
    {
      path: ["layout", "folder"],
      message: `"${folder}" ${fault}`,
      expected: "a folder inside the repository, such as orchestration/{id}",
    },
  ];
}

function readGivenLayer(given: readonly Given[], layer: "environment" | "flag"): ReadLayer {
  const values = toValues(given);
  const where = layer === "flag" ? "command line" : "environment";
  const nameAt = (path: Problem["path"]) => givenAt(given, path)?.name;
  const locate = (problem: Problem): Diagnostic => {
    const name = nameAt(problem.path) ?? where;
    const { path: _, atKey: __, missing: ___, first: ____, ...words } = problem;
    return {
      file: where,
      line: 1,
      column: 1,
      length: 1,
      key: name,
      ...words,
      message: `${name}: ${problem.message}`,
    };
  };
  return {
    values,
    originOf: (path) => ({ layer, ...nameOrNothing(nameAt(path)) }),
    errors: schemaProblems(configSchema, values).map(locate),
    charters: new Map(),
    locate,
  };
}

function nameOrNothing(name: string | undefined): { readonly name?: string } {
  return name === undefined ? {} : { name };
}

function locateIn(file: string): ReadLayer["locate"] {
  return ({ path, atKey: _, missing: __, first: ___, ...words }) => ({
    file,
    line: 1,
    column: 1,
    length: 1,
    key: path.join("."),
    ...words,
  });
}

/** A program may be declared in one file and used in the other, or by a flag. */
function commandErrors(layers: readonly ReadLayer[]): readonly Diagnostic[] {
  const namesOf = (key: string): readonly string[] =>
    layers.flatMap((layer) => Object.keys(asMap(own(layer.values, key)) ?? {}));
  const known = { commands: namesOf("commands"), agents: namesOf("agents") };
  return layers.flatMap((layer) => adapterProblems({ map: layer.values, path: [] }, known).map(layer.locate));
}

/** `samples` of one layer against the `max_samples` in force below it. */
function sampleErrors(layers: readonly ReadLayer[]): readonly Diagnostic[] {
  let inherited = { samples: 1, maxSamples: Number.POSITIVE_INFINITY };
  return layers.flatMap((layer) => {
    const problems = sampleProblems({ map: layer.values, path: [] }, inherited).map(layer.locate);
    const judge = asMap(own(layer.values, "judge"));
    const samples = own(judge, "samples");
    const most = own(judge, "max_samples");
    inherited = {
      samples: typeof samples === "number" ? samples : inherited.samples,
      maxSamples: typeof most === "number" ? most : inherited.maxSamples,
    };
    return problems;
  });
}
