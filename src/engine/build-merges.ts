/** Merges of approved work as objects: one, or a batch one behind the other, with one run of the checks at its end. */
import type { MergeCandidate } from "../core/merging/order.ts";
import type { CommitId } from "../core/vocabulary.ts";
import type { IntegrationFailure, MergedMember } from "../core/workflow/command.ts";
import { candidateFailures } from "../core/workflow/decide-checks.ts";
import { riseFor } from "../core/workflow/decide-commit.ts";
import type { IntegrateEffect } from "../core/workflow/effect.ts";
import { mergeText } from "../core/workflow/effect-integrate.ts";
import { filePolicyFor } from "../core/workflow/file-policy.ts";
import type { Integration } from "../core/workflow/integration.ts";
import type { ChangedFile, CheckResult } from "../core/workflow/outcome.ts";
import { requireDeliverable } from "../core/workflow/queries.ts";
import type { WorkflowState } from "../core/workflow/state.ts";
import type { CommitText } from "../ports/repository.ts";
import { type Built, type Candidate, candidateChecks } from "./candidate.ts";
import type { EngineDependencies } from "./dependencies.ts";
import type { Flight } from "./flight.ts";
import { mergeByRules, resolvedBy } from "./merge-by-rules.ts";

type Refusal = { readonly failure: IntegrationFailure };

/** A later one of a batch that cannot be merged is left out: it stays in the queue, and is told about when its own turn comes. */
export async function buildMerges(
  deps: EngineDependencies,
  flight: Flight<IntegrateEffect>,
  { subject, commit, together = [] }: Extract<Integration, { type: "merge" }>,
  head: CommitId,
): Promise<Built> {
  const first = await mergeOne(deps, flight, { subject, commit }, head);
  if ("failure" in first) return first;
  const members = [first];
  for (const candidate of together) {
    const next = await mergeOne(deps, flight, candidate, members.at(-1)?.mergeCommit ?? head);
    if (!("failure" in next)) members.push(next);
  }
  return checked(deps, flight, members, head);
}

async function checked(
  deps: EngineDependencies,
  flight: Flight<IntegrateEffect>,
  members: readonly MergedMember[],
  head: CommitId,
): Promise<Built> {
  const [first, ...also] = members;
  const tip = members.at(-1)?.mergeCommit ?? head;
  const candidate: Candidate = {
    parent: tip,
    mergeCommit: first?.mergeCommit ?? null,
    ...resolvedBy(first ?? {}),
    ...(also.length === 0 ? {} : { also }),
  };
  if (first === undefined || tip === head) return candidate;
  const results = await candidateChecks(deps, flight, first.subject, tip);
  if ("unprepared" in results) return results;
  const held = heldAgainstAll(flight.state(), members, results);
  if (held.length === 0) return candidate;
  const tried = also.length === 0 ? {} : { tried: members.map((one) => one.subject) };
  return { failure: { reason: "checks", results: held, ...tried } };
}

/** A failure that a person knew of when they accepted one of them is nobody's. */
function heldAgainstAll(
  state: WorkflowState,
  members: readonly MergedMember[],
  results: readonly CheckResult[],
): readonly CheckResult[] {
  return members.reduce((held, { subject }) => candidateFailures(state, subject, held), results);
}

/** Exactly the approved commit (P2), and no more than its gate was for. What brings nothing new needs no commit. */
async function mergeOne(
  { repository }: EngineDependencies,
  { effect, state }: Flight<IntegrateEffect>,
  { subject, commit }: MergeCandidate,
  onto: CommitId,
): Promise<MergedMember | Refusal> {
  const approved = requireDeliverable(state(), subject).approval?.commit;
  if (approved !== commit) return notApproved(subject, commit, approved);
  if (await repository.isAncestor(commit, onto)) return { subject, mergeCommit: onto };
  const words = memberText(state(), effect, subject);
  const merge = await mergeByRules({ repository }, onto, commit, words, filePolicyFor(state(), subject));
  if (!merge.ok) return merge;
  const files = await repository.changedFiles(onto, merge.commit);
  if (isBeyondGate(state(), subject, files)) return { failure: { reason: "raised", files } };
  return { subject, mergeCommit: merge.commit, ...resolvedBy(merge) };
}

/** A person who waived the gate of exactly this work has seen it. */
function isBeyondGate(state: WorkflowState, subject: string, files: readonly ChangedFile[]): boolean {
  if (requireDeliverable(state, subject).approval?.kind === "WAIVED") return false;
  return riseFor(state, subject, files) !== null;
}

function notApproved(subject: string, commit: CommitId, approved: CommitId | undefined): Refusal {
  const message = `${subject} has approval for ${approved ?? "nothing"}, not for ${commit}`;
  return { failure: { reason: "not-approved", message } };
}

/** Each merge names its own slot; all are found again by the id of the step that they stand in. */
function memberText(state: WorkflowState, effect: IntegrateEffect, subject: string): CommitText {
  const { message, trailers } = mergeText(state, subject);
  return {
    subject: message,
    trailers: { "Signalbox-Workflow": state.id, ...trailers, "Signalbox-Effect": effect.id },
  };
}
