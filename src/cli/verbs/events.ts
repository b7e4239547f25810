import { setTimeout as sleep } from "node:timers/promises";
import type { JournalTail } from "../../adapters/journal/tail.ts";
import { evolve } from "../../core/workflow/evolve.ts";
import { hasEnded } from "../../core/workflow/queries.ts";
import { replay } from "../../core/workflow/replay.ts";
import type { WorkflowState } from "../../core/workflow/state.ts";
import type { JournalEntry } from "../../ports/journal.ts";
import type { Context } from "../context.ts";
import { eventLines } from "../output/event-line.ts";
import { EXIT } from "../output/exit-code.ts";
import { openProject, pickWorkflow } from "../project.ts";
import { workflowOf } from "../submit.ts";
import { parseCount, type VerbInput } from "../verb.ts";

/** `signalbox events [workflow] [-f]`: from the journal; following needs no coordinator either. */
export async function events(context: Context, input: VerbInput): Promise<number> {
  const project = await openProject(context.io);
  const { id } = await pickWorkflow(project, workflowOf(input), "look");
  const count = parseCount(input.text("tail"), "--tail");
  const journal = project.store.tail(id);
  const entries = await journal.next();
  const lines = entries.flatMap((entry) => linesOf(context, entry));
  for (const line of count === undefined ? lines : lines.slice(Math.max(0, lines.length - count)))
    context.output.answer(line);
  return input.flag("follow") ? followJournal(context, journal, replay(entries)) : EXIT.done;
}

/** The events of one append: they happened at one moment. */
function linesOf({ json, output }: Context, { events }: JournalEntry): readonly string[] {
  return json ? events.map((event) => JSON.stringify(event)) : eventLines(events, output.style);
}

/** Prints what is appended until the workflow has ended or Ctrl+C. */
async function followJournal(
  context: Context,
  journal: JournalTail,
  first: WorkflowState | null,
): Promise<number> {
  const left = new AbortController();
  const release = context.io.onInterrupt(() => left.abort());
  try {
    for (let state = first; ; ) {
      const fresh = await journal.next();
      for (const entry of fresh) {
        for (const line of linesOf(context, entry)) context.output.answer(line);
        state = entry.events.reduce<WorkflowState | null>((before, event) => evolve(before, event), state);
      }
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
