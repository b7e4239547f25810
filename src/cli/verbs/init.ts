import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { scaffold, TEMPLATE_NAMES, type TemplateName } from "../../config/scaffold.ts";
import { SignalboxError } from "../../core/errors.ts";
import type { Context } from "../context.ts";
import { EXIT } from "../output/exit-code.ts";
import { openProject } from "../project.ts";
import { registerRepository } from "../registration.ts";
import { listText, nearest } from "../resolve.ts";
import type { VerbInput } from "../verb.ts";

/** `signalbox init`: writes what is not there yet and touches nothing that is; safe to repeat. */
export async function init(context: Context, input: VerbInput): Promise<number> {
  const { output, json, io } = context;
  const template = templateOf(input.text("template"));
  const project = await openProject(io);
  const { repository } = project;
  await registerRepository(context, project, output.warn);
  const files = scaffold(template, { name: input.text("name") ?? "First" });
  const written: string[] = [];
  const kept: string[] = [];
  for (const { path, content } of files)
    ((await writeNew(join(repository.root, path), content)) ? written : kept).push(path);
  const definition = files[0]?.path ?? "workflows/first.yaml";
  if (json) {
    output.json({ template, definition, written, kept });
    return EXIT.done;
  }
  for (const path of written) output.success(path);
  for (const path of kept)
    output.say(`${output.narration.symbol.info} ${path} was there already and stays as it is`);
  const folders = [...new Set(written.map((path) => path.split("/")[0]))];
  if (written.length > 0)
    output.hint(
      `Commit them, workflows read configuration from their base: git add ${folders.join(" ")} && git commit -m "Configure signalbox"`,
    );
  output.hint(`See what it would do: signalbox plan ${definition}`);
  output.hint(`Rehearse it at no cost: signalbox run ${definition} --use simulated`);
  return EXIT.done;
}

function templateOf(name: string | undefined): TemplateName {
  const names = TEMPLATE_NAMES.map((template) => template.name);
  const found = names.find((template) => template === (name ?? "tasks"));
  if (found !== undefined) return found;
  const close = nearest(name ?? "", names);
  throw new SignalboxError("user", "unknown-template", `There is no template ${name}`, [
    ...(close === undefined ? [] : [`The nearest is ${close}`]),
    `Templates: ${listText(names)}`,
  ]);
}

/** False when something is there already. */
async function writeNew(path: string, content: string): Promise<boolean> {
  await mkdir(dirname(path), { recursive: true });
  try {
    await writeFile(path, content, { flag: "wx" });
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
}
