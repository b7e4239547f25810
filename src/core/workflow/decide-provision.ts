/** Worktrees that could not be prepared: reported as that, never as a fault of the work (definition key `provision`). */
import type { Rejection } from "./command.ts";
import type { Draft } from "./draft.ts";
import type { ChecksEffect, Effect } from "./effect.ts";
import { requireDeliverable, requirePlanned } from "./queries.ts";
import { failDeliverable, pause, retryOrFail, stale } from "./trouble.ts";

export function onProvisionFailed(draft: Draft, effect: Effect, message: string): Rejection | null {
  switch (effect.kind) {
    case "provision":
      failDeliverable(draft, effect.subject, `Preparing the worktree failed: ${message}`);
      return null;
    case "checks":
      return onChecksUnprepared(draft, effect, message);
    case "integrate":
      pause(draft, `Preparing a worktree for checks on the merge failed: ${message}`, "failure");
      return null;
    default:
      return stale(effect.id);
  }
}

/** The work is there and has no fault: the checks are tried again by themselves, then a person says when. */
function onChecksUnprepared(draft: Draft, { subject }: ChecksEffect, message: string): null {
  const reason = `Preparing a worktree for the checks failed: ${message}`;
  const deliverable = draft.state.deliverables[subject];
  if (deliverable === undefined) {
    pause(draft, reason, "failure");
    return null;
  }
  const { retries } = requirePlanned(draft.state, subject).settings.limits;
  if (requireDeliverable(draft.state, subject).tries < retries) {
    retryOrFail(draft, subject, reason);
    return null;
  }
  draft.move(subject, "waiting", { error: reason });
  draft.log("CHECKS_NOT_RUN", `${subject}: ${reason}`);
  draft.askBlocking("failure", subject, reason, ["rerun", "retry", "skip", "cancel"]);
  return null;
}
