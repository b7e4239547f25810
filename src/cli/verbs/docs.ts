import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { SignalboxError } from "../../core/errors.ts";
import type { WorkflowState } from "../../core/workflow/state.ts";
import { checkDocuments, type Drift } from "../../documents/check.ts";
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

async function check(context: Context, { repository }: Project, state: WorkflowState): Promise<number> {
  const branch = `${state.plan.layout.branchPrefix}/main`;
  const tip = await repository.resolve(`refs/heads/${branch}`);
  const text = tip === null ? null : await repository.readFile(tip, state.plan.layout.stateFile);
  if (tip === null || text === null)
    throw new SignalboxError("user", "no-documents", `${state.id} has no documents on ${branch} yet`, [
      `Render them now: signalbox docs ${state.id} --out <folder>`,
    ]);
  const parsed = parseStateDocument(text);
  if (!parsed.ok) return tellDamaged(context, state.plan.layout.stateFile, parsed.errors);
  const renderer = createRenderer(context.version);
  const paths = renderer.render(parsed.state).map(({ path }) => path);
  const committed = await committedFiles(repository, tip, parsed.state.plan.layout.folder, paths);
  const drifts = checkDocuments(renderer, parsed.state, committed);
  if (context.json) {
    const files = [...new Set([...paths, ...drifts.map(({ path }) => path)])];
    context.output.json({
      workflow: state.id,
      commit: tip,
      ok: drifts.length === 0,
      files: files.map((path) => comparison(path, drifts)),
    });
  } else tellDrifts(context, state, tip, paths.length, drifts);
  return drifts.length === 0 ? EXIT.done : EXIT.failed;
}

/** The documents, and whatever else stands in the workflow's folder: records that nothing renders any more are among it. */
async function committedFiles(
  repository: Project["repository"],
  commit: string,
  folder: string,
  rendered: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const wanted = new Set(rendered);
  const others = (await repository.listFiles(commit, folder)).filter((path) => !wanted.has(path));
  const contents = await Promise.all(
    rendered.map(async (path) => [path, await repository.readFile(commit, path)] as const),
  );
  const known = contents.flatMap(([path, content]) => (content === null ? [] : [[path, content] as const]));
  // Of what is not rendered the name alone tells.
  return new Map([...known, ...others.map((path) => [path, ""] as const)]);
}

/** One file of the JSON answer: `line` is the first one that differs, null where there is none. */
function comparison(path: string, drifts: readonly Drift[]): Readonly<Record<string, unknown>> {
  const drift = drifts.find((one) => one.path === path);
  return {
    path,
    line: drift?.line ?? null,
    missing: drift?.kind === "missing",
    unexpected: drift?.kind === "unexpected",
  };
}

function tellDrifts(
  { output }: Context,
  state: WorkflowState,
  commit: string,
  documents: number,
  drifts: readonly Drift[],
): void {
  const { style } = output;
  for (const drift of drifts) output.answer(`${style.red(style.symbol.fail)} ${driftText(drift)}`);
  if (drifts.length === 0)
    output.success(
      `${countText(documents, "document")} at ${commit.slice(0, 8)} follow from their state byte for byte`,
    );
  else
    output.hint(
      `Documents are never merged or edited; they are rendered again with the next step: signalbox resume ${state.id}`,
    );
}

function driftText({ path, kind, line }: Drift): string {
  switch (kind) {
    case "missing":
      return `${path} is missing`;
    case "differs":
      return `${path}:${line} differs from its state`;
    case "unexpected":
      return `${path} is a record of nothing in its state`;
    default:
      return kind satisfies never;
  }
}

function tellDamaged({ output, json }: Context, path: string, errors: readonly string[]): number {
  if (json) output.json({ ok: false, files: [{ path, errors }] });
  else
    for (const error of errors)
      output.answer(`${output.style.red(output.style.symbol.fail)} ${path}: ${error}`);
  return EXIT.failed;
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
