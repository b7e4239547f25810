import { overallProgress } from "../../core/view/metrics.ts";
import { waiting } from "../../core/view/waiting.ts";
import { hasEnded, runningSessions } from "../../core/workflow/queries.ts";
import type { WorkflowState } from "../../core/workflow/state.ts";
import { statusText } from "../board/board.ts";
import type { Context } from "../context.ts";
import { EXIT } from "../output/exit-code.ts";
import { ageText, countText, moneyText } from "../output/units.ts";
import { livingCoordinator, loadAll, openJournals } from "../project.ts";
import type { VerbInput } from "../verb.ts";

/** `signalbox ps`: one line per workflow, oldest first; those that have ended only with `--all`. */
export async function ps(context: Context, input: VerbInput): Promise<number> {
  const { output, io } = context;
  const project = await openJournals(io);
  const { states, unreadable } = await loadAll(project);
  const stopped = (await livingCoordinator(project)) === null;
  const shown = input.flag("all") ? states : states.filter((state) => !hasEnded(state));
  if (context.json) {
    output.json({
      workflows: shown.map(document),
      unreadable: unreadable.map(({ workflow, error }) => ({
        workflow,
        code: error.code,
        message: error.message,
      })),
    });
    return EXIT.done;
  }
  output.table(
    [
      { title: "workflow" },
      { title: "status" },
      { title: "steps", align: "right" },
      { title: "agents", align: "right" },
      { title: "waits for", flexible: true },
      { title: "cost", align: "right" },
      { title: "age" },
    ],
    shown.map((state) => [
      state.id,
      statusText(state, output.style, stopped),
      stepsText(state),
      String(runningSessions(state).length),
      waitsText(state),
      moneyText(state.spend.usd, state.spend.incomplete),
      ageText(state.createdAt, io.now()),
    ]),
  );
  for (const { workflow, error } of unreadable) output.warn(`${workflow} cannot be read: ${error.message}`);
  if (shown.length < states.length)
    output.say(
      output.narration.dim(
        `${countText(states.length - shown.length, "ended workflow")} not shown: signalbox ps --all`,
      ),
    );
  if (states.length === 0 && unreadable.length === 0)
    output.hint("There is no workflow yet: signalbox run <definition>, or signalbox demo");
  return EXIT.done;
}

function stepsText(state: WorkflowState): string {
  const { part, total } = overallProgress(state);
  return `${part}/${total}`;
}

function waitsText(state: WorkflowState): string {
  const subjects = waiting(state).map((open) => open.subject);
  return state.status === "PAUSED" ? ["resume", ...subjects].join(", ") : subjects.join(", ");
}

function document(state: WorkflowState): Readonly<Record<string, unknown>> {
  return {
    id: state.id,
    name: state.plan.workflow.name,
    status: state.status,
    progress: overallProgress(state),
    runningSessions: runningSessions(state).length,
    waiting: waiting(state).map(({ question, subject, kind, since }) => ({ question, subject, kind, since })),
    costUsd: state.spend.usd,
    costIsFloor: state.spend.incomplete,
    createdAt: state.createdAt,
    updatedAt: state.updatedAt,
    completedAt: state.completedAt ?? null,
  };
}
