/** What trouble leads to: another try after a delay, a question to a person, or a pause of everything. */
import { addMs } from "../instant.ts";
import type { Rejection } from "./command.ts";
import type { Draft } from "./draft.ts";
import type { EffectId } from "./effect.ts";
import { hash } from "./effect-id.ts";
import { hasEnded, requireDeliverable, requirePlanned } from "./queries.ts";
import type { DecisionWord } from "./question.ts";

export function stale(effect: EffectId): Rejection {
  return { code: "stale", message: `effect ${effect} is not outstanding` };
}

/** The deliverable stops and a person decides (domain §13: retry, manual artifact, skip with justification). */
export function failDeliverable(draft: Draft, subject: string, error: string): void {
  draft.move(subject, "failed", { error });
  draft.log("SLOT_FAILED", `${subject}: ${error}`);
  draft.askBlocking("failure", subject, error, ["retry", "write", "skip", "cancel"]);
}

/** Waits and tries again, or fails when the retries are used up. Backoff doubles from 5 s, spread by a hash of the id. */
export function retryOrFail(draft: Draft, subject: string, error: string, afterMs?: number): void {
  const deliverable = requireDeliverable(draft.state, subject);
  const { retries } = requirePlanned(draft.state, subject).settings.limits;
  if (deliverable.tries >= retries)
    return failDeliverable(
      draft,
      subject,
      `${error} (after ${deliverable.tries + 1} ${deliverable.tries === 0 ? "try" : "tries"})`,
    );
  const until = addMs(
    draft.at,
    afterMs ?? backoffMs(deliverable.tries, `${draft.state.id}/${subject}/${deliverable.tries}`),
  );
  draft.emit({ type: "deliverable.delayed", subject, tries: deliverable.tries + 1, until });
}

/** 5 s, 10 s, 20 s … at most 5 min, times 0.75 to 1.25 by key. */
export function backoffMs(tries: number, key: string): number {
  return Math.round(Math.min(5000 * 2 ** tries, 300_000) * spread(key));
}

/** 0.75 to 1.25, the same for the same key. */
export function spread(key: string): number {
  return 0.75 + (hash(key) % 1000) / 2000;
}

/**
 * Everything stops until a person has looked; the question is asked once. A workflow that has ended cannot stop, but what it
 * still has to write must not be left out unnoticed.
 */
export function pause(
  draft: Draft,
  reason: string,
  kind: "auth" | "failure" | "foreign-ref" | "limit" | "unknown-effect",
  options: readonly DecisionWord[] = ["resume", "cancel"],
): void {
  if (hasEnded(draft.state)) {
    draft.ask(kind, "workflow", reason, ["resume", "skip"]);
    return;
  }
  if (draft.state.status !== "ACTIVE") return;
  draft.emit({ type: "workflow.paused", reason, by: "signalbox" });
  draft.log("WORKFLOW_PAUSED", reason);
  draft.ask(kind, "workflow", reason, options);
}
