/** Ends of changes to the integration branch. */
import type { CommitId } from "../vocabulary.ts";
import type { IntegrationFailure, OutcomeCommand, Rejection } from "./command.ts";
import type { Draft } from "./draft.ts";
import type { IntegrateEffect } from "./effect.ts";
import { lastRound, requireDeliverable, requirePlanned } from "./queries.ts";
import { reachCheckpoint } from "./stage.ts";
import { askAboutSync, onSynced } from "./sync.ts";
import { pause } from "./trouble.ts";

export function onIntegrated(
  draft: Draft,
  effect: IntegrateEffect,
  command: Extract<OutcomeCommand, { type: "integrated" }>,
): Rejection | null {
  const { integration } = effect;
  if (integration.type === "merge") {
    const { makes } = requirePlanned(draft.state, integration.subject);
    draft.emit({
      type: "deliverable.merged",
      subject: integration.subject,
      mergeCommit: command.mergeCommit ?? command.head,
      artifact: makes.kind === "file" ? makes.path : null,
    });
    draft.log("MERGED", `${integration.subject} (${describeApproval(draft, integration.subject)})`);
    const own = draft.state.plan.checkpoints.find((c) => c.subject === integration.subject);
    if (own !== undefined) reachCheckpoint(draft, own.id);
  }
  if (integration.type === "checkpoint") {
    draft.emit({ type: "checkpoint.written", checkpoint: integration.checkpoint, commit: command.head });
  }
  if (integration.type === "sync") onSynced(draft, integration, command.mergeCommit);
  draft.emit({ type: "integration.done", integration: integration.id, head: command.head });
  return null;
}

function describeApproval(draft: Draft, subject: string): string {
  const deliverable = requireDeliverable(draft.state, subject);
  const { approval } = deliverable;
  if (approval === undefined) return "no approval on record";
  if (approval.kind === "PASS" && approval.score !== null)
    return `PASS ${approval.score.toFixed(3)} in round ${approval.round}`;
  return `${approval.kind} by ${approval.by}${approval.decision === undefined ? "" : `, ${approval.decision}`}`;
}

/** A failing candidate is dropped; the branch has not moved (domain: amended by design §8). */
export function onIntegrationFailed(
  draft: Draft,
  effect: IntegrateEffect,
  failure: IntegrationFailure,
): Rejection | null {
  const { integration } = effect;
  if (failure.reason === "foreign-ref") {
    pause(draft, movedAway(draft, failure.found), "foreign-ref");
    return null;
  }
  draft.emit({ type: "integration.dropped", integration: integration.id, reason: failure.reason });
  if (integration.type === "sync") {
    const files = failure.reason === "conflict" ? { files: failure.files } : {};
    const results = failure.reason === "checks" ? { results: failure.results } : {};
    askAboutSync(draft, integration, { text: mergeFailure(failure), ...files, ...results });
    return null;
  }
  if (integration.type !== "merge") {
    pause(draft, `${integration.type} could not be written: ${failure.reason}`, "unknown-effect");
    return null;
  }
  onMergeFailed(draft, integration.subject, failure);
  return null;
}

/** What was found stays in the branch's reflog, so that putting it back loses nothing. */
function movedAway({ state }: Draft, found: CommitId | null): string {
  const what = `The integration branch was moved by somebody else (found ${found ?? "nothing"}, expected ${state.head ?? "nothing"})`;
  const ref = `refs/heads/${state.plan.layout.branchPrefix}/main`;
  return state.head === null
    ? `${what}; to take it away: git update-ref -d ${ref}`
    : `${what}; to put it back: git update-ref ${ref} ${state.head}`;
}

function onMergeFailed(
  draft: Draft,
  subject: string,
  failure: Exclude<IntegrationFailure, { reason: "foreign-ref" }>,
): void {
  draft.move(subject, "waiting");
  const commit = lastRound(requireDeliverable(draft.state, subject))?.commit;
  const extra = {
    ...(commit === undefined ? {} : { commit }),
    ...(failure.reason === "conflict" ? { files: failure.files } : {}),
  };
  draft.askBlocking("conflict", subject, mergeFailure(failure), ["redo", "resolve", "skip", "cancel"], extra);
  draft.log("MERGE_CONFLICT", `${subject}: ${mergeFailure(failure)}`);
}

function mergeFailure(failure: Exclude<IntegrationFailure, { reason: "foreign-ref" }>): string {
  switch (failure.reason) {
    case "conflict":
      return `Merging conflicts in ${failure.files.join(", ")}`;
    case "checks":
      return `Checks fail on the merged result: ${failure.results
        .filter((r) => !r.passed)
        .map((r) => r.name)
        .join(", ")}`;
    case "not-approved":
      return `Not merged: ${failure.message}`;
    default:
      return failure satisfies never;
  }
}
