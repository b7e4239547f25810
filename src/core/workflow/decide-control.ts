/** What a person does to the whole workflow: pause, resume, cancel, rewind, notes, blockers. */
import type { PersonCommand, Rejection } from "./command.ts";
import { type Draft, numbered } from "./draft.ts";
import { currentStage, hasEnded } from "./queries.ts";
import { rewindTo } from "./rewind.ts";
import { endWait } from "./service.ts";
import type { WorkflowState } from "./state.ts";

type Of<T extends PersonCommand["type"]> = Extract<PersonCommand, { type: T }>;

export function onPause(draft: Draft, command: Of<"pause">): Rejection | null {
  if (draft.state.status !== "ACTIVE") return notNow(draft, "paused");
  draft.emit({ type: "workflow.paused", reason: command.reason, by: command.by });
  draft.log("WORKFLOW_PAUSED", `${command.reason} (${command.by})`);
  return null;
}

/**
 * Resuming an active workflow is no error: it is what a person types after any trouble. A wait for the model service ends with it.
 * One that has ended only tries again what it could not write.
 */
export function onResume(draft: Draft, command: Of<"resume">): Rejection | null {
  const questions = draft.state.questions.filter((q) => q.subject === "workflow");
  if (hasEnded(draft.state) && questions.length === 0) return notNow(draft, "resumed");
  endWait(draft);
  if (draft.state.status === "ACTIVE" && draft.state.windingDown !== true) return null;
  for (const question of questions) draft.close(question, null, `resumed by ${command.by}`);
  if (hasEnded(draft.state)) return null;
  draft.emit({ type: "workflow.resumed", by: command.by });
  draft.log("WORKFLOW_RESUMED", command.by);
  return null;
}

export function onCancel(draft: Draft, command: Of<"cancel">): Rejection | null {
  if (hasEnded(draft.state)) return notNow(draft, "cancelled");
  cancel(draft, command.by, command.reason);
  return null;
}

/** Ends the workflow; its work stays on its branches, and one last commit says so. */
export function cancel(draft: Draft, by: string, reason: string): void {
  for (const question of draft.state.questions) draft.close(question, null, `cancelled by ${by}`);
  for (const integration of draft.state.integrations) {
    draft.emit({ type: "integration.dropped", integration: integration.id, reason: "cancelled" });
  }
  draft.emit({ type: "workflow.cancelled", by, reason });
  draft.log("WORKFLOW_CANCELLED", `${reason} (${by})`);
  if (draft.state.head !== null) draft.queue({ type: "record", reason: "workflow cancelled" });
}

export function onRewind(draft: Draft, command: Of<"rewind">): Rejection | null {
  const entry = draft.state.checkpoints.findLast((c) => c.id === command.checkpoint);
  if (entry === undefined) return unknownCheckpoint(draft, command.checkpoint);
  if (entry.commit === null) {
    return {
      code: "not-yet",
      message: `checkpoint ${entry.id} is not written yet`,
      hint: "Try again in a moment: signalbox status",
    };
  }
  if (entry.rolledBack || entry.position > currentStage(draft.state)) return takenBack(entry);
  draft.record({
    question: null,
    subject: entry.id,
    word: "rewind",
    text: command.note,
    by: command.by,
    constraint: command.note !== "",
    stage: entry.position,
  });
  rewindTo(draft, {
    stage: entry.position,
    checkpoint: entry.id,
    commit: entry.commit,
    reason: `rewind to ${entry.id} by ${command.by}`,
  });
  return null;
}

/** Its files would come back without the work before it, which is made anew: neither would fit the other. */
function takenBack({ id, commit }: WorkflowState["checkpoints"][number]): Rejection {
  return {
    code: "not-an-option",
    message: `checkpoint ${id} was taken back: what stands before it is being made anew`,
    hint: `To see the files of that time: git show ${commit?.slice(0, 12)}. To see what stands: signalbox status`,
  };
}

function unknownCheckpoint(draft: Draft, id: string): Rejection {
  const known = draft.state.checkpoints.map((c) => c.id).join(", ") || "none so far";
  return {
    code: "no-such-subject",
    message: `no checkpoint ${id} has been reached (reached: ${known})`,
    hint: "To see them, run: signalbox status",
  };
}

export function onCheckpoint(draft: Draft, command: Of<"checkpoint">): Rejection | null {
  if (draft.state.head === null) return { code: "not-yet", message: "nothing has been committed yet" };
  const id = numbered("CP", draft.state.counters.checkpoint + 1);
  draft.emit({
    type: "checkpoint.reached",
    checkpoint: {
      id,
      at: draft.at,
      trigger: "MANUAL",
      position: currentStage(draft.state),
      recoveryPoint: draft.state.plan.stages[currentStage(draft.state)]?.id ?? "workflow-complete",
      description: command.note || `asked for by ${command.by}`,
      epoch: draft.state.epoch,
      commit: null,
      rolledBack: false,
    },
  });
  draft.queue({ type: "checkpoint", checkpoint: id });
  return null;
}

export function onNote(draft: Draft, command: Of<"note">): Rejection | null {
  if (!command.lesson) {
    draft.emit({
      type: "note.added",
      note: { at: draft.at, by: command.by, subject: command.subject, text: command.text },
    });
    return null;
  }
  const id = numbered("LL", draft.state.counters.lesson + 1);
  draft.emit({
    type: "lesson.learned",
    lesson: { id, lesson: command.text, application: command.application ?? "--" },
  });
  return null;
}

export function onBlock(draft: Draft, command: Of<"block">): Rejection | null {
  if (!isSubject(draft, command.subject)) {
    return {
      code: "no-such-subject",
      message: `nothing named ${command.subject} in ${draft.state.id}`,
      hint: "To see the names, run: signalbox status",
    };
  }
  const id = numbered("BLK", draft.state.counters.blocker + 1);
  const owner = command.owner ?? command.by;
  draft.emit({
    type: "blocker.raised",
    blocker: {
      id,
      description: command.text,
      blocking: [command.subject],
      severity: command.severity,
      owner,
      createdAt: draft.at,
    },
  });
  draft.log("BLOCKER_RAISED", `${id} on ${command.subject}: ${command.text}`);
  return null;
}

export function onUnblock(draft: Draft, command: Of<"unblock">): Rejection | null {
  const blocker = draft.state.blockers.find((b) => b.id === command.blocker);
  if (blocker === undefined) {
    const known = draft.state.blockers.map((b) => b.id).join(", ") || "none";
    return { code: "no-such-subject", message: `no active blocker ${command.blocker} (active: ${known})` };
  }
  if (blocker.question !== undefined) {
    return {
      code: "not-an-option",
      message: `${blocker.id} waits for a decision on ${blocker.blocking.join(", ")}`,
      hint: "To answer it, run: signalbox status",
    };
  }
  const id = numbered("ISS", draft.state.counters.issue + 1);
  draft.emit({
    type: "blocker.resolved",
    blocker: blocker.id,
    issue: { id, description: blocker.description, resolution: command.resolution, resolvedAt: draft.at },
  });
  draft.log("BLOCKER_RESOLVED", `${blocker.id}: ${command.resolution}`);
  return null;
}

function isSubject(draft: Draft, subject: string): boolean {
  const { plan } = draft.state;
  return (
    subject === "workflow" ||
    plan.deliverables.some((d) => d.id === subject) ||
    plan.stages.some((s) => s.id === subject)
  );
}

function notNow(draft: Draft, participle: string): Rejection {
  return {
    code: "ended",
    message: `workflow ${draft.state.id} is ${draft.state.status} and cannot be ${participle}`,
  };
}
