import { SignalboxError } from "../../core/errors.ts";
import { hasEnded } from "../../core/workflow/queries.ts";
import { headLines } from "../board/board.ts";
import { waitingLines } from "../board/waiting-lines.ts";
import type { Context } from "../context.ts";
import { screenWidth } from "../io.ts";
import { EXIT } from "../output/exit-code.ts";
import { type Loaded, livingCoordinator, loadAll, openJournals } from "../project.ts";
import type { VerbInput } from "../verb.ts";

/** Bare `signalbox`: what runs, what waits, and the next command. Outside a repository: how to begin. */
export async function overview(context: Context, _input: VerbInput): Promise<number> {
  const { output, io } = context;
  const here = await loadHere(context);
  if (here === null) return begin(context, "This is no git repository.");
  const { loaded, stopped } = here;
  const active = loaded.states.filter((state) => !hasEnded(state));
  for (const { workflow, error } of loaded.unreadable)
    output.warn(`${workflow} cannot be read: ${error.message}`);
  if (loaded.states.length === 0) return begin(context, "No workflow in this repository yet.");
  const shown = active.length > 0 ? active : loaded.states.slice(-1);
  const width = screenWidth(io);
  for (const state of shown) {
    const suffix = active.length > 1 ? ` -w ${state.id}` : "";
    output.answer(
      [
        ...headLines(state, { style: output.style, width, now: io.now(), stopped }),
        ...waitingLines(state, { style: output.style, now: io.now(), width: width - 2, suffix }).map(
          (line) => `  ${line}`,
        ),
      ].join("\n"),
    );
  }
  const [first] = shown;
  if (first !== undefined)
    output.hint(
      active.length === 0
        ? `All of it: signalbox ps --all; the next one: signalbox run <definition>`
        : `In full: signalbox status${active.length > 1 ? ` ${first.id}` : ""}; live: signalbox watch${active.length > 1 ? ` ${first.id}` : ""}`,
    );
  return EXIT.done;
}

async function loadHere({
  io,
}: Context): Promise<{ readonly loaded: Loaded; readonly stopped: boolean } | null> {
  try {
    const project = await openJournals(io);
    return { loaded: await loadAll(project), stopped: (await livingCoordinator(project)) === null };
  } catch (error) {
    if (error instanceof SignalboxError && error.code === "not-a-repository") return null;
    throw error;
  }
}

function begin({ output }: Context, why: string): number {
  output.answer(
    [
      why,
      "",
      "  signalbox demo           a whole workflow in a scratch repository, without a login",
      "  signalbox init           scaffold signalbox.yaml and a first definition",
      "  signalbox run <file>     start a workflow",
      "  signalbox --help         every verb",
    ].join("\n"),
  );
  return EXIT.done;
}
