/** What waits in this repository and in all registered ones. Journals and claims alone say so; nothing is started. */
import { livingClaims } from "../../adapters/coordinator/claim.ts";
import { readStopNote } from "../../adapters/coordinator/stop-note.ts";
import { openJournalStore } from "../../adapters/journal/jsonl.ts";
import { SignalboxError } from "../../core/errors.ts";
import { toMs } from "../../core/instant.ts";
import { commandsAt } from "../../core/view/commands-at.ts";
import { type InboxEntry, inbox } from "../../core/view/inbox.ts";
import { hasEnded } from "../../core/workflow/queries.ts";
import type { WorkflowState } from "../../core/workflow/state.ts";
import { lookCommand } from "../board/waiting-lines.ts";
import type { CliIo } from "../io.ts";
import { loadAll } from "../project.ts";
import { type Place, placesFor } from "./places.ts";

export interface InboxItem {
  readonly place: Place;
  readonly workflow: string;
  /** Name of the workflow as its author wrote it. */
  readonly name: string;
  /** Commands in it can be typed in the present folder as they stand. */
  readonly entry: InboxEntry;
  /** Command that shows what would be approved; null where no commit is named. */
  readonly look: string | null;
}

/** Something that could not be read; `workflow` is null where it is the repository as a whole. */
export interface Unreadable {
  readonly place: Place;
  readonly workflow: string | null;
  readonly code: string;
  readonly message: string;
  readonly hints: readonly string[];
}

export interface Collected {
  /** Oldest first. */
  readonly items: readonly InboxItem[];
  readonly unreadable: readonly Unreadable[];
  /** Registered repositories that are gone. */
  readonly vanished: readonly Place[];
  /** How many repositories were looked at. */
  readonly repositories: number;
}

/**
 * Everything that waits, over all workflows. With `onlyHere` of the repository around the working folder alone: throws
 * `not-a-repository` outside of one; else a folder outside of any is fine.
 */
export async function collectInbox(io: CliIo, onlyHere: boolean): Promise<Collected> {
  const { here, places, vanished } = await placesFor(io, onlyHere);
  const found = await Promise.all(places.map((place) => lookInto(place, here)));
  return {
    items: found.flatMap(({ items }) => items).sort((a, b) => toMs(a.entry.since) - toMs(b.entry.since)),
    unreadable: found.flatMap(({ unreadable }) => unreadable),
    vanished,
    repositories: places.length,
  };
}

/** One repository that cannot be read hides no other. */
async function lookInto(
  place: Place,
  here: Place | null,
): Promise<{ readonly items: readonly InboxItem[]; readonly unreadable: readonly Unreadable[] }> {
  try {
    const { states, unreadable } = await loadAll({ store: openJournalStore(place.commonDir) });
    const coordinated = (await livingClaims(place.commonDir)).length > 0;
    return {
      items: states.flatMap((state) => itemsOf(state, states, coordinated, place, here)),
      unreadable: unreadable.map(({ workflow, error }) => ({ place, workflow, ...wordsOf(error) })),
    };
  } catch (error) {
    return { items: [], unreadable: [{ place, workflow: null, ...wordsOf(error) }] };
  }
}

function itemsOf(
  state: WorkflowState,
  all: readonly WorkflowState[],
  coordinated: boolean,
  place: Place,
  here: Place | null,
): readonly InboxItem[] {
  const folder = place.commonDir === here?.commonDir ? null : place.root;
  const { at } = commandsAt({ folder, workflow: isMeantAnyway(state, all) ? null : state.id });
  return inbox(state, coordinated).map((entry) => ({
    place,
    workflow: state.id,
    name: state.plan.workflow.name,
    entry: {
      ...entry,
      reason: reasonOf(entry, place, state.id),
      answers: entry.answers.map((it) => ({ ...it, command: at(it.command) })),
    },
    look: lookAt(state, entry, at),
  }));
}

/** Why nobody carries it on, where the coordinator that stopped could say so. */
function reasonOf({ kind, reason }: InboxEntry, { commonDir }: Place, workflow: string): string {
  const note = kind === "unattended" ? readStopNote(commonDir, workflow) : null;
  return note === null ? reason : `${reason}; the last one stopped: ${note.reason}`;
}

function lookAt(state: WorkflowState, { id }: InboxEntry, at: (command: string) => string): string | null {
  const question = state.questions.find((one) => one.id === id);
  const command = question === undefined ? null : lookCommand(question);
  return command === null ? null : at(command);
}

/** True where a command without a workflow's name means this one (`pickWorkflow`). */
function isMeantAnyway(state: WorkflowState, all: readonly WorkflowState[]): boolean {
  const active = all.filter((one) => !hasEnded(one));
  return active.length === 0 ? all.length === 1 : active.length === 1 && active[0] === state;
}

function wordsOf(error: unknown): Pick<Unreadable, "code" | "message" | "hints"> {
  if (error instanceof SignalboxError)
    return { code: error.code, message: error.message, hints: error.hints };
  return { code: "unreadable", message: error instanceof Error ? error.message : String(error), hints: [] };
}
