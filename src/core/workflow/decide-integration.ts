/** Ends of changes to the integration branch. */
import { type ResolvedFile, resolvedText } from "../conflicts/resolved-file.ts";
import { suspectsAfter } from "../merging/batch.ts";
import type { CommitId } from "../vocabulary.ts";
import type { IntegrationFailure, MergedMember, OutcomeCommand, Rejection } from "./command.ts";
import { reopenGate } from "./decide-commit.ts";
import type { Draft } from "./draft.ts";
import type { IntegrateEffect } from "./effect.ts";
import { lastRound, requireDeliverable, requirePlanned } from "./queries.ts";
import { mayReturn, returnToCreator } from "./rejoin.ts";
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
    const { mergeCommit, head, resolved } = command;
    const rules = resolved === undefined ? {} : { resolved };
    const first = { subject: integration.subject, mergeCommit: mergeCommit ?? head, ...rules };
    onMerged(draft, [first, ...(command.also ?? [])]);
  }
  if (integration.type === "checkpoint") {
    draft.emit({ type: "checkpoint.written", checkpoint: integration.checkpoint, commit: command.head });
  }
  if (integration.type === "sync") {
    onSynced(draft, integration, command);
    logResolved(draft, "sync", command.resolved);
  }
  draft.emit({ type: "integration.done", integration: integration.id, head: command.head });
  return null;
}

function onMerged(draft: Draft, members: readonly MergedMember[]): void {
  for (const { subject, mergeCommit, resolved } of members) {
    const { makes } = requirePlanned(draft.state, subject);
    const artifact = makes.kind === "file" ? makes.path : null;
    const rules = resolved === undefined ? {} : { resolved };
    draft.emit({ type: "deliverable.merged", subject, mergeCommit, artifact, ...rules });
    draft.log("MERGED", `${subject} (${describeApproval(draft, subject)})`);
    logResolved(draft, subject, resolved);
    const own = draft.state.plan.checkpoints.find((c) => c.subject === subject);
    if (own !== undefined) reachCheckpoint(draft, own.id);
  }
  suspect(draft, members, true);
}

/** Narrows down who makes a batch fail; silent where nobody is suspected. */
function suspect(draft: Draft, tried: readonly { readonly subject: string }[], passed: boolean): void {
  const before = draft.state.suspects ?? [];
  const names = tried.map(({ subject }) => subject);
  const subjects = suspectsAfter(before, names, passed);
  if (subjects.join(" ") !== before.join(" ")) draft.emit({ type: "batch.suspected", subjects });
}

/** What nobody was asked about is told where everything is that happened. */
function logResolved(draft: Draft, subject: string, resolved: readonly ResolvedFile[] = []): void {
  if (resolved.length > 0) draft.log("RESOLVED", `${subject}: ${resolved.map(resolvedText).join(", ")}`);
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

type MergeFailure = Exclude<IntegrationFailure, { reason: "foreign-ref" }>;

function onMergeFailed(draft: Draft, subject: string, failure: MergeFailure): void {
  if (failure.reason === "raised") return reopenGate(draft, subject, failure.files);
  const tried = failure.reason === "checks" ? (failure.tried ?? [subject]) : [subject];
  suspect(
    draft,
    tried.map((name) => ({ subject: name })),
    false,
  );
  // One of several: which one, the halves of the batch will tell.
  if (tried.length > 1) {
    draft.log("BATCH_FAILED", `${tried.join(", ")}: ${mergeFailure(failure)}`);
    return;
  }
  if (failure.reason !== "not-approved" && mayReturn(draft.state, subject, failure))
    returnToCreator(draft, subject, failure);
  else askAboutMerge(draft, subject, failure);
}

function askAboutMerge(draft: Draft, subject: string, failure: MergeFailure): void {
  draft.move(subject, "waiting");
  const commit = lastRound(requireDeliverable(draft.state, subject))?.commit;
  const extra = {
    ...(commit === undefined ? {} : { commit }),
    ...(failure.reason === "conflict" ? { files: failure.files } : {}),
  };
  draft.askBlocking("conflict", subject, mergeFailure(failure), ["redo", "resolve", "skip", "cancel"], extra);
  draft.log("MERGE_CONFLICT", `${subject}: ${mergeFailure(failure)}`);
}

function mergeFailure(failure: MergeFailure): string {
  switch (failure.reason) {
    case "conflict":
      return conflictWords(failure);
    case "checks":
      return `Checks fail on the merged result: ${failure.results
        .filter((r) => !r.passed)
        .map((r) => r.name)
        .join(", ")}`;
    case "raised":
      return `What it changes is of a higher level than its gate: ${failure.files.map(({ path }) => path).join(", ")}`;
    case "not-approved":
      return `Not merged: ${failure.message}`;
    default:
      return failure satisfies never;
  }
}

/** With what a rule would have done, and why another one did not. */
function conflictWords({
  files,
  automatic = [],
  reasons = [],
}: Extract<MergeFailure, { reason: "conflict" }>): string {
  return [
    `Merging conflicts in ${files.join(", ")}`,
    ...(automatic.length === 0 ? [] : [`by rule alone: ${automatic.map(resolvedText).join(", ")}`]),
    ...reasons.map(({ path, because }) => `${path}: ${because}`),
  ].join("; ");
}
