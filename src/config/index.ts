/** What the rest of the product uses of the configuration. */
export { type DispatchRequest, dispatchDefinition } from "./dispatch-definition.ts";
export type { ReadFile } from "./files.ts";
export { configJsonSchema, definitionJsonSchema, renderJsonSchema } from "./json-schema.ts";
export { type DefinitionOptions, type ParsedDefinition, parseDefinition } from "./parse-definition.ts";
export { type ScaffoldedFile, scaffold, TEMPLATE_NAMES, type TemplateName } from "./scaffold.ts";
export { parseDuration, renderDuration } from "./schema/durations.ts";
export { builtInSettings } from "./settings/built-in.ts";
export type { Origin, Setting } from "./settings/layers.ts";
export {
  type LoadedSettings,
  loadSettings,
  PROJECT_FILE,
  type SettingsSources,
} from "./settings/load-settings.ts";
export { checkScripts, defaultWrites, resolveRun } from "./settings/resolve-run.ts";
export type { Settings } from "./settings/settings.ts";
export { type Flags, SWITCHES, type Switch } from "./settings/switches.ts";
export { userConfigPath } from "./settings/user-config.ts";
export type { Diagnostic } from "./source/diagnostic.ts";
export { renderDiagnostics } from "./source/render-diagnostics.ts";
