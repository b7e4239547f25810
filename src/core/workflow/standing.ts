/** Where a slot stands, in half a sentence, for refusals that must name it. */
import type { Rejection } from "./command.ts";
import type { DeliverableState, Step } from "./deliverable.ts";
import type { SlotWord } from "./live.ts";
import { hasEnded, openQuestion, runningSessions } from "./queries.ts";
import type { WorkflowState } from "./state.ts";

/** Why nothing can be said to, or stopped in, a slot: nobody works on it now. */
export function notRunning(state: WorkflowState, subject: string): Rejection {
  const deliverable = state.deliverables[subject];
  if (deliverable === undefined) {
    return {
      code: "no-such-subject",
      message: `no slot ${subject} in ${state.id}`,
      hint: "To see the names, run: signalbox status",
    };
  }
  return {
    code: "not-yet",
    message: `no agent works on ${subject} now: ${standing(state, deliverable)}`,
    hint: instead(state, deliverable),
  };
}

/**
 * Why a person cannot say this of a slot that asks nothing; null where it can be said. What has not started has nothing to try again or to
 * write on; what is being written down or merged is over in a moment, or for good.
 */
export function directRefusal(
  state: WorkflowState,
  subject: string,
  word: SlotWord | "attach" | "adopt",
): Rejection | null {
  const deliverable = state.deliverables[subject];
  if (deliverable === undefined) return notRunning(state, subject);
  if (hasEnded(state))
    return {
      code: "ended",
      message: `workflow ${state.id} is ${state.status}; nothing of it goes on`,
      hint: 'What is missing is a new task: signalbox dispatch "…"',
    };
  const { step, stopping } = deliverable;
  const waitsForStart = step === "blocked" || step === "ready";
  const possible = waitsForStart
    ? word === "skip" || word === "adopt"
    : isStoppable(step) || step === "checks";
  return possible && stopping === undefined ? null : notPossible(state, deliverable, word);
}

/** Steps in which sessions run. */
export function isStoppable(step: Step): step is "create" | "critique" | "judge" {
  return step === "create" || step === "critique" || step === "judge";
}

/** Why a verb makes no sense for a slot as it stands, with what does. */
export function notPossible(state: WorkflowState, deliverable: DeliverableState, verb: string): Rejection {
  return {
    code: "not-yet",
    message: `${verb} makes no sense for ${deliverable.id} now: ${standing(state, deliverable)}`,
    hint: otherWay(deliverable),
  };
}

function otherWay({ id, step }: DeliverableState): string {
  switch (step) {
    case "blocked":
    case "ready":
      return `To leave it out: signalbox skip ${id}`;
    case "merged":
      return `To have merged work changed: signalbox send-back ${id} "…"`;
    case "skipped":
      return "To have it after all, go back to before it: signalbox rewind CP-…";
    default:
      return `Try again in a moment; to see where it stands: signalbox show ${id}`;
  }
}

/** Such as `it waits for a place (PENDING)`. */
export function standing(state: WorkflowState, deliverable: DeliverableState): string {
  const { step, notBefore, stopping } = deliverable;
  if (stopping !== undefined) return `${stopping.by} is stopping it`;
  switch (step) {
    case "blocked":
      return "it waits for what stands before it (BLOCKED)";
    case "ready":
      return "it waits for a place (PENDING)";
    case "provision":
      return deliverable.rejoin === undefined
        ? "its worktree is being prepared"
        : "it takes in what was merged meanwhile";
    case "create":
      return notBefore === undefined
        ? "its session has not started yet"
        : `it is tried again at ${notBefore}`;
    case "commit":
      return "its session has ended and its work is being committed";
    case "checks":
      return "its session has ended and its checks run";
    case "critique":
    case "judge":
      return runningSessions(state).some((s) => s.subject === deliverable.id)
        ? "its work is under review, and nobody speaks to a reviewer"
        : "its work waits for review";
    case "waiting":
      return `it waits for a person${named(state, deliverable)}`;
    case "merge":
      return "its work is approved and being merged";
    case "merged":
      return "its work is merged (COMPLETE)";
    case "skipped":
      return "it was skipped (SKIPPED)";
    case "failed":
      return `it has failed${named(state, deliverable)}`;
    default:
      return step satisfies never;
  }
}

function named(state: WorkflowState, { id }: DeliverableState): string {
  const question = openQuestion(state, id);
  return question === undefined ? "" : ` (${question.id}: ${question.options.join(", ")})`;
}

function instead(state: WorkflowState, { id, step }: DeliverableState): string {
  const question = openQuestion(state, id);
  if (question?.options.includes("guide") === true) return `signalbox decide ${id} guide --note "…"`;
  if (question !== undefined) return `To answer it: signalbox show ${id}`;
  if (step === "merged") return `To have merged work changed: signalbox send-back ${id} "…"`;
  return `To leave a note for people: signalbox note ${id} "…"`;
}
