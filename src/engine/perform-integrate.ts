/**
 * Changes of the integration branch: a candidate is built from objects alone, checked, and only then the branch moves, by compare-and-swap.
 *
 * Invariants: M1 a kill between any two steps leaves either nothing or the whole change: objects without a ref are nothing, and a change whose
 * outcome was not journalled is found again by its trailer; M2 documents stand in the same step as what they describe; M3 a merge
 * takes exactly the approved commit (P2).
 */

import type { CommitId } from "../core/vocabulary.ts";
import type { CommandBody, IntegrationFailure } from "../core/workflow/command.ts";
import { decide } from "../core/workflow/decide.ts";
import { candidateFailures, completeResults } from "../core/workflow/decide-checks.ts";
import type { IntegrateEffect } from "../core/workflow/effect.ts";
import { evolve } from "../core/workflow/evolve.ts";
import { allEffects } from "../core/workflow/next-effects.ts";
import type { CheckResult } from "../core/workflow/outcome.ts";
import { hasEnded, requireDeliverable, requirePlanned } from "../core/workflow/queries.ts";
import type { WorkflowState } from "../core/workflow/state.ts";
import type { CommitText } from "../ports/repository.ts";
import type { EngineDependencies } from "./dependencies.ts";
import type { Flight, PerformedOutcome } from "./flight.ts";
import { cleanReviews, redAtBase } from "./perform-work.ts";

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
  return { command: integrated(effect, done.commit, done.mergeCommit), at: done.at };
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
  return done === null ? null : { command: integrated(effect, done.commit, done.mergeCommit), at: done.at };
}

export function integrationBranch(state: WorkflowState): string {
  return `${state.plan.layout.branchPrefix}/main`;
}

interface Candidate {
  /** What the documents' commit is put on. */
  readonly parent: CommitId;
  readonly mergeCommit: CommitId | null;
}

type Built =
  | Candidate
  | { readonly failure: IntegrationFailure }
  /** The worktree for its checks could not be prepared, and why. */
  | { readonly unprepared: string };

async function buildCandidate(deps: EngineDependencies, flight: Flight<IntegrateEffect>): Promise<Built> {
  const { effect, state } = flight;
  const { integration } = effect;
  const head = effect.expectedHead ?? state().plan.base.commit;
  switch (integration.type) {
    case "merge":
      return buildMerge(deps, flight, integration.subject, integration.commit, head);
    case "restore":
      return {
        parent:
          integration.commit === null
            ? head
            : await deps.repository.buildTreeCommit(head, integration.commit, commitText(effect, false)),
        mergeCommit: null,
      };
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

async function candidateChecks(
  deps: EngineDependencies,
  { effect, state, signal }: Flight<IntegrateEffect>,
  subject: string,
  candidate: CommitId,
): Promise<readonly CheckResult[] | { readonly unprepared: string }> {
  if (effect.checks.length === 0) return [];
  const { settings } = requirePlanned(state(), subject);
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

/** Renders the documents as they will be true once this has happened, commits them on the candidate and moves the branch. */
async function publish(
  deps: EngineDependencies,
  { effect, state }: Flight<IntegrateEffect>,
  branch: string,
  candidate: Candidate,
): Promise<PerformedOutcome> {
  const at = deps.clock.now();
  const predicted = predict(state(), { ...integrated(effect, candidate.parent, candidate.mergeCommit), at });
  const commit = await deps.repository.buildFilesCommit(
    candidate.parent,
    deps.documents.render(predicted),
    documentsText(effect),
  );
  const moved = await deps.repository.advance(branch, commit, effect.expectedHead);
  if (!moved.ok) return foundMoved(deps, state().id, branch, effect, moved.found);
  await deps.repository.showIntegration(state().id, commit);
  if (hasEnded(predicted)) await cleanReviews(deps, predicted);
  return { command: integrated(effect, commit, candidate.mergeCommit), at };
}

function predict(state: WorkflowState, command: CommandBody & { readonly at: string }): WorkflowState {
  const decision = decide(state, command);
  if (!decision.ok) return state;
  return decision.events.reduce<WorkflowState>((folded, event) => evolve(folded, event), state);
}

function commitText(effect: IntegrateEffect, marked: boolean): CommitText {
  return {
    subject: effect.message,
    trailers: marked ? { ...effect.trailers, "Signalbox-Effect": effect.id } : effect.trailers,
  };
}

/** Words of the commit that carries the documents; after a merge it stands beside the merge's own commit. */
function documentsText(effect: IntegrateEffect): CommitText {
  const text = commitText(effect, true);
  return effect.integration.type === "merge"
    ? { ...text, subject: `${effect.integration.subject}: state and documents after the merge` }
    : text;
}

function integrated(
  effect: IntegrateEffect,
  head: CommitId,
  mergeCommit: CommitId | null,
): Extract<CommandBody, { type: "integrated" }> {
  return { type: "integrated", effect: effect.id, head, mergeCommit };
}

function failed(effect: IntegrateEffect, failure: IntegrationFailure): PerformedOutcome {
  return { command: { type: "integration-failed", effect: effect.id, failure } };
}
