import type { Matrix } from "../../core/conflicts/matrix.ts";
import { hasEnded } from "../../core/workflow/queries.ts";
import type { WorkflowState } from "../../core/workflow/state.ts";
import { openMatrix } from "../conflicts/open-matrix.ts";
import { matrixDocument, matrixLines } from "../conflicts/show-matrix.ts";
import { watchLines } from "../conflicts/watch-matrix.ts";
import type { Context } from "../context.ts";
import { createPainter } from "../follow/painter.ts";
import { isLive } from "../follow/presenter.ts";
import { EXIT } from "../output/exit-code.ts";
import { loadState, openProject, type Project, pickWorkflow } from "../project.ts";
import { workflowOf } from "../submit.ts";
import type { VerbInput } from "../verb.ts";

/** `signalbox conflicts [workflow] [--watch]`: what merging any two lines would do, whether a coordinator runs or not. */
export async function conflicts(context: Context, input: VerbInput): Promise<number> {
  const project = await openProject(context.io);
  const state = await pickWorkflow(project, workflowOf(input), "look");
  const { compute } = await openMatrix(context.io, state);
  if (input.flag("watch")) return watchMatrix(context, project, state, compute);
  const matrix = await compute(state);
  if (context.json) context.output.json(matrixDocument(state, matrix));
  else context.output.answer(matrixLines(state, matrix, context.output.style).join("\n"));
  return EXIT.done;
}

/** Shows it again whenever it says something else, until the workflow has ended or Ctrl+C. */
async function watchMatrix(
  context: Context,
  project: Project,
  first: WorkflowState,
  compute: (state: WorkflowState) => Promise<Matrix>,
): Promise<number> {
  const left = new AbortController();
  const release = context.io.onInterrupt(() => left.abort());
  const painter = isLive(context) ? createPainter(context.io.stdout) : null;
  let last = "";
  try {
    for (let state = first; ; state = (await loadState(project, state.id)) ?? state) {
      const watch = watchLines(project.commonDir, state);
      const began = performance.now();
      const matrix = await compute(state);
      const tookMs = performance.now() - began;
      const text = context.json
        ? JSON.stringify(matrixDocument(state, matrix))
        : matrixLines(state, matrix, context.output.style).join("\n");
      if (painter !== null) painter.paint(text.split("\n"));
      else if (text !== last) context.output.answer(text);
      last = text;
      if (!hasEnded(state)) await watch.moved(left.signal, tookMs);
      watch.close();
      if (hasEnded(state)) return EXIT.done;
      if (left.signal.aborted) return EXIT.interrupted;
    }
  } finally {
    release();
    if (painter !== null) {
      painter.clear();
      context.output.answer(last);
    }
  }
}
