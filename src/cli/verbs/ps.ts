import { overallProgress } from "../../core/view/metrics.ts";
import { serviceText, serviceView } from "../../core/view/service.ts";
import { waiting } from "../../core/view/waiting.ts";
import { hasEnded, runningSessions } from "../../core/workflow/queries.ts";
import type { WorkflowState } from "../../core/workflow/state.ts";
import { doneText, statusText } from "../board/board.ts";
import { standsStill } from "../board/standstill.ts";
import type { Context } from "../context.ts";
import { nameOf } from "../inbox/places.ts";
import { EXIT } from "../output/exit-code.ts";
import { ageText, countText, momentText, moneyText, sizeText } from "../output/units.ts";
import { type Listing, listWorkflows, type Row, type Trees } from "../ps/listing.ts";
import type { VerbInput } from "../verb.ts";

/** `signalbox ps`: one line per workflow, oldest first; those that have ended only with `--all`. */
export async function ps(context: Context, input: VerbInput): Promise<number> {
  const listing = await listWorkflows(context.io, {
    everywhere: input.flag("allRepositories"),
    sized: input.flag("size"),
  });
  const shown = input.flag("all") ? listing.rows : listing.rows.filter(({ state }) => !hasEnded(state));
  if (context.json) context.output.json(document({ ...listing, rows: shown }));
  else tell(context, listing, shown);
  return EXIT.done;
}

function tell({ output, io }: Context, listing: Listing, shown: readonly Row[]): void {
  const everywhere = listing.rows.some(({ place }) => place !== null);
  const sized = listing.rows.some(({ trees }) => trees !== null);
  output.table(
    [
      ...(everywhere ? [{ title: "repository" }] : []),
      { title: "workflow" },
      { title: "status" },
      { title: "done", align: "right" },
      { title: "agents", align: "right", optional: 2 },
      { title: "waits for", flexible: true },
      { title: "cost", align: "right", optional: 1 },
      { title: "age", optional: 3 },
      ...(sized ? [{ title: "worktrees" }] : []),
    ],
    shown.map(({ place, state, stopped, trees }) => [
      ...(place === null ? [] : [nameOf(place)]),
      state.id,
      statusText(state, output.style, stopped),
      doneText(state),
      String(runningSessions(state).length),
      waitsText(state, io.now()),
      moneyText(state.spend.usd, state.spend.incomplete),
      ageText(state.createdAt, io.now()),
      ...(trees === null ? [] : [treesText(trees.get(state.id))]),
    ]),
  );
  for (const row of shown) {
    const reason = standstillReason(row);
    if (reason !== null)
      output.warn(`${[row.state.id, row.place?.root].filter(Boolean).join(" in ")} ${reason}`);
  }
  for (const { place, workflow, error } of listing.unreadable)
    output.warn(`${[workflow, place?.root].filter(Boolean).join(" in ")} cannot be read: ${error.message}`);
  for (const { root } of listing.vanished) output.warn(`${root} is gone and not looked at any more`);
  const hidden = listing.rows.length - shown.length;
  if (hidden > 0)
    output.say(output.narration.dim(`${countText(hidden, "ended workflow")} not shown: signalbox ps --all`));
  if (listing.rows.length === 0 && listing.unreadable.length === 0)
    output.hint("There is no workflow yet: signalbox run <definition>, or signalbox demo");
}

/** Why nothing goes on where no question of its own tells it, with the command that helps; null where something does. */
function standstillReason({ state, note }: Row): string | null {
  if (state.status === "PAUSED" && state.pausedReason !== undefined)
    return `is paused: ${state.pausedReason}`;
  if (note === null || standsStill(state)) return null;
  return `stopped: ${note.reason}; when that is mended: signalbox resume ${state.id}`;
}

function waitsText(state: WorkflowState, now: number): string {
  const service = hasEnded(state) ? null : serviceView(state);
  const held =
    service === null || service.until === null ? [] : [serviceText(service, (at) => momentText(at, now))];
  const subjects = [...held, ...waiting(state).map((open) => open.subject)];
  return state.status === "PAUSED" ? ["resume", ...subjects].join(", ") : subjects.join(", ");
}

function treesText(trees: Trees | undefined): string {
  if (trees === undefined || trees.count === 0) return "-";
  return `${trees.count}, ${sizeText(trees.bytes, !trees.complete)}`;
}

function document({ rows, unreadable, vanished }: Listing): Readonly<Record<string, unknown>> {
  return {
    workflows: rows.map(rowDocument),
    unreadable: unreadable.map(({ place, workflow, error }) => ({
      ...(place === null ? {} : { root: place.root }),
      workflow,
      code: error.code,
      message: error.message,
    })),
    ...(vanished.length === 0 ? {} : { vanished: vanished.map(({ root }) => root) }),
  };
}

function rowDocument({ place, state, note, trees }: Row): Readonly<Record<string, unknown>> {
  return {
    ...(place === null ? {} : { repository: nameOf(place), root: place.root }),
    id: state.id,
    name: state.plan.workflow.name,
    status: state.status,
    ...(note === null ? {} : { stopped: note }),
    progress: overallProgress(state),
    runningSessions: runningSessions(state).length,
    service: serviceView(state),
    waiting: waiting(state).map(({ question, subject, kind, since }) => ({ question, subject, kind, since })),
    costUsd: state.spend.usd,
    costIsFloor: state.spend.incomplete,
    ...(trees === null ? {} : { worktrees: treesDocument(trees.get(state.id)) }),
    createdAt: state.createdAt,
    updatedAt: state.updatedAt,
    completedAt: state.completedAt ?? null,
  };
}

function treesDocument(trees: Trees | undefined): unknown {
  return { count: trees?.count ?? 0, bytes: trees?.bytes ?? 0, bytesAreFloor: trees?.complete === false };
}
