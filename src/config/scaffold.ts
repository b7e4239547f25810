import { SignalboxError } from "../core/errors.ts";
import { slugOf } from "../core/plan/names.ts";
import { configJsonSchema, definitionJsonSchema, renderJsonSchema } from "./json-schema.ts";
import { hasControlCharacter } from "./schema/paths.ts";
import { PROJECT_FILE } from "./settings/load-settings.ts";
import { CONFIGURATION } from "./templates/configuration.ts";
import { CROSS_POLLINATED } from "./templates/cross-pollinated.ts";
import { SEQUENTIAL_CHECKPOINTS } from "./templates/sequential-checkpoints.ts";
import { TASKS } from "./templates/tasks.ts";

const TEMPLATES = {
  "cross-pollinated": CROSS_POLLINATED,
  "sequential-checkpoints": SEQUENTIAL_CHECKPOINTS,
  tasks: TASKS,
} as const;

/** What `init --template` accepts. */
export type TemplateName = keyof typeof TEMPLATES;

/** Names for `init --template`, with a line on what each is for. */
export const TEMPLATE_NAMES: readonly { readonly name: TemplateName; readonly summary: string }[] = [
  { name: "tasks", summary: "independent pieces of code work, side by side" },
  { name: "cross-pollinated", summary: "two pipelines that exchange findings, then a joint decision" },
  {
    name: "sequential-checkpoints",
    summary: "research, design, build, validate, with a person's approval after each",
  },
];

/** A file to be written, repository-relative. */
export interface ScaffoldedFile {
  readonly path: string;
  readonly content: string;
}

/** Folder of the schemas that scaffolded files name, so that completion works offline and fits the version. */
const SCHEMAS = ".signalbox/schemas";

/**
 * Files of a new definition: the definition itself, the project file, and the schemas for editors. Pure: whoever writes
 * them decides what to do with files that exist. Throws `SignalboxError` (`user`) for a name that gives no file name.
 */
export function scaffold(
  template: TemplateName,
  { name }: { readonly name: string },
): readonly ScaffoldedFile[] {
  const slug = slugOf(name);
  if (slug === "" || hasControlCharacter(name) || name.includes("${{")) {
    throw new SignalboxError("user", "workflow-name", `"${name}" cannot name a workflow`, [
      'A name is one line with letters or digits: signalbox init --name "Version bump"',
    ]);
  }
  return [
    { path: `workflows/${slug}.yaml`, content: renderDefinition(template, name.trim()) },
    { path: PROJECT_FILE, content: `${modeline(`${SCHEMAS}/signalbox.schema.json`)}${CONFIGURATION}` },
    { path: `${SCHEMAS}/definition.schema.json`, content: renderJsonSchema(definitionJsonSchema()) },
    { path: `${SCHEMAS}/signalbox.schema.json`, content: renderJsonSchema(configJsonSchema()) },
  ];
}

/** A JSON string is a double-quoted YAML string, whatever the name contains. */
function renderDefinition(template: TemplateName, name: string): string {
  return `${modeline(`../${SCHEMAS}/definition.schema.json`)}workflow: ${JSON.stringify(name)}\n${TEMPLATES[template]}`;
}

function modeline(schema: string): string {
  return `# yaml-language-server: $schema=${schema}\n`;
}
