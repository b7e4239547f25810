/**
 * A person ends what runs for one slot. Order: what runs is ended, what it wrote is committed on its branch, a person decides how it goes on.
 * The commit counts as nothing but a keepsake: no round takes it over, so that it can neither be judged nor accepted by accident (P2).
 */

import { beginAttachment } from "./attachment.ts";
import type { PersonCommand, Rejection } from "./command.ts";
import type { DeliverableState } from "./deliverable.ts";
import type { Draft } from "./draft.ts";
import type { CommitReport } from "./outcome.ts";
import { hasEnded, requireDeliverable, runningSessions } from "./queries.ts";
import type { Question } from "./question.ts";
import { noteKept } from "./recovery.ts";
import type { SessionRecord } from "./session-record.ts";
import { isStoppable, notRunning } from "./standing.ts";
import type { WorkflowState } from "./state.ts";
import { goOnWith } from "./take-over.ts";

type Stop = Extract<PersonCommand, { type: "stop" }>;

/** Refuses where nothing runs; a second stop of the same slot changes nothing. */
export function onStop(draft: Draft, { subject, by, reason }: Stop): Rejection | null {
  const { state } = draft;
  const deliverable = state.deliverables[subject];
  if (deliverable?.stopping !== undefined) return null;
  if (deliverable === undefined || hasEnded(state)) return notRunning(state, subject);
  const { step } = deliverable;
  if (!isStoppable(step)) return notRunning(state, subject);
  if (sessionsOf(state, deliverable).length === 0) return notRunning(state, subject);
  draft.emit({ type: "deliverable.stopping", subject, stopping: { by, reason, at: draft.at, step } });
  draft.log("SLOT_STOPPED", `${subject} by ${by}${reason === "" ? "" : `: ${reason}`}`);
  return null;
}

/** True when the end of this session belongs to a stop; what follows it is done then. */
export function endsStopped(draft: Draft, record: SessionRecord): boolean {
  const deliverable = draft.state.deliverables[record.subject];
  if (deliverable?.stopping === undefined) return false;
  if (record.epoch !== deliverable.epoch || record.attempt !== deliverable.attempt) return false;
  if (sessionsOf(draft.state, deliverable).length > 0) return true;
  if (deliverable.stopping.step === "create") draft.move(record.subject, "commit");
  else afterStop(draft, deliverable, "what was under review is unchanged");
  return true;
}

/** What the stopped session left is committed: now a person decides. */
export function onStoppedCommit(draft: Draft, subject: string, report: CommitReport): void {
  noteKept(draft, subject, report);
  const deliverable = requireDeliverable(draft.state, subject);
  if (report.commit === null) return afterStop(draft, deliverable, "it had written nothing");
  const paths = report.files.map((file) => file.path);
  const count = paths.length === 1 ? "1 file is" : `${paths.length} files are`;
  const kept = `${count} kept in ${report.commit.slice(0, 8)} on branch ${deliverable.branch ?? ""}`;
  afterStop(draft, deliverable, kept, { commit: report.commit, files: paths });
}

/** What follows a stop: what the person said with it, else the question. */
function afterStop(
  draft: Draft,
  { id, stopping }: DeliverableState,
  kept: string,
  about: Partial<Pick<Question, "commit" | "files">> = {},
): void {
  if (stopping === undefined) return;
  const { next, by, reason } = stopping;
  if (next === "continue") return continueStopped(draft, id, stopping.step, reason);
  if (next === "attach") return beginAttachment(draft, id, by);
  if (next !== undefined) return goOnWith(draft, id, { word: next, by, text: reason });
  const why = stopping.reason === "" ? "" : ` (${stopping.reason})`;
  draft.move(id, "waiting");
  draft.askBlocking("stopped", id, `${stopping.by} stopped it${why}: ${kept}`, STOPPED_OPTIONS, {
    continues: stopping.step,
    ...about,
  });
}

const STOPPED_OPTIONS = ["continue", "retry", "write", "skip"] as const;

/** The same conversation goes on in the same worktree, with what the person adds. */
export function continueStopped(
  draft: Draft,
  subject: string,
  step: "create" | "critique" | "judge",
  text: string,
): void {
  if (text !== "") draft.emit({ type: "deliverable.guided", subject, guidance: text, extraRounds: 0 });
  draft.move(subject, step);
}

/** Sessions that run for the present attempt. */
export function sessionsOf(
  state: WorkflowState,
  { id, epoch, attempt }: DeliverableState,
): readonly SessionRecord[] {
  return runningSessions(state).filter((s) => s.subject === id && s.epoch === epoch && s.attempt === attempt);
}
