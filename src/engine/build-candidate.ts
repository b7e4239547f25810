/** What a change of the integration branch would make of it, built from objects alone and checked where it brings new content. */
import { comparedWithBase, isHeldAgainst } from "../core/quality/against-base.ts";
import type { CommitId } from "../core/vocabulary.ts";
import type { IntegrationFailure } from "../core/workflow/command.ts";
import { candidateFailures, completeResults } from "../core/workflow/decide-checks.ts";
import type { IntegrateEffect } from "../core/workflow/effect.ts";
import type { CheckResult } from "../core/workflow/outcome.ts";
import { requireDeliverable, requirePlanned } from "../core/workflow/queries.ts";
import { SYNC_SUBJECT } from "../core/workflow/sync.ts";
import type { CommitText } from "../ports/repository.ts";
import type { EngineDependencies } from "./dependencies.ts";
import type { Flight } from "./flight.ts";
import { redAtBase } from "./perform-work.ts";

export interface Candidate {
  /** What the documents' commit is put on. */
  readonly parent: CommitId;
  readonly mergeCommit: CommitId | null;
}

export type Built =
  | Candidate
  | { readonly failure: IntegrationFailure }
  /** The worktree for its checks could not be prepared, and why. */
  | { readonly unprepared: string };

/** Makes objects alone: the branch stays where it is. */
export async function buildCandidate(
  deps: EngineDependencies,
  flight: Flight<IntegrateEffect>,
): Promise<Built> {
  const { effect, state } = flight;
  const { integration } = effect;
  const head = effect.expectedHead ?? state().plan.base.commit;
  switch (integration.type) {
    case "merge":
      return buildMerge(deps, flight, integration.subject, integration.commit, head);
    case "sync":
      return buildSync(deps, flight, integration.commit, head);
    case "restore":
      return integration.commit === null
        ? { parent: head, mergeCommit: null }
        : buildRestore(deps, flight, integration.commit, head);
    case "create":
    case "checkpoint":
    case "record":
    case "finish":
      return { parent: head, mergeCommit: null };
    default:
      return integration satisfies never;
  }
}

async function buildMerge(
  deps: EngineDependencies,
  flight: Flight<IntegrateEffect>,
  subject: string,
  commit: CommitId,
  head: CommitId,
): Promise<Built> {
  const { effect, state } = flight;
  const approved = requireDeliverable(state(), subject).approval?.commit;
  if (approved !== commit)
    return {
      failure: {
        reason: "not-approved",
        message: `${subject} has approval for ${approved ?? "nothing"}, not for ${commit}`,
      },
    };
  if (await deps.repository.isAncestor(commit, head)) return { parent: head, mergeCommit: head };
  const merge = await deps.repository.buildMerge(head, commit, commitText(effect, true), "merge");
  if (!merge.ok) return { failure: { reason: "conflict", files: merge.conflicts } };
  const results = await candidateChecks(deps, flight, subject, merge.commit);
  if ("unprepared" in results) return results;
  const held = candidateFailures(state(), subject, results);
  if (held.length > 0) return { failure: { reason: "checks", results: held } };
  return { parent: merge.commit, mergeCommit: merge.commit };
}

/** New commits of the target. What fails on the base already is not theirs. */
async function buildSync(
  deps: EngineDependencies,
  flight: Flight<IntegrateEffect>,
  commit: CommitId,
  head: CommitId,
): Promise<Built> {
  const { effect, state } = flight;
  if (await deps.repository.isAncestor(commit, head)) return { parent: head, mergeCommit: null };
  const merge = await deps.repository.buildMerge(head, commit, commitText(effect, true), "merge");
  if (!merge.ok) return { failure: { reason: "conflict", files: merge.conflicts } };
  const results = await candidateChecks(deps, flight, SYNC_SUBJECT, merge.commit);
  if ("unprepared" in results) return results;
  const held = comparedWithBase(results, state().baseChecks ?? []).filter(isHeldAgainst);
  if (held.length > 0) return { failure: { reason: "checks", results: held } };
  return { parent: merge.commit, mergeCommit: merge.commit };
}

/**
 * The tree of a checkpoint, with what was brought in after it: history has that already, so it could not be merged once more, and
 * the way back to the target would take the target's own lines away.
 */
async function buildRestore(
  deps: EngineDependencies,
  { effect, state }: Flight<IntegrateEffect>,
  checkpoint: CommitId,
  head: CommitId,
): Promise<Built> {
  let tree = checkpoint;
  for (const { commit } of state().syncs ?? []) {
    if (await deps.repository.isAncestor(commit, tree)) continue;
    const merge = await deps.repository.buildMerge(tree, commit, commitText(effect, false), "merge");
    if (!merge.ok) return { failure: { reason: "conflict", files: merge.conflicts } };
    tree = merge.commit;
  }
  const parent = await deps.repository.buildTreeCommit(head, tree, commitText(effect, false));
  return { parent, mergeCommit: null };
}

async function candidateChecks(
  deps: EngineDependencies,
  { effect, state, signal }: Flight<IntegrateEffect>,
  subject: string,
  candidate: CommitId,
): Promise<readonly CheckResult[] | { readonly unprepared: string }> {
  if (effect.checks.length === 0) return [];
  const { plan } = state();
  const settings = subject === SYNC_SUBJECT ? plan.settings : requirePlanned(state(), subject).settings;
  const { path } = await deps.repository.addReviewWorktree(state().id, candidate);
  const prepared = await deps.provisioner.prepare(path, settings, "checks");
  if (!prepared.ok) return { unprepared: prepared.message };
  const results = await deps.checks
    .run(path, effect.checks, settings, redAtBase(state()), signal, {
      workflow: state().id,
      subject: `${subject}.merge`,
      commit: candidate,
    })
    .finally(() => deps.provisioner.release(path));
  return completeResults(effect.checks, results);
}

/** Words of a commit; `marked` ones are found again by the id of the effect. */
export function commitText(effect: IntegrateEffect, marked: boolean): CommitText {
  return {
    subject: effect.message,
    trailers: marked ? { ...effect.trailers, "Signalbox-Effect": effect.id } : effect.trailers,
  };
}
