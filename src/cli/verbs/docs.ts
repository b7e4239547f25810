import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { SignalboxError } from "../../core/errors.ts";
import type { WorkflowState } from "../../core/workflow/state.ts";
import { createRenderer } from "../../documents/renderer.ts";
import { parseStateDocument } from "../../documents/state/parse-state.ts";
import type { FileContent } from "../../ports/repository.ts";
import type { Context } from "../context.ts";
import { EXIT } from "../output/exit-code.ts";
import { countText } from "../output/units.ts";
import { openProject, type Project, pickWorkflow } from "../project.ts";
import { workflowOf } from "../submit.ts";
import type { VerbInput } from "../verb.ts";

/**
 * `signalbox docs [workflow]`: lists the documents as they follow from the journal; `--out` writes them; `--check` renders the
 * committed state again and compares every byte with what is committed beside it (P8).
 */
export async function docs(context: Context, input: VerbInput): Promise<number> {
  const project = await openProject(context.io);
  const state = await pickWorkflow(project, workflowOf(input), "look");
  if (input.flag("check")) return check(context, project, state);
  const files = createRenderer(context.version).render(state);
  const out = input.text("out");
  if (out !== undefined) return writeAll(context, files, resolve(context.io.cwd, out));
  if (context.json) context.output.json({ workflow: state.id, files });
  else list(context, state, files);
  return EXIT.done;
}

interface Compared {
  readonly path: string;
  /** First line that differs; null where the bytes are the same. */
  readonly line: number | null;
  readonly missing: boolean;
}

async function check(context: Context, { repository }: Project, state: WorkflowState): Promise<number> {
  const { output, json } = context;
  const branch = `${state.plan.layout.branchPrefix}/main`;
  const tip = await repository.resolve(`refs/heads/${branch}`);
  const text = tip === null ? null : await repository.readFile(tip, state.plan.layout.stateFile);
  if (tip === null || text === null)
    throw new SignalboxError("user", "no-documents", `${state.id} has no documents on ${branch} yet`, [
      `Render them now: signalbox docs ${state.id} --out <folder>`,
    ]);
  const parsed = parseStateDocument(text);
  if (!parsed.ok) return tellDamaged(context, state.plan.layout.stateFile, parsed.errors);
  const compared: Compared[] = [];
  for (const file of createRenderer(context.version).render(parsed.state))
    compared.push(compare(file, await repository.readFile(tip, file.path)));
  const wrong = compared.filter((one) => one.missing || one.line !== null);
  if (json) output.json({ workflow: state.id, commit: tip, ok: wrong.length === 0, files: compared });
  else {
    for (const one of wrong)
      output.answer(
        `${output.style.red(output.style.symbol.fail)} ${one.path}${one.missing ? " is missing" : `:${one.line} differs from its state`}`,
      );
    if (wrong.length === 0)
      output.success(
        `${countText(compared.length, "document")} at ${tip.slice(0, 8)} follow from their state byte for byte`,
      );
    else
      output.hint(
        `Documents are never merged or edited; they are rendered again with the next step: signalbox resume ${state.id}`,
      );
  }
  return wrong.length === 0 ? EXIT.done : EXIT.failed;
}

function tellDamaged({ output, json }: Context, path: string, errors: readonly string[]): number {
  if (json) output.json({ ok: false, files: [{ path, errors }] });
  else
    for (const error of errors)
      output.answer(`${output.style.red(output.style.symbol.fail)} ${path}: ${error}`);
  return EXIT.failed;
}

function compare({ path, content }: FileContent, committed: string | null): Compared {
  if (committed === null) return { path, line: null, missing: true };
  if (committed === content) return { path, line: null, missing: false };
  const wanted = content.split("\n");
  const there = committed.split("\n");
  const line = wanted.findIndex((text, index) => text !== there[index]);
  return { path, line: (line < 0 ? wanted.length : line) + 1, missing: false };
}

async function writeAll(
  { output, json }: Context,
  files: readonly FileContent[],
  folder: string,
): Promise<number> {
  for (const { path, content } of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
  if (json) output.json({ folder, files: files.map(({ path }) => path) });
  else output.success(`${countText(files.length, "document")} written below ${folder}`);
  return EXIT.done;
}

function list({ output }: Context, state: WorkflowState, files: readonly FileContent[]): void {
  output.table(
    [
      { title: "document", flexible: true },
      { title: "lines", align: "right" },
    ],
    files.map(({ path, content }) => [path, String(content.split("\n").length - 1)]),
  );
  output.hint(
    `Read one as committed: git show ${state.plan.layout.branchPrefix}/main:${state.plan.layout.trackerFile}`,
  );
  output.hint("Write them as they follow from the journal now: signalbox docs --out <folder>");
}
