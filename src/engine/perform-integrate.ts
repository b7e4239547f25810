/**
 * Changes of the integration branch: a candidate is built from objects alone, checked, and only then the branch moves, by compare-and-swap.
 *
 * Invariants: M1 a kill between any two steps leaves either nothing or the whole change: objects without a ref are nothing, and a change whose
 * outcome was not journalled is found again by its trailer; M2 documents stand in the same step as what they describe; M3 a merge
 * of work takes exactly the approved commit (P2), a sync exactly the one that a person named.
 */

import { parseResolved } from "../core/conflicts/resolved-file.ts";
import type { CommitId } from "../core/vocabulary.ts";
import type { CommandBody, IntegrationFailure, MergedMember } from "../core/workflow/command.ts";
import { decide } from "../core/workflow/decide.ts";
import type { IntegrateEffect } from "../core/workflow/effect.ts";
import { evolve } from "../core/workflow/evolve.ts";
import { allEffects } from "../core/workflow/next-effects.ts";
import { hasEnded } from "../core/workflow/queries.ts";
import type { WorkflowState } from "../core/workflow/state.ts";
import type { CommitText, FoundEffect, FoundMerge } from "../ports/repository.ts";
import { buildCandidate } from "./build-candidate.ts";
import { type Candidate, commitText } from "./candidate.ts";
import type { EngineDependencies } from "./dependencies.ts";
import type { Flight, PerformedOutcome } from "./flight.ts";
import { resolvedBy } from "./merge-by-rules.ts";
import { cleanReviews } from "./perform-work.ts";

export async function performIntegrate(
  deps: EngineDependencies,
  flight: Flight<IntegrateEffect>,
): Promise<PerformedOutcome | null> {
  const { effect } = flight;
  const branch = integrationBranch(flight.state());
  const tip = await deps.repository.resolve(`refs/heads/${branch}`);
  if (tip !== effect.expectedHead) return foundMoved(deps, flight.state().id, branch, effect, tip);
  const candidate = await buildCandidate(deps, flight);
  if (flight.signal.aborted) return null;
  if ("failure" in candidate) return failed(effect, candidate.failure);
  if ("unprepared" in candidate)
    return { command: { type: "provision-failed", effect: effect.id, message: candidate.unprepared } };
  return publish(deps, flight, branch, candidate);
}

/**
 * The branch is not where it was left: by this very change, which a coordinator that died had begun (its git may end after it,
 * even while the next one builds the change again), or by somebody else.
 */
async function foundMoved(
  deps: EngineDependencies,
  workflow: string,
  branch: string,
  effect: IntegrateEffect,
  tip: CommitId | null,
): Promise<PerformedOutcome> {
  const done = await deps.repository.findEffect(branch, effect.id);
  if (done === null) return failed(effect, { reason: "foreign-ref", found: tip });
  await deps.repository.showIntegration(workflow, done.commit);
  return recovered(effect, done);
}

/** The outstanding change of the branch, where it was carried out already and the journal does not know; null otherwise. */
export async function unrecordedChange(
  deps: EngineDependencies,
  state: WorkflowState,
): Promise<PerformedOutcome | null> {
  const effect = allEffects(state).find((outstanding) => outstanding.kind === "integrate");
  if (effect === undefined) return null;
  const branch = integrationBranch(state);
  if ((await deps.repository.resolve(`refs/heads/${branch}`)) === effect.expectedHead) return null;
  const done = await deps.repository.findEffect(branch, effect.id);
  return done === null ? null : recovered(effect, done);
}

/** Work that brought nothing new has no commit of its own: as for a change that nobody interrupted, what it came to stands for it. */
function recovered(effect: IntegrateEffect, { commit, merges, at }: FoundEffect): PerformedOutcome {
  const { integration, expectedHead } = effect;
  const mergeOf = (wanted: CommitId) => asMerged(merges.find(({ merged }) => merged === wanted));
  if (integration.type !== "merge")
    return { command: integrated(effect, commit, asMerged(merges[0]) ?? { mergeCommit: null }), at };
  const also = (integration.together ?? []).flatMap(({ subject, commit: wanted }) => {
    const merge = mergeOf(wanted);
    return merge === null ? [] : [{ subject, ...merge }];
  });
  const first = mergeOf(integration.commit) ?? { mergeCommit: expectedHead };
  return { command: integrated(effect, commit, { ...first, also }), at };
}

/** A merge as it was recorded in its commit. */
function asMerged(merge: FoundMerge | undefined): Pick<MergedMember, "mergeCommit" | "resolved"> | null {
  if (merge === undefined) return null;
  const resolved = (merge.resolved ?? []).flatMap((text) => parseResolved(text) ?? []);
  return { mergeCommit: merge.commit, ...(resolved.length === 0 ? {} : { resolved }) };
}

export function integrationBranch(state: WorkflowState): string {
  return `${state.plan.layout.branchPrefix}/main`;
}

/** Renders the documents as they will be true once this has happened, commits them on the candidate and moves the branch. */
async function publish(
  deps: EngineDependencies,
  { effect, state }: Flight<IntegrateEffect>,
  branch: string,
  candidate: Candidate,
): Promise<PerformedOutcome> {
  const at = deps.clock.now();
  const predicted = predict(state(), { ...integrated(effect, candidate.parent, candidate), at });
  const commit = await deps.repository.buildFilesCommit(
    candidate.parent,
    deps.documents.render(predicted),
    documentsText(effect, candidate),
  );
  const moved = await deps.repository.advance(branch, commit, effect.expectedHead);
  if (!moved.ok) return foundMoved(deps, state().id, branch, effect, moved.found);
  await deps.repository.showIntegration(state().id, commit);
  if (hasEnded(predicted)) await cleanReviews(deps, predicted);
  return { command: integrated(effect, commit, candidate), at };
}

function predict(state: WorkflowState, command: CommandBody & { readonly at: string }): WorkflowState {
  const decision = decide(state, command);
  if (!decision.ok) return state;
  return decision.events.reduce<WorkflowState>((folded, event) => evolve(folded, event), state);
}

/** Words of the commit that carries the documents; after a merge it stands beside the merge's own commit. */
function documentsText(effect: IntegrateEffect, { also = [] }: Candidate): CommitText {
  const text = commitText(effect, true);
  if (effect.integration.type === "sync") return { ...text, subject: `${text.subject}: state and documents` };
  if (effect.integration.type !== "merge") return text;
  const names = [effect.integration.subject, ...also.map(({ subject }) => subject)].join(", ");
  return { ...text, subject: `${names}: state and documents after the merge` };
}

function integrated(
  effect: IntegrateEffect,
  head: CommitId,
  candidate: Pick<Candidate, "mergeCommit" | "also" | "resolved">,
): Extract<CommandBody, { type: "integrated" }> {
  const { mergeCommit, also = [] } = candidate;
  const behind = also.length === 0 ? {} : { also };
  return { type: "integrated", effect: effect.id, head, mergeCommit, ...behind, ...resolvedBy(candidate) };
}

function failed(effect: IntegrateEffect, failure: IntegrationFailure): PerformedOutcome {
  return { command: { type: "integration-failed", effect: effect.id, failure } };
}
