import { setTimeout as sleep } from "node:timers/promises";
import { sessionFolder } from "../../adapters/host/paths.ts";
import { loadEvents as loadSessionEvents } from "../../adapters/host/session-files.ts";
import { SignalboxError } from "../../core/errors.ts";
import { hasEnded } from "../../core/workflow/queries.ts";
import type { SessionRecord } from "../../core/workflow/session-record.ts";
import type { WorkflowState } from "../../core/workflow/state.ts";
import type { SessionEvent } from "../../ports/session-host.ts";
import type { Context } from "../context.ts";
import { EXIT } from "../output/exit-code.ts";
import { sessionLine } from "../output/session-line.ts";
import { type Journals, loadState, openJournals, pickWorkflow } from "../project.ts";
import { resolveSubject } from "../subject.ts";
import { parseCount, type VerbInput } from "../verb.ts";
import { checkLogs } from "./check-logs.ts";
import { provisionLogs } from "./provision-logs.ts";

/** `signalbox logs <slot> [-f]`: every session of a slot in order, from their files. */
export async function logs(context: Context, input: VerbInput): Promise<number> {
  const project = await openJournals(context.io);
  const state = await pickWorkflow(project, input.text("workflow"), "look");
  if (input.flag("checks")) return checkLogs(context, project, state, input.argument(0) ?? "");
  if (input.flag("provision")) return provisionLogs(context, project, state, input.argument(0) ?? "");
  const subject = resolveSubject(state, input.argument(0) ?? "");
  const tail = parseCount(input.text("tail"), "--tail");
  const printer = new LogPrinter(context, project);
  if (!input.flag("follow") && sessionsOf(state, subject).length === 0) throw noSession(state, subject);
  await printer.print(state, subject, tail);
  return input.flag("follow") ? followLogs(context, project, state, subject, printer) : EXIT.done;
}

async function followLogs(
  context: Context,
  project: Journals,
  first: WorkflowState,
  subject: string,
  printer: LogPrinter,
): Promise<number> {
  const left = new AbortController();
  const release = context.io.onInterrupt(() => left.abort());
  try {
    for (let state = first; ; ) {
      await printer.print(state, subject);
      const done = state.deliverables[subject]?.step;
      if (hasEnded(state) || done === "merged" || done === "skipped") return EXIT.done;
      await sleep(500, undefined, { signal: left.signal });
      state = (await loadState(project, first.id)) ?? state;
    }
  } catch (error) {
    if (left.signal.aborted) return EXIT.interrupted;
    throw error;
  } finally {
    release();
  }
}

/** Prints each event of each session once. */
class LogPrinter {
  private readonly context: Context;
  private readonly project: Journals;
  private readonly printed = new Map<string, number>();

  constructor(context: Context, project: Journals) {
    this.context = context;
    this.project = project;
  }

  async print(state: WorkflowState, subject: string, tail?: number): Promise<void> {
    const pending: { readonly session: SessionRecord; readonly event: SessionEvent }[] = [];
    for (const session of sessionsOf(state, subject)) {
      const events = await loadSessionEvents(sessionFolder(this.project.commonDir, state.id, session.id));
      for (const event of events.slice(this.printed.get(session.id) ?? 0)) pending.push({ session, event });
      this.printed.set(session.id, events.length);
    }
    const shown = tail === undefined ? pending : tail === 0 ? [] : pending.slice(-tail);
    let last: string | undefined;
    for (const { session, event } of shown) {
      if (session.id !== last) this.heading(session);
      last = session.id;
      this.event(session, event);
    }
  }

  private heading(session: SessionRecord): void {
    const { output, json } = this.context;
    if (!json)
      output.answer(
        output.style.bold(`${session.purpose} round ${session.round}, ${session.role} on ${session.adapter}`),
      );
  }

  private event(session: SessionRecord, event: SessionEvent): void {
    const { output, json } = this.context;
    if (json)
      output.jsonLine({ session: session.id, purpose: session.purpose, round: session.round, ...event });
    else output.answer(sessionLine(event, output.style));
  }
}

/** Sessions about a subject, in the order in which they were dispatched. */
function sessionsOf(state: WorkflowState, subject: string): readonly SessionRecord[] {
  return Object.values(state.sessions)
    .filter((session) => session.subject === subject)
    .sort((a, b) => a.dispatchedAt.localeCompare(b.dispatchedAt));
}

function noSession(state: WorkflowState, subject: string): SignalboxError {
  return new SignalboxError("user", "no-session", `No agent has worked on ${subject} yet`, [
    `Wait for it: signalbox logs ${subject} --follow -w ${state.id}`,
  ]);
}
