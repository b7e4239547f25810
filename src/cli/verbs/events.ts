import { setTimeout as sleep } from "node:timers/promises";
import type { WorkflowEvent } from "../../core/workflow/event.ts";
import { hasEnded } from "../../core/workflow/queries.ts";
import { replay } from "../../core/workflow/replay.ts";
import type { Context } from "../context.ts";
import { eventLine } from "../output/event-line.ts";
import { EXIT } from "../output/exit-code.ts";
import { type Journals, openJournals, pickWorkflow } from "../project.ts";
import { workflowOf } from "../submit.ts";
import { parseCount, type VerbInput } from "../verb.ts";

/** `signalbox events [workflow] [-f]`: from the journal; following needs no coordinator either. */
export async function events(context: Context, input: VerbInput): Promise<number> {
  const project = await openJournals(context.io);
  const { id } = await pickWorkflow(project, workflowOf(input), "look");
  const tail = parseCount(input.text("tail"), "--tail");
  const entries = await project.store.load(id);
  const all = entries.flatMap((entry) => entry.events);
  printEvents(context, tail === undefined ? all : shownTail(context, all, tail));
  if (!input.flag("follow")) return EXIT.done;
  return followJournal(context, project, id, entries.at(-1)?.seq ?? 0);
}

/** The last `count` events that are shown at all. */
function shownTail(
  { json, output }: Context,
  all: readonly WorkflowEvent[],
  count: number,
): readonly WorkflowEvent[] {
  const shown = json ? all : all.filter((event) => eventLine(event, output.style) !== null);
  return count === 0 ? [] : shown.slice(-count);
}

function printEvents({ json, output }: Context, list: readonly WorkflowEvent[]): void {
  for (const event of list) {
    if (json) output.jsonLine(event);
    else {
      const line = eventLine(event, output.style);
      if (line !== null) output.answer(line);
    }
  }
}

/** Prints what is appended until the workflow has ended or Ctrl+C. */
async function followJournal(
  context: Context,
  project: Journals,
  workflow: string,
  from: number,
): Promise<number> {
  const left = new AbortController();
  const release = context.io.onInterrupt(() => left.abort());
  try {
    for (let after = from; ; ) {
      const entries = await project.store.load(workflow);
      const fresh = entries.filter((entry) => entry.seq > after);
      printEvents(
        context,
        fresh.flatMap((entry) => entry.events),
      );
      after = entries.at(-1)?.seq ?? after;
      const state = replay(entries);
      if (state !== null && hasEnded(state) && fresh.length === 0) return EXIT.done;
      await sleep(500, undefined, { signal: left.signal });
    }
  } catch (error) {
    if (left.signal.aborted) return EXIT.interrupted;
    throw error;
  } finally {
    release();
  }
}
